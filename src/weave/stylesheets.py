"""The style sheets that every page loads, as one file without the rules that no page needs.

join(site, used, folder)    put assets/site.HASH.css in the place of the sheets that all pages share

The theme's sheet and KaTeX's style much that this book does not have. A rule is left out if its
selector asks for an element, class or attribute whose name stands in no tag and in no script; a
custom property, if nothing reads it. Each page then waits for one file in place of eight.

The theme has rules for twenty tabs, each in nine ways, and a browser tries every one of them on
every element of a page. Those for more tabs than any page has go too.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2

from . import cache, fonts
from .shipped import Used

_LINK = re.compile(
    r'<link rel="?stylesheet"? href="?(?P<up>[^">]*?)(?P<sheet>assets/[^">]+\.css)"?>\s*'
)
_URL = re.compile(r"""url\((?P<quote>["']?)(?!data:|#|/|https?:)(?P<to>[^)"']+)(?P=quote)\)""")
_NAME = re.compile(r"[\w-]+")
_READ = re.compile(r"var\(\s*(--[\w-]+)")
_TAB = re.compile(r"\.tabbed-set\s*>\s*input:nth-child\((\d+)\)")
_TAB_ID = re.compile(r"__tabbed_\d+_(\d+)")
_GROUPS = ("media", "supports", "container", "layer")

# While colours change the theme forbids every element to fade, for which a browser works out all
# styles of a page two times more; and it changes them whenever it starts.
_UNWANTED = frozenset({"data-md-color-switching"})


def join(site: Path, used: Used, folder: Path) -> Path | None:
    """Replace, in all pages of a site, the links to the sheets that all share; return the new one.

    Its name tells what it is made of: its rules, and its fonts as they will be cut for what is
    used. So pages can link to it before that is done. `folder` keeps what was made before.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    linked = [[link["sheet"] for link in _LINK.finditer(text)] for text in pages.values()]
    shared = [sheet for sheet in linked[0] if all(sheet in others for others in linked)]
    if not shared:
        return None
    text = _joined(site, shared, used, folder)
    made_of = [text, *(cut.key for cut in fonts.cuts(text, site / "assets", used))]
    name = f"assets/site.{hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:8]}.css"

    for path, page in pages.items():
        links = [link for link in _LINK.finditer(page) if link["sheet"] in shared]
        for link in reversed(links):
            new = f'<link rel="stylesheet" href="{link["up"]}{name}">\n' if link is links[0] else ""
            page = page[: link.start()] + new + page[link.end() :]
        path.write_text(page, encoding="utf-8")
    for old in shared:
        (site / old).unlink()
    (site / name).write_text(text, encoding="utf-8")
    return site / name


def _joined(site: Path, sheets: list[str], used: Used, folder: Path) -> str:
    texts = [_moved((site / sheet).read_text(encoding="utf-8"), sheet) for sheet in sheets]
    own = Path(__file__).read_text(encoding="utf-8")
    key = cache.key([own, *texts, json.dumps(sorted(used.names))], [], site)
    kept = cache.load(folder, key, site)
    if kept is None:
        kept = {"text": needed("\n".join(texts), used.names - _UNWANTED)}
        cache.store(folder, key, kept, reads=(), root=site)
    cache.prune(folder, [key])
    return kept["text"]


def _moved(text: str, sheet: str) -> str:
    """Return a sheet as it reads from the folder assets/."""

    def address(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(sheet), found["to"]))
        return f"url({posixpath.relpath(path, 'assets')})"

    return _URL.sub(address, text.removeprefix("\ufeff").replace('@charset "UTF-8";', ""))


# What is needed -------------------------------------------------------------------------------


def needed(text: str, names: frozenset[str]) -> str:
    """Return a style sheet without comments and without what cannot apply where only `names` are.

    A custom property whose name is among the names counts as read.
    """
    tabs = max((int(found[1]) for name in names if (found := _TAB_ID.fullmatch(name))), default=0)
    sheet = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    properties: frozenset[str] | None = None
    while True:  # a property may be read by nothing but one that nothing reads
        shorter = "\n".join(_rules(sheet, names, properties, tabs)) + "\n"
        if shorter == text:
            return text
        text = shorter
        properties = names.union(_READ.findall(text))


def _rules(
    rules: Iterable[Any], names: frozenset[str], properties: frozenset[str] | None, tabs: int
) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            matching = [one for one in _selectors(rule.prelude) if _can_match(one, names)]
            selectors = [tinycss2.serialize(one).strip() for one in matching]
            selectors = [one for one in selectors if _tab(one) <= tabs]
            body = _body(rule.content, properties)
            if selectors and body:
                yield f"{','.join(selectors)}{{{body}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in _GROUPS and rule.content:
            within = tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            if inner := "".join(_rules(within, names, properties, tabs)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude).rstrip()}{{{inner}}}"
        else:
            yield rule.serialize()


def _body(content: list[Any], properties: frozenset[str] | None) -> str:
    """Return the declarations of a rule, without those of properties that nothing reads."""
    kept: list[str] = []
    for part in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if part.type != "declaration":
            return tinycss2.serialize(content)  # a rule within the rule: left as it is
        if part.name.startswith("--") and properties is not None and part.name not in properties:
            continue
        value = tinycss2.serialize(part.value).strip()
        kept.append(f"{part.name}:{value}{'!important' if part.important else ''}")
    return ";".join(kept)


def _selectors(prelude: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the selectors of a rule, one by one."""
    one: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield one
            one = []
        elif token.type != "comment":
            one.append(token)
    yield one


def _tab(selector: str) -> int:
    """Return which tab of a set a selector asks for; 0 if it asks for none."""
    found = _TAB.search(selector)
    return int(found[1]) if found else 0


def _can_match(selector: list[Any], names: frozenset[str]) -> bool:
    """Whether something could match; what is in :is(...), :not(...) and the like is not asked."""
    pseudo = False
    for token in selector:
        asked: list[str] = []
        if token.type == "hash" or (token.type == "ident" and not pseudo):
            asked = [token.value]
        elif token.type == "[] block":
            said = [part.value for part in token.content if part.type in ("ident", "string")]
            asked = [name for value in said for name in _NAME.findall(value)]
        if not names.issuperset(asked):
            return False
        pseudo = token.type == "literal" and token.value == ":"
    return True
