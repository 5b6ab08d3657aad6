"""Results kept on disk under a key made of all they depend on.

A result depends on the text of its program, on the project modules that text imports, directly
or through others, on Python and the libraries that shape it, and on any data file it read.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .sources import dotted, module_path, read, tree

# Dots in front, the module, and what is taken from it.
type Statement = tuple[int, str, list[str]]

LIBRARIES = ("numpy", "sympy", "matplotlib", "scikit-learn")
KEPT = ".cache/weave/imports"
MOST = 2000  # texts whose imports are kept
BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")  # of a statement
ABANDONED = 3600.0  # seconds after which nobody is still writing a file


# What a program depends on --------------------------------------------------------------------


class Imports:
    """Which files import which, as the project stands now; each file is read once.

    With a `folder` to keep them in, the statements of each text are found only once in its life.
    """

    def __init__(self, roots: Sequence[Path], folder: Path | None = None) -> None:
        self.roots = roots
        self.folder = folder
        self._entry = key(["imports"], [Path(__file__)], Path(__file__).parent)
        kept = load(folder, self._entry, folder) if folder else None
        self._known: dict[str, list[Statement]] = kept or {}
        self._used: dict[str, list[Statement]] = {}
        self._rooms = {path.stem for root in roots if root.is_dir() for path in root.iterdir()}
        self._modules: dict[str, Path | None] = {}
        self._direct: dict[Path, tuple[set[Path], set[str]]] = {}

    def closure(self, start: Iterable[Path]) -> tuple[list[Path], set[str]]:
        """Return the project files that these files import, themselves included, and libraries."""
        files: set[Path] = set()
        libraries: set[str] = set()
        waiting = set(start)
        while waiting:
            path = waiting.pop()
            files.add(path)
            own, foreign = self._imported(path)
            waiting |= own - files
            libraries |= foreign
        return sorted(files), libraries

    def _imported(self, path: Path) -> tuple[set[Path], set[str]]:
        if path not in self._direct:
            files: set[Path] = set()
            libraries: set[str] = set()
            for name in self._names(path):
                parts = name.split(".")
                # Importing a.b.c runs the packages a and a.b as well.
                prefixes = [".".join(parts[: n + 1]) for n in range(len(parts))]
                found = {file for prefix in prefixes if (file := self._module(prefix))}
                files |= found
                libraries |= set() if found else {parts[0]}
            self._direct[path] = files, libraries
        return self._direct[path]

    def _names(self, path: Path) -> Iterator[str]:
        """Yield the dotted names a file imports; of `from a import b`, both `a` and `a.b`."""
        text = read(path)
        digest = hashlib.sha256(text.encode()).hexdigest()
        found = self._known[digest] if digest in self._known else _statements(text, path)
        self._used[digest] = found
        for level, base, names in found:
            if level:
                package = dotted(path.parents[level - 1], self.roots)
                base = ".".join(name for name in (package, base) if name)
            yield base
            yield from (f"{base}.{name}" for name in names)

    def _module(self, name: str) -> Path | None:
        """Return the file of a module; most names belong to libraries, or are in a module."""
        if name not in self._modules:
            package = name.rpartition(".")[0]
            around = self._module(package) if package else None
            nowhere = name.partition(".")[0] not in self._rooms
            if nowhere or (around and around.name != "__init__.py"):
                self._modules[name] = None
            else:
                self._modules[name] = module_path(name, self.roots)
        return self._modules[name]

    def remember(self) -> None:
        """Keep what was parsed, of the last `MOST` texts."""
        if self.folder and self._used.keys() - self._known.keys():
            known = list({**self._known, **self._used}.items())
            store(self.folder, self._entry, dict(known[-MOST:]), reads=(), root=self.folder)
            prune(self.folder, [self._entry])


def _statements(text: str, path: Path) -> list[Statement]:
    """Return the import statements of a file."""
    found: list[Statement] = []
    waiting: list[ast.AST] = [tree(text, path)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found += [(0, alias.name, []) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or "", [alias.name for alias in node.names]))
        for block in BLOCKS:  # no statement stands anywhere else
            waiting += getattr(node, block, ())
    return found


# Keys and entries -----------------------------------------------------------------------------


def key(
    identity: Iterable[str],
    files: Iterable[Path],
    root: Path,
    known: dict[Path, bytes] | None = None,
) -> str:
    """Return the key of a result: who asks, the text of the files, and the versions.

    `known` gathers what was read, for other keys of the same moment: programs share most files.
    """
    known = {} if known is None else known
    digest = hashlib.sha256(json.dumps([*identity, *versions().items()]).encode())
    for path in files:
        if path not in known:
            known[path] = f"\0{os.path.relpath(path, root)}\0".encode() + path.read_bytes()
        digest.update(known[path])
    return digest.hexdigest()


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that decide what a program prints."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}


def others(modules: Iterable[str]) -> list[str]:
    """Return the versions of the libraries among these modules that are not in every key."""
    foreign = set(modules) - sys.stdlib_module_names - {"sklearn", *LIBRARIES}
    return [f"{module} {number}" for module in sorted(foreign) if (number := _version(module))]


@cache
def _version(module: str) -> str:
    try:
        return version(module)
    except PackageNotFoundError:  # a part of one, or not there: whoever imports it will say so
        return ""


def load(
    folder: Path, key: str, root: Path, memory: dict[str, dict[str, Any]] | None = None
) -> dict[str, Any] | None:
    """Return a kept result; None if there is none, it is damaged, or a file it read changed.

    `memory` gathers what was read from disk, for a process that will ask for it again.
    """
    memory = {} if memory is None else memory
    try:
        if key not in memory:
            memory[key] = _entry(folder / f"{key}.json")
        entry = memory[key]
        unchanged = all(fingerprint(root / name) == old for name, old in entry["reads"].items())
        return entry["result"] if unchanged else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # not there, or no entry
        return None


def _entry(path: Path) -> dict[str, Any]:
    digest, _, body = path.read_bytes().partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise ValueError("damaged")
    return json.loads(body)


def store(folder: Path, key: str, result: dict[str, Any], reads: Iterable[str], root: Path) -> None:
    """Keep a result, all of it or nothing."""
    entry = {"result": result, "reads": {name: fingerprint(root / name) for name in sorted(reads)}}
    body = json.dumps(entry)
    write(folder / f"{key}.json", f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}")


def write(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


def prune(folder: Path, keep: Iterable[str]) -> None:
    """Remove every entry that is not among those to keep, and what an interrupted write left."""
    names = {f"{key}.json" for key in keep}
    for path in folder.glob("*.json"):
        if path.name not in names:
            path.unlink(missing_ok=True)
    for path in folder.glob("*.part"):
        if time.time() - path.stat().st_mtime > ABANDONED:
            path.unlink(missing_ok=True)


def fingerprint(path: Path) -> str:
    """Return the hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
