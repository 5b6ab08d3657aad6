"""A module of derivations/, run cell by cell as a notebook would run it."""

from __future__ import annotations

import ast
import contextlib
import io
import os
from typing import Any

import jupytext
import nbformat
from IPython.core.formatters import DisplayFormatter

SHOWN = ("text/plain", "text/latex", "text/markdown", "text/html", "image/svg+xml")


def run(name: str) -> dict[str, Any]:
    """Return the executed notebook and the data of every derivation the module ends with."""
    path = os.path.abspath(f"derivations/{name}.py")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    notebook = jupytext.reads(text, fmt="py:percent")
    names: dict[str, Any] = {"__name__": "__main__", "__file__": path}
    position = 0
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}
        if cell.cell_type != "code":
            continue
        position = text.index(cell.source, position)
        cell.outputs = run_cell(cell.source, text.count("\n", 0, position), path, names)
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)
    return {"notebook": notebook, "derivations": _results(names)}


def run_cell(
    source: str, lines_before: int, path: str, names: dict[str, Any]
) -> list[dict[str, Any]]:
    """Run one cell in `names`; return what it printed and the value of its last expression."""
    code = ast.parse("\n" * lines_before + source, path)
    last = code.body.pop() if code.body and isinstance(code.body[-1], ast.Expr) else None
    value = None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, path, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), path, "eval"), names)
    outputs: list[dict[str, Any]] = []
    if text := printed.getvalue():
        outputs.append({"output_type": "stream", "name": "stdout", "text": text})
    if value is not None and not source.rstrip().endswith(";"):
        data, metadata = DisplayFormatter().format(value, include=SHOWN)
        outputs.append(
            {
                "output_type": "execute_result",
                "data": data,
                "metadata": metadata,
                "execution_count": None,
            }
        )
    return [nbformat.from_dict(output) for output in outputs]


def _results(names: dict[str, Any]) -> dict[str, Any]:
    """Return the data of the derivations by name, without those that another one continues."""
    found = {
        name: value
        for name, value in names.items()
        if hasattr(value, "to_data") and not isinstance(value, type) and not name.startswith("_")
    }
    continued = {
        name
        for name, value in found.items()
        for other in found.values()
        if len(other.steps) > len(value.steps) and other.steps[: len(value.steps)] == value.steps
    }
    return {name: value.to_data() for name, value in found.items() if name not in continued}
