"""Losses: how wrong one example is, and how a batch of them becomes one number.

    y (B, n_out)   the network's outputs, one example a row
    t (B, n_out)   the targets
    f(y, t)        (B,)        the loss of each example
    df(y, t)       (B, n_out)  the slope of each example's loss in its own outputs

Two conventions hide in every loss: what is done over the outputs of one example
(a half, a sum, a mean) and what is done over the batch. The first is part of the
loss and stands in its name; the second is `reduction`, which must be said.

A loss that takes logits wants y before any squashing: the last layer's activation
is then `identity`, and the sigmoid or the softmax is part of the loss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .activations import Array, sigmoid, softplus

REDUCTIONS: dict[str, Callable[[Array, int], Array]] = {
    "sum": lambda total, batch_size: total,
    "mean": lambda total, batch_size: total / batch_size,
}


@dataclass(frozen=True)
class Loss:
    """The loss of one example, its slope, and the words for its convention."""

    name: str
    f: Callable[[Array, Array], Array]
    df: Callable[[Array, Array], Array]
    convention: str
    takes_logits: bool = False

    def value(self, y: Array, t: Array, *, reduction: str) -> Array:
        """The loss of the batch, a single number."""
        return REDUCTIONS[reduction](self.f(y, t).sum(), len(y))

    def gradient(self, y: Array, t: Array, *, reduction: str) -> Array:
        """The slope of `value` in every output, shape (B, n_out)."""
        return REDUCTIONS[reduction](self.df(y, t), len(y))


def half_squared_error(y: Array, t: Array) -> Array:
    return 0.5 * ((y - t) ** 2).sum(axis=1)


def half_squared_error_slope(y: Array, t: Array) -> Array:
    return y - t


def squared_error(y: Array, t: Array) -> Array:
    return ((y - t) ** 2).sum(axis=1)


def squared_error_slope(y: Array, t: Array) -> Array:
    return 2 * (y - t)


def mean_squared_error(y: Array, t: Array) -> Array:
    return ((y - t) ** 2).mean(axis=1)


def mean_squared_error_slope(y: Array, t: Array) -> Array:
    return 2 * (y - t) / y.shape[1]


def binary_cross_entropy(logits: Array, t: Array) -> Array:
    """-t log(p) - (1 - t) log(1 - p), p = sigmoid(logits), over all outputs."""
    return (softplus(logits) - t * logits).sum(axis=1)


def binary_cross_entropy_slope(logits: Array, t: Array) -> Array:
    return sigmoid(logits) - t


def log_sum_exp(logits: Array) -> Array:
    """log(sum(exp(logits))) of each row, the largest taken out first; (B, 1)."""
    largest = logits.max(axis=1, keepdims=True)
    return largest + np.log(np.exp(logits - largest).sum(axis=1, keepdims=True))


def softmax(logits: Array) -> Array:
    """The probabilities of each row, the largest logit taken out first; (B, n_out)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def softmax_cross_entropy(logits: Array, t: Array) -> Array:
    """-sum(t log(p)) with p = softmax(logits), for targets t of each row."""
    return (t * (log_sum_exp(logits) - logits)).sum(axis=1)


def softmax_cross_entropy_slope(logits: Array, t: Array) -> Array:
    """p - t where a row's targets sum to 1; in general that sum stays with p."""
    return softmax(logits) * t.sum(axis=1, keepdims=True) - t


LOSSES = {
    loss.name: loss
    for loss in [
        Loss("half_squared_error", half_squared_error, half_squared_error_slope,
             convention="half the sum of squares over the outputs"),
        Loss("squared_error", squared_error, squared_error_slope,
             convention="the sum of squares over the outputs"),
        Loss("mean_squared_error", mean_squared_error, mean_squared_error_slope,
             convention="the mean of squares over the outputs, no half"),
        Loss("binary_cross_entropy", binary_cross_entropy, binary_cross_entropy_slope,
             convention="the sum over the outputs, natural logarithm", takes_logits=True),
        Loss("softmax_cross_entropy", softmax_cross_entropy, softmax_cross_entropy_slope,
             convention="one sum over the classes, natural logarithm", takes_logits=True),
    ]
}  # fmt: skip
