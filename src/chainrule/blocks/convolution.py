"""A convolution along a line: one small window of weights, used at every place where it fits.

    x (B, c_in, n)          B signals of n places, c_in numbers at each
    w (c_out, c_in, k)      the window, k places wide
    b (c_out,)
    y (B, c_out, n - k + 1)
    y[i] = sum over m of w[m] x[i + m], plus b

The window is not turned round, so strictly this is a correlation, as in every library. For each
of its k places the whole signal is one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..activations import Array


@dataclass(eq=False, slots=True)
class Convolution:
    """The window and the bias, or the gradient with respect to them."""

    w: Array
    b: Array


def forward(layer: Convolution, x: Array) -> Array:
    """The output y. The window must not be wider than the signal."""
    width = layer.w.shape[2]
    places = x.shape[2] - width + 1
    taps = [layer.w[:, :, m] @ x[:, :, m : m + places] for m in range(width)]
    return sum(taps) + layer.b[:, np.newaxis]


def backward(layer: Convolution, x: Array, dL_dy: Array) -> tuple[Convolution, Array]:
    """The gradient of the window and the bias, and dL/dx."""
    w, dL_dx = np.zeros_like(layer.w), np.zeros_like(x)
    places = dL_dy.shape[2]
    for m in range(layer.w.shape[2]):
        under_tap = slice(m, m + places)
        w[:, :, m] = np.einsum("boi,bci->oc", dL_dy, x[:, :, under_tap])
        dL_dx[:, :, under_tap] += layer.w[:, :, m].T @ dL_dy
    return Convolution(w, b=dL_dy.sum(axis=(0, 2))), dL_dx
