"""A wrong address is not the end: the page for lost readers says what may have been meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests import links

from .conftest import pages

MEANT = {
    "network/bakward/": "network/backward/",
    "network/backward.html": "network/backward/",
    "network/backward/index.htm": "network/backward/",
    "backward/": "network/backward/",
    "training/vanishing-gradient/": "training/vanishing/",
    "reference/formulars": "reference/formulas/",
    "Training/Step_Size/": "training/step-size/",
    "derivations/sigmiod/": "derivations/sigmoid/",
    "practise/worksheets/": "practice/worksheets/",
}


@pytest.mark.parametrize("wrong", MEANT)
def test_the_page_that_was_meant_is_suggested(reader: BrowserContext, site: str, wrong: str):
    page = reader.new_page()
    page.goto(site + wrong)
    first = page.locator(".lost li a").first
    first.wait_for()
    assert first.evaluate("link => link.href") == site + MEANT[wrong]
    page.close()


def test_an_address_like_no_other_suggests_nothing(reader: BrowserContext, site: str):
    page = reader.new_page()
    page.goto(f"{site}%E0%A4%A/qqqqqqqqqqqq/zzzzzzzzzzzzzzz")
    page.wait_for_load_state("networkidle")
    assert page.locator(".lost li").count() == 0
    assert not page.locator(".lost").is_visible()
    page.close()


def test_without_scripts_every_page_is_listed(built: Path):
    text = links.markup(built / "404.html").partition('<dl class="contents">')[2]
    listed = re.findall(r'href="/book/([^"]*)"', text.partition("</dl>")[0])
    assert sorted({"" if one == "." else one for one in listed}) == sorted(
        page for page in pages() if page != "404.html"
    )
