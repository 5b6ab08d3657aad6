"""What is published for those who do not browse: corrections as they are made, and a list of pages.

corrections(path)   docs/corrections.toml, read and checked
listed(corrections) the same as HTML, for the page about them
made(...)           corrections.xml, an Atom feed, llms.txt and robots.txt, by name
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from . import sources
from .errors import WeaveError

CORRECTIONS = Path("docs/corrections.toml")
BEGINNING = "2026-11-22"  # of the feed, as long as it is empty


@dataclass(frozen=True)
class Correction:
    """A sentence or a number that was wrong on the site, and what it says now."""

    date: date
    page: str
    was: str
    now: str
    reported_by: str


def corrections(path: Path) -> list[Correction]:
    """Return what has been corrected, newest first.

    Raises WeaveError, with the line of the entry, for anything but five known keys, one of them a
    date and the others text.
    """
    name = CORRECTIONS.as_posix()
    try:
        entries = sources.tables(path, name, "correction")
    except FileNotFoundError:
        return []
    found = [_checked(entry, where) for where, entry in entries]
    return sorted(found, key=lambda correction: correction.date, reverse=True)


def _checked(entry: dict[str, Any], where: str) -> Correction:
    for field in fields(Correction):
        kind = date if field.name == "date" else str
        if type(entry.get(field.name)) is not kind:
            came = repr(entry[field.name]) if field.name in entry else "nothing"
            raise WeaveError(f"{where}: {field.name} must be a {kind.__name__}, got {came}")
    if unknown := entry.keys() - {field.name for field in fields(Correction)}:
        raise WeaveError(f"{where}: no correction has the key '{min(unknown)}'")
    return Correction(**entry)


def listed(made: Sequence[Correction]) -> str:
    """Return the corrections as HTML."""
    if not made:
        return "<p>Nothing has had to be corrected yet.</p>"
    items = "".join(
        f"<dt><time>{one.date.isoformat()}</time> <code>{escape(one.page)}</code></dt>"
        f"<dd><p>It said: <del>{escape(one.was)}</del></p><p>It says: {escape(one.now)}</p>"
        f"<p>Reported by {escape(one.reported_by)}.</p></dd>"
        for one in made
    )
    return f'<dl class="corrections">{items}</dl>'


# Files ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A page in the navigation; a page outside every section has none."""

    section: str
    title: str
    url: str
    description: str


@dataclass(frozen=True)
class Site:
    """What a site says of itself."""

    name: str
    description: str
    url: str


def made(site: Site, pages: Iterable[Entry], known: Sequence[Correction]) -> dict[str, str]:
    """Return the files by name."""
    return {
        "corrections.xml": atom(site, known),
        "llms.txt": llms(site, pages),
        "robots.txt": f"User-agent: *\nAllow: /\n\nSitemap: {site.url}sitemap.xml\n",
    }


def atom(site: Site, known: Sequence[Correction]) -> str:
    """Return the corrections as an Atom feed (RFC 4287)."""
    entries = "".join(
        f"""
<entry>
<id>{escape(site.url)}#{one.date.isoformat()}-{number}</id>
<title>{escape(one.page)}</title>
<updated>{one.date.isoformat()}T00:00:00Z</updated>
<link href="{escape(site.url + _address(one.page))}"/>
<content>It said: {escape(one.was)} It says: {escape(one.now)}</content>
</entry>"""
        for number, one in enumerate(known)
    )
    latest = known[0].date.isoformat() if known else BEGINNING
    return f"""\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>{escape(site.url)}</id>
<title>{escape(site.name)}: corrections</title>
<subtitle>{escape(site.description)}</subtitle>
<updated>{latest}T00:00:00Z</updated>
<author><name>{escape(site.name)}</name></author>
<link rel="self" href="{escape(site.url)}corrections.xml"/>{entries}
</feed>
"""


def _address(page: str) -> str:
    stem = page.removesuffix(".md").removesuffix("/index")
    return "" if stem == "index" else f"{stem}/"


def llms(site: Site, pages: Iterable[Entry]) -> str:
    """Return the pages with what each says of itself, as llmstxt.org describes it."""
    lines = [f"# {site.name}", "", f"> {site.description}"]
    for section, within in groupby(pages, lambda page: page.section):
        lines += ["", f"## {section}", ""] if section else [""]
        for page in within:
            says = f": {page.description}" if page.description else ""
            lines.append(f"- [{page.title}]({site.url}{page.url}){says}")
    return "\n".join(lines) + "\n"
