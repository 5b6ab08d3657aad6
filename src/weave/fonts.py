"""Fonts with the characters that the site shows, and no others.

cut(sheet, used, folder)    rewrite the fonts that a style sheet names, in place
embed(sheet)                put those that every page shows into the sheet itself

A page waits for its fonts longer than for anything else. A file holds every letter of a script and
every weight from hairline to black; this book shows some two hundred characters, in the weights
that its sheet declares: `font-weight: 400 700` in an @font-face keeps that much of a variable
font, `font-weight: 400` one weight. A font of KaTeX keeps the characters that formulas show in
it, and one that no formula uses is removed, with its @font-face.

A font that comes after the text has been drawn moves it: another font breaks the lines elsewhere,
and no stand-in has the widths of a formula. And on a slow line a file more is three round trips. So
the sheet brings what every page shows; theme/.scripts/guard.js unpacks it. Greek letters in a text
come by themselves.
"""

from __future__ import annotations

import functools
import io
import logging
import re
from base64 import b64decode, b64encode
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, cast

from . import cache
from .shipped import Used

# Kerning, ligatures, accents, and figures of one width; fractions and old-style figures go.
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"]
NAMES = [0, 1, 2]  # whose a font is, its family, and its style

FACE = re.compile(r"@font-face\s*\{[^}]*?url\((?P<file>[^)]*\.woff2)\)[^}]*\}\s*")
_RULE = re.compile(r"^([^{}\n]+)\{([^{}\n]*font-family:\s*KaTeX_[^{}\n]*)\}", re.MULTILINE)
_FAMILY = re.compile(r"""font-family:\s*["']?([\w ]+)""")
_WEIGHT = re.compile(r"font-weight:\s*(\d+)(?:\s+(\d+))?")
_CLASS = re.compile(r"\.([\w-]+)")

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it finds KaTeX's time stamps too old


class Style(NamedTuple):
    """What a style rule asks of a font."""

    family: str
    italic: bool
    bold: bool


class Cut(NamedTuple):
    """A font, and what of it is kept."""

    path: Path
    shown: frozenset[str]
    weights: tuple[int, int]
    key: str  # of all it depends on


AT_ONCE = re.compile(r"KaTeX_|-latin-")  # in the names of files

PLAIN, LETTERS = Style("KaTeX_Main", False, False), Style("KaTeX_Math", True, False)


def cut(sheet: Path, used: Used, folder: Path) -> None:
    """Cut every font that the sheet names, or remove it. `folder` keeps what was made before."""
    text = sheet.read_text(encoding="utf-8")
    wanted = {one.path: one for one in cuts(text, sheet.parent, used)}
    for face in reversed(list(FACE.finditer(text))):
        path = (sheet.parent / face["file"]).resolve()
        if one := wanted.get(path):
            path.write_bytes(_kept(folder, one.key) or _made(folder, one))
        else:
            path.unlink()
            text = text[: face.start()] + text[face.end() :]
    sheet.write_text(text, encoding="utf-8")
    cache.prune(folder, [one.key for one in wanted.values()])


def cuts(text: str, folder: Path, used: Used) -> list[Cut]:
    """Return the fonts that a sheet of this folder needs, and what of each."""
    formulas = in_formulas(text, used)
    found: list[Cut] = []
    for face in FACE.finditer(text):
        path = (folder / face["file"]).resolve()
        style = asked(face[0])
        maths = style.family.startswith("KaTeX_")
        if shown := formulas.get(style) if maths else used.characters:
            weights = _weights(face[0])
            identity = [*_makers(), "".join(sorted(shown)), *map(str, weights)]
            key = cache.key(identity, [path], path.parent)
            found.append(Cut(path, shown, weights, key))
    return found


