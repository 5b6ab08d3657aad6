"""Source text by dotted name, read from the syntax tree: nothing is run or imported."""

from __future__ import annotations

import ast
import os
import re
import textwrap
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from .errors import WeaveError, unknown


@dataclass(frozen=True, slots=True)
class Source:
    """A whole symbol, or a whole module, as it stands in its file."""

    path: Path
    line: int
    text: str


def read(path: Path) -> str:
    """Return the text of a file; raises WeaveError with the line that is not UTF-8."""
    content = path.read_bytes()
    try:
        return content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise WeaveError(f"{path}:{line}: byte {content[error.start]:#x} is not UTF-8") from None


def toml(path: Path, name: str) -> dict[str, Any]:
    """Return what a TOML file says; raises WeaveError with the line that is not TOML."""
    try:
        return tomllib.loads(read(path))
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        number = line[1] if line else len(read(path).splitlines())  # it ends too early
        raise WeaveError(f"{name}:{number}: {what}") from None


def tables(path: Path, name: str, key: str) -> list[tuple[str, dict[str, Any]]]:
    """Return each `[[key]]` of a TOML file with its place, `name:line`; raises WeaveError."""
    header = re.compile(rf"\s*\[\[\s*{key}\s*\]\]")
    lines = [n for n, line in enumerate(read(path).splitlines(), 1) if header.match(line)]
    found = cast("list[dict[str, Any]]", toml(path, name).get(key, []))
    if type(found) is not list or len(lines) != len(found):
        raise WeaveError(f"{name}:1: each {key} begins with a line [[{key}]]")
    return [(f"{name}:{line}", entry) for line, entry in zip(lines, found, strict=True)]


def roots(root: Path) -> list[Path]:
    """Return where modules are looked for: the project, its src, and where weave itself lies."""
    return list(dict.fromkeys([root, root / "src", Path(__file__).parents[1]]))


def module_path(name: str, roots: Sequence[Path]) -> Path | None:
    """Return the file of a module or package, or None if no root holds it."""
    for root in roots:
        stem = root.joinpath(*name.split("."))
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.is_file():
                return path
    return None


def dotted(path: Path, roots: Sequence[Path]) -> str:
    """Return the name under which a file, or the folder of a package, is imported."""
    text = f"{path}{os.sep}"
    root = max((str(r) for r in roots if text.startswith(f"{r}{os.sep}")), key=len)
    parts = str(path)[len(root) :].removesuffix(".py").split(os.sep)
    return ".".join(part for part in parts if part and part != "__init__")


def find(name: str, roots: Sequence[Path]) -> Source:
    """Return the source of `package.module.symbol` with its decorators and docstring.

    A name that is only a module gives the whole file. Raises WeaveError if there is no such name.
    """
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        if path := module_path(".".join(parts[:cut]), roots):
            break
    else:
        raise WeaveError(f"no module '{parts[0]}' to take '{name}' from")
    text = read(path)
    if cut == len(parts):
        return Source(path, 1, text.strip("\n"))
    body: Sequence[ast.stmt] = tree(text, path).body
    found, within = None, ".".join(parts[:cut])
    for part in parts[cut:]:
        symbols = dict(_symbols(body))
        if part not in symbols:
            raise unknown(f"{within} has no", part, symbols)
        found, within = symbols[part], f"{within}.{part}"
        body = found.body if isinstance(found, ast.ClassDef) else []
    assert found is not None
    first = min([found.lineno, *(d.lineno for d in getattr(found, "decorator_list", []))])
    lines = text.splitlines()[first - 1 : found.end_lineno]
    return Source(path, first, textwrap.dedent("\n".join(lines)))


def excerpt(path: Path, name: str) -> Source:
    """Return a function with all that it needs of its module, in the order of the file.

    Of an import only the names in use are kept; decorators are left out.
    """
    text = read(path)
    body, lines = tree(text, path).body, text.splitlines()
    symbols = dict(_symbols(body))
    needed, waiting = set[str](), {name}
    while waiting:
        needed |= waiting
        nodes = [symbols[known] for known in waiting & symbols.keys()]
        waiting = set[str]().union(*map(_undecorated_names, nodes)) - needed
    imports = [kept for node in body if (kept := _import(node, needed))]
    definitions = [
        "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in dict.fromkeys(node for known, node in symbols.items() if known in needed)
    ]
    pieces = ["\n".join(imports), *definitions] if imports else definitions
    return Source(path, symbols[name].lineno, "\n\n".join(pieces))


def bindings(path: Path) -> dict[str, int]:
    """Return the line on which each name of a module was last bound; a data file binds none."""
    if path.suffix != ".py":
        return {}
    return _bindings(read(path), path)


@lru_cache(maxsize=256)
def _bindings(text: str, path: Path) -> dict[str, int]:
    return {name: node.lineno for name, node in _symbols(tree(text, path).body)}


def functions(path: Path) -> dict[str, int]:
    """Return the line of each public function that a module defines and that takes nothing."""
    text = read(path)
    return {
        node.name: node.lineno
        for node in tree(text, path).body
        if isinstance(node, ast.FunctionDef)
        if not node.name.startswith("_") and ast.unparse(node.args) == ""
    }


def summary(path: Path, name: str) -> str:
    """Return the first line of the docstring of a function."""
    text = read(path)
    for node in tree(text, path).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return (ast.get_docstring(node) or "").partition("\n")[0]
    raise WeaveError(f"{path} has no function '{name}'")


def tree(text: str, path: Path) -> ast.Module:
    """Return the syntax tree of a file; raises WeaveError with the line if it is not Python."""
    try:
        return _tree(text)
    except SyntaxError as error:
        line = error.lineno or 1
        raise WeaveError(f"{path}:{line}: SyntaxError: {error.msg}") from None


@lru_cache(maxsize=1024)
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def _symbols(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """Yield every name a block binds, in the order of the file, branches and loops included."""
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node
            case ast.Assign(targets=targets):
                yield from ((name, node) for target in targets for name in _names(target))
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                yield from ((name, node) for name in _names(target))
            case ast.For(target=target, body=inner, orelse=last):
                yield from ((name, node) for name in _names(target))
                yield from _symbols([*inner, *last])
            case ast.If(body=inner, orelse=last) | ast.While(body=inner, orelse=last):
                yield from _symbols([*inner, *last])
            case ast.With(body=inner) | ast.Try(body=inner):
                yield from _symbols(inner)
            case _:
                pass


def _names(target: ast.expr) -> list[str]:
    return [
        node.id
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def _undecorated_names(node: ast.stmt) -> set[str]:
    parts: list[ast.AST] = [node]
    if isinstance(node, ast.FunctionDef):
        parts = [node.args, *node.body]
    return {n.id for part in parts for n in ast.walk(part) if isinstance(n, ast.Name)}


def _import(node: ast.stmt, needed: set[str]) -> str:
    """Return an import statement with the names that are needed; nothing if none is."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return ""
    names = [alias for alias in node.names if (alias.asname or alias.name) in needed]
    if not names:
        return ""
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(names))
    return ast.unparse(ast.ImportFrom(node.module, names, node.level))
