"""A program of docs/examples, run as a reader would run it."""

from __future__ import annotations

import contextlib
import io
import runpy
from pathlib import Path
from typing import Any

from weave import bundles
from weave.sources import roots

from .values import public


def run(name: str) -> dict[str, Any]:
    """Return what the program printed, its global names, and the program to take away."""
    path = Path(f"docs/examples/{name}.py")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        names = runpy.run_path(str(path), run_name="__main__")
    script = bundles.script(Path.cwd() / path, roots(Path.cwd()))
    return {"output": printed.getvalue(), "values": public(names), "script": script}
