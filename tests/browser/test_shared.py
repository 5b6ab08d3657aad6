"""What is said of a page elsewhere: one address everywhere, and a picture that is there."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from .conftest import pages

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
