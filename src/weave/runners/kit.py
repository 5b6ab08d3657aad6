"""What `chainrule.show` needs of the book: `python -m weave.runners.kit` prints it as JSON.

The player of the site loads its formulas, listings, styles and fonts as files. A page that stands
alone has them inside it, so the wheel carries them: `tools/hatch_build.py` asks for them when it is
built, and an editable checkout when somebody first calls `show`.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

from weave import lengths
from weave.explorers import code, typeset

ASSETS = Path(__file__).parents[3] / "docs/assets"
COLOUR = re.compile(r"^ *(--(?:cr|md-typeset-mark)-[a-z-]+: light-dark\(.*?\);)", re.MULTILINE)
FONT = re.compile(r"@font-face\{[^}]*?src:url\((?P<file>[^)]*)\)[^}]*\}")
FONTS = ("KaTeX_Main-Regular.woff2", "KaTeX_Math-Italic.woff2")  # all that formulas here are set in


def make() -> dict[str, object]:
    """The kit: `fragments` and `code` for the modules, `palette` and `styles` for the page."""
    fragments = typeset("player")
    sheets = [
        _katex(),
        lengths.sheet(fragments.values()),
        _read("figures.css"),
        _read("explorers.css"),
    ]
    return {
        "fragments": fragments,
        "code": code(),
        "palette": " ".join(COLOUR.findall(_read("chainrule.css"))),
        "styles": "\n".join(sheets),
    }


def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _katex() -> str:
    """KaTeX's own style sheet, with the fonts that are used in it and without the others."""
    notice = "/* KaTeX: copyright (c) Khan Academy and other contributors, MIT license */\n"
    return notice + FONT.sub(_inside, _read("katex/katex.css"))


def _inside(font: re.Match[str]) -> str:
    if font["file"] not in FONTS:
        return ""
    data = base64.b64encode((ASSETS / "katex" / font["file"]).read_bytes()).decode()
    return font[0].replace(font["file"], f"data:font/woff2;base64,{data}")


if __name__ == "__main__":
    print(json.dumps(make()))
