"""Attention: each query takes an average of the values, weighted by how well it fits their keys.

    Q (n, d)       queries, one a row
    K (m, d)       keys
    V (m, d_v)     values, one for each key
    S (n, m)       scores Q K^T / sqrt(d)
    P (n, m)       their softmax, row by row: how much each query attends to each value
    Y (n, d_v)     P V

One sequence, one head, no mask. (Vaswani et al. 2017, arXiv:1706.03762, equation 1)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..activations import Array
from . import softmax


@dataclass(eq=False, slots=True)
class Inputs:
    """Queries, keys and values, or the gradient with respect to them."""

    Q: Array
    K: Array
    V: Array


@dataclass(eq=False, slots=True)
class Record:
    """What the backward pass needs, and the output Y."""

    P: Array
    Y: Array


def forward(inputs: Inputs, *, scale: float | None = None) -> Record:
    """The averages. Scores are multiplied by `scale`, 1 / sqrt(d) unless another is given."""
    S = inputs.Q @ inputs.K.T * _scale(inputs, scale)
    P = softmax.forward(S)
    return Record(P, P @ inputs.V)


def backward(
    inputs: Inputs,
    record: Record,
    dL_dY: Array,
    *,
    scale: float | None = None,
) -> Inputs:
    """The gradient of queries, keys and values."""
    dL_dP = dL_dY @ inputs.V.T
    dL_dS = softmax.backward(record.P, dL_dP) * _scale(inputs, scale)
    dL_dV = record.P.T @ dL_dY
    return Inputs(Q=dL_dS @ inputs.K, K=dL_dS.T @ inputs.Q, V=dL_dV)


def _scale(inputs: Inputs, scale: float | None) -> float:
    return 1 / np.sqrt(inputs.Q.shape[1]).item() if scale is None else scale
