"""The claims of one topic: what somebody published, and the computation that decides it."""

from __future__ import annotations

import importlib
from typing import Any

from .values import plain


def run(name: str) -> dict[str, Any]:
    """Return the claims of a topic by id."""
    module = importlib.import_module(f"docs.claims.{name}")
    return {"claims": {id: plain(claim) for id, claim in vars(module).items() if _is_claim(claim)}}


def _is_claim(value: Any) -> bool:
    return hasattr(value, "wording") and hasattr(value, "verdict") and not isinstance(value, type)
