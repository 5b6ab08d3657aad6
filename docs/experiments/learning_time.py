"""How the fall of the loss is spread over the time that training takes.

Every data set of the explorer is learned from many starts. So that this takes no minute, all starts
of a data set are trained at once, as one stack of networks; the first of them is held against the
reference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any

import numpy as np

from chainrule.activations import Array
from chainrule.explorers.learning import Settings, points, start, training
from docs.experiments._memo import memo

LEARNED = 0.0125  # a loss at which every output is well on its side
WAITING = 9  # a start of XOR that looks stuck for a long time
PATIENCE = 8000  # steps to wait for it


@dataclass(frozen=True)
class Study:
    """A data set as the explorer has it, from how many starts, for how many steps."""

    name: str
    settings: Settings
    starts: int
    steps: int


XOR = Settings("xor", hidden=(2,), activation="sigmoid", rate=8.0)
STUDIES = {
    "clouds": Study("two clouds", Settings("clouds", hidden=(3,)), starts=20, steps=100),
    "moons": Study("two moons", Settings("moons", hidden=(6,)), starts=20, steps=1500),
    "ring": Study("circle in a ring", Settings("ring", hidden=(4,)), starts=20, steps=800),
    "xor": Study("XOR", XOR, starts=100, steps=2000),
}


@cache
def losses_of(settings: Settings, seeds: tuple[int, ...], steps: int) -> tuple[Array, Array]:
    """The loss before every step and after the last, (steps + 1, seeds), and the last outputs.

    Descent as `training` has it, with one axis more: W (seeds, n_out, n_in), b (seeds, 1, n_out).
    """
    x, t = points(settings.data, settings.points)
    networks = [start(replace(settings, seed=seed)) for seed in seeds]
    activations = [layer.activation for layer in networks[0]]
    layers = [[network[k].affine for network in networks] for k in range(len(activations))]
    W = [np.array([affine.W for affine in layer]) for layer in layers]
    b = [np.array([affine.b for affine in layer])[:, None] for layer in layers]
    losses = np.empty((steps + 1, len(seeds)))
    for step in range(steps + 1):
        a, tape = x, []
        for k, activation in enumerate(activations):
            a_in, z = a, a @ W[k].transpose(0, 2, 1) + b[k]
            a = activation.f(z)
            tape.append((a_in, z, a))
        losses[step] = ((a - t) ** 2).mean(axis=(1, 2)) / 2
        dL_da = (a - t) / len(x)
        for k in reversed(range(len(activations))):
            a_in, z, a_out = tape[k]
            delta = dL_da * activations[k].df(z, a_out)
            dL_da = delta @ W[k]
            W[k] = W[k] - settings.rate * delta.transpose(0, 2, 1) @ a_in
            b[k] = b[k] - settings.rate * delta.sum(axis=1, keepdims=True)
    of_reference = [seen.loss for seen in islice(training(replace(settings, seed=seeds[0])), 50)]
    assert np.abs(losses[:50, 0] - of_reference[: len(losses)]).max() < 1e-12
    return losses, a[..., 0]


def study(key: str) -> tuple[Array, Array]:
    """The losses of one data set, (steps + 1, starts), and the last outputs."""
    made = STUDIES[key]
    return losses_of(made.settings, tuple(range(1, made.starts + 1)), made.steps)


def until_learned(losses: Array) -> list[Array]:
    """Of every start that learns, the losses up to the first that is small enough."""
    ends = [np.flatnonzero(of_one < LEARNED) for of_one in losses.T]
    return [of_one[: end[0] + 1] for of_one, end in zip(losses.T, ends, strict=True) if len(end)]


def remaining(losses: Array, at: Array) -> Array:
    """How much of the fall is still to come after these shares of the time it takes."""
    time = np.linspace(0, 1, len(losses))
    return (np.interp(at, time, losses) - losses[-1]) / (losses[0] - losses[-1])


def halted(losses: Array, y: Array) -> dict[str, float]:
    """How many of the starts of XOR have not learned it, how long one of them waits, and how the
    first start of the moons goes."""
    unlearned = losses[-1] >= LEARNED
    undecided = (np.abs(y[unlearned] - 0.5) < 0.01).sum(axis=1)
    waiting, _ = losses_of(XOR, (WAITING,), PATIENCE)
    leaves = int(np.flatnonzero(waiting[:, 0] < LEARNED)[0])
    assert unlearned[WAITING - 1]
    assert leaves > STUDIES["xor"].steps
    moons = study("moons")[0][:, 0]
    return {
        "starts": STUDIES["xor"].starts,
        "steps": STUDIES["xor"].steps,
        "rate": XOR.rate,
        "stuck": int(unlearned.sum()),
        "two_undecided": int((undecided == 2).sum()),
        "waiting": WAITING,
        "leaves": leaves,
        **{f"moons_at_{step}": float(moons[step]) for step in (0, 30, 300, 1500)},
    }


@memo
def falls(points: int) -> dict[str, Any]:
    """How much of the fall is to come `at` so many shares of the time, and numbers about XOR."""
    at = np.linspace(0, 1, points)
    left = {
        key: np.median([remaining(one, at) for one in until_learned(study(key)[0])], axis=0)
        for key in STUDIES
    }
    return {"at": at, "left": left, "halted": halted(*study("xor"))}
