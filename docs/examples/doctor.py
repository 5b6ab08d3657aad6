"""A backward pass with one mistake in it, and what the doctor says."""

import numpy as np

from chainrule import diagnose


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def my_gradients(weights, biases, x, target):
    activations = [x]
    for W, b in zip(weights, biases, strict=True):
        activations.append(sigmoid(activations[-1] @ W.T + b))

    y = activations[-1]
    error = (y - target) * y * (1 - y)
    dW, db = [], []
    for k in reversed(range(len(weights))):
        dW.insert(0, error.T @ activations[k])
        db.insert(0, error.sum(axis=0))
        error = error @ weights[k]
    return dW, db


report = diagnose(
    my_gradients,
    activation="sigmoid",
    loss="half_squared_error",
    reduction="sum",
)
print(report)
