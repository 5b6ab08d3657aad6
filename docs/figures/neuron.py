"""One sigmoid neuron: its computation graph, and its loss as a curve over the weight."""

from __future__ import annotations

from contextlib import redirect_stdout

import numpy as np
from matplotlib.axes import Axes

from chainrule.scalar import gradient, variables
from docs.figures import _style as style
from docs.figures._drawing import Canvas, Drawing, Sheet, both, fixed, number

with redirect_stdout(None):  # what the example prints belongs on its page
    from docs.examples import one_neuron as n

GRAPH_WIDE = Sheet(
    (688, 232),
    {
        "x": (22, 48), "w": (22, 152), "times": (172, 100),
        "b": (300, 216), "plus": (300, 100), "sigma": (432, 100),
        "L": (624, 100), "dL": (624, 133), "directions": (440, 186),
    },
)  # fmt: skip
GRAPH_NARROW = Sheet(
    (328, 520),
    {
        "x": (72, 16), "w": (212, 16), "times": (142, 138),
        "b": (286, 246), "plus": (142, 246), "sigma": (142, 352),
        "L": (142, 478), "dL": (142, 511), "directions": (250, 330),
    },
)  # fmt: skip


def graph() -> tuple[Drawing, dict[str, float]]:
    """Values above, gradients below, on every wire from x and w to the loss."""
    X, W, B = variables(n.x, n.w, n.b)
    WX = W * X
    Z = WX + B
    Y = Z.sigmoid()
    L = (Y - n.t) ** 2 * 0.5
    steps = {"x": X, "w": W, "b": B, "wx": WX, "z": Z, "y": Y, "L": L}
    slopes = dict(zip(steps, gradient(L, list(steps.values())), strict=True))

    def on_wire(name: str, role: str, value: str):
        return (role, value), ("gradient", number(slopes[name]))

    def draw(sheet: Canvas) -> None:
        sheet.name("x", ("activation", "$x$"), size=20)
        sheet.name("w", ("weight", "$w$"), size=20)
        sheet.name("b", ("weight", "$b$"), size=20)
        sheet.operation("times", "×")
        sheet.operation("plus", "+")
        sheet.operation("sigma", "σ")
        sheet.box("L", "loss", ("loss", f"$L$ = {fixed(L.data, 4)}"))
        sheet.note("dL", ("gradient", number(slopes["L"], 1)))
        sheet.directions("directions")
        sheet.wire("x", "times", *on_wire("x", "activation", fixed(n.x, 2)))
        sheet.wire("w", "times", *on_wire("w", "weight", fixed(n.w, 2)))
        sheet.wire("times", "plus", *on_wire("wx", "ink", fixed(WX.data, 2)))
        sheet.wire("b", "plus", *on_wire("b", "weight", fixed(n.b, 2)))
        sheet.wire("plus", "sigma", *on_wire("z", "ink", f"$z$ = {fixed(Z.data, 2)}"))
        sheet.wire("sigma", "L", *on_wire("y", "activation", f"$y$ = {fixed(Y.data, 4)}"))

    return both(draw, wide=GRAPH_WIDE, narrow=GRAPH_NARROW), {
        "dL_dw": slopes["w"],
        "dL_dx": slopes["x"],
        "dL_dz": slopes["z"],
        "dL_dy": slopes["y"],
    }


def slope() -> tuple[style.Plot, dict[str, float]]:
    """The loss over the weight, its tangent where the neuron stands, and one step."""
    w, L, dL_dw = n.w, n.L, n.dL_dw
    w_after = w - n.learning_rate * dL_dw
    L_after = n.loss_at(w_after, n.b)
    weights = np.linspace(-1.6, 2.6, 85)
    losses = [n.loss_at(v, n.b) for v in weights]

    def tangent(v: float) -> float:
        return L + dL_dw * (v - w)

    def draw(axes: Axes) -> None:
        axes.plot(weights, losses, color=style.LOSS)
        ends = [w - 1.25, w + 1.25]
        axes.plot(ends, [tangent(v) for v in ends], color=style.GRADIENT, dashes=(4, 3), lw=1.4)
        axes.plot(w, L, "o", color=style.WEIGHT, ms=7)
        axes.plot(w_after, L_after, "o", mfc=style.PAPER, mec=style.WEIGHT, mew=1.6, ms=7)
        style.label(axes, f"$w$ = {w:.1f}", (w, L), (9, -12), style.WEIGHT)
        style.label(axes, "after one step", (w_after, L_after), (-10, 2), style.WEIGHT, ha="right")
        style.label(
            axes, f"slope {dL_dw:.3f}", (1.5, tangent(1.5)), (-9, 4), style.GRADIENT, ha="right"
        )
        axes.set(xlabel="weight $w$", ylabel="loss $L$", xlim=(-1.6, 2.6), ylim=(0, 0.5))

    return style.plot(draw), {"w_after": w_after, "L_after": L_after, "dL_dw": dL_dw}
