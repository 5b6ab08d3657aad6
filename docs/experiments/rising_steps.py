"""How many steps of descent raise the loss of all the data?"""

from __future__ import annotations

import numpy as np

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    dense_network,
    forward,
    gradients,
    minibatches,
    sgd,
)
from docs.experiments._data import digits


def rising_share(batch_size, learning_rate, seed, steps=400):
    """The share of steps on mini-batches that raise the loss of all digits."""
    x, t = digits()
    loss = LOSSES["softmax_cross_entropy"]
    rng = np.random.default_rng(seed)
    layers = [ACTIVATIONS["relu"], ACTIVATIONS["identity"]]
    network = dense_network([64, 32, 10], layers, INITIALIZERS["he"], rng)

    def whole_loss():
        return loss.value(forward(network, x)[-1].a, t, reduction="mean")

    before, risen, done = whole_loss(), 0, 0
    while done < steps:
        for x_batch, t_batch in minibatches(x, t, batch_size, rng):
            step = gradients(network, x_batch, t_batch, loss, reduction="mean")
            network = sgd(network, step, learning_rate)
            after = whole_loss()
            risen += after > before
            before, done = after, done + 1
            if done == steps:
                break
    return risen / steps
