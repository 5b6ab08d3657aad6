"""Python values as JSON has them: arrays become lists, dataclasses become dicts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

# A longer list is data, not something a sentence quotes.
LONGEST = 20_000


class NotPlainError(TypeError):
    """The value has no counterpart in JSON."""


def plain(value: Any) -> Any:
    """Return the value in JSON's terms; raises NotPlainError if it has none."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return int(value) if isinstance(value, int) else float(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields({f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
    if isinstance(value, Mapping):
        return _fields(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value[:LONGEST]]
    if type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "tolist"):
        return plain(value.tolist())
    if getattr(value, "is_number", False) is True:  # a SymPy number
        return float(value)
    raise NotPlainError(f"{type(value).__name__} cannot be woven into a page")


def _fields(items: Mapping[Any, Any]) -> dict[str, Any]:
    """Keep the entries that JSON can hold."""
    kept: dict[str, Any] = {}
    for name, value in items.items():
        try:
            kept[str(name)] = plain(value)
        except NotPlainError:
            continue
    return kept


def public(names: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a program has computed: its global names that do not start with `_`."""
    return _fields({name: value for name, value in names.items() if not name.startswith("_")})
