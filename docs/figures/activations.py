"""Every activation of the reference, and its slope."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from chainrule import ACTIVATIONS
from docs.figures import _style as style

NAMES = {
    "identity": "identity", "sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU",
    "leaky_relu": "leaky ReLU", "softplus": "softplus", "gelu_tanh": "GELU",
}  # fmt: skip
Z = np.linspace(-4, 4, 161)


def all() -> tuple[style.Plot, dict[str, dict[str, float]]]:
    """One small panel for each entry of the registry: f, and its slope."""

    def fill(axes: Axes, name: str) -> None:
        activation = ACTIVATIONS[name]
        a = activation.f(Z)
        axes.axhline(0, color=style.MUTED, lw=0.8)
        axes.plot(Z, a, color=style.ACTIVATION)
        slope = activation.df(Z, a)
        slope[1:][np.abs(np.diff(slope)) > 0.5] = np.nan  # a jump is no line
        axes.plot(Z, slope, color=style.GRADIENT, dashes=(4, 2), lw=1.5)
        axes.set(xlim=(-4, 4), ylim=(-1.3, 2.3), title=NAMES[name])
        axes.set(xticks=[-3, 0, 3], yticks=[-1, 0, 1, 2])
        axes.spines["bottom"].set_visible(False)

    def arrange(width: float, height: float, rows: int, columns: int) -> Figure:
        figure = Figure(figsize=(width, height))
        panels = figure.subplots(rows, columns, sharex=True, sharey=True).ravel()
        for axes, name in zip(panels, ACTIVATIONS, strict=False):
            fill(axes, name)
        panels[len(ACTIVATIONS) - columns].tick_params(labelbottom=True)  # nothing stands below it
        for axes in panels[len(ACTIVATIONS) :]:
            axes.set_axis_off()
            axes.text(0, 1.0, "activation", color=style.ACTIVATION, ha="center")
            axes.text(0, 0.2, "its slope", color=style.GRADIENT, ha="center")
        return figure

    slopes = {name: f.df(Z, f.f(Z)) for name, f in ACTIVATIONS.items()}
    ranges = {
        name: {"least_slope": float(s.min()), "largest_slope": float(s.max())}
        for name, s in slopes.items()
    }
    return style.Plot(arrange(7.0, 3.7, 2, 4), arrange(3.4, 6.6, 4, 2)), ranges
