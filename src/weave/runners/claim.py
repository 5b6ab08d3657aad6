"""A claim: the function of docs/claims that decides it, run alone."""

from __future__ import annotations

import importlib
from typing import Any

from .values import plain


def run(name: str) -> dict[str, Any]:
    """Return the claim `topic.id` with its verdict and its numbers."""
    topic, _, id = name.partition(".")
    claim: Any = getattr(importlib.import_module(f"docs.claims.{topic}"), id)
    return {"claim": plain(claim.decided())}
