"""How far from the slope a central difference is, against the size of its nudge."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from chainrule import central_difference, complex_step
from chainrule.activations import Array
from docs.figures import _style as style

NEAR_ONE = np.linspace(0.98, 1.02, 9)  # the error is noise, so the worst of several places counts
NUDGES = np.geomspace(1e-12, 1, 97)


def curve(x: Array) -> Array:
    """A function with nothing special about it: e to the sine of x."""
    return np.exp(np.sin(x)).sum()


def errors(kind: type[np.floating]) -> Array:
    """The worst error of the slope for each nudge, computed in this precision."""
    return np.array(
        [
            max(
                abs(float(central_difference(curve, x.astype(kind), h)[0] - slope))
                for x, slope in zip(NEAR_ONE[:, None], complex_step(curve, NEAR_ONE), strict=True)
            )
            for h in NUDGES
        ]
    )


def predicted(kind: type[np.floating]) -> tuple[float, float]:
    """The nudge at which M h²/6 + r/h is least, and that least error.

    M is the third derivative, and r the rounding error of a value of the curve.
    """
    one, h = np.array([1.0]), 1e-4
    left, middle, right = (complex_step(curve, one + side).item() for side in (-h, 0, h))
    m = abs(left - 2 * middle + right) / h**2  # slopes exact to the last digit, differenced twice
    r = float(np.finfo(kind).eps) / 2 * float(curve(one))
    return (3 * r / m) ** (1 / 3), (9 * m * r**2) ** (1 / 3) / 2


def step_size() -> tuple[style.Plot, dict[str, float]]:
    """Too long a nudge cuts off the curve, too short a one subtracts nearly equal numbers."""
    kinds = {"double": np.float64, "single": np.float32}
    found = {name: errors(kind) for name, kind in kinds.items()}
    best = {name: predicted(kind) for name, kind in kinds.items()}

    def draw(axes: Axes) -> None:
        for name in kinds:
            axes.plot(NUDGES, found[name], color=style.GRADIENT)
            axes.plot(*best[name], "o", mfc=style.PAPER, mec=style.INK, mew=1.6, ms=7)
            text = f"predicted {best[name][0]:.0e}".replace("e-0", " × $10^{-") + "}$"
            left = name == "single"
            style.label(
                axes,
                text,
                best[name],
                (-8, -14) if left else (9, -9),
                ha="right" if left else "left",
            )
            style.label(axes, f"{name} precision", (NUDGES[2], found[name][2]), (6, 10))
        axes.set(xscale="log", yscale="log", xlim=(3e-13, 3), ylim=(1e-12, 300))
        axes.set(xticks=10.0 ** np.arange(-12, 1, 3), yticks=10.0 ** np.arange(-12, 1, 3))
        axes.minorticks_off()
        axes.set(xlabel="nudge $h$", ylabel="error of the slope")

    return style.plot(draw), {
        key: value
        for name in kinds
        for key, value in {
            f"{name}_best_nudge": best[name][0],
            f"{name}_predicted_error": best[name][1],
            f"{name}_least_error": float(found[name].min()),
            f"{name}_nudge_of_least_error": float(NUDGES[found[name].argmin()]),
            f"{name}_error_at_smallest_nudge": float(found[name][0]),
        }.items()
    }


WAYS = {  # the slope of the curve at many places, one nudge for all
    "one side": lambda f, x, h: (f(x + h) - f(x)) / h,
    "both sides": lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
    "imaginary": lambda f, x, h: f(x + 1j * h).imag / h,
}


def ways() -> tuple[style.Plot, dict[str, float]]:
    """A nudge to one side, to both sides, and into the complex plane."""
    nudges, last_digit = np.geomspace(1e-15, 1, 121), float(np.finfo(float).eps)
    slopes = np.cos(NEAR_ONE) * np.exp(np.sin(NEAR_ONE))
    found = {
        name: np.array(
            [abs(way(lambda x: np.exp(np.sin(x)), NEAR_ONE, h) - slopes).max() for h in nudges]
        )
        for name, way in WAYS.items()
    }

    def draw(axes: Axes) -> None:
        for error in found.values():
            axes.plot(nudges, np.maximum(error, last_digit), color=style.GRADIENT)
        style.label(axes, "one side", (1e-5, found["one side"][80]), (-4, 14), ha="right")
        style.label(axes, "both sides", (1e-6, found["both sides"][72]), (-6, -20), ha="right")
        style.label(axes, "imaginary", (1e-12, last_digit), (0, 8))
        axes.set(xscale="log", yscale="log", xlim=(5e-16, 3), ylim=(3e-17, 30))
        axes.set(xticks=10.0 ** np.arange(-15, 1, 3), yticks=10.0 ** np.arange(-15, 1, 3))
        axes.minorticks_off()
        axes.set(xlabel="nudge $h$", ylabel="error of the slope")

    one, both, imaginary = found.values()
    return style.plot(draw), {
        "one_side_least": float(one.min()),
        "one_side_best": float(nudges[one.argmin()]),
        "both_sides_least": float(both.min()),
        "both_sides_best": float(nudges[both.argmin()]),
        "imaginary_worst": float(imaginary[nudges < 1e-9].max()),
    }
