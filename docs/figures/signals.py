"""Signals on their way forward: how their spread, their saturation and their zeros develop."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from chainrule import ACTIVATIONS, Affine, Layer, forward
from chainrule.activations import Array
from docs.experiments import digits_training
from docs.figures import _style as style

DEPTH, WIDTH, EXAMPLES, SEEDS = 20, 128, 64, 5
STARTS = {  # activation, and the deviation of a weight times the root of n
    "ReLU, variance 2/n": ("relu", 2**0.5),
    "tanh, 1/n": ("tanh", 1.0),
    "sigmoid, 1/n": ("sigmoid", 1.0),
    "ReLU, 1/n": ("relu", 1.0),
}
SCALES, DEEP = (1.0, 4.0, 10.0), 5
SATURATED = 0.01  # a slope below this share of the steepest


@cache
def draws(seed: int) -> tuple[Array, Array]:
    """Matrices of variance 1/n for all layers, and a batch of random examples."""
    rng = np.random.default_rng(seed)
    matrices = rng.standard_normal((DEPTH, WIDTH, WIDTH)) / np.sqrt(WIDTH)
    return matrices, rng.standard_normal((EXAMPLES, WIDTH))


def passes(activation: str, gain: float, depth: int, seed: int) -> list[Array]:
    """The pre-activations of every layer for a batch of random examples."""
    matrices, x = draws(seed)
    network = [
        Layer(Affine(W=gain * W, b=np.zeros(WIDTH)), ACTIVATIONS[activation])
        for W in matrices[:depth]
    ]
    return [record.z for record in forward(network, x)]


def spread() -> tuple[style.Plot, dict[str, float]]:
    """The variance of the pre-activations, layer by layer, for four starts."""
    layers = np.arange(1, DEPTH + 1)
    found = {
        name: np.array([[z.var() for z in passes(*start, DEPTH, seed)] for seed in range(SEEDS)])
        for name, start in STARTS.items()
    }

    def draw(axes: Axes) -> None:
        for variances in found.values():
            low, high = variances.min(axis=0), variances.max(axis=0)
            axes.fill_between(layers, low, high, color=style.ACTIVATION, alpha=0.25, lw=0)
            axes.plot(layers, np.median(variances, axis=0), color=style.ACTIVATION)
        for name, layer, offset in (
            ("ReLU, variance 2/n", 9, (0, 8)), ("tanh, 1/n", 16, (4, -16)),
            ("sigmoid, 1/n", 12, (0, 4)), ("ReLU, 1/n", 13, (8, 3)),
        ):  # fmt: skip
            style.label(axes, name, (layer, np.median(found[name][:, layer - 1])), offset)
        axes.set(yscale="log", ylim=(5e-7, 12), yticks=10.0 ** np.arange(-6, 1, 2))
        axes.set(xticks=[1, 5, 10, 15, 20], xlabel="layer", ylabel="variance of $z$")
        axes.minorticks_off()

    numbers = {
        f"{start}_{layer}": float(np.median(variances[:, layer - 1]))
        for start, variances in zip(("he", "tanh", "sigmoid", "relu"), found.values(), strict=True)
        for layer in (1, 2, 5, 10, 20)
    }
    return style.plot(draw), {"width": WIDTH, "seeds": SEEDS, "depth": DEPTH, **numbers}


def saturated(gain: float, seed: int) -> list[float]:
    """The share of tanh neurons in each layer whose slope is below SATURATED."""
    return [
        float((1 - np.tanh(z) ** 2 < SATURATED).mean()) for z in passes("tanh", gain, DEEP, seed)
    ]


def saturation() -> tuple[style.Plot, dict[str, float]]:
    """The share of tanh neurons with hardly any slope left, for three sizes of first weights."""
    layers = np.arange(1, DEEP + 1)
    shares = {
        scale: np.array([saturated(scale, seed) for seed in range(SEEDS)]) for scale in SCALES
    }

    def draw(axes: Axes) -> None:
        for scale, share in shares.items():
            low, high = share.min(axis=0), share.max(axis=0)
            axes.fill_between(layers, low, high, color=style.ACTIVATION, alpha=0.25, lw=0)
            middle = np.median(share, axis=0)
            axes.plot(layers, middle, "o-", color=style.ACTIVATION, mfc=style.PAPER)
            name = f"gain {scale:g}"
            style.label(axes, name, (3, middle[2]), (0, 9), style.WEIGHT)
        axes.set(ylim=(-0.03, 1), xticks=layers, xlabel="layer", ylabel="share saturated")
        axes.set_yticks(ys := [0, 0.25, 0.5, 0.75, 1], [f"{y:.0%}" for y in ys])

    return style.plot(draw), {
        f"share_{scale:g}_{layer}": float(np.median(share[:, layer - 1]))
        for scale, share in shares.items()
        for layer in layers
    }


def dead() -> tuple[style.Plot, dict[str, float]]:
    """Too large a learning rate kills ReLUs for good, and the accuracy with them."""
    found = digits_training.dead_relus()
    rates = found["learning_rates"]
    shares, accuracies = np.array(found["dead"]), np.array(found["accuracy"])

    def draw(axes: Axes) -> None:
        for values, colour in ((shares, style.GRADIENT), (accuracies, style.ACTIVATION)):
            low, high = values.min(axis=1), values.max(axis=1)
            axes.fill_between(rates, low, high, color=colour, alpha=0.25, lw=0)
            axes.plot(rates, np.median(values, axis=1), "o-", color=colour, mfc=style.PAPER)
        axes.set(xscale="log", ylim=(-0.03, 1.05), xlabel=r"learning rate $\eta$", ylabel="share")
        axes.set_xticks(rates, [f"{rate:g}" for rate in rates])
        axes.set_yticks(ys := [0, 0.25, 0.5, 0.75, 1], [f"{y:.0%}" for y in ys])
        axes.minorticks_off()
        right, dead = float(np.median(accuracies[0])), float(np.median(shares[-1]))
        style.label(axes, "digits right", (rates[0], right), (4, -15), style.ACTIVATION)
        style.label(axes, "dead neurons", (rates[-1], dead), (0, -15), style.GRADIENT, ha="right")

    numbers = {
        f"{name}_{rate:g}": float(np.median(values[k]))
        for name, values in (("dead", shares), ("accuracy", accuracies))
        for k, rate in enumerate(rates)
    }
    return style.plot(draw), {"seeds": shares.shape[1], "steps": found["steps"], **numbers}


def rank() -> tuple[style.Plot, dict[str, float]]:
    """Equal weights stay equal: how many different things the first layer can see."""
    found = digits_training.ranks()
    last = {
        name: float(np.median([c[-1] for c in curves])) for name, curves in found["ranks"].items()
    }

    def draw(axes: Axes) -> None:
        for start, curves in found["ranks"].items():
            axes.plot(found["steps"], np.array(curves).T, color=style.WEIGHT)
            style.label(axes, f"{start} start", (100, last[start]), (0, 8), ha="center")
        axes.set(xlabel="step", ylabel="rank of the first weights", ylim=(-0.4, 4))
        axes.set(yticks=range(4), xticks=[0, 50, 100, 150, 200])

    return style.plot(draw, 2.6), last
