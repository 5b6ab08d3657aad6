"""A name in a listing takes the colour of its role, the one it has in the equations.

The book writes the same letters everywhere, so the name is enough to tell: `W` and `b` are weights,
`x z a h y t` flow forward, `delta` and `dW` flow back, `loss` is the loss.
"""

from __future__ import annotations

import re
from typing import Any

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor

ROLES = {
    "t-weight": r"[Ww]\d*|b\d*",
    "t-act": r"[xzahyt]\d*|[XZAHY]\d*|[aA]_in",
    "t-grad": r"delta\d*|d[LWbzahy]\d*(?:_\w+)?",
    "t-loss": r"L|loss",
}

LISTING = re.compile(r'<div class="language-(?:python|pycon)[ "].*?</pre>', re.S)
NAME = re.compile(
    '<span class="n">(?:'
    + "|".join(f"(?P<{role.replace('-', '_')}>{names})" for role, names in ROLES.items())
    + ")</span>"
)


def colour(source: str) -> str:
    """Return HTML whose Python listings, as Pygments writes them, show the roles of names."""
    return LISTING.sub(lambda listing: NAME.sub(_with_role, listing[0]), source)


def _with_role(name: re.Match[str]) -> str:
    role = str(name.lastgroup).replace("_", "-")
    return f'<span class="{role}">{name[name.lastgroup or 0]}</span>'


class RolesExtension(Extension):
    """`colour`, for Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.registerExtension(self)
        md.postprocessors.register(_Roles(md), "roles", -10)


class _Roles(Postprocessor):
    def run(self, text: str) -> str:
        return colour(text)


def makeExtension(**options: Any) -> RolesExtension:  # noqa: N802
    """Where Python-Markdown looks for the extension called `weave.roles`."""
    return RolesExtension(**options)
