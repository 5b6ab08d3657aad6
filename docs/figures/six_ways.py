"""How far each way to the nine slopes is from the reference, on a logarithmic axis."""

from __future__ import annotations

from contextlib import redirect_stdout

import numpy as np
from matplotlib.axes import Axes

from docs.figures import _style as style

with redirect_stdout(None):  # what the examples print belongs on their pages
    from docs.examples import one_wrong, six_ways

NAMES = {
    "updated_weights": "old weights forgotten",
    "missing_activation_derivative": "slope forgotten",
    "transposed_gradient": "wrong transpose",
    "half_forgotten": "half forgotten",
}
LEAST = 1e-19  # where a difference of zero is drawn


def distances() -> tuple[style.Plot, dict[str, float]]:
    """A dot for each slope of each way, and one for each slip."""
    reference = six_ways.reference
    found = {way: np.abs(np.array(slopes) - reference) for way, slopes in six_ways.others.items()}
    rows = [*found, *one_wrong.off]

    def draw(axes: Axes) -> None:
        for row, distance in enumerate(found.values()):
            dots = np.maximum(distance, LEAST)
            axes.plot(dots, np.full(len(dots), row), "o", color=style.GRADIENT, alpha=0.55, ms=5)
        for row, off in enumerate(one_wrong.off.values(), start=len(found)):
            axes.plot(off, row, "X", color=style.WEIGHT, ms=7)
        axes.axhline(len(found) - 0.5, color=style.HAIRLINE, lw=1)
        axes.set(xscale="log", xlim=(3e-20, 1), ylim=(len(rows) - 0.4, -0.6))
        ticks = {LEAST: "0", 1e-15: "$10^{-15}$", 1e-10: "$10^{-10}$", 1e-5: "$10^{-5}$", 1: "1"}
        axes.set_xticks(list(ticks), list(ticks.values()))
        axes.set_yticks(range(len(rows)), [NAMES.get(row, row) for row in rows])
        axes.minorticks_off()
        axes.set(xlabel="difference from the reference")

    worst = {way: float(distance.max()) for way, distance in found.items()}
    central = worst.pop("central difference")
    return style.plot(draw, 3.6), {
        "central_difference": central,
        "all_others": max(worst.values()),
    }
