"""The bug gallery: what the program `gallery` found out, as a table and as sections."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

CHECKS = {"shapes": "shapes", "loss": "loss", "one": "one coordinate", "all": "all coordinates"}
WIDTH, HEIGHT = 150, 44
Row = Mapping[str, Any]


def table(rows: Sequence[Row]) -> str:
    """Return the table of mistakes and checks; page.js makes it sortable."""
    headings = ["mistake", "error of the gradient", *CHECKS.values()]
    body = "".join(
        f'<tr><th scope="row"><a href="#{_anchor(row)}">{escape(row["statement"])}</a></th>'
        f"<td{_sorted_as(row)}>{_error(row['two_three_two'])}</td>"
        + "".join(_caught(row, check) for check in CHECKS)
        + "</tr>"
        for row in rows
    )
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    return (
        '<div class="md-typeset__scrollwrap gallery sortable"><div class="md-typeset__table">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></div>"
    )


def sections(rows: Sequence[Row]) -> str:
    """Return one section of Markdown for each mistake."""
    return "\n\n".join(_section(row) for row in rows)


def _section(row: Row) -> str:
    hidden, _, loss, reduction = (name.replace("_", " ") for name in row["setting"])
    paragraphs = [
        f"### {row['statement'].removesuffix('.')} {{ #{_anchor(row)} }}",
        f"{row['why']} {row['symptom']}",
        '<div class="wrong-right" markdown="1">',
        f'``` {{ .python title="Wrong" }}\n{row["wrong"]}\n```',
        f'``` {{ .python title="Right" }}\n{row["right"]}\n```',
        "</div>",
        f"{_sparkline(row)}\n\n**Error of the gradient.** {_effects(row, hidden, loss, reduction)}"
        f" {_verdicts(row)}",
        f"`{row['id']}`" + _seen(row),
    ]
    return "\n\n".join(paragraphs)


def _effects(row: Row, hidden: str, loss: str, reduction: str) -> str:
    small, batch = row["worked"], row["two_three_two"]
    if not batch["all"]:
        return f"None: the gradient is right, and the mistake is in the {row['part']}."
    worked = f"{_error(small)} on the worked network" if small["all"] else ""
    other = f"{_error(batch)} on 2-3-2 ({hidden}, {loss}, {reduction} over the batch)"
    unseen = "" if small["all"] else "; on the worked network it does not show"
    return f"{', '.join(filter(None, [worked, other]))}{unseen}."


def _verdicts(row: Row) -> str:
    found = row["two_three_two"]
    caught = [name for check, name in CHECKS.items() if found[check]]
    return f"Noticed by: {', '.join(caught) or 'none of the four checks'}."


def _seen(row: Row) -> str:
    links = ", ".join(f"[{seen['who']}]({seen['url']})" for seen in row["seen"])
    return f" · seen in {links}" if links else ""


def _error(found: Row) -> str:
    """Return a relative error in words a person would use."""
    error = found["error"]
    if error is None:
        return "shapes clash"
    if error <= 1e-6:
        return "none"
    return (
        f"{error:.2g} times" if error >= 10 else f"{error:.2%}" if error < 0.01 else f"{error:.0%}"
    )


def _sorted_as(row: Row) -> str:
    error = row["two_three_two"]["error"]
    return f' data-value="{1e9 if error is None else error:.6g}"'


def _caught(row: Row, check: str) -> str:
    caught = row["two_three_two"][check]
    word, role = ("yes", "noticed") if caught else ("no", "missed")
    return f'<td class="{role}" data-value="{int(caught)}">{word}</td>'


def _anchor(row: Row) -> str:
    return f"slip-{row['id'].replace('_', '-')}"


def _sparkline(row: Row) -> str:
    """Return the two training curves, the right one grey, the wrong one in the gradient's role."""
    right, wrong = row["reference_curve"], row["two_three_two"]["curve"]
    high, low = right[0], min(right)
    ends = f"at {wrong[-1]:.3g}" if math.isfinite(wrong[-1]) else "out of all bounds"
    mistaken = f"with the mistake {ends}" if len(wrong) > 1 else "with the mistake not one step"
    alt = f"Training loss from {right[0]:.3g}: right it ends at {right[-1]:.3g}, {mistaken}"

    def height(loss: float) -> float:
        """Return 1 where training starts, 0 where it ends; what leaves the frame is cut."""
        return max(-0.15, min((loss - low) / (high - low), 1.25))

    def points(curve: Sequence[float]) -> str:
        return " ".join(
            f"{2 + (WIDTH - 4) * step / (len(right) - 1):.1f},"
            f"{HEIGHT - 6 - (HEIGHT - 16) * height(loss):.1f}"
            for step, loss in enumerate(curve)
            if math.isfinite(loss)
        )

    return (
        f'<svg class="drawn sparkline" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alt)}">'
        f'<polyline class="stroke-muted" fill="none" stroke-width="1.5" points="{points(right)}"/>'
        f'<polyline class="stroke-gradient" fill="none" stroke-width="1.8" '
        f'points="{points(wrong)}"/></svg>'
    )