def embed(sheet: Path) -> None:
    """Put the fonts of AT_ONCE into the sheet that names them, and remove their files."""

    def held(face: re.Match[str]) -> str:
        path = sheet.parent / face["file"]
        if not AT_ONCE.search(path.name):
            return face[0]
        data = b64encode(path.read_bytes()).decode()
        path.unlink()
        return face[0].replace(face["file"], f"data:font/woff2;base64,{data}")

    sheet.write_text(FACE.sub(held, sheet.read_text(encoding="utf-8")), encoding="utf-8")


def in_formulas(sheet: str, used: Used) -> dict[Style, frozenset[str]]:
    """Return what is shown in each font of KaTeX, by the rules of its style sheet."""
    rules = [
        (set(_CLASS.findall(selector)) - {"katex"}, asked(body))
        for selectors, body in _RULE.findall(FACE.sub("", sheet))
        for selector in selectors.split(",")
    ]
    shown: dict[Style, frozenset[str]] = {PLAIN: used.drawn, LETTERS: used.drawn}
    for classes, characters in used.typeset.items():
        names = set(classes.split())
        if names:
            cuts = {one for needed, one in rules if needed and needed <= names} or {PLAIN}
        else:  # a piece of a delimiter made of several, whose size stands further out
            cuts = {one for _, one in rules if "_Size" in one.family}
        for one in cuts:
            shown[one] = shown.get(one, frozenset()) | characters
    return shown


def asked(body: str) -> Style:
    """Return which font a rule asks for, or an @font-face is."""
    family = _FAMILY.search(body)
    assert family
    bold = _weights(body)[0] >= 600
    return Style(family[1], "font-style:italic" in body.replace(": ", ":"), bold)


def _weights(body: str) -> tuple[int, int]:
    """Return the least and the greatest weight that a rule names."""
    named = _WEIGHT.search(body)
    return (int(named[1]), int(named[2] or named[1])) if named else (400, 400)


# One font -------------------------------------------------------------------------------------


@functools.cache
def _makers() -> tuple[str, ...]:
    own = Path(__file__).read_text(encoding="utf-8")
    return own, *map(version, ("uharfbuzz", "fonttools", "brotli"))


def _kept(folder: Path, key: str) -> bytes | None:
    kept = cache.load(folder, key, folder)
    return b64decode(kept["woff2"]) if kept else None


def _made(folder: Path, one: Cut) -> bytes:
    # Imported by a build that has something to cut. Neither says anything of its types.
    harfbuzz = cast("Any", import_module("uharfbuzz"))
    woff2 = cast("Any", import_module("fontTools.ttLib.woff2"))
    unpacked, packed = io.BytesIO(), io.BytesIO()
    woff2.decompress(one.path, unpacked)
    whole = harfbuzz.Face(unpacked.getvalue())

    wanted, flags = harfbuzz.SubsetInput(), harfbuzz.SubsetFlags
    # Hints are for screens that are gone, and a quarter of a file.
    wanted.flags = flags.NO_HINTING | flags.NOTDEF_OUTLINE | flags.OPTIMIZE_IUP_DELTAS
    for kept, chosen in (
        (wanted.unicode_set, map(ord, one.shown)),
        (wanted.layout_feature_tag_set, map(_tag, FEATURES)),
        (wanted.name_id_set, NAMES),
    ):
        kept.clear()
        kept.set(chosen)
    wanted.drop_table_tag_set.add(_tag("STAT"))  # for menus of fonts
    if whole.has_var_data:
        low, high = one.weights
        wanted.set_axis_range(whole, "wght", low, high)
        if low == high:  # strokes that overlap are expected in a variable font only
            wanted.flags |= flags.SET_OVERLAPS_FLAG

    small = io.BytesIO(wanted.subset(whole).blob.data)
    woff2.compress(small, packed, transform_tables=("glyf", "loca", "hmtx"))
    data = packed.getvalue()
    cache.store(folder, one.key, {"woff2": b64encode(data).decode()}, reads=(), root=folder)
    return data


def _tag(name: str) -> int:
    """Return the number by which HarfBuzz knows a table or a feature."""
    return int.from_bytes(name.encode())
