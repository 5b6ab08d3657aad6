"""Training: forward, loss, backward, update, and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .activations import Array
from .losses import Loss
from .network import Affine, Layer, backward, forward
from .optimizers import sgd


def gradients(
    network: Sequence[Layer],
    x: Array,
    t: Array,
    loss: Loss,
    *,
    reduction: str,
) -> list[Affine]:
    """The gradient of the loss of one batch, by backpropagation."""
    tape = forward(network, x)
    return backward(network, tape, loss.gradient(tape[-1].a, t, reduction=reduction))


def minibatches(
    x: Array, t: Array, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """Every example once, in random order; the last batch may be smaller."""
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def train(
    network: Sequence[Layer],
    x: Array,
    t: Array,
    loss: Loss,
    *,
    reduction: str,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[list[Layer], list[float]]:
    """The trained network, and the loss of all data before and after each epoch."""
    network = list(network)

    def whole_loss() -> float:
        return float(loss.value(forward(network, x)[-1].a, t, reduction=reduction))

    history = [whole_loss()]
    for _ in range(epochs):
        for x_batch, t_batch in minibatches(x, t, batch_size, rng):
            step = gradients(network, x_batch, t_batch, loss, reduction=reduction)
            network = sgd(network, step, learning_rate)
        history.append(whole_loss())
    return network, history
