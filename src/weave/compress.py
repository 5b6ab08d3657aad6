"""Every text file of a site beside itself as .gz and .br, for hosts that send them as they are.

compress(files, folder)    write FILE.gz and FILE.br for each of the files that is text

Compressing on each request is some twenty times the work of sending a file. Fonts and pictures are
compressed already, and what is shorter than a packet gains nothing.

A reader waits for pages and for what they load. So these are squeezed hard, and downloads lightly:
a twelfth more bytes, in a twentieth of the time.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from threading import get_ident
from typing import Any, cast

import brotli  # pyright: ignore[reportMissingTypeStubs]

TEXT = {".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".py", ".svg", ".txt", ".xml"}
DOWNLOADS = {".ipynb", ".py"}
SHORTEST = 1000  # bytes
HARD, LIGHT = 10, 5  # of 11, which takes three and a half times as long for a thirtieth less


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _brotli(content: bytes, quality: int) -> bytes:
    untyped = cast("Any", brotli)
    return untyped.compress(content, mode=untyped.MODE_TEXT, quality=quality)


def compress(files: Iterable[Path], folder: Path) -> None:
    """Write both forms of the files that are text; `folder` keeps those of files seen before.

    What yields the files may take its time: each is compressed while the next is waited for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as threads:  # both compressors let others run meanwhile
        forms = [
            threads.submit(_forms, folder, path)
            for path in files
            if path.suffix in TEXT and path.stat().st_size >= SHORTEST
        ]
    kept = set[str]().union(*(made.result() for made in forms))
    for old in folder.iterdir():
        if old.name not in kept:
            old.unlink(missing_ok=True)


def _forms(folder: Path, path: Path) -> set[str]:
    """Write both forms of one file; return their names in the folder of what is kept."""
    content = path.read_bytes()
    quality = LIGHT if path.suffix in DOWNLOADS else HARD
    digest = hashlib.sha256(_makers() + bytes([quality]) + content).hexdigest()
    forms = {".gz": _gzip, ".br": partial(_brotli, quality=quality)}
    for suffix, squeeze in forms.items():
        made = folder / f"{digest}{suffix}"
        squeezed = _read(made)
        if squeezed is None:
            squeezed = squeeze(content)
            _write(made, hashlib.sha256(squeezed).digest() + squeezed)
        path.with_name(path.name + suffix).write_bytes(squeezed)
    return {f"{digest}{suffix}" for suffix in forms}


@cache
def _makers() -> bytes:
    return Path(__file__).read_bytes() + version("brotli").encode()


def _read(path: Path) -> bytes | None:
    """Return what was kept after its own hash; None if there is nothing, or it is damaged."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    own, squeezed = content[:32], content[32:]
    return squeezed if hashlib.sha256(squeezed).digest() == own else None


def _write(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it; two may write it at once."""
    part = path.with_name(f"{path.name}.{get_ident()}.part")
    part.write_bytes(content)
    part.replace(path)
