"""Matrices in a drawing: tables of numbers, some of them picked out."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.activations import Array
from docs.figures._drawing import SIZE, Canvas, fixed, text_element

CELL, HEIGHT = 52, 28  # of one number


@dataclass(frozen=True)
class Table:
    """A matrix on a sheet: its name, its role, its numbers, and which of them are picked out."""

    name: str
    role: str
    values: Array
    picked: set[tuple[int, int]]


def grid(sheet: Canvas, x: float, y: float, table: Table) -> None:
    """A table of numbers with its name below; what is picked out has a thick frame."""
    for i, row in enumerate(table.values.tolist()):
        for j, value in enumerate(row):
            left, top, picked = x + j * CELL, y + i * HEIGHT, (i, j) in table.picked
            frame = (
                f"tint-{table.role} stroke-{table.role}" if picked else "fill-paper stroke-hairline"
            )
            sheet.shapes.append(
                f'<rect x="{left:.2f}" y="{top:.2f}" width="{CELL}" height="{HEIGHT}" '
                f'class="{frame}" stroke-width="{1.8 if picked else 1}"/>'
            )
            text = fixed(value, 1 if table.role == "weight" else 3)
            sheet.shapes.append(
                text_element(left + CELL / 2, top + 0.68 * HEIGHT, (table.role, text), SIZE)
            )
    rows, columns = table.values.shape
    below = y + rows * HEIGHT + 16
    sheet.labels.append(text_element(x + columns * CELL / 2, below, (table.role, table.name), SIZE))
