"""Texts that differ only in their numbers, converted and typeset once.

A text becomes HTML with marks ⟦0⟧, ⟦1⟧, … where its numbers go, and a list of what each mark
stands for. Instances of a question share the HTML; only the lists differ.
"""

from __future__ import annotations

import re
from functools import cache

from markdown import Markdown

from .maths import render_html

NUMBER = re.compile(r"(?<![_^])\{(-?\d+(?:\.\d+)?|\(-\d+(?:\.\d+)?\))\}")
BARE = re.compile(r"\$\{(-?[\d.]+)\}(?: \\times (?:\{(\d+)\}|10\^\{(-?\d+)\}))?\$")
FORMULA = re.compile(r"\$([^$]+)\$")
STAND_IN = re.compile(r"(?<![\d.])9000(\d\d)(?!\d)")
MARK = re.compile(r"⟦(\d+)⟧")

MARKDOWN = Markdown(
    extensions=["pymdownx.arithmatex", "pymdownx.superfences", "pymdownx.highlight", "smarty"],
    extension_configs={"pymdownx.arithmatex": {"generic": True}},
)


class Slots:
    """Turns texts into HTML with marks ⟦0⟧, ⟦1⟧, … and remembers what each stands for."""

    def __init__(self) -> None:
        self.filled: list[str] = []

    def keep(self, text: str) -> str:
        """A mark for something that changes with the seed."""
        self.filled.append(text)
        return f"⟦{len(self.filled) - 1}⟧"

    def block(self, text: str) -> str:
        """Markdown as paragraphs."""
        numbers: list[str] = NUMBER.findall("".join(FORMULA.findall(text)))
        first = len(self.filled)
        self.filled += [signed(number) for number in numbers]
        return MARK.sub(lambda mark: f"⟦{int(mark[1]) + first}⟧", converted(without_numbers(text)))

    def inline(self, text: str) -> str:
        """Markdown of a single paragraph, without the paragraph. A bare number is bare text."""
        if bare := BARE.fullmatch(text):
            number, times, power = bare.groups()
            factor = f" × {self.keep(signed(times))}" if times else ""
            scale = f" × 10<sup>{self.keep(signed(power))}</sup>" if power else ""
            return f"{self.keep(signed(number))}{factor}{scale}"
        return self.block(text).removeprefix("<p>").removesuffix("</p>")

    def put_back(self, html: str) -> str:
        return MARK.sub(lambda mark: self.filled[int(mark[1])], html)


def signed(number: str) -> str:
    return number.replace("-", "\N{MINUS SIGN}")


def without_numbers(text: str) -> str:
    """The text with stand-ins for its numbers, counted from 0 in each formula.

    Counted afresh, so that equal formulas with different numbers are typeset once.
    """

    def stand_in(formula: re.Match[str]) -> str:
        count = iter(range(100))
        return NUMBER.sub(lambda _: f"{{9000{next(count):02d}}}", formula[0])

    return FORMULA.sub(stand_in, text)


@cache
def converted(text: str) -> str:
    """The text as HTML, formulas typeset, with marks counted through all its formulas."""
    html = render_html(MARKDOWN.reset().convert(text))
    before, *formulas = html.split('<span class="katex">')
    marked, first = [before], 0
    for typeset in formulas:
        places = {int(found) for found in STAND_IN.findall(typeset)}
        assert places == set(range(len(places))), "a formula shows each of its numbers"
        marked.append(STAND_IN.sub(lambda found, n=first: f"⟦{int(found[1]) + n}⟧", typeset))
        first += len(places)
    return '<span class="katex">'.join(marked)
