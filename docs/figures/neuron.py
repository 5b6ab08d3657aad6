"""One sigmoid neuron: its computation graph, and its loss as a curve over the weight."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from chainrule.scalar import gradient, variables
from docs.figures import _style as style
from docs.figures._drawing import Canvas, Drawing, Sheet, both, fixed, number
from docs.figures._networks import neuron, one_neuron

GRAPH_WIDE = Sheet(
    (688, 208),
    {
        "x": (22, 52), "w": (22, 156), "times": (176, 104),
        "b": (300, 186), "plus": (300, 104), "sigma": (430, 104), "L": (622, 104),
        "dL": (622, 148),
    },
)  # fmt: skip
GRAPH_NARROW = Sheet(
    (328, 520),
    {
        "x": (72, 16), "w": (212, 16), "times": (142, 138),
        "b": (286, 244), "plus": (142, 244), "sigma": (142, 350), "L": (142, 478),
        "dL": (226, 478),
    },
)  # fmt: skip


def graph() -> tuple[Drawing, dict[str, float]]:
    """Values above, gradients below, on every wire from x and w to the loss."""
    p = neuron()
    x, w, b, t = p.x.item(), p.network[0].affine.W.item(), p.network[0].affine.b.item(), p.t.item()
    X, W, B = variables(x, w, b)
    WX = W * X
    Z = WX + B
    Y = Z.sigmoid()
    L = (Y - t) ** 2 * 0.5
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
        sheet.wire("x", "times", *on_wire("x", "activation", fixed(x, 2)))
        sheet.wire("w", "times", *on_wire("w", "weight", fixed(w, 2)))
        sheet.wire("times", "plus", *on_wire("wx", "ink", fixed(WX.data, 2)))
        sheet.wire("b", "plus", *on_wire("b", "weight", fixed(b, 2)))
        sheet.wire("plus", "sigma", *on_wire("z", "ink", f"$z$ = {fixed(Z.data, 2)}"))
        sheet.wire("sigma", "L", *on_wire("y", "activation", f"$y$ = {fixed(Y.data, 4)}"))

    return both(draw, wide=GRAPH_WIDE, narrow=GRAPH_NARROW), {
        "dL_dw": slopes["w"],
        "dL_dx": slopes["x"],
        "dL_dz": slopes["z"],
        "dL_dy": slopes["y"],
    }


def slope() -> tuple[Figure, dict[str, float]]:
    """The loss over the weight, its tangent where the neuron stands, and one step."""
    p = neuron()
    w, L, dL_dw = p.network[0].affine.W.item(), p.loss, p.gradients[0].W.item()
    w_after = w - one_neuron.learning_rate * dL_dw
    L_after = one_neuron.loss_at(w_after)
    weights = np.linspace(-3.2, 2.6, 121)
    touching = w + np.array([-1.25, 1.25])

    figure, axes = style.new()
    axes.plot(weights, [one_neuron.loss_at(v) for v in weights], color=style.LOSS)
    axes.plot(touching, L + dL_dw * (touching - w), color=style.GRADIENT, dashes=(4, 3), lw=1.4)
    axes.plot(w, L, "o", color=style.WEIGHT, ms=7)
    axes.plot(w_after, L_after, "o", mfc=style.PAPER, mec=style.WEIGHT, mew=1.6, ms=7)
    axes.annotate(
        f"$w = {w:.1f}$", (w, L), (9, -5), textcoords="offset points", va="top", color=style.WEIGHT
    )
    axes.annotate(
        f"slope $= {dL_dw:.3f}$", (touching[0], L + dL_dw * (touching[0] - w)), (4, -10),
        textcoords="offset points", va="top", color=style.GRADIENT,
    )  # fmt: skip
    axes.annotate(
        "after one step", (w_after, L_after), (-9, 4),
        textcoords="offset points", ha="right", color=style.WEIGHT,
    )  # fmt: skip
    axes.set(xlabel="weight $w$", ylabel="loss $L$", xlim=(-3.2, 2.6), ylim=(0, 0.5))
    return figure, {"w_after": w_after, "L_after": L_after, "dL_dw": dL_dw}
