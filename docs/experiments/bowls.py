"""Gradient descent in a quadratic bowl, with and without momentum.

The loss is (x² + kappa y²) / 2: kappa is the ratio of the two curvatures.
"""

from __future__ import annotations

import numpy as np

from chainrule import Momentum
from chainrule.activations import Array


def widest_angle(kappa: float, directions: int = 100_001) -> float:
    """The largest angle in degrees between -gradient and the way to the minimum."""
    angle = np.linspace(0, np.pi / 2, directions)
    x, y = np.cos(angle), np.sin(angle)
    cosine = (x**2 + kappa * y**2) / np.hypot(x, kappa * y)
    return float(np.degrees(np.arccos(min(cosine.min(), 1.0))))


def steps_to_converge(
    kappa: float, learning_rates: Array, betas: Array, *, near: float = 1e-6, limit: int = 10_000
) -> int:
    """Steps from (1, 1) to within `near` of the minimum, for good, with the best setting.

    A setting is a learning rate and a beta; beta 0 is plain gradient descent. All settings
    walk at once, a row each, for `limit` steps.
    """
    curvature = np.array([1.0, kappa])
    rule = Momentum(learning_rates[:, None], betas[:, None])
    w = np.ones((len(learning_rates), 2))
    velocity = rule.start(w)
    arrived = np.ones(len(w), dtype=int)
    for step in range(1, limit + 1):
        w, velocity = rule.step(w, curvature * w, velocity)
        far = (w**2).sum(axis=1) >= near**2
        arrived[far] = step + 1
    return int(arrived.min())


def steps_by_rule(kappa: float) -> dict[str, int]:
    """Steps of plain descent, of momentum with beta 0.9, and of momentum tuned to the bowl.

    Each has its best learning rate: the first and the last by formula, the second by trial.
    """
    beta = 0.9
    shares = np.geomspace(0.003, 0.95, 200)  # of the learning rate at which it diverges
    rates = shares * 2 * (1 + beta) / kappa
    return {
        "plain": steps_to_converge(kappa, np.array([2 / (1 + kappa)]), np.zeros(1)),
        "usual": steps_to_converge(kappa, rates, np.full_like(rates, beta), limit=700),
        "best": steps_to_converge(kappa, *best_settings(kappa), limit=1000),
    }


def best_settings(kappa: float) -> tuple[Array, Array]:
    """The fastest learning rate and beta for this bowl (Polyak 1964), each in an array of one."""
    root = np.sqrt(kappa)
    return np.array([4 / (1 + root) ** 2]), np.array([((root - 1) / (root + 1)) ** 2])
