"""Nothing that a reader looks at moves by itself, on a slow phone with a slow line.

Measured is what the browser tells of layout shifts, added up as search engines do it: the worst
run of shifts that follow each other within a second, over five seconds at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

PHONE = {"width": 360, "height": 740}
MOST = 0.01

# Bytes a second and milliseconds, as Lighthouse has them for a slow phone; and a slow processor.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 9e4}
SLOWER = 3

WATCH = """window.shifts = [];
new PerformanceObserver((list) => {
    for (const { value, startTime, hadRecentInput, sources } of list.getEntries()) {
        if (hadRecentInput) continue;
        const moved = sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 80));
        shifts.push({ value, time: startTime, moved });
    }
}).observe({ type: "layout-shift", buffered: true });"""

THROUGH = """async () => {
    const end = () => document.documentElement.scrollHeight - innerHeight;
    for (let y = 0; y < end(); y += innerHeight) {
        scrollTo(0, y);
        await new Promise((resolve) => setTimeout(resolve, 60));
    }
}"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone that has nothing in store yet and says what moves."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    page.add_init_script(WATCH)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page
    context.close()


def shifted(shifts: list[dict[str, Any]]) -> float:
    """Return the sum of the worst run of shifts."""
    worst = run = first = last = 0.0
    for shift in shifts:
        time = shift["time"]
        if time - last > 1000 or time - first > 5000:
            run, first = 0.0, time
        run, last = run + shift["value"], time
        worst = max(worst, run)
    return worst


def read(page: Page, address: str) -> list[dict[str, Any]]:
    """Open a page, wait for all that comes late, go through it to its end; return what moved."""
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => {})")
    page.wait_for_timeout(300)
    page.evaluate(THROUGH)
    return page.evaluate("shifts")


# Formulas and a derivation; formulas among words, a drawing made by a script, and questions.
@pytest.mark.parametrize("address", ["network/backward/", "training/step-size/"])
def test_nothing_moves_while_a_page_opens_and_is_read(phone: Page, site: str, address: str):
    shifts = read(phone, site + address)
    assert shifted(shifts) <= MOST, shifts


def test_what_moves_is_noticed(phone: Page, site: str):
    phone.goto(f"{site}start/five-minutes/")
    phone.wait_for_timeout(600)  # a tap, which may move things, was not long ago
    phone.evaluate("document.querySelector('h1').before(Object.assign(new Image, { height: 200 }))")
    phone.wait_for_timeout(300)
    assert shifted(phone.evaluate("shifts")) > MOST


# Blocks that are laid out late ------------------------------------------------------------------

ALL_LAID_OUT = """async () => {
    const late = (one) => getComputedStyle(one).contentVisibility === "auto";
    while ([...document.querySelectorAll(".md-content__inner > *")].some(late))
        await new Promise((resolve) => setTimeout(resolve, 50));
}"""


def test_an_address_within_a_page_leads_there_before_and_after_all_is_laid_out(
    phone: Page, site: str
):
    phone.goto(f"{site}network/backward/#where-to-go-next")
    heading = phone.locator("#where-to-go-next")
    assert heading.evaluate("(one) => one.checkVisibility() && one.getBoundingClientRect().y") < 740
    phone.evaluate(ALL_LAID_OUT)
    box = heading.bounding_box()
    assert box
    assert 0 < box["y"] < PHONE["height"]
