"""With the keyboard alone: every stop is seen, nothing is a trap, and everything can be done."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page, expect

from chainrule.practice import TEMPLATES

from .conftest import PHONE, WIDE, pages

SAMPLE = ["", "start/one-neuron/", "network/backward/", "derivations/neuron/", "network/player/",
          "training/learning/", "reference/claims/", "practice/worksheets/"]  # fmt: skip
NO_CARET = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { caret-color: transparent !important; }");
    document.adoptedStyleSheets.push(sheet);
}"""  # a tag would be against the policy of the site

# Where the focus is. `kind` is what looks alike: the first of a kind is looked at, pixel by pixel.
STOP = """() => {
    const e = document.activeElement;
    if (e === document.body || e === document.documentElement) return null;
    const again = (window.met ??= new Set()).has(e);
    met.add(e);
    const tabs = e.matches(".tabbed-set > input");  // shown as a row of labels
    const drawn = tabs ? e.parentElement.querySelector(".tabbed-labels") : e;
    const {x, y, width, height} = drawn.getBoundingClientRect();
    const style = getComputedStyle(e);
    const parts = ".md-header, .md-sidebar, .md-footer, figure, .explorer, .question, article";
    const where = e.closest(parts)?.className;
    const what = e.outerHTML.slice(0, 150);
    const kind = [e.localName, e.type, e.className, where, style.outline, style.boxShadow];
    const across = [0.5, 0.1, 0.9].map(share => x + share * width);
    const down = [0.5, 0.1, 0.9].map(share => y + share * height);
    const seen = across.some(left => down.some(top => {
        const found = document.elementFromPoint(left, top);
        return found && (drawn.contains(found) || found.contains(e)
            || found.closest("label")?.control === e);
    }));
    return {x, y, width, height, kind: kind.join("|"), seen, again, what};
}"""

# What the Tab key has to lead to: of a group of radio buttons it leads to one only.
NOTED = """() => { window.there = [...document.querySelectorAll(
    "a[href], button, summary, select, textarea, input:not([type=radio])")].filter(
    e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true})); }"""
LEFT_OUT = "there.filter(e => !met.has(e)).map(e => `left out: ${e.outerHTML.slice(0, 150)}`)"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(
    "address",
    [
        pytest.param(
            address, id=address or "home", marks=[] if address in SAMPLE else [pytest.mark.long]
        )
        for address in pages()
    ],
)
def test_every_stop_of_the_tab_key_is_seen(
    page: Page, site: str, address: str, size: Any, record: Any
) -> None:
    page.set_viewport_size(size)
    page.goto(site + address)
    stops, unseen = walked(page, size)
    record("keyboard", pages={address}, walks=1, stops=stops, unseen=len(unseen))
    assert unseen == []
    assert stops > (20 if size == WIDE else 8)  # a walk that sees nothing proves nothing


FAULTS = {
    "not marked": "* { outline: none !important; box-shadow: none !important; "
    "background: none !important; border-color: #777 !important; color: #777 !important; "
    "text-decoration: none !important; }",
    "covered": ".planted { position: fixed; inset: 0; z-index: 99; }",
}


PLANT = """rule => {
    document.body.append(Object.assign(document.createElement("p"), {className: "planted"}));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rule);
    document.adoptedStyleSheets.push(sheet);
}"""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_stop_that_is_not_seen_is_found(page: Page, site: str, fault: str, record: Any) -> None:
    page.set_viewport_size(WIDE)
    page.goto(f"{site}404.html")
    page.evaluate(PLANT, FAULTS[fault])
    _, unseen = walked(page, WIDE)
    assert {one.partition(":")[0] for one in unseen} == {fault}
    record("keyboard", planted=1)


@pytest.mark.parametrize(("fault", "link"), [("caught in a circle", 0), ("left out", -1)])
def test_a_stop_that_leads_elsewhere_is_found(
    page: Page, site: str, fault: str, link: int, record: Any
) -> None:
    page.set_viewport_size(WIDE)
    page.goto(f"{site}404.html")
    page.evaluate("""link => addEventListener("focusin", event => {
        const other = [...document.links].at(link);
        if (event.target !== other && event.target.closest("article")) other.focus();
    })""", link)  # fmt: skip
    _, unseen = walked(page, WIDE)
    assert {one.partition(":")[0] for one in unseen} == {fault}
    record("keyboard", planted=1)


