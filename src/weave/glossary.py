"""The words of the book: what each means, what one needs to know first, and where it is at home.

read(root)          docs/glossary.toml, checked: no unknown or circular needs, every page known,
                    and no teaching page without a word of its own
entries(terms, …)   every term, said simply and said exactly, as Markdown
concepts(terms)     for each topic a drawing of what needs what, as HTML

A drawing lists the terms of a topic from top to bottom, each below what it needs, with an arc for
each need. It is narrow enough for a phone, and every term in it is a link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from graphlib import CycleError, TopologicalSorter
from html import escape
from pathlib import Path
from typing import Any

from . import sources
from .errors import WeaveError, unknown

GLOSSARY = Path("docs/glossary.toml")
TEACHING = ("start", "idea", "network", "training", "code", "mistakes")
OPTIONAL: dict[str, Any] = {"symbol": "", "needs": (), "related": ()}

ROW, WIDTH, STEM = 28, 320, 118  # of a drawing, in pixels; the stem is where the terms begin


@dataclass(frozen=True)
class Term:
    """A word, two sentences about it, and how it hangs together with the others."""

    name: str
    topic: str
    simple: str
    exact: str
    page: str
    symbol: str
    needs: Sequence[str]
    related: Sequence[str]

    @property
    def anchor(self) -> str:
        return re.sub(r"\W+", "-", self.name.lower())


Glossary = Mapping[str, Term]


def read(root: Path) -> dict[str, Term]:
    """Return the terms by name, in the order of the file.

    Raises WeaveError, with file and line, if anything is missing, unknown or circular.
    """
    file = GLOSSARY.as_posix()
    try:
        entries = sources.tables(root / GLOSSARY, file, "term")
    except FileNotFoundError:
        raise WeaveError(f"there is no {file}") from None
    terms: dict[str, Term] = {}
    places: dict[str, str] = {}
    for where, entry in entries:
        term = _term(entry, where)
        if term.name in terms:
            raise WeaveError(f"{where}: '{term.name}' is there twice")
        terms[term.name], places[term.name] = term, where
    _check(terms, places, root / "docs")
    return terms


def _term(entry: dict[str, Any], where: str) -> Term:
    where += f": '{entry['name']}'" if "name" in entry else ""
    known = [field.name for field in fields(Term)]
    if strange := entry.keys() - set(known):
        raise unknown(f"{where}: no term has the key", min(strange), known)
    if missing := [name for name in known if name not in entry and name not in OPTIONAL]:
        raise WeaveError(f"{where}: '{missing[0]}' is missing")
    return Term(**{**OPTIONAL, **entry})


def _check(terms: Glossary, places: Mapping[str, str], docs: Path) -> None:
    for term in terms.values():
        for other in [*term.needs, *term.related]:
            if other not in terms:
                raise unknown(
                    f"{places[term.name]}: '{term.name}' names a term that is not there,",
                    other,
                    terms,
                )
        if not (docs / term.page).is_file():
            raise WeaveError(f"{places[term.name]}: there is no page docs/{term.page}")
    _without_circles(terms, places)
    homes = {term.page for term in terms.values()}
    teaching = [page for folder in TEACHING for page in sorted((docs / folder).glob("*.md"))]
    without = [
        name for page in teaching if (name := page.relative_to(docs).as_posix()) not in homes
    ]
    if without:
        file = GLOSSARY.as_posix()
        raise WeaveError(f"{file}:1: no term is at home on {', '.join(without)}; add one")


def _without_circles(terms: Glossary, places: Mapping[str, str]) -> None:
    try:
        TopologicalSorter({term.name: term.needs for term in terms.values()}).prepare()
    except CycleError as error:
        names = [*reversed(error.args[1])]
        circle = " needs ".join(f"'{name}'" for name in names)
        raise WeaveError(f"{places[names[0]]}: {circle}, a circle") from None


def _in_order(terms: Glossary) -> list[str]:
    """Return the names in the order of the file, except that needs come just before their term."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in order:
            for need in terms[name].needs:
                visit(need)
            order[name] = None

    for name in terms:
        visit(name)
    return list(order)


