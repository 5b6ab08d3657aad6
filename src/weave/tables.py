"""A table whose first heading is empty has its rows named by its first column.

Markdown knows only headings of columns. Written `| | one | two |`, the first column holds headings
too: a screen reader then says "bias, hidden neuron 2" before a number, not only the column.

Columns are aligned by a class, `to-right`: the pages hold no styles.

A table stands in the boxes that the theme's script would put around it, in which a wide one
scrolls. The script still puts its own there; but within these that moves nothing on the page.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

ALIGNED = re.compile(r"text-align: (left|right|center);")


class TablesExtension(Extension):
    """Row headings and alignment, for Python-Markdown's `tables`."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.registerExtension(self)
        md.treeprocessors.register(_Cells(md), "cells", 4)


class _Cells(Treeprocessor):
    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            for cell in table.findall(".//*[@style]"):
                if aligned := ALIGNED.fullmatch(cell.get("style", "")):
                    del cell.attrib["style"]
                    cell.set("class", f"to-{aligned[1]}")
            heads = table.findall("thead/tr/th")
            empty = [head for head in heads if not len(head) and not (head.text or "").strip()]
            for head in empty:
                head.tag = "td"
            if not heads or heads[0] not in empty:
                continue
            for first in table.findall("tbody/tr/td[1]"):
                first.tag = "th"
                first.set("scope", "row")
        for parent in list(root.iter()):
            for place, child in enumerate(parent):
                if child.tag == "table":
                    parent[place] = _boxed(child)


def _boxed(table: Element) -> Element:
    outer = Element("div", {"class": "md-typeset__scrollwrap"})
    SubElement(outer, "div", {"class": "md-typeset__table"}).append(table)
    table.tail, outer.tail = None, table.tail
    return outer


def makeExtension(**options: Any) -> TablesExtension:  # noqa: N802
    """Where Python-Markdown looks for the extension called `weave.tables`."""
    return TablesExtension(**options)
