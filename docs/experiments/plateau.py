"""XOR with sigmoids, and two clouds of points: when during training does the loss fall?"""

from __future__ import annotations

from itertools import islice

import numpy as np

from chainrule import ACTIVATIONS, LOSSES, backward, dense_network, forward, sgd
from chainrule.explorers import learning

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
T = np.array([[0.0], [1.0], [1.0], [0.0]])


def uniform(shape, rng):
    """Weights between -1 and 1."""
    return rng.uniform(-1, 1, shape)


def training(seed, learning_rate=2.0, good_enough=0.05, patience=2500):
    """The loss before each round, until it is good enough; None if it never is."""
    sigmoid, loss = ACTIVATIONS["sigmoid"], LOSSES["half_squared_error"]
    rng = np.random.default_rng(seed)
    network = dense_network([2, 2, 1], [sigmoid] * 2, uniform, rng)
    history = []
    for _ in range(patience):
        tape = forward(network, X)
        y = tape[-1].a
        history.append(loss.value(y, T, reduction="sum").item())
        if history[-1] < good_enough:
            return history
        dL_dy = loss.gradient(y, T, reduction="sum")
        network = sgd(network, backward(network, tape, dL_dy), learning_rate)
    return None


def losses_of_clouds(seed, steps=100):
    """The loss before each step on the two clouds of the explorer, and after the last."""
    settings = learning.Settings("clouds", hidden=(3,), seed=seed)
    return [seen.loss for seen in islice(learning.training(settings), steps + 1)]


def half_way(history):
    """When half of the fall is done, as a share of the training."""
    middle = (history[0] + history[-1]) / 2
    return int(np.argmax(np.array(history) < middle)) / (len(history) - 1)
