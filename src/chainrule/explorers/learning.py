"""A small network learning to tell points apart: the reference of one explorer.

    settings = Settings(data="moons", hidden=(6,), activation="tanh", rate=4.0)
    training(settings)      the network, its loss and the length of its gradients, step after step

The output is one sigmoid, the loss half the squared error, its mean over all points. Every step
uses all points, so a step is an epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from math import cos, floor, pi, sin, sqrt
from typing import Any

import numpy as np

from ..activations import ACTIVATIONS, Array
from ..losses import LOSSES
from ..network import Affine, Layer, forward
from ..optimizers import sgd
from ..training import gradients
from .generator import Draw, generator, uniform

LOSS = LOSSES["half_squared_error"]
REDUCTION = "mean"
STILLS = (0, 30, 300, 1500)  # steps at which a page without scripts shows the network


# The points: x (B, 2), t (B, 1). Rounded, so that every machine has the same. --------------------


def clouds(draw: Draw) -> list[tuple[float, float, int]]:
    """Two clouds of twenty points that touch."""
    return [
        (side * 0.6 + bell(draw), side * 0.4 + bell(draw), int(side > 0))
        for _ in range(20)
        for side in (-1, 1)
    ]


def ring(draw: Draw) -> list[tuple[float, float, int]]:
    """Twenty points in the middle, thirty around them."""
    angles = [2 * pi * (k + 0.6 * draw()) / 30 for k in range(30)]
    around = [
        (r * cos(angle), r * sin(angle), 0) for angle in angles for r in (1.1 + 0.3 * draw(),)
    ]
    return [(bell(draw), bell(draw), 1) for _ in range(20)] + around


def moons(draw: Draw) -> list[tuple[float, float, int]]:
    """Two half circles of twenty points, each reaching into the other."""
    points: list[tuple[float, float, int]] = []
    for k in range(20):
        angle = pi * (k + 0.5) / 20
        points.append((cos(angle) - 0.5 + bell(draw) / 4, sin(angle) - 0.25 + bell(draw) / 4, 1))
        points.append((0.5 - cos(angle) + bell(draw) / 4, 0.25 - sin(angle) + bell(draw) / 4, 0))
    return points


def xor(draw: Draw) -> list[tuple[float, float, int]]:
    """The four points of XOR. Nothing is drawn."""
    return [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]


def bell(draw: Draw) -> float:
    """A number around 0, at most 0.9 away: the mean of three is more often near the middle."""
    return 0.6 * (draw() + draw() + draw() - 1.5)


DATA: dict[str, Callable[[Draw], list[tuple[float, float, int]]]] = {
    made.__name__: made for made in (clouds, ring, moons, xor)
}


def points(name: str, seed: int) -> tuple[Array, Array]:
    """The inputs (B, 2) and the targets (B, 1) of one data set."""
    made = DATA[name](generator(seed))
    x = [[floor(100 * c + 0.5) / 100 for c in point[:2]] for point in made]
    return np.array(x), np.array([[float(point[2])] for point in made])


# The network, and its training ------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    """What the reader can set. `points` is the seed of the points, `seed` that of the weights."""

    data: str = "moons"
    points: int = 1
    hidden: tuple[int, ...] = (6,)
    activation: str = "tanh"
    rate: float = 4.0
    seed: int = 1


@dataclass(frozen=True)
class Seen:
    """The network before a step, its outputs, the loss, and for each layer the length of dL/dW."""

    network: list[Layer]
    y: Array
    loss: float
    norms: list[float]


def start(settings: Settings) -> list[Layer]:
    """The network before training: weights as Xavier has them but uniform, biases zero."""
    draw = generator(settings.seed)
    sizes = [2, *settings.hidden, 1]
    activations = [settings.activation] * len(settings.hidden) + ["sigmoid"]
    return [
        Layer(
            Affine(W=uniform((n_out, n_in), sqrt(6 / (n_in + n_out)), draw), b=np.zeros(n_out)),
            ACTIVATIONS[activation],
        )
        for (n_in, n_out), activation in zip(pairwise(sizes), activations, strict=True)
    ]


def training(settings: Settings) -> Iterator[Seen]:
    """Plain gradient descent on all points, step after step, without end."""
    x, t = points(settings.data, settings.points)
    network = start(settings)
    while True:
        y = forward(network, x)[-1].a
        slopes = gradients(network, x, t, LOSS, reduction=REDUCTION)
        yield Seen(
            network,
            y,
            loss=float(LOSS.value(y, t, reduction=REDUCTION)),
            norms=[float(np.linalg.norm(slope.W)) for slope in slopes],
        )
        network = sgd(network, slopes, settings.rate)


def reference(settings: dict[str, Any]) -> dict[str, Any]:
    """A training as data, and the network at a few of its steps. `settings` are the module's."""
    hidden = tuple(int(size) for size in settings["hidden"].split("-"))
    others = {key: settings[key] for key in ("data", "points", "activation", "rate", "seed")}
    course = list(islice(training(Settings(hidden=hidden, **others)), STILLS[-1] + 1))
    return {
        "losses": [seen.loss for seen in course],
        "norms": [seen.norms for seen in course],
        "stills": [as_data(course[step]) for step in STILLS],
    }


def as_data(seen: Seen) -> dict[str, Any]:
    layers = [layer.affine for layer in seen.network]
    return {
        "layers": [{"W": affine.W.tolist(), "b": affine.b.tolist()} for affine in layers],
        "y": seen.y.tolist(),
    }
