"""Batch normalisation in training: each neuron, over the examples, to mean 0 and variance 1.

    x (B, n)             one example a row; every column is normalised by itself
    x_hat (B, n)         normalised
    sigma (n,)           the standard deviation of each column
    gamma, beta (n,)     a scale and a shift for each neuron, learned
    y = gamma x_hat + beta

Layer normalisation turned by a quarter: only the axis differs, and what follows from it. Here
every example has a part in every other's output.
(Ioffe and Szegedy 2015, arXiv:1502.03167)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..activations import Array


@dataclass(eq=False, slots=True)
class BatchNorm:
    """The scale and the shift, or the gradient with respect to them."""

    gamma: Array
    beta: Array


@dataclass(eq=False, slots=True)
class Record:
    """What the backward pass needs, and the output y."""

    x_hat: Array
    sigma: Array
    y: Array


def forward(norm: BatchNorm, x: Array, eps: float = 1e-5) -> Record:
    """The normalised columns. eps keeps a column of equal numbers from a division by zero."""
    centred = x - x.mean(axis=0)
    sigma = np.sqrt((centred * centred).mean(axis=0) + eps)
    x_hat = centred / sigma
    return Record(x_hat, sigma, norm.gamma * x_hat + norm.beta)


def backward(norm: BatchNorm, record: Record, dL_dy: Array) -> tuple[BatchNorm, Array]:
    """The gradient of gamma and beta, and dL/dx."""
    x_hat = record.x_hat
    g = dL_dy * norm.gamma
    dL_dx = (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / record.sigma
    return BatchNorm(gamma=(dL_dy * x_hat).sum(axis=0), beta=dL_dy.sum(axis=0)), dL_dx
