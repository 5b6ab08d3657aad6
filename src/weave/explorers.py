"""Explorers in pages: drawn while the site is built, woken by their modules in the browser.

    files(root)          what the site serves for them, by address
    player(name, root)   the player with one preset: diagram, table and code, all there to be read

The markup is made in a clean child process, `weave.runners.explorers`, and kept on disk.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .errors import WeaveError

FOLDER = "assets/explorers"
LIMIT = 120.0  # seconds
READS = ("src/chainrule/**/*.py", "src/chainrule/**/*.mjs", "derivations/*.py", "src/weave/**/*.py")


# For the build ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """What the child process answers."""

    html: str
    residual: float
    files: dict[str, str]


def files(root: Path) -> dict[str, str]:
    """The modules and the style sheet that explorers load, by address on the site."""
    return {f"{FOLDER}/{name}": text for name, text in _made("demo", root).files.items()}


def player(name: str, root: Path, link: Callable[[str], str]) -> tuple[str, float]:
    """The player with this preset as HTML, and how far engine and reference are apart in it."""
    made = _made(name, root)
    sheets = [f"{FOLDER}/formulas.css", "assets/explorers.css"]
    loads = "".join(f'<link rel="stylesheet" href="{link(sheet)}">' for sheet in sheets)
    loads += f'<script type="module" src="{link(f"{FOLDER}/player.mjs")}"></script>'
    return loads + made.html, made.residual


def _made(name: str, root: Path) -> Made:
    paths = sorted({path for pattern in READS for path in root.glob(pattern)})
    folder, key = root / ".cache/weave/explorers", cache.key(["explorer", name], paths, root)
    kept = cache.load(folder, key, root)
    if kept is None:
        command = [sys.executable, "-m", "weave.runners.explorers", name]
        child = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=LIMIT)
        if child.returncode:
            reason = child.stderr.strip().rpartition("\n")[2]
            raise WeaveError(f"player {name}: {reason}")
        kept = json.loads(child.stdout)
        cache.store(folder, key, kept, reads=(), root=root)
    return Made(**kept)
