"""What is said of a page elsewhere: one address everywhere, and a picture that is there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests import links

from .conftest import ROOT, pages

SITE = "http://127.0.0.1/book/"
OWN = [page for page in pages() if page != "404.html"]


def told(text: str, key: str) -> str:
    [found] = re.findall(rf'<meta (?:property|name)="?{key}"? content="([^"]*)"', text)
    return unescape(found)


@pytest.mark.parametrize("page", OWN, ids=lambda page: page or "home")
def test_a_page_has_one_address_a_picture_and_a_description(built: Path, page: str) -> None:
    text = (built / page / "index.html").read_text(encoding="utf-8").partition("</head>")[0]
    [canonical] = re.findall(r'<link rel="?canonical"? href="([^"]*)"', text)
    data: list[dict[str, Any]] = json.loads(
        re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0]
    )["@graph"]
    assert {canonical, told(text, "og:url"), data[0]["url"]} == {SITE + page}
    assert (built / told(text, "og:image").removeprefix(SITE)).is_file()
    assert told(text, "og:image") == told(text, "twitter:image") == data[0]["image"]
    assert told(text, "og:description") == told(text, "description")
    assert len(told(text, "og:title")) > 2


def test_the_site_map_lists_every_page_and_nothing_else(built: Path) -> None:
    listed = re.findall(r"<loc>(.*?)</loc>", (built / "sitemap.xml").read_text())
    assert sorted(listed) == sorted(SITE + page for page in OWN)
    assert f"Sitemap: {SITE}sitemap.xml" in (built / "robots.txt").read_text()


def test_two_pages_do_not_share_a_title(built: Path) -> None:
    titles = [
        (built / page / "index.html").read_text().split("<title>")[1].split("<")[0] for page in OWN
    ]
    assert sorted(titles) == sorted(set(titles))


def test_every_page_describes_itself_in_words_of_its_own(built: Path) -> None:
    said: dict[str, list[str]] = {}
    for page in OWN:
        head = (built / page / "index.html").read_text(encoding="utf-8").partition("</head>")[0]
        said.setdefault(told(head, "description"), []).append(page)
    assert {words: at for words, at in said.items() if len(at) > 1 or len(words) < 30} == {}


@pytest.mark.long
def test_the_site_stands_under_any_address(tmp_path: Path) -> None:
    """Whatever the host, and however deep: every address that is said begins with it."""
    where = "https://host.example/any/sub/path/"
    env = os.environ | {"SITE_URL": where, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    site = tmp_path / "site"
    subprocess.run([*command, "-d", str(site)], cwd=ROOT, env=env, check=True, timeout=300)
    assert links.dead(site, "/any/sub/path/") == []
    said = [f"{where}{page}" for page in OWN]
    listed = re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text())
    assert sorted(listed) == sorted(said)
    for page, address in zip(OWN, said, strict=True):
        text = (site / page / "index.html").read_text(encoding="utf-8").partition("</head>")[0]
        [canonical] = re.findall(r'<link rel="?canonical"? href="([^"]*)"', text)
        assert canonical == told(text, "og:url") == address
        assert told(text, "og:image").startswith(where)
