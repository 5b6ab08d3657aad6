"""Long runs of small networks: starts, conventions, and what a hidden layer learns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, Momentum, backward, forward, sgd
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


def surface() -> tuple[style.Plot, dict[str, float]]:
    """The loss of one neuron over its weight and bias, and the way down from two starts."""
    x, t = np.array([[1.0], [-1.0]]), np.array([[0.0], [1.0]])
    starts, steps, mark, rate = [(0.6, 0.9), (2.0, 2.0)], 300, 30, 0.15
    losses = {"half squares": ("half_squared_error", "sigmoid")}
    losses["cross-entropy"] = ("binary_cross_entropy", "identity")
    w, b = np.meshgrid(np.linspace(-4.8, 3, 79), np.linspace(-1.5, 3, 46))

    def loss_at(w: Array, b: Array, loss: str, activation: str) -> Array:
        y = ACTIVATIONS[activation].f(x * w.ravel() + b.ravel())  # a column for each place
        of_each = [LOSSES[loss].value(column[:, None], t, reduction="sum") for column in y.T]
        return np.reshape(of_each, w.shape)

    def way_down(start: tuple[float, float], loss: str, activation: str) -> Array:
        first = Affine(np.array([[start[0]]]), np.array([start[1]]))
        network, seen = [Layer(first, ACTIVATIONS[activation])], [start]
        for _ in range(steps):
            tape = forward(network, x)
            dL_dy = LOSSES[loss].gradient(tape[-1].a, t, reduction="sum")
            network = sgd(network, backward(network, tape, dL_dy), rate)
            seen.append((network[0].affine.W.item(), network[0].affine.b.item()))
        return np.array(seen)

    ways = {name: [way_down(start, *how) for start in starts] for name, how in losses.items()}
    heights = {name: loss_at(w, b, *how) for name, how in losses.items()}

    def draw(panels: Sequence[Axes]) -> None:
        for axes, (name, height) in zip(panels, heights.items(), strict=True):
            axes.contour(w, b, height, 9, colors=style.LOSS, linewidths=0.8, alpha=0.6)
            for way in ways[name]:
                axes.plot(*way.T, color=style.WEIGHT, lw=1.2)
                axes.plot(*way[mark::mark].T, "o", mfc=style.PAPER, mec=style.WEIGHT, mew=1.2, ms=4)
                axes.plot(*way[0], "o", color=style.WEIGHT)
            axes.set(title=name, xlabel="weight $w$", ylabel="bias $b$")
            axes.set(xlim=(-4.8, 3), xticks=[-4, -2, 0, 2], yticks=[-1, 0, 1, 2])
            axes.grid(visible=False)
            axes.label_outer()

    return style.panels(draw, 2, 2.9, 2.7), {
        f"{name.replace('-', '_').replace(' ', '_')}_{place}_w": float(way[-1, 0])
        for name, found in ways.items()
        for place, way in zip(("near", "far"), found, strict=True)
    }


def valley() -> tuple[style.Plot, dict[str, float]]:
    """The valley of Dive into Deep Learning: below the limit, above it, and with momentum."""
    curvatures, start, steps = np.array([0.2, 4.0]), np.array([-5.0, -2.0]), 20
    rules = {
        r"$\eta$ = 0.4": Momentum(0.4, 0.0),
        r"$\eta$ = 0.6": Momentum(0.6, 0.0),
        r"$\eta$ = 0.6, $\beta$ = 0.5": Momentum(0.6, 0.5),
    }

    def walk(rule: Momentum) -> Array:
        place, path, velocity = start, [start], rule.start(start)
        for _ in range(steps):
            place, velocity = rule.step(place, curvatures * place, velocity)
            path.append(place)
        return np.array(path)

    paths = {name: walk(rule) for name, rule in rules.items()}

    def draw(panels: Sequence[Axes]) -> None:
        for axes, (name, path) in zip(panels, paths.items(), strict=True):
            for level in (0.25, 1, 2.5, 5, 10):
                across, along = 2 * np.sqrt(2 * level / curvatures)
                axes.add_patch(
                    Ellipse((0, 0), across, along, fc="none", ec=style.LOSS, lw=0.8, alpha=0.6)
                )
            left = np.abs(path[:, 1]) > 5  # beyond the picture; the way there is enough
            seen = path[: np.argmax(left) + 1] if left.any() else path
            axes.plot(*seen.T, color=style.WEIGHT, lw=1.2)
            axes.plot(*seen[1:].T, "o", mfc=style.PAPER, mec=style.WEIGHT, mew=1.2, ms=4)
            axes.plot(*start, "o", color=style.WEIGHT)
            axes.plot(0, 0, "+", color=style.LOSS, ms=9, mew=1.5)
            axes.set(xlim=(-5.6, 1.6), ylim=(-3.6, 3.6), xticks=[-4, -2, 0], yticks=[-2, 0, 2])
            axes.set(title=name, xlabel="$x_1$", ylabel="$x_2$")
            axes.label_outer()

    return style.panels(draw, 3, 2.5, 2.1), {
        f"{name}_{axis}": float(place)
        for name, path in zip(("below", "above", "momentum"), paths.values(), strict=True)
        for axis, place in zip(("x1", "x2"), path[-1], strict=True)
    }
