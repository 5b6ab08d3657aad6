"""A small change on its way through three functions: the slopes multiply."""

from __future__ import annotations

import math
from contextlib import redirect_stdout

from docs.figures._drawing import Canvas, Drawing, Sheet, both, fixed

with redirect_stdout(None):  # what the example prints belongs on its page
    from docs.examples import chain

NAMES = ["x", "u", "v", "L"]
ZOOM = 2200  # pixels for a change of one

WIDE = Sheet(
    (688, 250),
    {
        "x": (56, 40), "u": (248, 40), "v": (440, 40), "L": (632, 40),
        "f": (152, 40), "g": (344, 40), "k": (536, 40),
        "slope f": (152, 80), "slope g": (344, 80), "slope k": (536, 80),
        "bar x": (56, 112), "bar u": (248, 112), "bar v": (440, 112), "bar L": (632, 112),
        "two": (248, 178), "three": (344, 224),
    },
)  # fmt: skip
NARROW = Sheet(
    (328, 600),
    {
        "x": (50, 34), "u": (50, 186), "v": (50, 338), "L": (50, 490),
        "f": (50, 110), "g": (50, 262), "k": (50, 414),
        "slope f": (80, 110, "start"), "slope g": (80, 262, "start"), "slope k": (80, 414, "start"),
        "bar x": (222, 30), "bar u": (222, 182), "bar v": (222, 334), "bar L": (222, 486),
        "two": (14, 552, "start"), "three": (14, 580, "start"),
    },
)  # fmt: skip


def wiggle() -> tuple[Drawing, dict[str, float]]:
    """Bars as long as the changes they stand for, from x through u = x² and v = sin u to L = v³."""
    functions = {"f": lambda x: x**2, "g": math.sin, "k": lambda v: v**3}
    signs = {"f": "x²", "g": "sin", "k": "v³"}
    slopes = {"f": chain.slope_u, "g": chain.slope_v, "k": chain.slope_L}
    before, after = [chain.x], [chain.x + chain.h]
    for function in functions.values():
        before.append(function(before[-1]))
        after.append(function(after[-1]))
    changes = [new - old for old, new in zip(before, after, strict=True)]

    def draw(sheet: Canvas) -> None:
        for name, value, change in zip(NAMES, before, changes, strict=True):
            role = "loss" if name == "L" else "activation"
            sheet.unit(name, role, f"${name}$", fixed(value, 3 if value % 1 else 0))
            bar(sheet, f"bar {name}", change)
        for function, start, end in zip(functions, NAMES[:-1], NAMES[1:], strict=True):
            sheet.operation(function, signs[function])
            sheet.wire(start, function)
            sheet.wire(function, end)
            sheet.note(f"slope {function}", ("gradient", f"slope {short(slopes[function])}"))
        product(sheet, "two", "v", list(slopes.values())[:2], chain.dv_dx)
        product(sheet, "three", "L", list(slopes.values()), chain.dL_dx)

    return both(draw, wide=WIDE, narrow=NARROW), {
        f"d{name}": change for name, change in zip(NAMES, changes, strict=True)
    }


def short(slope: float) -> str:
    """A slope to three decimals, or to none where it needs none."""
    return fixed(slope, 3 if slope % 1 else 0)


def bar(sheet: Canvas, key: str, change: float) -> None:
    """The change as an arrow of its length and direction, and its size below."""
    x, y = sheet.place[key][:2]
    sheet.line((x, y - 9), (x, y + 9), arrow=False)
    sheet.line((x, y), (x + ZOOM * change, y), role="ink", weight=2.6)
    sheet.text(x + ZOOM * change / 2, y + 22, ("ink", f"{change:+.4f}".replace("-", "−")))


def product(sheet: Canvas, key: str, name: str, slopes: list[float], total: float) -> None:
    """The slopes from x up to a value, and their product, on a bracket where there is room."""
    factors = " · ".join(
        short(slope) if slope > 0 else f"({short(slope)})" for slope in reversed(slopes)
    )
    line = ("gradient", f"$∂{name}/∂x$ = {factors} = {short(total)}")
    if sheet.narrow:
        sheet.note(key, line)
        return
    (x, y), left, right = sheet.place[key][:2], sheet.place["x"][0], sheet.place[name][0]
    for end in (left, right):
        sheet.line((end, y - 7), (end, y), role="gradient", arrow=False)
    sheet.line((left, y), (right, y), role="gradient", arrow=False)
    sheet.plate(x, y, (line,))
