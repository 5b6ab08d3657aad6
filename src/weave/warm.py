"""What big libraries do only once, done in the worker before it forks its children.

Each child would otherwise build the same grammars, schemas and tables again, which took longer
than most programs of the book. Nothing that is made here is kept.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib import import_module
from typing import Any


def matplotlib() -> None:
    """Draw a small plot with a formula in it: the grammar of formulas is built."""
    from matplotlib.figure import Figure

    figure: Any = Figure()
    figure.subplots().set_title("$x$")
    figure.savefig(io.BytesIO(), format="svg")


def sympy() -> None:
    """Differentiate, prove, print and compile a small formula: each imports more of the library.

    Compiling for NumPy imports all of NumPy, the compiler of Fortran included.
    """
    sp: Any = import_module("sympy")
    x = sp.Symbol("x", real=True)
    slope = (x / (1 + sp.exp(-x))).diff(x)
    sp.cancel(sp.expand(slope).rewrite(sp.exp))
    sp.latex(slope)
    sp.jscode(slope)
    sp.lambdify(x, slope, "numpy")


def mkdocs_jupyter() -> None:
    """Check and convert a notebook of one cell: schemas, templates and selectors are compiled."""
    import nbformat

    from .notebooks import as_markdown, document

    notebook = document([{"cell_type": "markdown", "metadata": {}, "source": "&amp;"}])
    nbformat.validate(notebook)
    as_markdown(notebook)


FIRST: dict[str, Callable[[], None]] = {
    "matplotlib": matplotlib,
    "sympy": sympy,
    "mkdocs_jupyter": mkdocs_jupyter,
}
