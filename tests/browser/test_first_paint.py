"""Scripts come after the first paint; what a reader does before they are there is not lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from .conftest import PHONE, WIDE, awake

SAMPLE = ["", "network/backward/", "training/step-size/", "mistakes/gallery/", "404.html"]

EARLY = """() => {
    const [painted] = performance.getEntriesByName("first-contentful-paint");
    const asked = performance.getEntriesByType("resource");
    const scripts = asked.filter(({ name }) => /[.]m?js$/.test(name));
    return {
        count: scripts.length,
        early: scripts.filter((one) => one.startTime < painted.startTime).map((one) => one.name),
    };
}"""

RESULT = ".md-search-result__link"
SCHEME = "document.body.dataset.mdColorScheme"
TOGGLE = "label.md-header__button[for^=__palette]:not([hidden])"


# When scripts come ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", SAMPLE)
def test_no_script_is_asked_for_before_the_first_paint(page: Page, site: str, address: str):
    page.goto(site + address)
    scripts = page.evaluate(EARLY)
    assert scripts["count"] > 2
    assert scripts["early"] == []


def test_a_script_that_does_not_wait_is_noticed(page: Page, site: str):
    page.route(site, with_a_script_in_its_head)
    page.goto(site)
    assert page.evaluate(EARLY)["early"]


def with_a_script_in_its_head(route: Route) -> None:
    page = route.fetch()
    [script] = re.findall(r'<script src="assets/page.js"[^>]*></script>', page.text())
    route.fulfill(response=page, body=page.text().replace("</head>", f"{script}</head>"))


UNPAINTED = {
    "in a tab that is not shown": "Object.defineProperty(document, 'hidden', { get: () => true })",
    "in a browser that tells of no paint": "delete window.PerformanceObserver",
    "in a frame that is never painted": "window.PerformanceObserver = class { "
    "static supportedEntryTypes = ['paint']; observe() {} }",
}


@pytest.mark.parametrize("fault", UNPAINTED.values(), ids=list(UNPAINTED))
def test_scripts_come_even(browser: Browser, site: str, fault: str):
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(fault)
    page = context.new_page()
    page.goto(site)
    before = page.evaluate(SCHEME)
    page.locator(TOGGLE).click()
    assert page.evaluate(SCHEME) != before
    context.close()


# What a reader does before ----------------------------------------------------------------------


class Waiting:
    """A page whose scripts are on their way until they are released."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.held: list[Route] | None = []
        self.page = context.new_page()
        self.page.route(re.compile(r"[.]m?js$"), self.hold)
        self.page.goto(address, wait_until="commit")
        self.page.locator("body > template.later").wait_for(state="attached")

    def hold(self, route: Route) -> None:
        if self.held is None:
            route.continue_()
        else:
            self.held.append(route)

    def release(self) -> None:
        held, self.held = self.held or [], None
        for route in held:
            route.continue_()
        awake(self.page)


@pytest.fixture
def waiting(browser: Browser) -> Iterator[Callable[..., Waiting]]:
    contexts: list[BrowserContext] = []

    def opened(address: str, **wishes: Any) -> Waiting:
        contexts.append(
            browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **wishes})
        )
        return Waiting(contexts[-1], address)

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("key", ["/", "f", "s"])
def test_a_key_opens_the_search_before_its_script_is_there(
    waiting: Callable[..., Waiting], site: str, key: str
):
    early = waiting(f"{site}start/one-neuron/")
    early.page.keyboard.press(key)
    early.page.keyboard.type("softmax")
    early.release()
    expect(early.page.locator(".md-search__input")).to_have_value("softmax")
    early.page.locator(RESULT).first.wait_for()


def test_words_typed_into_the_search_before_its_script_is_there_are_looked_for(
    waiting: Callable[..., Waiting], site: str
):
    early = waiting(f"{site}start/one-neuron/")
    early.page.locator(".md-search__input").click()
    early.page.keyboard.type("softmax")
    early.release()
    early.page.locator(RESULT).first.wait_for()


def test_keys_typed_into_a_field_stay_there(waiting: Callable[..., Waiting], site: str):
    early = waiting(f"{site}start/one-neuron/")
    early.page.locator(".md-search__input").focus()
    early.page.keyboard.type("f/s")
    early.release()
    expect(early.page.locator(".md-search__input")).to_have_value("f/s")


@pytest.mark.parametrize(("wish", "scheme"), [("light", "default"), ("dark", "slate")])
def test_the_first_paint_has_the_colours_of_the_system_and_the_switch(
    waiting: Callable[..., Waiting], site: str, wish: str, scheme: str
):
    early = waiting(site, color_scheme=wish)
    switch = early.page.locator(TOGGLE)
    before = early.page.evaluate(SCHEME), switch.get_attribute("title")
    early.release()
    assert before[0] == scheme
    assert (early.page.evaluate(SCHEME), switch.get_attribute("title")) == before


def test_colours_that_were_chosen_are_there_from_the_first_paint(
    waiting: Callable[..., Waiting], site: str
):
    early = waiting(site)
    early.release()
    early.page.locator(TOGGLE).click()
    again = Waiting(early.page.context, site)
    expect(again.page.locator(TOGGLE)).to_have_attribute("title", "Light colours")
    assert again.page.evaluate(SCHEME) == "slate"


def test_a_click_on_the_switch_before_its_script_is_there_counts(
    waiting: Callable[..., Waiting], site: str
):
    early = waiting(site)
    early.page.locator(TOGGLE).click()
    early.release()
    assert early.page.evaluate(SCHEME) == "slate"
    expect(early.page.locator(TOGGLE)).to_have_attribute("title", "Light colours")


def test_a_touch_on_the_magnifier_before_its_script_is_there_opens_the_search(
    waiting: Callable[..., Waiting], site: str
):
    early = waiting(site, viewport=PHONE, has_touch=True)
    early.page.locator("label.md-header__button[for=__search]").tap()
    early.release()
    early.page.locator(".md-search__input").click()
    early.page.keyboard.type("softmax")
    early.page.locator(RESULT).first.wait_for()
