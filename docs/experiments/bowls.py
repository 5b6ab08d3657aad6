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
    kappa: Array, learning_rates: Array, betas: Array, *, near: float = 1e-6, limit: int = 10_000
) -> Array:
    """Steps from (1, 1) to within `near` of the minimum, for good.

    Each row is a bowl and a setting: a learning rate and a beta; beta 0 is plain gradient
    descent. All of them walk at once, for `limit` steps.
    """
    curvature = np.stack([np.ones_like(kappa), kappa], axis=1)
    rule = Momentum(learning_rates[:, None], betas[:, None])
    w = np.ones_like(curvature)
    velocity = rule.start(w)
    arrived = np.ones(len(w), dtype=int)
    for step in range(1, limit + 1):
        w, velocity = rule.step(w, curvature * w, velocity)
        far = (w**2).sum(axis=1) >= near**2
        arrived[far] = step + 1
    return arrived


def steps_by_rule(kappa: Array) -> dict[str, list[int]]:
    """Steps of plain descent, of momentum with beta 0.9, and of momentum tuned to each bowl.

    Each has its best learning rate: the first and the last by formula, the second by trial.
    """
    beta = 0.9
    shares = np.geomspace(0.003, 0.95, 200)  # of the learning rate at which it diverges
    rates = (shares * 2 * (1 + beta) / kappa[:, None]).ravel()
    each_often = np.repeat(kappa, len(shares))
    tried = steps_to_converge(each_often, rates, np.full_like(rates, beta), limit=700)
    found = {
        "plain": steps_to_converge(kappa, 2 / (1 + kappa), np.zeros_like(kappa)),
        "usual": tried.reshape(len(kappa), -1).min(axis=1),
        "best": steps_to_converge(kappa, *best_settings(kappa), limit=1000),
    }
    return {rule: steps.tolist() for rule, steps in found.items()}


def best_settings(kappa: Array) -> tuple[Array, Array]:
    """The fastest learning rate and beta for each bowl (Polyak 1964)."""
    root = np.sqrt(kappa)
    return 4 / (1 + root) ** 2, ((root - 1) / (root + 1)) ** 2
