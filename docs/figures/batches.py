"""One bias, a batch of examples, and the sum of what comes back."""

from __future__ import annotations

from contextlib import redirect_stdout

import numpy as np

from docs.figures._drawing import Canvas, Drawing, Sheet, both, fixed
from docs.figures._tables import CELL, HEIGHT, Table, grid

with redirect_stdout(None):  # what the example prints belongs on its page
    from docs.examples import batches as n

STEP = 42  # from one example to the next
WIDE = Sheet((560, 300), {"b": (70, 116), "errors": (330, 30), "sum": (330, 236)})
NARROW = Sheet((328, 300), {"b": (36, 116), "errors": (210, 30), "sum": (210, 236)})


def bias() -> tuple[Drawing, dict[str, float]]:
    """The first output bias is used by every example, and every example sends a slope back."""
    errors = n.delta[:, 0]

    def draw(sheet: Canvas) -> None:
        sheet.unit("b", "weight", "$b_1$", fixed(n.n.b2[0], 2))
        x, y = sheet.place["errors"][:2]
        bias = sheet.nodes["b"]
        for k, value in enumerate(errors):
            middle = y + k * STEP + HEIGHT / 2
            start = bias.edge_towards(x, middle, gap=1)
            sheet.line((x - 74, middle), start, role="gradient")
            sheet.text(x - 40, middle, ("muted", f"example {k + 1}"))
            grid(sheet, x, y + k * STEP, Table("", "gradient", np.array([[value]]), set()))
        x, y = sheet.place["sum"][:2]
        sheet.line((x, y - 12), (x + CELL, y - 12), role="muted", arrow=False)
        sheet.text(x - 40, y + HEIGHT / 2, ("muted", "added up"))
        total = Table("$∂L/∂b_1$", "gradient", n.db[None, :1], {(0, 0)})
        grid(sheet, x, y, total)

    return both(draw, wide=WIDE, narrow=NARROW), {"sum": float(errors.sum())}
