"""A program of the book as one file that needs nothing of it but its reference package.

The modules of the book that a reader cannot install are written out in front of it and imported
from there, so the program itself stays word for word as the page shows it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from .cache import KEPT, Imports
from .errors import WeaveError
from .macros import MACROS
from .sources import dotted

# The package a reader installs; all else of the project travels with the file.
INSTALLED = "chainrule"

_ROLES = re.compile(
    "|".join(
        rf"{re.escape(name)}(?=\{{)"
        for name, meaning in MACROS.items()
        if meaning.startswith(r"\htmlClass")
    )
)

NOTE = f"""\
What follows stands on a few modules of the book, and so that it runs by itself they are written
out here: the rules, the symbols, the checks. Besides them it needs NumPy, SymPy and `{INSTALLED}`.
The derivation begins below."""

SCRIPT_NOTE = f"""\
So that this program runs by itself, the programs of the book that it imports are written out
here. What else it needs, it imports; install `{INSTALLED}`."""

_IMPORTS = """\
import sys
from contextlib import redirect_stdout
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader
from io import StringIO

SOURCES = {}
"""

_IMPORTER = '''
class Book(MetaPathFinder, Loader):
    """Imports the modules written out above; what they print is not shown."""

    def find_spec(self, name, path=None, target=None):
        package = any(known.startswith(f"{name}.") for known in SOURCES)
        if package or name in SOURCES:
            return spec_from_loader(name, self, is_package=package)
        return None

    def exec_module(self, module):
        with redirect_stdout(StringIO()):
            source = SOURCES.get(module.__name__, "")
            exec(compile(source, module.__name__, "exec"), vars(module))


sys.meta_path.insert(0, Book())'''


def tools(path: Path, files: Iterable[Path], roots: Sequence[Path]) -> str:
    """Return the code that makes `files`, those that `path` imports, importable anywhere."""
    sources: list[str] = []
    for file in files:
        name = dotted(file, roots)
        if file == path or name.partition(".")[0] == INSTALLED:
            continue
        text = file.read_text(encoding="utf-8").strip()
        if "'''" in text:
            raise WeaveError(f"{file}: three single quotes keep it out of a download; use double")
        sources.append(f"SOURCES[\"{name}\"] = r'''\n{text}\n'''\n")
    return "\n".join([_IMPORTS, *sources, _IMPORTER])


def standalone(text: str, tools: str) -> str:
    """Return a derivation in percent format with its tools before the first cell of code."""
    first = re.search(r"^# %%[ \t]*$", text, re.MULTILINE)
    assert first is not None, "a derivation has code"
    note = "\n".join(f"# {line}" for line in NOTE.splitlines())
    front = f"# %% [markdown]\n{note}\n\n# %%\n{tools}\n\n"
    prose = re.compile(r"^#.*$", re.MULTILINE)
    before, after = (
        prose.sub(lambda line: without_roles(line[0]), part)
        for part in (text[: first.start()], text[first.start() :])
    )
    return before + front + after


def script(path: Path, roots: Sequence[Path]) -> str:
    """Return a program as one file: itself, and before it what it imports from the book."""
    text = path.read_text(encoding="utf-8")
    files, _ = Imports(roots, roots[0] / KEPT).closure([path])
    own = [dotted(file, roots).partition(".")[0] for file in files if file != path]
    if set(own) <= {INSTALLED}:
        return text
    body = ast.parse(text).body
    first = next(node.lineno for node in body if not _must_come_first(node))
    lines = text.splitlines(keepends=True)
    note = "\n".join(f"# {line}" for line in SCRIPT_NOTE.splitlines())
    front = f"{note}\n\n{tools(path, files, roots)}\n\n# The program itself.\n\n"
    return "".join([*lines[: first - 1], front, *lines[first - 1 :]])


def _must_come_first(node: ast.stmt) -> bool:
    """Whether this is a docstring or an import from the future."""
    future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
    return future or isinstance(node, ast.Expr)


def without_roles(tex: str) -> str:
    """Return TeX without the macros that colour by role, which only this book knows."""
    return _ROLES.sub("", tex)
