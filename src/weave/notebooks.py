"""Notebooks: those shown as pages, what is added to them there, and what all have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape, unescape
from pathlib import Path
from typing import Any

from .programs import Failure, Result

TEMPLATE = Path(__file__).parent / "notebook.md.j2"

# mkdocs-jupyter adds the notebook's own style sheet, as the text of a Python list.
_STYLE = re.compile(r"\s*<style>.*?</style>\s*\Z", re.DOTALL)


def page(name: str, outcome: Result) -> dict[str, Any]:
    """Return the notebook to show; for a derivation that failed, one that says why."""
    if not isinstance(outcome, Failure):
        return outcome["notebook"]
    reason = f'<p class="weave-error" role="alert">{escape(outcome.reason)}</p>'
    cell: dict[str, Any] = {
        "cell_type": "markdown",
        "metadata": {},
        "source": reason,
    }
    heading = {**cell, "source": f"# {name}"}
    return document([heading, cell])


def document(cells: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the notebook of these cells; nothing in it changes from one build to the next."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "cells": [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells)],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def finish(markdown: str, name: str, link: Callable[[str], str]) -> str:
    """Return a notebook's Markdown with the ways to run it under its title."""
    title, _, rest = unescape(_STYLE.sub("", markdown)).strip().partition("\n")
    downloads = (
        f'<p class="downloads">Run it yourself: '
        f'<a href="{link(f"downloads/{name}.ipynb")}" download>as a notebook</a> or '
        f'<a href="{link(f"downloads/{name}.py")}" download>as Python</a>. '
        f"It stands alone: everything it needs of this book is in it, "
        f"except the reference package. The boxes of code are the program that derives the page. "
        f"You can read on without them.</p>"
    )
    return f"{title}\n\n{downloads}\n{rest}\n"