# The list ---------------------------------------------------------------------------------------


def entries(terms: Glossary, docs: Path, page: str) -> str:
    """Return every term as Markdown, from A to Z. `page` is the page it will stand on."""
    up = "../" * page.count("/")
    ordered = sorted(terms.values(), key=lambda term: term.name.lower())
    return "\n\n".join(_entry(term, terms, docs, up) for term in ordered)


def _entry(term: Term, terms: Glossary, docs: Path, up: str) -> str:
    symbol = f" ${term.symbol}$" if term.symbol else ""
    needed_by = [other.name for other in terms.values() if term.name in other.needs]
    relations = {"Needs": term.needs, "Leads to": needed_by, "Related": term.related}
    ways = [
        f"{word}: {', '.join(f'[{name}](#{terms[name].anchor})' for name in names)}."
        for word, names in relations.items()
        if names
    ]
    home = f"At home in [{_title(docs / term.page)}]({up}{term.page})."
    return "\n\n".join(
        [
            f"### {term.name}{symbol} {{ #{term.anchor} }}",
            '<div class="two-levels term" markdown="1">',
            f'<div markdown="1">\n\n{term.simple}\n\n</div>',
            f'<div markdown="1">\n\n{term.exact}\n\n</div>',
            "</div>",
            f"{home} {' '.join(ways)}\n{{ .ways }}",
        ]
    )


def _title(page: Path) -> str:
    heading = re.search(r"^# (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return heading[1] if heading else page.stem


# The drawings -----------------------------------------------------------------------------------


def concepts(terms: Glossary) -> str:
    """Return one drawing for each topic, in the order in which topics first appear."""
    order = _in_order(terms)
    topics = dict.fromkeys(term.topic for term in terms.values())
    drawn = "".join(_drawing(topic, terms, order) for topic in topics)
    return f'<div class="concepts">{drawn}</div>'


def _drawing(topic: str, terms: Glossary, order: Sequence[str]) -> str:
    own = [name for name in order if terms[name].topic == topic]
    needed = {need for name in own for need in terms[name].needs}
    shown = [name for name in order if name in needed or name in own]
    shown.sort(key=lambda name: name in own)  # what comes from elsewhere stands on top
    height = {name: ROW * row + ROW / 2 for row, name in enumerate(shown)}
    arcs = "".join(
        _arc(height[need], height[name], need in own) for name in own for need in terms[name].needs
    )
    rows = "".join(_row(terms[name], height[name], name in own) for name in shown)
    size = f'viewBox="0 0 {WIDTH} {ROW * len(shown)}" width="{WIDTH}" height="{ROW * len(shown)}"'
    label = f"{topic}: each term stands below the terms it needs"
    return (
        f"<section><h3>{escape(topic)}</h3>"
        f'<svg {size} role="group" aria-label="{escape(label)}">{arcs}{rows}</svg></section>'
    )


def _arc(start: float, end: float, own: bool) -> str:
    """Return a half ellipse on the left of the stem, flatter the longer it is."""
    half = (end - start) / 2
    reach = min(half, 14 + half * 0.45, STEM - 12)
    kind = "arc" if own else "arc from-elsewhere"
    return (
        f'<path class="{kind}" fill="none" '
        f'd="M{STEM - 8} {start:g}A{reach:g} {half:g} 0 0 0 {STEM - 8} {end:g}"/>'
    )


def _row(term: Term, y: float, own: bool) -> str:
    kind = "concept" if own else "concept from-elsewhere"
    return (
        f'<a class="{kind}" href="#{term.anchor}"><circle cx="{STEM - 8}" cy="{y:g}" r="3.5"/>'
        f'<text x="{STEM + 4}" y="{y + 4.5:g}">{escape(term.name)}</text></a>'
    )
