"""What the files of a built site make use of: names that a style may select, characters to draw.

used(site, memo)    Used: all names and characters in the pages, scripts and style sheets

Both are gathered generously. A name counts if it stands anywhere in a tag or a script, whatever it
names there; so what is not among them is certainly not used.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import cache

_TEXTS = ("**/*.html", "**/*.js", "**/*.mjs", "questions/*.json", "assets/**/*.css")

_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_NAME = re.compile(r"[\w-]+")
_ENTITY = re.compile(r"&#?\w+;")
_ESCAPE = re.compile(r"\\u?([0-9a-fA-F]{4})")
_FORMULA = re.compile(r"<katex-html.*?</katex-html>", re.DOTALL)
_LEAF = re.compile(r'<span(?: class="([^"]*)")?[^>]*>([^<]+)')
_DRAWING = re.compile(r"<svg [^>]*\bdrawn\b.*?</svg>", re.DOTALL)


@dataclass(frozen=True)
class Used:
    """What some files use."""

    names: frozenset[str]  # of elements, classes, ids, attributes and their values
    characters: frozenset[str]  # in all text
    typeset: dict[str, frozenset[str]]  # in formulas, by the classes of the element around them
    drawn: frozenset[str]  # in figures, and in scripts, which draw too


def used(site: Path, memo: Path) -> Used:
    """Return what the site uses. `memo` is a file that spares reading what was read before."""
    known = cache.load(memo.parent, memo.stem, memo.parent) or {}
    found: dict[str, dict[str, Any]] = {}
    for path, digest in _texts(site):
        found[digest] = known.get(digest) or _read(path)
    if found.keys() != known.keys():
        cache.store(memo.parent, memo.stem, found, reads=(), root=memo.parent)
    parts = found.values()
    classes = {classes for part in parts for classes in part["typeset"]}
    return Used(
        frozenset(name for part in parts for name in part["names"]),
        _characters(part["characters"] for part in parts),
        {one: _characters(part["typeset"].get(one, "") for part in parts) for one in classes},
        _characters(part["drawn"] for part in parts),
    )


def _characters(texts: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*texts)


def _texts(site: Path) -> Iterator[tuple[Path, str]]:
    """Yield what is read of a site, each file with the hash of its content."""
    own = Path(__file__).read_bytes()
    for pattern in _TEXTS:
        for path in sorted(site.glob(pattern)):
            digest = hashlib.sha256(own + path.suffix.encode())
            digest.update(path.read_bytes())
            yield path, digest.hexdigest()


def _read(path: Path) -> dict[str, Any]:
    """Return the names and characters of one file."""
    text = path.read_text(encoding="utf-8")
    page = path.suffix == ".html"
    if "javascripts" in path.parts:  # the theme's, which says nothing by itself
        return {
            "names": sorted(set(_NAME.findall(text))),
            "characters": "",
            "drawn": "",
            "typeset": {},
        }
    if page:
        names = {name for tag in set(_TAG.findall(text)) for name in _NAME.findall(tag)}
        characters = set(text).union(*map(html.unescape, set(_ENTITY.findall(text))))
        drawn = {character for drawing in _DRAWING.findall(text) for character in drawing}
    else:
        names = set[str]() if path.suffix == ".css" else set(_NAME.findall(text))
        characters = set(text) | {chr(int(code, 16)) for code in _ESCAPE.findall(text)}
        drawn = characters if path.suffix == ".mjs" else set[str]()
    typeset: dict[str, set[str]] = {}
    for formula in _FORMULA.findall(text if page else text.replace('\\"', '"')):
        for classes, characters_here in _LEAF.findall(formula):
            typeset.setdefault(classes, set()).update(html.unescape(characters_here))
    return {
        "names": sorted(names),
        "characters": "".join(sorted(filter(_sound, characters))),
        "drawn": "".join(sorted(filter(_sound, drawn))),
        "typeset": {name: "".join(sorted(typeset[name])) for name in sorted(typeset)},
    }


def _sound(character: str) -> bool:
    """Whether it is a character by itself, not half of one, as scripts may write them."""
    return not 0xD800 <= ord(character) < 0xE000
