"""A program of docs/examples, run as a reader would run it."""

from __future__ import annotations

import contextlib
import io
import runpy
from typing import Any

from .values import public


def run(name: str) -> dict[str, Any]:
    """Return what the program printed and the values of its global names."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        names = runpy.run_path(f"docs/examples/{name}.py", run_name="__main__")
    return {"output": printed.getvalue(), "values": public(names)}
