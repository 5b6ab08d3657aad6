"""The three products of a layer, entry by entry, with one entry of each result picked out."""

from __future__ import annotations

from contextlib import redirect_stdout

from docs.figures._drawing import SIZE, Canvas, Drawing, Line, Sheet, both, text_element
from docs.figures._tables import CELL, HEIGHT, Table, grid

with redirect_stdout(None):  # what the example prints belongs on its page
    from docs.examples import matrices as n

GAP = 32
WIDE = Sheet((688, 404), {"forward": (240, 12), "down": (240, 156), "gradient": (240, 300)})
NARROW = Sheet((328, 798), {"forward": (4, 62), "down": (4, 330), "gradient": (4, 628)})


def products() -> tuple[Drawing, dict[str, float]]:
    """W h adds along rows, its transpose down columns; the gradient adds nothing."""
    first_row, first_column = {(0, j) for j in range(3)}, {(0, 0), (0, 1)}
    h, delta, z = n.h[:, None], n.delta[:, None], (n.W @ n.h)[:, None]
    rows: dict[str, tuple[tuple[str, ...], list[Table]]] = {
        "forward": (
            ("Forward:", "a row of weights meets", "the inputs, and is added up"),
            [
                Table("$W$", "weight", n.W, first_row),
                Table("$h$", "activation", h, {(j, 0) for j in range(3)}),
                Table("$Wh$", "ink", z, {(0, 0)}),
            ],
        ),
        "down": (
            ("Back:", "a column of weights meets", "the errors, and is added up"),
            [
                Table("$W$ transposed", "weight", n.W.T, first_column),
                Table("$δ$", "gradient", delta, {(0, 0), (1, 0)}),
                Table("$∂L/∂h$", "gradient", n.dL_dh[:, None], {(0, 0)}),
            ],
        ),
        "gradient": (
            ("The gradient:", "each error meets each", "input, nothing is added up"),
            [
                Table("$δ$", "gradient", delta, {(0, 0)}),
                Table("$h$ as a row", "activation", h.T, {(0, 0)}),
                Table("$∂L/∂W$", "gradient", n.dL_dW, {(0, 0)}),
            ],
        ),
    }

    def draw(sheet: Canvas) -> None:
        for key, (words, tables) in rows.items():
            x, y = sheet.place[key][:2]
            tall = max(table.values.shape[0] for table in tables) * HEIGHT
            for i, words_of_line in enumerate(words):
                line: Line = ("muted" if i else "ink", words_of_line)
                down = y + 18 * i + (-48 if sheet.narrow else 28)
                sheet.labels.append(text_element(2, down, line, SIZE, "start"))
            for sign, table in zip(("", "×", "="), tables, strict=True):
                if sheet.narrow and sign == "=":  # the result stands on a line of its own
                    x, y = sheet.place[key][0] + GAP, y + tall + 30
                    tall = table.values.shape[0] * HEIGHT
                if sign:
                    sheet.text(x - GAP / 2, y + tall / 2, ("ink", f"${sign}$"))
                grid(sheet, x, y + (tall - table.values.shape[0] * HEIGHT) / 2, table)
                x += table.values.shape[1] * CELL + GAP

    return both(draw, wide=WIDE, narrow=NARROW), {
        "Wh": float(z[0, 0]),
        "dL_dh": float(n.dL_dh[0]),
        "dL_dW": float(n.dL_dW[0, 0]),
    }
