"""Finding and drawing every figure of the book."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weave import svg

FOLDER = Path("docs/figures")


@dataclass(frozen=True)
class Drawn:
    """A figure as a page gets it: its SVG, and the numbers that prose may quote."""

    svg: str
    numbers: dict[str, Any]


def names() -> list[str]:
    """`topic.function` for every function without arguments in a topic's file."""
    found = []
    for path in sorted(FOLDER.glob("[!_]*.py")):
        module = importlib.import_module(f"docs.figures.{path.stem}")
        found += [
            f"{path.stem}.{name}"
            for name, value in vars(module).items()
            if inspect.isfunction(value)
            and value.__module__ == module.__name__
            and not inspect.signature(value).parameters
        ]
    return found


def draw(name: str) -> Drawn:
    """The figure of this name, drawn now."""
    topic, function = name.split(".")
    made = getattr(importlib.import_module(f"docs.figures.{topic}"), function)()
    figure, numbers = made if isinstance(made, tuple) else (made, {})
    return Drawn(svg.render(figure, name.replace(".", "-")), numbers)
