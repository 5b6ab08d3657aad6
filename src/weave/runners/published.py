"""A worked example that somebody printed, worked again."""

from __future__ import annotations

import importlib
from typing import Any

from weave.errors import WeaveError

from .values import plain

READER = "docs/published/_reader.py"


def run(name: str) -> dict[str, Any]:
    """Return the example with our numbers; raises WeaveError for a mistake in its data file."""
    reader: Any = importlib.import_module("docs.published._reader")
    try:
        return {"values": plain(reader.read(name))}
    except reader.PublishedError as error:
        raise WeaveError(str(error).partition(": ")[2]) from None
