"""Long experiments are run once: the result stays on disk until something it depends on changes.

    @memo
    def curves(seeds: int) -> dict[str, Any]: ...

The result must be data as JSON has it; arrays become lists, so `np.array` them where they are
used. It is kept under `.cache/experiments`, by the text of the experiment's file and of every
project file that it imports, directly or through others, and by the arguments of the call.
"""

# limit: 300 s for whoever asks for an experiment: one computes, and the others wait for it

from __future__ import annotations

import ast
import fcntl
import hashlib
import inspect
import json
from collections.abc import Callable, Iterator
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".cache/experiments"


def memo[**P, R](experiment: Callable[P, R]) -> Callable[P, R]:
    """The experiment, which gives its kept result if there is one."""
    source = Path(inspect.getfile(experiment))
    name = f"{source.stem}.{experiment.__name__}"

    @wraps(experiment)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        call = f"{name}-{digest(json.dumps([args, kwargs]))}"
        kept = KEPT / f"{call}-{digest(*versions(), *map(text_of, depends_on(source)))}.json"
        KEPT.mkdir(parents=True, exist_ok=True)
        with (KEPT / f"{call}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a claim and a figure may ask at the same time
            if (result := whole(kept)) is None:
                result = json.dumps(
                    experiment(*args, **kwargs), default=lambda array: array.tolist()
                )
                for outdated in KEPT.glob(f"{call}-*.json"):
                    outdated.unlink()
                unfinished = kept.with_suffix(".part")
                unfinished.write_text(f"{digest(result)}\n{result}", encoding="utf-8")
                unfinished.replace(kept)
            return json.loads(result)

    return remembered


def whole(kept: Path) -> str | None:
    """What a file keeps behind its own digest; None if there is no file, or it is damaged."""
    try:
        own, _, result = kept.read_text(encoding="utf-8").partition("\n")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return result if digest(result) == own else None


def digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def versions() -> list[str]:
    """The libraries that an experiment's numbers depend on."""
    return [version("numpy"), version("scikit-learn")]


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
