"""Saturation, and the kink of ReLU: where slopes get lost, and where there is none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from chainrule import ACTIVATIONS
from docs.figures import _style as style

Z = np.linspace(0, 10, 101)


def lost_and_missing() -> tuple[style.Plot, dict[str, float]]:
    """The slopes of sigmoid, tanh and ReLU far out, and the lines that fit under ReLU at zero."""
    slopes = {name: ACTIVATIONS[name].df(Z, ACTIVATIONS[name].f(Z)) for name in ("sigmoid", "tanh")}

    def far_out(axes: Axes) -> None:
        for name, dashes in (("sigmoid", (4, 2)), ("tanh", (1, 0))):
            axes.plot(Z, slopes[name], color=style.GRADIENT, dashes=dashes)
        style.label(axes, "sigmoid", (6.3, slopes["sigmoid"][63]), (2, 6), style.GRADIENT)
        style.label(axes, "tanh", (6, slopes["tanh"][60]), (-8, -8), style.GRADIENT, ha="right")
        axes.axhline(1, color=style.GRADIENT, dashes=(1, 1.5), lw=1.4)
        style.label(axes, "ReLU", (8, 1), (0, -12), style.GRADIENT)
        axes.set(yscale="log", ylim=(1e-9, 6), xlim=(0, 10), xlabel="$z$")
        axes.set(xticks=[0, 5, 10], yticks=[1, 1e-3, 1e-6, 1e-9], title="slope, far from zero")
        axes.minorticks_off()

    def at_zero(axes: Axes) -> None:
        z = np.array([-1.0, 1.0])
        for slope in (0, 0.25, 0.5, 0.75, 1):
            axes.plot(z, slope * z, color=style.GRADIENT, lw=1, dashes=(3, 2))
        z = np.array([-1.0, 0.0, 1.0])
        axes.plot(z, ACTIVATIONS["relu"].f(z), color=style.ACTIVATION, lw=2.4)
        axes.plot(0, 0, "o", color=style.INK, ms=5)
        style.label(axes, "slopes 0 to 1", (0.12, -0.5), (0, 0), style.GRADIENT)
        style.label(axes, "ReLU", (0.5, 0.62), (-10, 6), style.ACTIVATION, ha="right")
        axes.set(xlim=(-1, 1), ylim=(-1, 1), xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        axes.set(xlabel="$z$", title="ReLU at zero")

    def draw(panels: Sequence[Axes]) -> None:
        far_out(panels[0])
        at_zero(panels[1])

    return style.panels(draw, 2, 2.9, 2.6), {
        f"{name}_at_10": float(slope[-1]) for name, slope in slopes.items()
    }
