"""How wrong a slope by finite differences is, step size by step size.

The function is exp(sin x) at x = 1: smooth, and none of its derivatives is zero there.
"""

from __future__ import annotations

import numpy as np

from chainrule.activations import Array

POINT = 1.0


def f(x: Array) -> Array:
    return np.exp(np.sin(x))


def slope(x: float) -> float:
    return float(np.cos(x) * f(np.float64(x)))


def third_derivative(x: float) -> float:
    s, c = np.sin(x), np.cos(x)
    return float(f(np.float64(x)) * c * (c**2 - 3 * s - 1))


def errors(steps: Array) -> tuple[Array, Array]:
    """The errors of the forward and of the centred difference at each step size.

    The numbers are computed in the precision of `steps`.
    """
    x = np.asarray(POINT, dtype=steps.dtype)
    forward = (f(x + steps) - f(x)) / steps
    centred = (f(x + steps) - f(x - steps)) / (2 * steps)
    return abs(forward - slope(POINT)), abs(centred - slope(POINT))


def best_step(precision: float) -> float:
    """The step that makes the error of the centred difference least: (3 eps / |f'''|)^(1/3).

    Cutting off the curve costs |f'''| h² / 6, rounding about eps / h.
    """
    return float((3 * precision / abs(third_derivative(POINT))) ** (1 / 3))
