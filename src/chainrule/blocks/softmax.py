"""Softmax: scores to chances that sum to 1, row by row.

    z (B, n)       logits, one example a row
    p (B, n)       chances
    dL_dp (B, n)   what comes down from above

Before a cross-entropy, use `losses.softmax_cross_entropy`: together they are simpler.
"""

from __future__ import annotations

from ..activations import Array
from ..losses import softmax


def forward(z: Array) -> Array:
    """The chances p, which are all that `backward` needs."""
    return softmax(z)


def backward(p: Array, dL_dp: Array) -> Array:
    """dL/dz: each slope against the average slope of its row, weighted by the chances."""
    average = (p * dL_dp).sum(axis=1, keepdims=True)
    return p * (dL_dp - average)
