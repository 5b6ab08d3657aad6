"""Long experiments are run once: the result stays on disk until something it depends on changes.

    @memo
    def curves(seeds: int) -> dict[str, Any]: ...

The result must be data as JSON has it; arrays become lists, so `np.array` them where they are
used. It is kept under `.cache/experiments`, by the arguments of the call, with all it rests on: the
text of the experiment's file and of every project file that it imports, directly or through others.
"""

# limit: 300 s for whoever asks for an experiment: one computes, and the others wait for it

from __future__ import annotations

import ast
import fcntl
import hashlib
import inspect
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".cache/experiments"


def memo[**P, R](experiment: Callable[P, R]) -> Callable[P, R]:
    """The experiment, which gives its kept result if there is one."""
    source = Path(inspect.getfile(experiment))
    name = f"{source.stem}.{experiment.__name__}"

    @wraps(experiment)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        call = f"{name}-{digest(json.dumps([args, kwargs]))}"
        kept = KEPT / f"{call}.json"
        KEPT.mkdir(parents=True, exist_ok=True)
        with (KEPT / f"{call}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a claim and a figure may ask at the same time
            if (entry := valid(kept)) is None:
                rests_on = state(depends_on(source))
                entry = {"rests_on": rests_on, "result": experiment(*args, **kwargs)}
                text = json.dumps(entry, default=lambda array: array.tolist())
                unfinished = kept.with_suffix(".part")
                unfinished.write_text(f"{digest(text)}\n{text}", encoding="utf-8")
                unfinished.replace(kept)
                entry = json.loads(text)
            return entry["result"]

    return remembered


def valid(kept: Path) -> dict[str, Any] | None:
    """What a file keeps behind its own digest; None if it is missing, damaged or outdated.

    While the texts are the same they import the same files, which so need not be found again.
    """
    try:
        own, _, text = kept.read_text(encoding="utf-8").partition("\n")
        entry = json.loads(text) if digest(text) == own else None
        unchanged = entry and entry["rests_on"] == state(
            ROOT / name for name in entry["rests_on"]["files"]
        )
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return entry if unchanged else None


def state(files: Iterable[Path]) -> dict[str, Any]:
    """The text of the files, and the libraries that an experiment's numbers depend on."""
    return {
        "files": {str(path.relative_to(ROOT)): digest(text_of(path)) for path in files},
        "libraries": [version("numpy"), version("scikit-learn")],
    }


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def depends_on(source: Path) -> list[Path]:
    """The file and all project files it imports, in a fixed order."""
    found: set[Path] = set()
    waiting = {source}
    while waiting:
        path = waiting.pop()
        found.add(path)
        waiting |= set(imported(path)) - found
    return sorted(found)


def imported(path: Path) -> Iterator[Path]:
    """The project files that a file imports; the packages around a module run as well."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            modules = [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module or "").split("."))
            modules = [(*module, alias.name) for alias in node.names]
        else:
            continue
        prefixes = {module[:n] for module in modules for n in range(1, len(module) + 1)}
        for prefix in prefixes:
            yield from files_of(prefix)


def files_of(module: tuple[str, ...]) -> Iterator[Path]:
    """The file of a module of the project, or nothing if it belongs to somebody else."""
    for folder in (ROOT, ROOT / "src"):
        path = folder.joinpath(*module)
        yield from (
            file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()
        )
