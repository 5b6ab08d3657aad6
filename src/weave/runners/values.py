"""Python values as JSON has them: arrays become lists, dataclasses become dicts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, cast

from weave.formats import Json

# A longer list is data, not something a sentence quotes.
LONGEST = 20_000


class NotPlainError(TypeError):
    """The value has no counterpart in JSON."""


def plain(value: Any) -> Json:
    """Return the value in JSON's terms; raises NotPlainError if it has none."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return int(value)
        case float():
            return float(value)
        case Mapping():
            return _fields(cast("Mapping[Any, Any]", value))
        case list() | tuple():
            return [plain(item) for item in cast("Sequence[Any]", value)[:LONGEST]]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return _fields({f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
        case _ if type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "tolist"):
            return plain(value.tolist())
        case _ if getattr(value, "is_number", False) is True:  # a SymPy number
            return float(value)
        case _:
            raise NotPlainError(f"{type(value).__name__} cannot be woven into a page")


def _fields(items: Mapping[Any, Any]) -> dict[str, Json]:
    """Keep the entries that JSON can hold."""
    kept: dict[str, Json] = {}
    for name, value in items.items():
        try:
            kept[str(name)] = plain(value)
        except NotPlainError:
            continue
    return kept


def public(names: Mapping[str, Any]) -> dict[str, Json]:
    """Return what a program has computed: its global names that do not start with `_`."""
    return _fields({name: value for name, value in names.items() if not name.startswith("_")})
