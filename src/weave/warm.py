"""What big libraries do only once, done in the worker before it forks its children.

Each child would otherwise build the same grammars, schemas and tables again, which took longer
than most programs of the book. Nothing that is made here is kept.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any


def matplotlib() -> None:
    """Draw a small plot with a formula in it: the grammar of formulas is built."""
    from matplotlib.figure import Figure

    figure: Any = Figure()
    figure.subplots().set_title("$x$")
    figure.savefig(io.BytesIO(), format="svg")


def mkdocs_jupyter() -> None:
    """Check and convert a notebook of one cell: schemas, templates and selectors are compiled."""
    import nbformat

    from .notebooks import as_markdown, document

    notebook = document([{"cell_type": "markdown", "metadata": {}, "source": "&amp;"}])
    nbformat.validate(notebook)
    as_markdown(notebook)


FIRST: dict[str, Callable[[], None]] = {
    "matplotlib": matplotlib,
    "mkdocs_jupyter": mkdocs_jupyter,
}
