"""What the tests measured in one run, put together and kept for the page that tells readers.

A test of one page of many records a piece, as in `add("links", pages={page}, dead=0)`. Of what is
recorded under one name, whole numbers add up, of fractions the largest stays, and of sets it is
told how many different things were in them. So figures are of all tests of a name that one run
has seen: `make check-all` runs all.
"""

from __future__ import annotations

import json
import platform
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "tests/recorded.json"

type Figure = int | float | str | set[str]


class Recorded:
    """The figures of one run of the tests, by name."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}

    def add(self, name: str, **figures: Figure) -> None:
        known = self.found.setdefault(name, {})
        for key, figure in figures.items():
            known[key] = together(known[key], figure) if key in known else figure

    def write(self, path: Path) -> None:
        """Put the figures into a file, with day and commit; other names in it stay."""
        kept: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        when = {
            "day": date.today().isoformat(),
            "commit": git("rev-parse", "--short", "HEAD").stdout.strip(),
            "python": platform.python_version(),
        }
        for name, figures in self.found.items():
            kept[name] = {key: counted(figure) for key, figure in figures.items()} | when
        path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def together(known: Any, figure: Any) -> Any:
    match figure:
        case int():
            return known + figure
        case float():
            return max(known, figure)
        case set():
            return known | figure
        case _:
            return figure


def counted(figure: Figure) -> int | float | str:
    match figure:
        case set():
            return len(figure)
        case bool():
            return int(figure)
        case _:
            return figure


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
