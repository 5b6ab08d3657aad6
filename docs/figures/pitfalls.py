"""What a wrong gradient does to the loss: nothing that anybody would notice."""

from __future__ import annotations

from contextlib import redirect_stdout

import numpy as np
from matplotlib.axes import Axes

from chainrule import slips
from docs.figures import _style as style

with redirect_stdout(None):  # what it prints belongs on its page
    from docs.examples import two_three_two

STEPS, RATE = 150, 4.0
WRONG = {
    "weights left out": "dropped_weight",
    "one path only": "one_path_only",
    "wrong sign": "reversed_error",
}


def falling() -> tuple[style.Plot, dict[str, float]]:
    """The loss of the 2-3-2 network in training, with the right gradient and with wrong ones."""

    def losses(*names: str) -> list[float]:
        return slips.train(
            names, two_three_two.network, two_three_two.x, two_three_two.t, two_three_two.error,
            reduction="mean", learning_rate=RATE, epochs=STEPS,
            batch_size=two_three_two.batch_size, rng=np.random.default_rng(0),
        )[1]  # fmt: skip

    right = losses()
    curves = {name: losses(slip) for name, slip in WRONG.items()}

    def draw(axes: Axes) -> None:
        for name, curve in curves.items():
            axes.plot(curve, color=style.MUTED, lw=1.1)
            style.label(axes, name, (STEPS, curve[-1]), (4, -4), style.MUTED, annotation_clip=False)
        axes.plot(right, color=style.LOSS)
        style.label(axes, "right", (STEPS, right[-1]), (4, -8), style.LOSS, annotation_clip=False)
        axes.set(xlabel="step", ylabel="loss", ylim=(0, None), xlim=(0, STEPS))

    return style.plot(draw), {
        "first": right[0],
        "right": right[-1],
        "steps": STEPS,
        "wrong": len(curves),
        "falling": sum(curve[-1] < curve[0] for curve in curves.values()),
        **{slip: curve[-1] for slip, curve in zip(WRONG.values(), curves.values(), strict=True)},
    }
