"""The lengths in a typeset formula as classes, for a page that may hold no styles of its own.

KaTeX writes `style="height:2.7em"`; here that is the class `kh2_7`. The name says what it means, so
nothing has to be remembered between the two:

    as_classes(html)    the same HTML with classes instead of such styles
    sheet(texts)        the rules for every such class in these texts
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LETTERS = {
    "border-bottom-width": "b",
    "height": "h",
    "left": "i",
    "margin-left": "l",
    "margin-right": "r",
    "min-width": "m",
    "padding-left": "p",
    "top": "t",
    "vertical-align": "v",
    "width": "w",
}
PROPERTIES = {letter: name for name, letter in LETTERS.items()}
RELATIVE = ("position:relative", "krelative")

_STYLE = re.compile(r'(?: class="(?P<classes>[^"]*)")? style="(?P<style>[^"]*)"')
_LENGTH = re.compile(r"(?P<property>[a-z-]+):(?P<minus>-?)0?(?P<number>\d*\.?\d*)em")
_NAME = re.compile(rf"k[{''.join(PROPERTIES)}]-?[\d_]+")  # no \b: this reads a whole site


def as_classes(html: str) -> str:
    """Return HTML in which styles that are lengths have become classes; others stay."""

    def replace(found: re.Match[str]) -> str:
        names = [_name(one.strip()) for one in found["style"].split(";") if one.strip()]
        if None in names:
            return found[0]
        return f' class="{" ".join([*filter(None, [found["classes"]]), *map(str, names)])}"'

    return _STYLE.sub(replace, html)


def _name(declaration: str) -> str | None:
    if declaration == RELATIVE[0]:
        return RELATIVE[1]
    length = _LENGTH.fullmatch(declaration)
    if length is None or length["property"] not in LETTERS:
        return None
    number = (length["number"] or "0").replace(".", "_")
    return f"k{LETTERS[length['property']]}{length['minus']}{number}"


def sheet(texts: Iterable[str]) -> str:
    """Return a rule for each class of `as_classes` that occurs in the texts."""
    names = sorted({name for text in texts for name in _NAME.findall(text)})
    rules = [f".{name}{{{PROPERTIES[name[1]]}:{name[2:].replace('_', '.')}em}}" for name in names]
    return "".join(f"{rule}\n" for rule in [*rules, f".{RELATIVE[1]}{{{RELATIVE[0]}}}"])
