"""Mini-batches: how noisy their gradients are, and how often a step raises the loss."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from docs.experiments import batches, digits_training
from docs.figures import _style as style

SIZES = [1, 4, 16, 64, 256, 1024]


def noise() -> tuple[style.Plot, dict[str, float]]:
    """The spread of a batch's gradient against its size: one over the root, and then less."""
    found = batches.variance_by_batch_size(SIZES, draws=200)
    total, sizes = found["examples"], np.array(SIZES)
    measured = np.sqrt(found["variance"])
    fine = np.geomspace(1, total, 300)
    with np.errstate(divide="ignore"):
        predicted = np.sqrt((total - fine) / (total - 1) / fine)

    def draw(axes: Axes) -> None:
        axes.plot(fine, 1 / np.sqrt(fine), color=style.MUTED, dashes=(4, 3), lw=1.2)
        axes.plot(fine[:-1], predicted[:-1], color=style.GRADIENT)
        axes.plot(sizes, measured, "o", mfc=style.PAPER, mec=style.GRADIENT, mew=1.6)
        style.label(axes, r"$1/\sqrt{B}$", (900, 1 / 30), (2, 8), style.MUTED)
        style.label(axes, "no repeats", (700, 0.03), (-9, -10), style.GRADIENT, ha="right")
        axes.set(xscale="log", yscale="log", ylim=(0.01, 1.6))
        axes.set_xticks(ticks := [1, 10, 100, 1000], [f"{tick}" for tick in ticks])
        axes.set_yticks(ticks := [0.01, 0.1, 1], [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
        axes.set(xlabel="batch size $B$", ylabel="spread, one example = 1")

    return style.plot(draw), {
        "examples": total,
        **{f"times_size_{n}": float(v * n) for n, v in zip(SIZES, found["variance"], strict=True)},
    }


def rising() -> tuple[style.Plot, dict[str, float]]:
    """The share of steps after which the loss of all examples is higher than before."""
    found = digits_training.rising_steps()
    sizes, shares = found["sizes"], np.array(found["shares"])

    def draw(axes: Axes) -> None:
        low, high = shares.min(axis=1), shares.max(axis=1)
        axes.fill_between(sizes, low, high, color=style.LOSS, alpha=0.25, lw=0)
        axes.plot(sizes, np.median(shares, axis=1), "o-", color=style.LOSS, mfc=style.PAPER)
        axes.set(xscale="log", ylim=(-0.02, 0.55))
        axes.set(xlabel="batch size", ylabel="steps that raise the loss")
        axes.set_xticks(sizes, [*map(str, sizes[:-1]), "all"])
        axes.set_yticks(ticks := [0, 0.25, 0.5], [f"{tick:.0%}" for tick in ticks])
        axes.minorticks_off()

    return style.plot(draw, 2.7), {
        "seeds": shares.shape[1],
        "steps": found["steps"],
        **{f"share_{n}": float(np.median(s)) for n, s in zip(sizes, shares, strict=True)},
    }
