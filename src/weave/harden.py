"""The end of a build: a site that runs nothing but its own code and asks nobody else for anything.

    harden(site)    styles go into one sheet, and every page says what may be loaded and run

A browser that is told such a policy refuses an inline style as it refuses an inline script. So
each style becomes a class, and the few scripts that the theme writes into its pages are allowed by
the hash of their text.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import unescape
from pathlib import Path

from . import lengths
from .errors import WeaveError

SHEET = "assets/inline.css"  # in mkdocs.yml under extra_css

# Pages, and what scripts put into pages.
PUT_INTO_PAGES = ("*.html", "questions/*.json", "assets/explorers/*.mjs")

# As the theme writes an icon. Words are always with it, so it is there for the eye only.
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="'

CHARSET = '<meta charset="utf-8">'
QUOTED = r'"[^"]*"|\'[^\']*\''
STYLED = re.compile(rf"<[a-z](?:[^<>\"']|{QUOTED})*?\sstyle=(?:[^<>\"']|{QUOTED})*>", re.I)
STYLE = re.compile(rf"\sstyle=(?P<text>{QUOTED}|[^\s>]+)", re.I)
CLASS = re.compile(rf"\sclass=(?P<text>{QUOTED}|[^\s>]+)", re.I)
HANDLER = re.compile(r" on[a-z]+=")  # quick; in a listing it does no harm
HANDLER_IN_TAG = re.compile(
    rf"<[a-z](?:[^<>\"']|{QUOTED})*?(?:\son[a-z]+=|=[\"']?javascript:)", re.I
)
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.S)
STYLES = re.compile(r"<style[^>]*>(?P<text>.*?)</style>", re.S)
DATA = re.compile(r"\btype=\"?application/(?:ld\+)?json\b")


def harden(site: Path, *, policy: bool = True) -> None:
    """Write the sheet of all that pages may not hold themselves, and the policy into each page.

    The icons of the theme become silent on the way.

    Without the policy the site looks the same; `mkdocs serve` adds a script of its own to pages.
    Raises WeaveError if a page runs a script from an attribute, which no policy worth having
    allows.
    """
    rules: dict[str, str] = {}
    texts: list[str] = []
    pages: dict[Path, str] = {}
    for path in (path for pattern in PUT_INTO_PAGES for path in sorted(site.rglob(pattern))):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = text.replace(ICON, f'{ICON[:4]} aria-hidden="true"{ICON[4:]}')
            pages[path] = text = without_styles(text, rules)
        texts.append(text)
    own = "".join(f".{name}{{{style}}}\n" for name, style in sorted(rules.items()))
    (site / SHEET).parent.mkdir(exist_ok=True)
    (site / SHEET).write_text(lengths.sheet(texts) + own, encoding="utf-8")
    words = worded(pages.values())
    for path, text in pages.items():
        if policy:
            text = _with_policy(text, words, path.relative_to(site))
        path.write_text(text, encoding="utf-8")


# Styles -----------------------------------------------------------------------------------------


def without_styles(page: str, rules: dict[str, str]) -> str:
    """Return a page whose styles are classes; `rules` gathers what these mean.

    An attribute outweighs every rule of a style sheet, and so does what takes its place.
    """
    if " style=" not in page:  # nearly always
        return page

    def replace(found: re.Match[str]) -> str:
        style = STYLE.search(found[0])
        assert style is not None
        text = unescape(style["text"].strip("\"'"))
        declarations = [one.strip() for one in text.split(";") if one.strip()]
        name = f"s{sha256(text.encode()).hexdigest()[:8]}"
        rules[name] = ";".join(
            one if one.endswith("!important") else f"{one}!important" for one in declarations
        )
        tag = found[0][: style.start()] + found[0][style.end() :]
        if known := CLASS.search(tag):
            both = f"{known['text'].strip('"\'')} {name}"
            return f'{tag[: known.start()]} class="{both}"{tag[known.end() :]}'
        end = len(tag) - (2 if tag.endswith("/>") else 1)
        return f'{tag[:end].rstrip()} class="{name}"{tag[end:]}'

    return STYLED.sub(replace, page)


# The policy -------------------------------------------------------------------------------------


def _with_policy(page: str, words: str, where: Path) -> str:
    suspect = HANDLER.search(page) or "javascript:" in page
    if suspect and (found := HANDLER_IN_TAG.search(page)):
        raise WeaveError(f"{where}: a script in an attribute: {found[0][-60:]}")
    if page.count(CHARSET) != 1:
        raise WeaveError(f"{where}: no place for the policy: {CHARSET} is not there once")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{words}">'
    return page.replace(CHARSET, CHARSET + meta, 1)


def worded(pages: Iterable[str]) -> str:
    """Return the policy that allows these pages what they hold and nothing else.

    One for all: a reader's browser, a proxy and a header can then agree on it.
    """
    scripts: set[str] = set()
    sheets: set[str] = set()
    for page in pages:
        for script in SCRIPT.finditer(page):
            inline = not re.search(r"\bsrc=", script["attributes"])
            if inline and not DATA.search(script["attributes"]):
                scripts.add(_hash(script["text"]))
        sheets.update(_hash(found["text"]) for found in STYLES.finditer(page))
    return "; ".join(
        " ".join(directive)
        for directive in [
            ("default-src", "'self'"),
            ("script-src", "'self'", *sorted(scripts)),
            ("style-src", "'self'", *sorted(sheets)),
            ("img-src", "'self'", "data:"),
            ("font-src", "'self'", "data:"),  # those of the first lines stand in the style sheet
            ("object-src", "'none'"),
            ("base-uri", "'none'"),
            ("form-action", "'none'"),
        ]
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
