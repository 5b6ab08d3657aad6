"""Long runs of small networks: starts, conventions, and what a hidden layer learns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, backward, forward, sgd
from chainrule.activations import Array
from docs.experiments import small_runs, symmetry
from docs.figures import _style as style


def symmetric() -> tuple[style.Plot, dict[str, float]]:
    """Rumelhart, Hinton and Williams 1986: what the two hidden neurons have learned."""
    found = symmetry.runs()
    weights = np.array(found["weights"])
    inputs = np.arange(1, 7)

    def draw(panels: Sequence[Axes]) -> None:
        for axes, row, neuron in zip(panels, weights, (1, 2), strict=True):
            axes.axhline(0, color=style.INK, lw=0.9)
            axes.bar(inputs, row, color=style.WEIGHT, width=0.62)
            for place, w in zip(inputs, row, strict=True):
                text = f"{w:.1f}".replace("-", "−")
                up = 3 if w > 0 else -13
                axes.annotate(text, (place, w), (0, up), textcoords="offset points", ha="center")
            axes.set(title=f"hidden neuron {neuron}", xlabel="input", ylim=(-14, 14), xticks=inputs)
            axes.set(ylabel="weight", yticks=[-10, 0, 10])
            axes.grid(visible=False)
            axes.label_outer()

    ratios = found["ratios"]
    return style.panels(draw, 2, 2.7, 2.5), {
        "second": ratios[1],
        "third": ratios[2],
        "mirror": found["mirror"],
        "seeds": found["seeds"],
        "solved": len(found["sweeps"]),
        "stuck": len(found["stuck"]),
        "stuck_error": float(np.median(found["stuck"])) if found["stuck"] else 0.0,
        "median_sweeps": float(np.median(found["sweeps"])),
    }


def stuck() -> tuple[style.Plot, dict[str, float]]:
    """The same network: the error of every start, those that solve it and those that do not."""
    curves = symmetry.runs()["curves"]
    solved = [curve for curve in curves if curve[-1] < 1]
    others = [curve for curve in curves if curve[-1] >= 1]

    def draw(axes: Axes) -> None:
        for curve in solved + others:
            sweeps = symmetry.EVERY * np.arange(len(curve))
            axes.plot(sweeps, curve, color=style.LOSS, lw=1, alpha=0.75)
        end = symmetry.MOST_SWEEPS, others[0][-1]
        style.label(axes, f"stuck at {end[1]:.3f}", end, (0, 8), ha="right")
        axes.set(ylim=(-0.2, 5.4), xlabel="sweeps through all patterns", ylabel="error $E$")

    return style.plot(draw, 2.8), {"solved": len(solved), "stuck": len(others)}


def mazur() -> tuple[style.Plot, dict[str, float]]:
    """Mazur's network for ten thousand steps, made in four ways."""
    curves = {name: np.array(curve) for name, curve in small_runs.mazur().items()}
    right, early = curves["right order"], curves["weights updated first"]
    steps = np.arange(len(right)) + 1
    kept = np.unique(np.geomspace(1, len(right), 200).astype(int)) - 1

    def draw(axes: Axes) -> None:
        for curve in curves.values():
            axes.plot(steps[kept], curve[kept], color=style.LOSS)
        style.label(axes, "biases fixed", (300, right[300]), (6, 6))
        for name, offset in (("shared", 3), ("own", -10)):
            end = steps[-1], curves[f"{name} biases"][-1]
            style.label(axes, name, end, (5, offset))
        axes.set(xscale="log", yscale="log", xlim=(0.8, 5e4), ylim=(7e-7, 0.7))
        axes.set(xlabel="step", ylabel="loss")
        axes.set_xticks(ticks := [1, 10, 100, 1000, 10000], [f"{tick:,}" for tick in ticks])
        axes.minorticks_off()

    return style.plot(draw), {
        **{f"after_one_{name.replace(' ', '_')}": float(c[1]) for name, c in curves.items()},
        **{f"last_{name.replace(' ', '_')}": float(c[-1]) for name, c in curves.items()},
        "orders_apart": float(np.abs(early / right - 1).max()),
    }


def spiral() -> tuple[style.Plot, dict[str, float]]:
    """Three arms that no straight lines divide, and what a hidden layer makes of them."""
    found = small_runs.spiral()
    side, points = np.array(found["side"]), np.array(found["points"])
    colours = (style.WEIGHT, style.ACTIVATION, style.LOSS)
    arms = np.split(points, small_runs.CLASSES)

    def draw(panels: Sequence[Axes]) -> None:
        for axes, name in zip(panels, ("linear", "ReLU"), strict=True):
            regions = np.array(found[name]["regions"]).reshape(len(side), len(side))
            for k, (colour, arm) in enumerate(zip(colours, arms, strict=True)):
                inside = regions == k
                axes.contourf(side, side, inside, levels=[0.5, 1.5], colors=[colour], alpha=0.2)
                axes.plot(*arm.T, ".", color=colour, ms=3.5)
            right = np.median(found[name]["accuracy"])
            axes.set(title=f"{name}: {right:.0%} right", aspect="equal", xticks=[], yticks=[])
            axes.spines[:].set_visible(False)
            axes.grid(visible=False)

    numbers = {"seeds": small_runs.SPIRAL_SEEDS}
    for name in ("linear", "ReLU"):
        accuracy = found[name]["accuracy"]
        numbers |= {f"{name}_low": min(accuracy), f"{name}_high": max(accuracy)}
    return style.panels(draw, 2, 3.2, 3.2), numbers


def slow_start() -> tuple[style.Plot, dict[str, float]]:
    """One sigmoid neuron learns to turn 1 into 0: a plateau with one loss, none with the other."""
    starts, steps = [(0.6, 0.9), (2.0, 2.0)], 300
    losses = {"half squares": ("half_squared_error", "sigmoid", 0.15)}
    losses["cross-entropy"] = ("binary_cross_entropy", "identity", 0.15)

    def outputs(start: tuple[float, float], loss: str, activation: str, rate: float) -> Array:
        w, b = start
        network = [Layer(Affine(np.array([[w]]), np.array([b])), ACTIVATIONS[activation])]
        x, t, seen = np.ones((1, 1)), np.zeros((1, 1)), []
        for _ in range(steps + 1):
            tape = forward(network, x)
            seen.append(ACTIVATIONS["sigmoid"].f(tape[-1].z).item())
            dL_dy = LOSSES[loss].gradient(tape[-1].a, t, reduction="sum")
            network = sgd(network, backward(network, tape, dL_dy), rate)
        return np.array(seen)

    curves = {name: [outputs(start, *how) for start in starts] for name, how in losses.items()}

    def draw(panels: Sequence[Axes]) -> None:
        for axes, (name, runs) in zip(panels, curves.items(), strict=True):
            for run in runs:
                axes.plot(run, color=style.ACTIVATION)
            axes.set(title=name, ylim=(0, 1.05), xlabel="step", ylabel="output $y$")
            axes.set(xticks=[0, 100, 200, 300], yticks=[0, 0.5, 1])
            axes.label_outer()
        near, far = curves["half squares"]
        style.label(panels[0], "starts at 0.98", (100, far[100]), (0, -15), ha="center")
        style.label(panels[0], "at 0.82", (60, near[60]), (-6, -8), ha="right")

    return style.panels(draw, 2, 2.6, 2.3), {
        f"{name.replace('-', '_').replace(' ', '_')}_{place}_{when}": float(run[step])
        for name, runs in curves.items()
        for place, run in zip(("near", "far"), runs, strict=True)
        for when, step in (("first", 0), ("middle", 150), ("last", -1))
    }