def walked(page: Page, size: Any) -> tuple[int, list[str]]:
    """Press Tab through a page. Return at how many places it stopped, and which are not seen.

    None may be hidden, covered, left out, or met twice before the end of the page. Of those that
    look alike the first is compared without focus.
    """
    page.evaluate(NO_CARET)
    page.evaluate("document.fonts.ready.then(() => 0)")
    page.evaluate(NOTED)
    unseen: list[str] = []
    known: set[str] = set()
    stops = 0
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            break
        stops += 1
        if stop["again"]:
            return stops, [*unseen, f"caught in a circle: {stop['what']}"]
        if not stop["seen"]:
            page.wait_for_timeout(200)  # the theme fits its sidebars to where the page has moved
            stop = page.evaluate(STOP)
        if not stop["seen"]:
            unseen.append(f"covered: {stop['what']}")
        elif stop["kind"] not in known and not _is_marked(page, stop, size):
            unseen.append(f"not marked: {stop['what']}")
        known.add(stop["kind"])
    return stops, unseen + page.evaluate(LEFT_OUT)


def _is_marked(page: Page, box: dict[str, float], size: dict[str, int]) -> bool:
    """Whether having the focus changes what is seen at the place of the element."""
    left, top = max(box["x"] - 8, 0), max(box["y"] - 8, 0)
    right = min(box["x"] + box["width"] + 8, size["width"])
    bottom = min(box["y"] + box["height"] + 8, size["height"])
    if right - left < 1 or bottom - top < 1:
        return False
    clip: Any = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    focused = page.screenshot(clip=clip)
    page.evaluate("document.activeElement.blur()")
    plain = page.screenshot(clip=clip)
    first, second = (Image.open(io.BytesIO(shot)).convert("L") for shot in (focused, plain))
    changed = ImageChops.difference(first, second).point(lambda v: 255 if v > 40 else 0)
    return changed.histogram()[255] >= 40


# What a reader does, reached with the Tab key and nothing else -----------------------------------


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(400):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            return
    pytest.fail(f"the Tab key does not lead to {wanted}")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_question_is_answered(page: Page, site: str, size: Any) -> None:
    page.set_viewport_size(size)
    page.goto(f"{site}practice/one-neuron/")
    id = "one-neuron.weight-gradient"
    question = page.locator(f'.question[data-question="{id}"]')
    tab_to(page, question.get_by_label("Your number"))
    page.keyboard.type(f"{TEMPLATES[id].make(0).value:.6g}")
    tab_to(page, question.get_by_role("button", name="Check"))
    page.keyboard.press("Enter")
    expect(question.locator(".question__said")).to_contain_text("Right.")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_slider_is_moved(page: Page, site: str, size: Any) -> None:
    page.set_viewport_size(size)
    page.goto(f"{site}idea/chain-rule/")
    formula = page.locator("cr-chain-rule [data-part=formula]")
    before = formula.inner_text()
    tab_to(page, page.locator('cr-chain-rule [type=range][data-name="x"]'))
    page.keyboard.press("ArrowRight")
    assert formula.inner_text() != before


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_player_is_stepped(page: Page, site: str, size: Any) -> None:
    page.set_viewport_size(size)
    page.goto(f"{site}network/player/")
    tab_to(page, page.locator("cr-player [data-does=on]"))
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(page.locator(".player__place")).to_have_text("4/14")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_page_is_searched_for(page: Page, site: str, size: Any) -> None:
    page.set_viewport_size(size)
    page.goto(site)
    opener = page.locator("[data-opens=__search]")
    tab_to(page, opener if opener.is_visible() else page.locator(".md-search__input"))
    page.keyboard.press("Enter")
    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.type("vanishing")
    page.locator(".md-search-result__link").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("vanishing"))


def test_the_menu_leads_to_a_page_on_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(site)
    tab_to(page, page.get_by_role("button", name="Navigation"))
    page.keyboard.press("Enter")
    page.locator(".md-sidebar--primary").wait_for(state="visible")
    link = page.locator(".md-nav--primary").get_by_role("link", name="Notation")
    tab_to(page, link)
    page.keyboard.press("Enter")
    page.wait_for_url("**/reference/notation/")
