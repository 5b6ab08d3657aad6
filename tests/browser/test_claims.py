"""The list of claims: whole without JavaScript, filtered with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ADDRESS = "reference/claims/"


@pytest.fixture
def page(reader: BrowserContext, site: str) -> Iterator[Page]:
    page = reader.new_page()
    page.goto(site + ADDRESS)
    yield page
    page.close()


def test_choosing_a_verdict_and_a_topic_leaves_the_claims_of_both(page: Page) -> None:
    everything = page.locator("article.claim").count()
    page.select_option("[name=verdict]", "false")
    page.select_option("[name=topic]", "depth")
    shown = page.locator("article.claim:visible")
    assert 0 < shown.count() < everything
    for name, value in {"verdict": "false", "topic": "depth"}.items():
        found = shown.evaluate_all(f"all => all.map(one => one.dataset.{name})")
        assert set(found) == {value}
    assert page.locator("h2[id^=claims-]:visible").count() == 1
    assert page.inner_text(".claim-chooser output") == f"{shown.count()} of {everything} claims"


def test_a_link_to_a_claim_that_is_filtered_away_shows_it(page: Page) -> None:
    page.select_option("[name=verdict]", "false")
    page.evaluate("location.hash = 'C12'")
    page.wait_for_function("!document.getElementById('C12').hidden")
    assert page.locator("#C12").bounding_box()["y"] < 400


def test_without_javascript_the_list_is_whole_and_offers_no_filter(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{ADDRESS}#C27")
    assert page.locator("article.claim:visible").count() == page.locator("article.claim").count()
    assert not page.locator(".claim-chooser").is_visible()
    context.close()
