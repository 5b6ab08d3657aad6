"""Activations: elementwise functions f and their slopes.

`f(z)` maps a pre-activation to an activation of the same shape and dtype.
`df(z, a)` is the slope da/dz of f at z, given a = f(z), so that a sigmoid
need not be computed a second time to be differentiated.

Every f is stable for any finite z that leaves the result finite, and accepts
complex z, which is what the complex-step check in `gradient_check` needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LEAK = 0.01
GELU_SCALE = np.sqrt(2 / np.pi).item()
GELU_CUBIC = 0.044715


@dataclass(frozen=True)
class Activation:
    """An elementwise function and its slope."""

    name: str
    f: Callable[[Array], Array]
    df: Callable[[Array, Array], Array]


def identity(z: Array) -> Array:
    return z


def identity_slope(z: Array, a: Array) -> Array:
    return np.ones_like(z)


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), written with tanh, which never overflows as exp does."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def sigmoid_slope(z: Array, a: Array) -> Array:
    return a * (1 - a)


def tanh(z: Array) -> Array:
    return np.tanh(z)


def tanh_slope(z: Array, a: Array) -> Array:
    return 1 - a * a


def relu(z: Array) -> Array:
    return np.where(np.real(z) > 0, z, 0)


def relu_slope(z: Array, a: Array) -> Array:
    """1 above zero, 0 below; at zero, where there is no slope, the choice is 0."""
    return (z > 0).astype(z.dtype)


def leaky_relu(z: Array) -> Array:
    return np.where(np.real(z) > 0, z, LEAK * z)


def leaky_relu_slope(z: Array, a: Array) -> Array:
    """1 above zero, LEAK below. At zero the choice is LEAK."""
    return LEAK + (1 - LEAK) * np.heaviside(z, 0)


def softplus(z: Array) -> Array:
    """log(1 + exp(z)), the larger of 0 and z taken out: exp cannot overflow."""
    distance_from_zero = np.where(np.real(z) > 0, z, -z)
    return relu(z) + np.log1p(np.exp(-distance_from_zero))


def softplus_slope(z: Array, a: Array) -> Array:
    return sigmoid(z)


def gelu_tanh(z: Array) -> Array:
    """GELU in its tanh form (Hendrycks and Gimpel 2016, arXiv:1606.08415)."""
    return 0.5 * z * (1 + np.tanh(GELU_SCALE * (z + GELU_CUBIC * z**3)))


def gelu_tanh_slope(z: Array, a: Array) -> Array:
    gate = np.tanh(GELU_SCALE * (z + GELU_CUBIC * z**3))
    gate_slope = (1 - gate * gate) * GELU_SCALE * (1 + 3 * GELU_CUBIC * z * z)
    return 0.5 * (1 + gate) + 0.5 * z * gate_slope


ACTIVATIONS = {
    activation.name: activation
    for activation in [
        Activation("identity", identity, identity_slope),
        Activation("sigmoid", sigmoid, sigmoid_slope),
        Activation("tanh", tanh, tanh_slope),
        Activation("relu", relu, relu_slope),
        Activation("leaky_relu", leaky_relu, leaky_relu_slope),
        Activation("softplus", softplus, softplus_slope),
        Activation("gelu_tanh", gelu_tanh, gelu_tanh_slope),
    ]
}
