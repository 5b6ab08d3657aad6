"""No dead ends: every address on every page leads to something, wherever the site stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests import links

from .conftest import file_of, pages

BASE = "/book/"


def test_every_link_and_anchor_leads_somewhere(built: Path, record: Any) -> None:
    found = [*links.followed(built, BASE, links.folder_index)]
    dead = [link for link in found if link.dead]
    pages, places = {link.page for link in found}, sum(bool(link.place) for link in found)
    record("links", pages=pages, links=len(found), places=places, dead=len(dead))
    assert dead == []


def test_no_address_is_absolute_but_those_that_must_be(built: Path) -> None:
    """Pages may be put into any folder; the page for lost readers cannot know its depth."""
    absolute = {
        f"{page.relative_to(built)}: {address}"
        for page in built.rglob("*.html")
        if page.name != "404.html"
        for address in links.addresses(links.markup(page))
        if re.match(r"/|https?://(localhost|127\.0\.0\.1)", address)
        and not address.startswith(f"http://127.0.0.1{BASE}")  # its own canonical address
    }
    assert absolute == set()


def test_every_page_can_be_reached_from_the_first(built: Path, record: Any) -> None:
    reached, ahead = set[Path](), [built / "index.html"]
    while ahead:
        page = ahead.pop()
        if page in reached:
            continue
        reached.add(page)
        for address in links.addresses(links.markup(page)):
            place = address.partition("#")[0].partition("?")[0]
            if not re.match(r"\w+:", place):
                target = links.folder_index((page.parent / place).resolve())
                if target.suffix == ".html" and target.is_file():
                    ahead.append(target)
    alone = set(built.rglob("*.html")) - reached - {built / "404.html"}
    record("links", alone=len(alone))
    assert alone == set()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page or "home")
def test_no_token_is_left(built: Path, page: str) -> None:
    text = links.markup(file_of(built, page))
    shown = re.sub(r"<(code|annotation)\b.*?</\1>", "", text, flags=re.DOTALL)
    assert re.findall(r"\{\{ ?\w+[^}]*\}\}|\{%|wovenblock", shown) == []


# The checker itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "is_dead"),
    [
        ('<a href="other/">', False),
        ('<a href="other/#there">', False),
        ("<a href=other/#there>", False),
        ('<a href="/book/other/?q=1#there">', False),
        ('<a href="#own">', False),
        ('<a href="https://elsewhere.example/x">', False),
        ('<a href="mailto:a@b.example">', False),
        ('<!-- <a href="gone/"> -->', False),
        ("<script>const a = ' href=\"gone/\"'</script>", False),
        ('<a href="other/#gone">', True),
        ('<a href="gone/">', True),
        ('<img src="gone.svg">', True),
        ('<link href="../other/">', True),
        ('<a href="/other/">', True),
        ('<script src="gone.js"></script>', True),
    ],
)
def test_a_planted_link_is_judged(tmp_path: Path, link: str, is_dead: bool, record: Any) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/index.html").write_text('<h1 id="there">')
    (tmp_path / "index.html").write_text(f'<p id="own">{link}')
    assert bool(links.dead(tmp_path, BASE)) == is_dead
    record("links", planted=is_dead)
