"""What is asked under one name, with fresh numbers for the reader who wants them."""

from __future__ import annotations

from typing import Any

from weave.maths import engine
from weave.questions import checks, data, render

engine()  # KaTeX is read here, once for all that is asked


def run(name: str) -> dict[str, Any]:
    """Return the questions as HTML, how each key was checked, and each with other numbers."""
    return {"html": render(name), "checks": checks(name), "instances": data(name)}
