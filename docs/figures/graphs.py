"""Computation graphs: the output neuron taken apart, and a value that is used twice."""

from __future__ import annotations

from contextlib import redirect_stdout

from chainrule.scalar import Value, gradient, variables
from docs.figures._drawing import Canvas, Drawing, Sheet, both, fixed, number

with redirect_stdout(None):  # what the example prints belongs on its page
    from docs.examples import by_hand as demo

OUTPUT_WIDE = Sheet(
    (688, 290),
    {
        "h1": (16, 28), "w31": (16, 108), "times1": (188, 68),
        "h2": (16, 184), "w32": (16, 264), "times2": (188, 224),
        "plus": (314, 146), "b": (314, 270), "sigma": (448, 146),
        "L": (630, 146), "dL": (630, 179), "directions": (470, 226),
    },
)  # fmt: skip
OUTPUT_NARROW = Sheet(
    (328, 530),
    {
        "h1": (26, 14), "w31": (126, 14), "times1": (76, 138),
        "h2": (202, 14), "w32": (302, 14), "times2": (252, 138),
        "plus": (164, 252), "b": (306, 252), "sigma": (164, 358),
        "L": (164, 486), "dL": (164, 519), "directions": (246, 346),
    },
)  # fmt: skip
FORK_WIDE = Sheet(
    (560, 192),
    {
        "a": (60, 100), "da": (60, 151), "times": (266, 58), "plus": (400, 100),
        "f": (514, 100), "df": (514, 133),
    },
)  # fmt: skip
FORK_NARROW = Sheet(
    (328, 452),
    {
        "a": (150, 33), "da": (192, 20, "start"), "times": (104, 200), "plus": (150, 314),
        "f": (150, 408), "df": (150, 441),
    },
)  # fmt: skip


def output_unit() -> tuple[Drawing, dict[str, float]]:
    """The output neuron of the demo network as products, a sum, a sigmoid and a loss."""
    h1, w31, h2, w32, b3 = variables(demo.h1, demo.w31, demo.h2, demo.w32, demo.b3)
    product1, product2 = w31 * h1, w32 * h2
    z = product1 + product2 + b3
    y = z.sigmoid()
    L = (y - demo.t) ** 2 * 0.5
    values = {
        "h1": h1, "w31": w31, "h2": h2, "w32": w32, "b3": b3,
        "product1": product1, "product2": product2, "z": z, "y": y, "L": L,
    }  # fmt: skip
    slopes = dict(zip(values, gradient(L, list(values.values())), strict=True))

    def on_wire(name: str, role: str, value: str):
        return (role, value), ("gradient", number(slopes[name]))

    def draw(sheet: Canvas) -> None:
        for i, h, w in (("1", h1, w31), ("2", h2, w32)):
            sheet.name(f"h{i}", ("activation", f"$h_{i}$"), size=20)
            sheet.name(f"w3{i}", ("weight", f"$w_{{3{i}}}$"), size=20)
            sheet.operation(f"times{i}", "×")
            sheet.wire(
                f"h{i}", f"times{i}", *on_wire(f"h{i}", "activation", fixed(h.data, 3)), at=0.42
            )
            sheet.wire(
                f"w3{i}", f"times{i}", *on_wire(f"w3{i}", "weight", fixed(w.data, 2)), at=0.42
            )
        sheet.name("b", ("weight", "$b_3$"), size=20)
        sheet.operation("plus", "+")
        sheet.operation("sigma", "σ")
        sheet.box("L", "loss", ("loss", f"$L$ = {fixed(L.data, 4)}"))
        sheet.note("dL", ("gradient", number(slopes["L"], 1)))
        for i, product in (("1", product1), ("2", product2)):
            label = on_wire(f"product{i}", "ink", fixed(product.data, 3))
            sheet.wire(f"times{i}", "plus", *label)
        sheet.wire("b", "plus", *on_wire("b3", "weight", fixed(b3.data, 2)))
        sheet.wire("plus", "sigma", *on_wire("z", "ink", f"$z_3$ = {fixed(z.data, 3)}"))
        sheet.wire("sigma", "L", *on_wire("y", "activation", f"$y$ = {fixed(y.data, 3)}"))
        sheet.directions("directions")

    return both(draw, wide=OUTPUT_WIDE, narrow=OUTPUT_NARROW), {
        f"dL_d{name}": slope for name, slope in slopes.items()
    }


def fork() -> tuple[Drawing, dict[str, float]]:
    """f = a·a + a: three uses of a, three gradients, and their sum."""

    def f(first: Value, second: Value, third: Value) -> Value:
        return first * second + third

    (a,) = variables(3.0)
    square = a * a
    result = square + a
    da, d_square = gradient(result, [a, square])
    # The same formula with three values that only happen to be equal: what each use sends back.
    uses = variables(a.data, a.data, a.data)
    shares = gradient(f(*uses), uses)

    def on_wire(value: float, slope: float):
        return ("activation", fixed(value, 0)), ("gradient", fixed(slope, 0))

    def draw(sheet: Canvas) -> None:
        sheet.unit("a", "activation", "$a$", fixed(a.data, 0))
        sheet.operation("times", "×")
        sheet.operation("plus", "+")
        sheet.box("f", "ink", ("ink", f"$f$ = {fixed(result.data, 0)}"))
        sheet.note("da", ("gradient", " + ".join(fixed(s, 0) for s in shares) + f" = {da:.0f}"))
        sheet.note("df", ("gradient", "1"))
        sheet.wire("a", "times", *on_wire(a.data, shares[0]), bend=-18)
        sheet.wire("a", "times", *on_wire(a.data, shares[1]), bend=14)
        sheet.wire("a", "plus", *on_wire(a.data, shares[2]), bend=-46 if sheet.narrow else 46)
        sheet.wire(
            "times", "plus", ("ink", fixed(square.data, 0)), ("gradient", fixed(d_square, 0))
        )
        sheet.wire("plus", "f")

    return both(draw, wide=FORK_WIDE, narrow=FORK_NARROW), {
        "df_da": da,
        "first": shares[0],
        "second": shares[1],
        "third": shares[2],
    }
