"""A derivation as HTML: each line beside its reason, and the result in a frame."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any


def steps(data: Mapping[str, Any]) -> str:
    """Return a derivation as HTML: a line and its reason side by side, the result in a frame."""
    items: list[str] = []
    for number, step in enumerate(data["steps"]):
        left = data["lhs"] if number == 0 else "{}"
        line = rf"{left} {step.get('relation', '=')} {step['latex']}"
        because = f": {_inline_maths(step['because'])}" if step["because"] else ""
        items.append(
            f'<li class="step">{_display(line)}'
            f'<p class="because"><span class="rule">{escape(step["rule"])}</span>{because}</p></li>'
        )
    return (
        f'<div class="derivation"><ol class="steps">{"".join(items)}</ol>'
        f'<div class="result">{_display(data["equation"])}</div></div>'
    )


def _display(tex: str) -> str:
    return rf'<div class="arithmatex">\[{escape(tex, quote=False)}\]</div>'


def _inline_maths(text: str) -> str:
    """Return plain text with `$TeX$` in it as HTML."""
    parts = escape(text, quote=False).split("$")
    return "".join(
        rf'<span class="arithmatex">\({part}\)</span>' if n % 2 else part
        for n, part in enumerate(parts)
    )
