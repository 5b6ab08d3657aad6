"""What can be wrong with a page or a program, said in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class WeaveError(Exception):
    """A mistake in the content of the book; the message is for its author."""


def unknown(what: str, name: str, known: Iterable[str]) -> WeaveError:
    """Return the error for a name that is not among those known, with the nearest that is."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return WeaveError(f"{what} '{name}'{hint}")


def sentence(error: Exception, root: Path) -> str:
    """Return what an error says, with the files of the project named from its root."""
    return str(error).replace(f"{root}/", "")
