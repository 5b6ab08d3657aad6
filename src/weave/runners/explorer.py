"""One of the smaller explorers, drawn with numbers of the reference."""

from __future__ import annotations

from typing import Any

from weave import explorers


def run(name: str) -> dict[str, Any]:
    """Return the markup, and how far module and reference are apart."""
    return explorers.explorer(name)
