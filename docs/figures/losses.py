"""A sigmoid output that should say 0: what two losses say of it, and how hard they push."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from chainrule import ACTIVATIONS, LOSSES
from docs.figures import _style as style

Z = np.linspace(-6, 8, 141)
TARGET = np.zeros((len(Z), 1))
WRONG = 5.0  # a logit at which the output is sure, and wrong


def confident_mistake() -> tuple[style.Plot, dict[str, float]]:
    """Loss and error against the logit, for half the square and for the cross-entropy."""
    sigmoid, squares, entropy = (
        ACTIVATIONS["sigmoid"],
        LOSSES["half_squared_error"],
        LOSSES["binary_cross_entropy"],
    )
    z = Z[:, None]
    y = sigmoid.f(z)
    curves = {
        "half square": (squares.f(y, TARGET), squares.df(y, TARGET) * sigmoid.df(z, y), (4, 2)),
        "cross-entropy": (entropy.f(z, TARGET), entropy.df(z, TARGET), (1, 0)),
    }

    def draw(panels: Sequence[Axes]) -> None:
        for axes, which, title, color in (
            (panels[0], 0, "loss $L$", style.LOSS),
            (panels[1], 1, "error $δ$", style.GRADIENT),
        ):
            for curve in curves.values():
                axes.plot(Z, curve[which].ravel(), color=color, dashes=curve[2])
            axes.set(xlabel="logit $z$, target 0", title=title, xlim=(-6, 8))
            axes.set(xticks=[-5, 0, 5])
        panels[0].set(ylim=(-0.3, 8), yticks=[0, 2, 4, 6, 8])
        panels[1].set(ylim=(-0.05, 1.1), yticks=[0, 0.5, 1])
        style.label(panels[0], "cross-entropy", (4.2, 4.2), (-8, 4), style.LOSS, ha="right")
        style.label(panels[0], "half square", (5.4, 0.5), (-20, 8), style.LOSS)
        style.label(panels[1], "cross-entropy", (1.6, 0.9), (-8, 2), style.GRADIENT, ha="right")
        style.label(panels[1], "half square", (3.4, 0.03), (2, 10), style.GRADIENT)

    at = int(np.abs(Z - WRONG).argmin())
    return style.panels(draw, 2, 2.9, 2.6), {
        "by_squares": float(curves["half square"][1].ravel()[at]),
        "by_entropy": float(curves["cross-entropy"][1].ravel()[at]),
    }
