"""A recurrent layer: the same weights at every step of a sequence, and a state that is carried on.

    x (T, B, n_in)         T steps of B sequences
    h (T + 1, B, n_out)    the states, h[0] the one before the first step
    W_in (n_out, n_in), W (n_out, n_out), b (n_out,)
    h[k + 1] = tanh(W_in x[k] + W h[k] + b)

The backward pass is that of a network T layers deep whose layers share their weights, so the
gradients of the steps are added: backpropagation through time (Werbos 1990).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..activations import Array


@dataclass(eq=False, slots=True)
class Recurrent:
    """The parameters, or the gradient with respect to them."""

    W_in: Array
    W: Array
    b: Array


def forward(layer: Recurrent, x: Array, h_0: Array) -> Array:
    """All states, h_0 (B, n_out) first: shape (T + 1, B, n_out)."""
    h = [h_0]
    for x_k in x:
        z = x_k @ layer.W_in.T + h[-1] @ layer.W.T + layer.b
        h.append(np.tanh(z))
    return np.stack(h)


def backward(
    layer: Recurrent,
    x: Array,
    h: Array,
    dL_dh: Array,
) -> tuple[Recurrent, Array, Array]:
    """The gradient of the parameters, dL/dx, and dL/dh_0.

    dL_dh (T, B, n_out) is what comes to each state from above, not through
    time; h_0 gets none.
    """
    dL_dW_in, dL_dW = np.zeros_like(layer.W_in), np.zeros_like(layer.W)
    dL_db = np.zeros_like(layer.b)
    dL_dx, through_time = np.zeros_like(x), np.zeros_like(h[0])
    for k in reversed(range(len(x))):
        delta = (dL_dh[k] + through_time) * (1 - h[k + 1] ** 2)
        dL_dW_in += delta.T @ x[k]
        dL_dW += delta.T @ h[k]
        dL_db += delta.sum(axis=0)
        dL_dx[k] = delta @ layer.W_in
        through_time = delta @ layer.W
    return Recurrent(dL_dW_in, dL_dW, dL_db), dL_dx, through_time
