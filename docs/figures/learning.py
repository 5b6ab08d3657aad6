"""When training learns: how the fall of the loss is spread over the time it takes."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from docs.experiments.learning_time import STUDIES, falls
from docs.figures import _style as style


def when() -> tuple[style.Plot, dict[str, float]]:
    """How much of the fall is still to come, against the share of the time that has passed."""
    found = falls(61)
    at, left = np.array(found["at"]), found["left"]

    def draw(axes: Axes) -> None:
        axes.plot(at, left["clouds"], color=style.LOSS)
        style.label(axes, STUDIES["clouds"].name, (0.27, 0.02), (0, 2))  # in the clear below
        labels = {"moons": (0.1, -17), "ring": (0.32, 4), "xor": (0.62, 4)}
        for key, (place, above) in labels.items():
            axes.plot(at, left[key], color=style.LOSS)
            style.label(
                axes, STUDIES[key].name, (place, np.interp(place, at, left[key])), (4, above)
            )
        axes.set(xlabel="share of the steps taken", ylabel="share of the fall to come")
        axes.set_xticks([0, 1 / 3, 2 / 3, 1], ["0", "1/3", "2/3", "1"])
        axes.set(yticks=[0, 0.5, 1], ylim=(-0.03, 1.05))

    thirds = {
        f"{key}_{name}": float(-np.diff(np.interp([0, 1 / 3, 2 / 3, 1], at, share))[n])
        for key, share in left.items()
        for n, name in enumerate(("early", "middle", "late"))
    }
    return style.plot(draw), {**thirds, **found["halted"]}
