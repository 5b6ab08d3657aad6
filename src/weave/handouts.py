"""The code of a page as one notebook to take away.

address(page)                where it is on the site
heading_above(text, place)   the heading of a page's Markdown that a place stands below
quotation(name, roots)       code that shows a symbol of the reference, as the page shows it
notebook(title, listings)    the notebook
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from .notebooks import document
from .sources import module_path

_HEADING = re.compile(r"^#{1,3} +(.+?)(?: *\{.*\})?$", re.MULTILINE)


@dataclass(frozen=True)
class Listing:
    """One piece of code on a page, and what it printed when the page was built."""

    heading: str
    code: str
    output: str


def address(page: str) -> str:
    """Return where the notebook of `network/forward.md` is to be found on the site."""
    return f"downloads/pages/{page.removesuffix('.md')}.ipynb"


def heading_above(text: str, place: int) -> str:
    """Return the last heading before a place in a page, without its attributes; "" if none."""
    headings = _HEADING.findall(text, 0, place)
    return headings[-1] if headings else ""


def quotation(name: str, roots: Sequence[Path]) -> str:
    """Return code that prints the source of `package.module.symbol` from where it is installed."""
    parts = name.split(".")
    cut = next(cut for cut in range(len(parts), 0, -1) if module_path(".".join(parts[:cut]), roots))
    module = ".".join(parts[:cut])
    return f"from inspect import getsource\n\nimport {module}\n\nprint(getsource({name}))"


def notebook(title: str, listings: Iterable[Listing]) -> dict[str, Any]:
    """Return the listings as cells under the headings of the page, with what they printed."""
    cells = [_prose(f"# {title}\n\nThe code of this page. It needs NumPy and `chainrule`.")]
    for heading, below in groupby(listings, lambda listing: listing.heading):
        cells += [_prose(f"## {heading}"), *map(_code, below)]
    return document(cells)


def _prose(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(listing: Listing) -> dict[str, Any]:
    printed = {"output_type": "stream", "name": "stdout", "text": listing.output}
    return {
        "cell_type": "code",
        "metadata": {},
        "source": listing.code,
        "outputs": [printed] if listing.output else [],
        "execution_count": None,
    }
