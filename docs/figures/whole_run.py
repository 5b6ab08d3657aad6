"""A training run and the examples it never sees."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from docs.experiments import whole_run
from docs.figures import _style as style


def held_out() -> tuple[style.Plot, dict[str, float]]:
    """The loss of the examples trained on goes on falling; that of the others stops."""
    found = whole_run.curves()
    trained, held, right = (np.array(found[name]) for name in ("trained", "held_out", "right"))
    epochs = np.arange(held.shape[1])
    best = held.argmin(axis=1)
    last = len(epochs) - 1

    def draw(axes: Axes) -> None:
        for losses, colour in ((trained, style.MUTED), (held, style.LOSS)):
            axes.fill_between(
                epochs, losses.min(axis=0), losses.max(axis=0), color=colour, alpha=0.25, lw=0
            )
            axes.plot(epochs, np.median(losses, axis=0), color=colour)
        axes.plot(best, held.min(axis=1), "o", mfc=style.PAPER, mec=style.LOSS, mew=1.4)
        style.label(axes, "held out", (30, np.median(held, axis=0)[30]), (0, 10), style.LOSS)
        style.label(axes, "trained on", (30, np.median(trained, axis=0)[30]), (0, 8), style.MUTED)
        axes.set(yscale="log", xlabel="epoch", ylabel="loss", ylim=(2e-3, 4))
        axes.set_yticks(ys := [0.01, 0.1, 1], [f"{y:g}" for y in ys])
        axes.minorticks_off()

    middle = {
        f"{name}_{epoch}": float(np.median(losses[:, epoch]))
        for name, losses in (("trained", trained), ("held", held), ("right", right))
        for epoch in (0, 5, 20, last)
    }
    return style.plot(draw), {
        "examples": found["examples"],
        "held": found["held"],
        "seeds": len(held),
        "epochs": last,
        "first_best": int(best.min()),
        "last_best": int(best.max()),
        "least_right": float(right[np.arange(len(best)), best].min()),
        "most_right": float(right[np.arange(len(best)), best].max()),
        **middle,
    }
