"""The questions of one page, with fresh numbers for the reader who asks for them."""

from __future__ import annotations

from typing import Any

from weave.questions import checks, instances, render


def run(name: str) -> dict[str, Any]:
    """Return the questions as HTML, how each key was checked, and each with other numbers."""
    html, checked = render(name), checks(name)
    ids = [check["id"].rpartition(".")[0] for check in checked]
    return {"html": html, "checks": checked, "instances": {id: instances(id) for id in ids}}
