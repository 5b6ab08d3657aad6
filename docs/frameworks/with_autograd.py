"""The worked network in autograd: NumPy, wrapped, and nothing else."""

import autograd.numpy as np
from autograd import grad

parameters = {
    "W1": np.array([[0.15, 0.20], [0.25, 0.30]]),
    "b1": np.array([0.35, 0.35]),
    "W2": np.array([[0.40, 0.45]]),
    "b2": np.array([0.60]),
}
x, t = np.array([0.5, 0.8]), np.array([1.0])


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def loss(p):
    h = sigmoid(np.dot(p["W1"], x) + p["b1"])
    y = sigmoid(np.dot(p["W2"], h) + p["b2"])
    return 0.5 * np.sum((y - t) ** 2)


for name, slope in grad(loss)(parameters).items():
    print(name, slope.tolist())
