"""What was measured on one machine, on one day, and is kept in the checkout."""

import json
from pathlib import Path
from typing import Any


def measured(path: str) -> dict[str, Any]:
    """Return what the file holds. Exits with a sentence where there is no checkout around."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SystemExit(f"{path} is not here: run this in a checkout of the book") from None
