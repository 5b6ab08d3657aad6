"""A module of derivations/, run cell by cell as a notebook would run it."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
from collections.abc import Iterable, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, cast

import jupytext  # pyright: ignore[reportMissingTypeStubs]
import nbformat
from IPython.core.formatters import DisplayFormatter

from weave import bundles
from weave.addresses import ADDRESS
from weave.cache import KEPT, Imports
from weave.derivations import steps
from weave.notebooks import as_markdown, document
from weave.sources import dotted, roots

Cell = dict[str, Any]

SHOWN = ("text/plain", "text/latex", "text/html")


def run(name: str) -> dict[str, Any]:
    """Return the page, two forms of it to download, and the derivations it makes."""
    root = Path.cwd()
    path = root / f"derivations/{name}.py"
    text = path.read_text(encoding="utf-8")
    where = roots(root)
    files, _ = Imports(where, root / KEPT).closure([path])
    prepare([dotted(file, where) for file in files if file != path])
    cells: list[Cell] = cast("Any", jupytext).reads(text, fmt="py:percent")["cells"]
    names: dict[str, Any] = {"__name__": "__main__", "__file__": str(path)}
    position = 0
    for cell in cells:
        if cell["cell_type"] == "code":
            position = text.index(cell["source"], position)
            lines_before = text.count("\n", 0, position)
            cell["outputs"] = run_cell(cell["source"], lines_before, str(path), names)
    tools = bundles.tools(path, files, where)
    download = document(with_tools(cells, tools))
    nbformat.validate(download)
    return {
        "page": as_markdown(document(cells)),
        "download": download,
        "script": bundles.standalone(text, tools),
        "derivations": results(names),
    }


def prepare(modules: Iterable[str]) -> None:
    """Import what the derivation imports, so that what those modules print is not its output."""
    with contextlib.redirect_stdout(io.StringIO()):
        for module in modules:
            importlib.import_module(module)


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
        outputs.append(shown(value))
    return outputs


def shown(value: Any) -> dict[str, Any]:
    """Return a value as Jupyter displays it; a derivation also as the pages show it."""
    data, metadata = formatter().format(value, include=SHOWN)
    data["text/plain"] = ADDRESS.sub("", data["text/plain"])
    if hasattr(value, "to_data"):
        metadata["page"] = steps(value.to_data())
    return {
        "output_type": "execute_result",
        "data": data,
        "metadata": metadata,
        "execution_count": None,
    }


@cache
def formatter() -> Any:
    return DisplayFormatter()


def with_tools(cells: Sequence[Cell], tools: str) -> list[Cell]:
    """Return cells for a download: plain outputs, and the tools before the first cell of code."""
    first = next(n for n, cell in enumerate(cells) if cell["cell_type"] == "code")
    note: Cell = {"cell_type": "markdown", "source": bundles.NOTE, "metadata": {}}
    code: Cell = {
        "cell_type": "code",
        "source": tools,
        "metadata": {"jupyter": {"source_hidden": True}},
        "outputs": [],
        "execution_count": None,
    }
    copies = deepcopy(list(cells))
    for cell in copies:
        if cell["cell_type"] == "markdown":
            cell["source"] = bundles.without_roles(cell["source"])
        for output in cell.get("outputs", []):
            output.get("metadata", {}).pop("page", None)
    return [*copies[:first], note, code, *copies[first:]]


def results(names: dict[str, Any]) -> dict[str, Any]:
    """Return the data of the derivations by name, without those that another one continues."""
    found = {
        name: value
        for name, value in names.items()
        if hasattr(value, "to_data") and not isinstance(value, type) and not name.startswith("_")
    }
    first = {id(value): name for name, value in reversed(found.items())}
    ends = {
        name: value
        for name, value in found.items()
        if first[id(value)] == name
        and not any(_continues(other, value) for other in found.values())
    }
    return {name: value.to_data() for name, value in ends.items()}


def _continues(longer: Any, shorter: Any) -> bool:
    count = len(shorter.steps)
    return len(longer.steps) > count and longer.steps[:count] == shorter.steps
