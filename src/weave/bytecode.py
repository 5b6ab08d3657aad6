"""Compiled modules, so that a hundred children need not each compile the same project.

Python trusts a compiled file by its source's time in whole seconds, which an editor can beat.
Those made here are trusted by the source's content: an edit is never missed.
"""

from __future__ import annotations

import importlib.util
import py_compile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def refresh(sources: Iterable[Path]) -> None:
    """Compile those of these files whose compiled form is missing or made from other text.

    What cannot be compiled or written is left alone: whoever imports it says what is wrong.
    """
    for source in sources:
        if not _is_fresh(source):
            with suppress(OSError, py_compile.PyCompileError):
                py_compile.compile(
                    str(source),
                    doraise=True,
                    invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
                )


def _is_fresh(source: Path) -> bool:
    compiled = Path(importlib.util.cache_from_source(str(source)))
    header = importlib.util.MAGIC_NUMBER + b"\3\0\0\0"  # "by hash, and do check it"
    header += importlib.util.source_hash(source.read_bytes())
    try:
        with compiled.open("rb") as file:
            return file.read(len(header)) == header
    except OSError:
        return False
