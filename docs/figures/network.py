"""The demo network: its forward pass, its backward pass, and the paths a gradient takes."""

from __future__ import annotations

from docs.figures._drawing import Canvas, Drawing, Sheet, both, fixed, number
from docs.figures._networks import Pass, demo

WIDE = Sheet(
    (688, 330),
    {
        "x1": (34, 100), "x2": (34, 230),
        "h1": (300, 100), "h2": (300, 230),
        "y": (532, 165), "L": (634, 165),
        "b1": (300, 20), "b2": (300, 310), "b3": (532, 85),
        "z1": (336, 74, "start"), "z2": (336, 258, "start"), "z3": (532, 216),
    },
)  # fmt: skip
NARROW = Sheet(
    (328, 568),
    {
        "x1": (78, 34), "x2": (250, 34),
        "h1": (78, 240), "h2": (250, 240),
        "y": (164, 420), "L": (164, 536),
        "b1": (34, 172), "b2": (294, 172), "b3": (270, 420),
        "z1": (2, 294, "start"), "z2": (326, 294, "end"), "z3": (122, 420, "end"),
    },
)  # fmt: skip


def forward() -> tuple[Drawing, dict[str, float]]:
    """Values on the nodes, weights on the edges."""
    p = demo()
    return both(lambda sheet: draw(sheet, p, gradients=False), wide=WIDE, narrow=NARROW), {
        "y": p.tape[-1].a.item(),
        "loss": p.loss,
    }


def backward() -> tuple[Drawing, dict[str, float]]:
    """The same, with the gradient under every parameter and the error under every neuron."""
    p = demo()
    return both(lambda sheet: draw(sheet, p, gradients=True), wide=WIDE, narrow=NARROW), {
        "dL_dw11": p.gradients[0].W[0, 0].item(),
        "dL_dw31": p.gradients[1].W[0, 0].item(),
        "delta_3": p.gradients[1].b.item(),
    }


def draw(sheet: Canvas, p: Pass, *, gradients: bool) -> None:
    """The 2-2-1 network with the numbers of one pass."""
    hidden, output = p.network
    slopes_hidden, slopes_output = p.gradients
    x, h, y = p.x[0], p.tape[0].a[0], p.tape[1].a[0]

    def parameter(name: str, value: float, slope: float):
        lines = [("weight", f"${name}$ = {fixed(value, 2)}")]
        return [*lines, ("gradient", number(slope))] if gradients else lines

    for j in range(2):
        sheet.unit(f"x{j + 1}", "activation", f"$x_{j + 1}$", fixed(x[j], 1))
        sheet.unit(f"h{j + 1}", "activation", f"$h_{j + 1}$", fixed(h[j], 3))
    sheet.unit("y", "activation", "$y$", fixed(y[0], 3))
    sheet.box("L", "loss", ("loss", f"$L$ = {fixed(p.loss, 4)}"))

    for i in range(2):
        for j in range(2):
            name = f"w_{{{i + 1}{j + 1}}}"
            label = parameter(name, hidden.affine.W[i, j], slopes_hidden.W[i, j])
            sheet.wire(f"x{j + 1}", f"h{i + 1}", *label, at=0.42 if i == j else 0.22)
        name = f"w_{{3{i + 1}}}"
        label = parameter(name, output.affine.W[0, i], slopes_output.W[0, i])
        sheet.wire(f"h{i + 1}", "y", *label)
    sheet.wire("y", "L")

    biases = [*zip(hidden.affine.b, slopes_hidden.b, strict=True)]
    biases += [*zip(output.affine.b, slopes_output.b, strict=True)]
    for k, (value, slope) in enumerate(biases, start=1):
        sheet.name(f"b{k}", *parameter(f"b_{k}", value, slope))
        sheet.wire(f"b{k}", ["h1", "h2", "y"][k - 1])
    for k, (z, delta) in enumerate(
        zip([*p.tape[0].z[0], *p.tape[1].z[0]], [*slopes_hidden.b, *slopes_output.b], strict=True),
        start=1,
    ):
        if gradients:
            sheet.note(f"z{k}", ("gradient", f"$δ_{k}$ = {number(delta)}"))
        else:
            sheet.note(f"z{k}", ("ink", f"$z_{k}$ = {fixed(z, 4)}"))
