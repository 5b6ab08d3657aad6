"""The worked network in TensorFlow. A tape records, then is asked."""

import tensorflow as tf

double = tf.float64  # the default is single precision
W1 = tf.Variable([[0.15, 0.20], [0.25, 0.30]], dtype=double)
b1 = tf.Variable([0.35, 0.35], dtype=double)
W2 = tf.Variable([[0.40, 0.45]], dtype=double)
b2 = tf.Variable([0.60], dtype=double)
x, t = tf.constant([0.5, 0.8], double), tf.constant([1.0], double)

with tf.GradientTape() as tape:
    h = tf.sigmoid(tf.linalg.matvec(W1, x) + b1)
    y = tf.sigmoid(tf.linalg.matvec(W2, h) + b2)
    L = 0.5 * tf.reduce_sum((y - t) ** 2)

named = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
for name, slope in tape.gradient(L, named).items():
    print(name, slope.numpy().tolist())
