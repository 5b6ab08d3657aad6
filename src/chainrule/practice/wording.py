"""Numbers put into text: a template's words with `<name>` where a value belongs.

Texts are Markdown with TeX between dollars. `<w>` is replaced by the value called w, and
`<(w)>` by the same in brackets when it is negative, for use after a sign. Every number is
set in braces, `{-0.31}`: TeX then takes a minus for a sign and not for an operation, and
whoever renders many instances of one text can find what changes between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from chainrule.activations import Array

type Value = float | str | Array

SIGNIFICANT_DIGITS = 4
PLACE = re.compile(r"<(\(?)(\w+)(\)?)>")


def fill(text: str, values: Mapping[str, Value]) -> str:
    """The text with every place filled. An unknown name is a KeyError with that name."""

    def put(place: re.Match[str]) -> str:
        opened, name, _ = place.groups()
        written = tex(values[name])
        if not (opened and written.startswith("{-")):
            return written
        return (
            f"{{({written[1:-1]})}}"
            if written.endswith("}") and "^" not in written
            else f"({written})"
        )

    return PLACE.sub(put, text)


def tex(value: Value) -> str:
    """A value as TeX: words as they are, a number in braces, an array as a column or a matrix."""
    if isinstance(value, str):
        return value
    if isinstance(value, np.ndarray):
        rows = [" & ".join(tex(entry.item()) for entry in np.atleast_1d(row)) for row in value]
        return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"
    digits, exponent = decimal(value)
    return f"{{{digits}}}" + (rf" \times 10^{{{exponent}}}" if exponent else "")


def decimal(value: float) -> tuple[str, int]:
    """The digits of a number as we print it, and the power of ten that follows (0 for none).

    Whole numbers and numbers of at most two decimals are printed as they are, because they
    were given or are exact. Anything else is printed to four significant digits.
    """
    if isinstance(value, (int, np.integer)) and abs(value) < 10**7:
        return str(value), 0
    if abs(value - round(value, 2)) <= 1e-12 * abs(value) and abs(value) < 10**4:
        value += 0.0  # a zero has no sign
        whole = value == 0 or (abs(value) >= 10 and round(value, 2) == round(value))
        return f"{value:.{0 if whole else 2}f}", 0
    exponent = int(f"{value:.{SIGNIFICANT_DIGITS - 1}e}".split("e")[1])
    if -5 < exponent < 5:
        return f"{value:.{max(SIGNIFICANT_DIGITS - 1 - exponent, 0)}f}", 0
    return f"{value / 10.0**exponent:.{SIGNIFICANT_DIGITS - 1}f}", exponent


def nested(depth: int) -> str:
    """A pattern for what stands in braces, with braces in it down to a depth."""
    return rf"(?:[^{{}}]|\{{{nested(depth - 1)}\}})*" if depth else "[^{}]*"


COLOUR = re.compile(rf"\\(?:w|act|g|loss)\{{({nested(3)})\}}")
BRACED = re.compile(r"(?<![_^}\w])\{(-?[\d.]+|\(-[\d.]+\))\}")


def plain(text: str) -> str:
    """The text for a reader without our macros: colours and number braces taken off."""
    return COLOUR.sub(r"\1", BRACED.sub(r"\1", text))
