"""Figures to take away: every figure of the book in a list, and each as a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

from . import sources
from .programs import Program


def file_name(program: Program) -> str:
    """Return where on the site the file of a figure lies."""
    return f"downloads/figures/{program.name.replace('.', '-')}.svg"


def standalone(svg: str, style_sheet: str) -> str:
    """Return a figure, in its wide layout, as an SVG file that needs no page around it."""
    first = svg[: svg.index("</svg>")] + "</svg>\n"
    opening, _, contents = first.replace("wovenfigure", "figure").partition(">")
    opening = opening.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    return f"{opening}><style>{style_sheet}</style>{contents}"


def table(uses: Mapping[Program, Sequence[str]], root: Path, link: Callable[[str], str]) -> str:
    """Return the figures as a table: what each shows, the pages it stands on, and its file."""
    rows = [
        f"<tr><td>{escape(sources.summary(root / figure.path, figure.name.partition('.')[2]))}</td>"
        f"<td>{', '.join(_page(address, link) for address in uses[figure])}</td>"
        f'<td><a href="{link(file_name(figure))}" download>SVG</a></td></tr>'
        for figure in sorted(uses)
        if figure.kind == "figure"
    ]
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("what it shows", "page", "file"))
    return (
        '<div class="md-typeset__scrollwrap"><div class="md-typeset__table"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div></div>"
    )


def _page(address: str, link: Callable[[str], str]) -> str:
    name = address.strip("./").rpartition("/")[2].replace("-", " ") or "home"
    return f'<a href="{link(address)}">{escape(name)}</a>'
