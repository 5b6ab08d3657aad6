"""Three tests of a minute, before any long search."""

from math import e, log

import numpy as np
from sklearn.datasets import load_digits

import chainrule as cr

pixels, labels = load_digits(return_X_y=True)
x, t = pixels / 16, np.eye(10)[labels]
loss = cr.LOSSES["softmax_cross_entropy"]
relu, identity = cr.ACTIVATIONS["relu"], cr.ACTIVATIONS["identity"]


def start(initializer):
    rng = np.random.default_rng(0)
    return cr.dense_network(
        [64, 32, 10], [relu, identity], cr.INITIALIZERS[initializer], rng
    )


def loss_of(network, x, t):
    y = cr.forward(network, x)[-1].a
    return loss.value(y, t, reduction="mean").item()


# 1. Who knows nothing is surprised by ln(number of classes).
knows_nothing = log(10)
first = {name: loss_of(start(name), x, t) for name in ("he", "normal")}
print(f"ln 10 is {knows_nothing:.2f}. First loss:", end="")
print(", ".join(f" {name} {value:.2f}" for name, value in first.items()))

# 2. A few examples can be learned by heart.
network, few, steps = start("he"), slice(0, 8), 0
while loss_of(network, x[few], t[few]) > 0.01 and steps < 1000:
    g = cr.gradients(network, x[few], t[few], loss, reduction="mean")
    network, steps = cr.sgd(network, g, 0.3), steps + 1
print(f"8 digits by heart after {steps} steps")

# 3. Shares are no logits: a second softmax has a floor.
floor = -log(e / (e + 9))
print(f"a perfect answer through a second softmax: loss {floor:.2f}")
