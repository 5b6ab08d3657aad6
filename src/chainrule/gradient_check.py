"""Gradient checking: slopes by nudging, to hold backpropagation against.

Both methods nudge one number at a time and know nothing of the chain rule,
which is what makes them good witnesses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .activations import Array
from .losses import Loss
from .network import Affine, Layer, forward

Numerical = Callable[[Callable[[Array], Array], Array], Array]


def central_difference(
    f: Callable[[Array], Array],
    w: Array,
    h: float = 1e-5,
) -> Array:
    """The gradient of f at w by (f(w + h) - f(w - h)) / 2h, each coordinate alone.

    In double precision the error is smallest near h = (3 eps)^(1/3), about 1e-5:
    a larger h cuts off more of the curve, a smaller one subtracts two nearly
    equal numbers.
    """
    gradient = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        nudge = np.zeros_like(w)
        nudge[i] = h
        gradient[i] = (f(w + nudge) - f(w - nudge)) / (2 * h)
    return gradient


def complex_step(
    f: Callable[[Array], Array],
    w: Array,
    h: float = 1e-200,
) -> Array:
    """The gradient of f at w by Im f(w + ih) / h, each coordinate alone.

    Nothing is subtracted, so h can be tiny and the slope comes out to all digits.
    f must be analytic (Squire and Trapp 1998, SIAM Review 40:110).
    """
    gradient = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        nudge = np.zeros(w.shape, dtype=complex)
        nudge[i] = h * 1j
        gradient[i] = np.imag(f(w + nudge)) / h
    return gradient


def numerical_gradients(
    network: Sequence[Layer],
    x: Array,
    t: Array,
    loss: Loss,
    *,
    reduction: str,
    method: Numerical = central_difference,
) -> list[Affine]:
    """The gradient of the loss for every layer, by nudging every weight and every bias."""

    def loss_with(k: int, affine: Affine) -> Array:
        nudged = [*network[:k], Layer(affine, network[k].activation), *network[k + 1 :]]
        return loss.value(forward(nudged, x)[-1].a, t, reduction=reduction)

    return [
        Affine(
            W=method(lambda W, k=k, b=layer.affine.b: loss_with(k, Affine(W, b)), layer.affine.W),
            b=method(lambda b, k=k, W=layer.affine.W: loss_with(k, Affine(W, b)), layer.affine.b),
        )
        for k, layer in enumerate(network)
    ]


def relative_error(found: Sequence[Affine], expected: Sequence[Affine]) -> float:
    """|found - expected| / |expected| over all parameters at once: one number for a network."""

    def flat(affines: Sequence[Affine]) -> Array:
        return np.concatenate([part.ravel() for affine in affines for part in (affine.W, affine.b)])

    difference = np.linalg.norm(flat(found) - flat(expected))
    return float(difference / max(np.linalg.norm(flat(expected)), np.finfo(float).tiny))
