"""The demo network: its forward pass, its backward pass, and the paths a gradient takes."""

from __future__ import annotations

from docs.figures._drawing import Canvas, Drawing, Sheet, both, fixed, number
from docs.figures._networks import Pass, demo, two_three_two

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
PATHS_WIDE = Sheet(
    (668, 330),
    {
        "x1": (34, 107), "x2": (34, 223),
        "h1": (250, 49), "h2": (250, 165), "h3": (250, 281),
        "y1": (466, 92), "y2": (466, 238), "L": (606, 165),
        "δ1": (466, 42), "δ2": (466, 288), "sum": (140, 165),
    },
)  # fmt: skip
PATHS_NARROW = Sheet(
    (328, 510),
    {
        "x1": (82, 34), "x2": (246, 34),
        "h1": (42, 176), "h2": (164, 176), "h3": (286, 176),
        "y1": (74, 340), "y2": (254, 340), "L": (164, 476),
        "δ1": (2, 390, "start"), "δ2": (326, 390, "end"), "sum": (164, 104),
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


def paths() -> tuple[Drawing, dict[str, float]]:
    """The 2-3-2 network, and the two ways from its middle hidden neuron to the loss."""
    p = two_three_two()
    h, y, W, delta = p.tape[0].a[0], p.tape[1].a[0], p.network[1].affine.W, p.gradients[1].b
    chosen = 1  # the second of the three
    shares = W[:, chosen] * delta
    dL_dh = float((delta @ W)[chosen])

    def draw(sheet: Canvas) -> None:
        for name, values in (("x", p.x[0]), ("h", h), ("y", y)):
            for j, value in enumerate(values, start=1):
                text = fixed(value, 1 if name == "x" else 3)
                sheet.unit(f"{name}{j}", "activation", f"${name}_{j}$", text)
        sheet.box("L", "loss", ("loss", f"$L$ = {fixed(p.loss, 4)}"))
        for i in range(3):
            for j in range(2):
                sheet.wire(f"x{j + 1}", f"h{i + 1}", role="hairline")
        for k in range(2):
            for i in {0, 1, 2} - {chosen}:
                sheet.wire(f"h{i + 1}", f"y{k + 1}", role="hairline")
            label = ("weight", fixed(W[k, chosen], 2)), ("gradient", number(shares[k]))
            sheet.wire(f"h{chosen + 1}", f"y{k + 1}", *label, role="gradient", weight=2.2)
            sheet.wire(f"y{k + 1}", "L", role="gradient", weight=2.2)
            sheet.note(f"δ{k + 1}", ("gradient", f"$δ_{k + 1}$ = {number(delta[k])}"))
        sheet.plate(
            *sheet.place["sum"][:2],
            (
                ("gradient", f"$∂L/∂h_{chosen + 1}$ = {number(dL_dh)}"),
                ("gradient", " + ".join(number(share) for share in shares)),
            ),
        )

    return both(draw, wide=PATHS_WIDE, narrow=PATHS_NARROW), {
        "through_y1": float(shares[0]),
        "through_y2": float(shares[1]),
        "dL_dh": dL_dh,
    }
