"""A function of docs/figures, drawn and turned into SVG."""

from __future__ import annotations

import importlib
from typing import Any, cast

from weave.svg import render

from .values import plain


def run(name: str) -> dict[str, Any]:
    """Return the figure `topic.function` as SVG with the numbers it was drawn from."""
    topic, _, function = name.partition(".")
    drawn: Any = getattr(importlib.import_module(f"docs.figures.{topic}"), function)()
    if not isinstance(drawn, tuple):
        drawn = drawn, {}
    figure, numbers = cast("tuple[Any, Any]", drawn)
    return {"svg": render(figure, "wovenfigure"), "values": plain(numbers)}
