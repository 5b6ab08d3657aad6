"""Notebooks: those shown as pages, what is added to them there, and what all have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, cast

TEMPLATE = Path(__file__).parent / "notebook.md.j2"


def as_markdown(notebook: dict[str, Any]) -> str:
    """Return the Markdown that mkdocs-jupyter makes of an executed notebook.

    It is called as a library where a notebook has been run, and not as a plugin of each build:
    importing it alone takes as long as rendering a third of the book.
    """
    import nbformat

    markdown, _ = exporter().from_notebook_node(cast("Any", nbformat).from_dict(notebook))
    return markdown.strip()


@cache
def exporter() -> Any:
    """Return what makes Markdown of a notebook; its template is compiled once."""
    from mkdocs_jupyter import convert  # pyright: ignore[reportMissingTypeStubs]

    return cast("Any", convert).NotebookMarkdownExporter(
        template_file=TEMPLATE.name,
        extra_template_paths=[str(TEMPLATE.parent)],
        default_preprocessors=[],  # there is nothing to be removed, and nothing to be run
    )


def failed(name: str, reason: str) -> str:
    """Return the page of a derivation that did not run to its end, which says why."""
    return f'# {name}\n\n<p class="weave-error" role="alert">{escape(reason)}</p>'


def document(cells: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the notebook of these cells; nothing in it changes from one build to the next."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "cells": [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells)],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def description(program: str) -> str:
    """Return the first sentences of a program's first paragraph, up to a formula."""
    opening = re.search(r"^# # .*\n#\n((?:# .*\n)+)", program, re.MULTILINE)
    if opening is None:
        return ""
    words = " ".join(line.removeprefix("# ") for line in opening[1].splitlines())
    plain = re.sub(r"[*`]|\]\([^)]*\)|\[", "", words.partition("$")[0])
    sentences = re.findall(r".*?[.?](?= |$)", plain)
    return " ".join(one.strip() for one in sentences[:2])


def page(markdown: str, name: str, link: Callable[[str], str]) -> str:
    """Return the page of a derivation: its Markdown, with the ways to run it under its title."""
    title, _, rest = markdown.partition("\n")
    downloads = (
        f'<p class="downloads">Run it yourself: '
        f'<a href="{link(f"downloads/{name}.ipynb")}" download>as a notebook</a> or '
        f'<a href="{link(f"downloads/{name}.py")}" download>as Python</a>. '
        f"It stands alone: everything it needs of this book is in it, "
        f"except the reference package. The boxes of code are the program that derives the page. "
        f"You can read on without them.</p>"
    )
    return f"{title}\n\n{downloads}\n{rest}\n"
