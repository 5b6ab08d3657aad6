"""Gradient descent: in a bowl, in a valley, past the mark, and on a plateau."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import redirect_stdout

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse

from chainrule.activations import Array
from docs.experiments import small_runs
from docs.figures import _style as style

with redirect_stdout(None):  # what the example prints belongs on its page
    from docs.examples import overshoot as step

XOR_SEEDS, XOR_ROUNDS, XOR_RATE, XOR_LEARNED = 16, 800, 2.0, 0.05


def slide(curvatures: Array, start: Array, learning_rate: float, steps: int) -> Array:
    """The weights before each step and after the last, in the bowl ½ Σ λ w²."""
    path = [start]
    for _ in range(steps):
        slope = curvatures * path[-1]
        path.append(path[-1] - learning_rate * slope)
    return np.array(path)


def one_dimension() -> tuple[style.Plot, dict[str, float]]:
    """Below 1/λ we creep, below 2/λ we jump to and fro and arrive, above it we climb out."""
    curvature, start, steps = np.array([1.0]), np.array([1.6]), 5
    rates = [0.4, 1.8, 2.1]  # in units of 1/λ
    paths = [slide(curvature, start, rate / curvature[0], steps)[:, 0] for rate in rates]

    def height(w: Array) -> Array:
        return 0.5 * curvature[0] * w**2

    def draw(panels: Sequence[Axes]) -> None:
        w = np.linspace(-2.8, 2.8, 57)
        for axes, rate, path in zip(panels, rates, paths, strict=True):
            axes.plot(w, height(w), color=style.LOSS)
            axes.plot(path, height(path), color=style.WEIGHT, lw=0.9)
            axes.plot(path[1:], height(path[1:]), "o", mfc=style.PAPER, mec=style.WEIGHT, mew=1.4)
            axes.plot(path[0], height(path[0]), "o", color=style.WEIGHT)
            factor = f"{1 - rate:.1f}".replace("-", "−")
            style.label(axes, f"each step × {factor}", (0, 3.4), (0, 0), style.WEIGHT, ha="center")
            axes.set(xlim=(-2.8, 2.8), ylim=(-0.15, 3.9), xticks=[-2, 0, 2], yticks=[0, 1, 2, 3])
            axes.set(title=rf"$\eta$ = {rate} / $\lambda$", xlabel="weight $w$", ylabel="loss $L$")
            axes.label_outer()

    return style.panels(draw, 3, 2.7, 2.2), {
        f"after_{rate:g}": float(path[-1]) for rate, path in zip(rates, paths, strict=True)
    }


def bowl() -> tuple[style.Plot, dict[str, float]]:
    """A valley ten times as steep one way as the other, and three learning rates."""
    curvatures, start = np.array([1.0, 10.0]), np.array([-2.3, 0.5])
    limit = 2 / curvatures.max()
    steps = {0.1: 20, 0.93: 20, 1.08: 6}  # by the learning rate, as a share of the limit
    paths = {share: slide(curvatures, start, share * limit, k) for share, k in steps.items()}

    def draw(panels: Sequence[Axes]) -> None:
        for axes, (share, path) in zip(panels, paths.items(), strict=True):
            for level in np.arange(0.5, 3.6, 0.5):  # the ellipse where √(2 L) is this
                across, along = 2 * level / np.sqrt(curvatures)
                axes.add_patch(
                    Ellipse((0, 0), across, along, fc="none", ec=style.LOSS, lw=0.8, alpha=0.6)
                )
            axes.plot(*path.T, color=style.WEIGHT, lw=1.2)
            axes.plot(*path[1:].T, "o", mfc=style.PAPER, mec=style.WEIGHT, mew=1.2, ms=4.5)
            axes.plot(*start, "o", color=style.WEIGHT)
            axes.plot(0, 0, "+", color=style.LOSS, ms=9, mew=1.5)
            axes.set(xlim=(-2.7, 0.7), ylim=(-1.1, 1.1), xticks=[-2, -1, 0], yticks=[-1, 0, 1])
            axes.set(title=rf"$\eta$ = {share} of the limit", xlabel="$w_1$", ylabel="$w_2$")
            axes.label_outer()

    return style.panels(draw, 3, 2.5, 2.1), {
        "limit": float(limit),
        **{
            f"loss_after_{name}": float(0.5 * (curvatures * path[-1] ** 2).sum())
            for name, path in zip(("slow", "zigzag", "leaving"), paths.values(), strict=True)
        },
    }


def xor() -> tuple[style.Plot, dict[str, float]]:
    """Sixteen starts: a plateau, then a fall, or no fall at all."""
    curves = np.array(small_runs.xor(XOR_SEEDS, XOR_ROUNDS, XOR_RATE))
    learned = curves[:, -1] < XOR_LEARNED
    stuck = float(curves[~learned][:, -1].mean())
    rounds = [int(np.argmax(curve < XOR_LEARNED)) for curve in curves[learned]]

    def draw(axes: Axes) -> None:
        for curve, success in zip(curves, learned, strict=True):
            color = style.LOSS if success else style.MUTED
            axes.plot(range(0, XOR_ROUNDS, 8), curve[::8], color=color, lw=1.1)
        left = f"{(~learned).sum()} of {XOR_SEEDS} stay here"
        style.label(axes, left, (XOR_ROUNDS, stuck), (-2, 8), style.MUTED, ha="right")
        axes.set(xlabel="round", ylabel="loss $L$", xlim=(0, XOR_ROUNDS), ylim=(0, 0.6))

    return style.plot(draw), {
        "seeds": XOR_SEEDS,
        "learned": int(learned.sum()),
        "stuck": int((~learned).sum()),
        "stuck_loss": stuck,
        "rounds": XOR_ROUNDS,
        "learning_rate": XOR_RATE,
        "median_round": float(np.median(rounds)),
        "first_round": min(rounds),
        "last_round": max(rounds),
    }


def overshoot() -> tuple[style.Plot, dict[str, float]]:
    """The loss after one step from the same weights, asked for 1 and asked for ½."""
    rates = np.geomspace(0.1, 1000, 201)
    before = {target: step.loss_of(step.network, target) for target in (1.0, step.target)}
    after = {
        target: np.array([step.loss_after(rate, target) for rate in rates]) for target in before
    }
    worse = float(rates[np.argmax(after[step.target] > before[step.target])])
    best = float(rates[np.argmin(after[step.target])])

    def draw(axes: Axes) -> None:
        for target, color in ((1.0, style.MUTED), (step.target, style.LOSS)):
            axes.plot(rates, after[target], color=color)
            axes.axhline(before[target], color=color, lw=1, dashes=(3, 3))
        style.label(axes, "target 1", (2.2, 0.42), (0, 0), style.MUTED)
        style.label(axes, "target ½", (120, after[step.target].max()), (0, 6), style.LOSS)
        style.label(
            axes, "loss before the step", (1000, before[1.0]), (-2, 6), style.MUTED, ha="right"
        )
        axes.plot(worse, before[step.target], "o", mfc=style.PAPER, mec=style.WEIGHT, mew=1.6, ms=7)
        style.label(
            axes,
            f"beyond {worse:.0f} it is worse",
            (worse, before[step.target]),
            (9, -9),
            style.WEIGHT,
        )
        axes.set(xscale="log", xlim=(0.1, 1000), ylim=(0, 0.68))
        axes.set_xticks(xs := [0.1, 1, 10, 100, 1000], [f"{x:g}" for x in xs])
        axes.minorticks_off()
        axes.set(xlabel=r"learning rate $\eta$", ylabel="loss after one step")

    return style.plot(draw), {
        "before_target_1": before[1.0],
        "before_target_half": before[step.target],
        "best_rate": best,
        "no_gain_from": worse,
        "worst_target_1": float(after[1.0].max()),
        "worst_target_half": float(after[step.target].max()),
    }
