"""The modules that wake the player and the explorers of these names in the browser."""

from __future__ import annotations

from typing import Any

from weave import explorers


def run(name: str) -> dict[str, Any]:
    """Return the text of each file by its address on the site."""
    return {"files": explorers.files(name.split())}
