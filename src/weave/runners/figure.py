"""A function of docs/figures, drawn and turned into SVG."""

from __future__ import annotations

import importlib
from typing import Any

from weave.svg import render

from .values import plain


def run(name: str) -> dict[str, Any]:
    """Return the figure `topic.function` as SVG with the numbers it was drawn from."""
    topic, _, function = name.partition(".")
    drawn = getattr(importlib.import_module(f"docs.figures.{topic}"), function)()
    figure, numbers = drawn if isinstance(drawn, tuple) else (drawn, {})
    return {"svg": render(figure, "wovenfigure"), "values": plain(numbers)}
