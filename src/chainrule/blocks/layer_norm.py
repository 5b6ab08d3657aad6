"""Layer normalisation: the neurons of one example, moved and scaled to mean 0 and variance 1.

    x (B, n)             one example a row; every row is normalised by itself
    x_hat (B, n)         normalised
    sigma (B, 1)         the standard deviation of each row
    gamma, beta (n,)     a scale and a shift for each neuron, learned
    y = gamma x_hat + beta

(Ba, Kiros and Hinton 2016, arXiv:1607.06450)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..activations import Array


@dataclass(eq=False, slots=True)
class LayerNorm:
    """The scale and the shift, or the gradient with respect to them."""

    gamma: Array
    beta: Array


@dataclass(eq=False, slots=True)
class Record:
    """What the backward pass needs, and the output y."""

    x_hat: Array
    sigma: Array
    y: Array


def forward(norm: LayerNorm, x: Array, eps: float = 1e-5) -> Record:
    """The normalised rows. eps keeps a row of equal numbers from a division by zero."""
    centred = x - x.mean(axis=1, keepdims=True)
    sigma = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + eps)
    x_hat = centred / sigma
    return Record(x_hat, sigma, norm.gamma * x_hat + norm.beta)


def backward(
    norm: LayerNorm,
    record: Record,
    dL_dy: Array,
) -> tuple[LayerNorm, Array]:
    """The gradient of gamma and beta, and dL/dx."""
    x_hat = record.x_hat
    g = dL_dy * norm.gamma
    mean = g.mean(axis=1, keepdims=True)
    overlap = (g * x_hat).mean(axis=1, keepdims=True)
    dL_dx = (g - mean - x_hat * overlap) / record.sigma
    gradient = LayerNorm(gamma=(dL_dy * x_hat).sum(axis=0), beta=dL_dy.sum(axis=0))
    return gradient, dL_dx
