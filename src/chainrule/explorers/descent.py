"""What the descent explorer shows, found by the reference: slopes from the tape or from
`backward`, steps from `optimizers`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..activations import ACTIVATIONS, Array
from ..losses import LOSSES
from ..network import Affine, Layer, backward, forward
from ..optimizers import Adam, Momentum, Rule, sgd
from ..scalar import Value, gradient, variables
from .generator import generator

EXAMPLES = np.array([[-2.0], [-1.0], [1.0], [2.0]])  # of the neuron
TARGETS = np.array([[0.05], [0.4], [0.6], [0.95]])
TILTS = np.array(
    [[0.6, 0.3], [-0.6, 0.3], [0.3, -0.6], [-0.3, 0.0]]
)  # of a surface, one an example

Slope = Callable[[Array, int | None], tuple[float, Array]]


def reference(settings: dict[str, Any]) -> dict[str, Any]:
    """The paths of the methods that are switched on, and the learning rate that is too large.

    `settings` are those of the module: surface, w1, w2, curvature1, curvature2, rate, steps,
    momentum, adam, noise and seed.
    """
    rate = settings["rate"]
    rules: dict[str, Rule] = {"plain": Plain(rate)}
    if settings["momentum"]:
        rules["momentum"] = Momentum(rate)
    if settings["adam"]:
        rules["adam"] = Adam(rate)
    slope, size = _surface(settings)
    start = np.array([settings["w1"], settings["w2"]][:size])
    draw = generator(settings["seed"])
    batches = [
        int(draw() * len(TILTS)) if settings["noise"] else None for _ in range(settings["steps"])
    ]
    paths = {name: _path(rule, slope, start, batches) for name, rule in rules.items()}
    return {"paths": paths, "bound": _bound(settings)}


class Plain:
    """`sgd` as a rule: it remembers nothing."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    def start(self, w: Array) -> None:
        return None

    def step(self, w: Array, g: Array, state: None) -> tuple[Array, None]:
        nothing = np.zeros(1)
        layer = Layer(Affine(w[None], nothing), ACTIVATIONS["identity"])
        [moved] = sgd([layer], [Affine(g[None], nothing)], self.learning_rate)
        return moved.affine.W[0], None


def _path(rule: Rule, slope: Slope, w: Array, batches: list[int | None]) -> dict[str, Any]:
    """The weights and the whole loss at the start and after each step; `stopped` at an overflow."""
    path, losses, state = [w], [slope(w, None)[0]], rule.start(w)
    for step, batch in enumerate(batches, start=1):
        try:
            w, state = rule.step(w, slope(w, batch)[1], state)
            loss = slope(w, None)[0]
        except OverflowError:
            loss = np.inf
        if not np.isfinite([*w, loss]).all():
            return {"w": np.array(path).tolist(), "loss": losses, "stopped": step}
        path.append(w)
        losses.append(loss)
    return {"w": np.array(path).tolist(), "loss": losses, "stopped": None}


def _surface(settings: dict[str, Any]) -> tuple[Slope, int]:
    """The loss and its slope for all examples, or the slope for one; and how many weights."""
    name = settings["surface"]
    if name in ("neuron1", "neuron2"):
        return _neuron, 1 if name == "neuron1" else 2
    size = 1 if name in ("bowl1", "valleys1") else 2

    def slope(w: Array, batch: int | None) -> tuple[float, Array]:
        weights = variables(*w.tolist())
        loss = _loss(settings, weights)
        tilt = 0.0 if batch is None else TILTS[batch, :size]
        return loss.data, np.array(gradient(loss, weights)) - tilt

    return slope, size


def _loss(settings: dict[str, Any], w: list[Value]) -> Value:
    if settings["surface"].startswith("bowl"):
        curvatures = settings["curvature1"], settings["curvature2"]
        terms = [w_i**2 * (0.5 * curvature) for w_i, curvature in zip(w, curvatures, strict=False)]
        return terms[0] if len(w) == 1 else terms[0] + terms[1]
    well = (w[0] ** 2 - 1.0) ** 2 * 0.25 + w[0] * 0.125 + 0.15
    return well if len(w) == 1 else well + (w[1] - w[0] * 0.5) ** 2 * 0.5


def _neuron(w: Array, batch: int | None) -> tuple[float, Array]:
    """One sigmoid neuron with half squared error: its weight, and its bias if that is free."""
    keep = slice(None) if batch is None else slice(batch, batch + 1)
    x, t, loss = EXAMPLES[keep], TARGETS[keep], LOSSES["half_squared_error"]
    bias = w[1:] if len(w) > 1 else np.zeros(1)
    network = [Layer(Affine(w[:1, None], bias), ACTIVATIONS["sigmoid"])]
    tape = forward(network, x)
    y = tape[-1].a
    [found] = backward(network, tape, loss.gradient(y, t, reduction="mean"))
    slope = np.concatenate([found.W[0], found.b])[: len(w)]
    return float(loss.value(y, t, reduction="mean")), slope


def _bound(settings: dict[str, Any]) -> float | None:
    """2/λ of the steepest direction; a surface that is no bowl has no one curvature."""
    size = {"bowl1": 1, "bowl2": 2}.get(settings["surface"])
    if size is None:
        return None
    return 2 / max([settings["curvature1"], settings["curvature2"]][:size])
