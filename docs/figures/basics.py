"""A curve seen from nearer and nearer: what a slope is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import redirect_stdout

import numpy as np
from matplotlib.axes import Axes

from docs.figures import _style as style

with redirect_stdout(None):  # what the example prints belongs on its page
    from docs.examples import what_you_need as n

WINDOWS = (2.0, 0.5, 0.05)  # half of what a panel shows


def zoom() -> tuple[style.Plot, dict[str, float]]:
    """The parabola and its tangent in three windows, each nearer than the last."""

    def draw(panels: Sequence[Axes]) -> None:
        for axes, half in zip(panels, WINDOWS, strict=True):
            x = np.linspace(n.x - half, n.x + half, 81)
            tangent = n.x**2 + n.slope * (x - n.x)
            axes.plot(x, x**2, color=style.ACTIVATION, lw=2.2)
            axes.plot(x, tangent, color=style.GRADIENT, dashes=(4, 3), lw=1.4)
            axes.plot(n.x, n.x**2, "o", color=style.INK, ms=5)
            axes.set(xticks=[n.x - half, n.x, n.x + half], xlabel="$x$")
            axes.set(yticks=[tangent[0], n.x**2, tangent[-1]])
            axes.set_xticklabels([f"{tick:.6g}" for tick in (n.x - half, n.x, n.x + half)])
            axes.set_yticklabels(
                [f"{t:.6g}".replace("-", "−") for t in (tangent[0], n.x**2, tangent[-1])]
            )

    # how far the curve leaves the line, as a share of how far the line rises
    gaps = {f"gap_{i}": half**2 / (n.slope * half) for i, half in enumerate(WINDOWS)}
    return style.panels(draw, len(WINDOWS), 2.2, 2.0), gaps
