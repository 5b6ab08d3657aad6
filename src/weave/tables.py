"""A table whose first heading is empty has its rows named by its first column.

Markdown knows only headings of columns. Written `| | one | two |`, the first column holds headings
too: a screen reader then says "bias, hidden neuron 2" before a number, not only the column.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor


class TablesExtension(Extension):
    """Row headings, for Python-Markdown's `tables`."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.registerExtension(self)
        md.treeprocessors.register(_RowHeadings(md), "row_headings", 4)


class _RowHeadings(Treeprocessor):
    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            corner = table.find("thead/tr/th")
            if corner is None or len(corner) or (corner.text or "").strip():
                continue
            corner.tag = "td"
            for first in table.findall("tbody/tr/td[1]"):
                first.tag = "th"
                first.set("scope", "row")


def makeExtension(**options: Any) -> TablesExtension:  # noqa: N802
    """Where Python-Markdown looks for the extension called `weave.tables`."""
    return TablesExtension(**options)
