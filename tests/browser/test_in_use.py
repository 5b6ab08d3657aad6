"""The states that a page is in only while somebody uses it: still nothing for axe to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from chainrule.practice import TEMPLATES

from .axe import ABOUT_COLOUR, UNDRAWN, violations, wear
from .conftest import PHONE, WIDE, Visit

NUMBER = "one-neuron.weight-gradient"


def results_found(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("gradient")
    page.locator(".md-search-result__link").first.wait_for()


def menu_open(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Navigation").click()
    page.locator(".md-sidebar--primary").wait_for(state="visible")
    page.wait_for_timeout(400)  # it slides in


def answered(page: Page, factor: float, verdict: str) -> None:
    question = page.locator(f'.question[data-question="{NUMBER}"]')
    key = TEMPLATES[NUMBER].make(0).value
    assert key is not None
    question.get_by_label("Your number").fill(f"{key * factor:.6g}")
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".question__said")).to_contain_text(verdict)


def right(page: Page) -> None:
    answered(page, 1, "Right.")


def wrong(page: Page) -> None:
    answered(page, 7.3, "Not yet")


def unfolded(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")


def copied(page: Page) -> None:
    page.locator(".copy").first.click()
    page.get_by_text("Copied", exact=True).wait_for()


def tab_chosen(page: Page) -> None:
    page.locator(".tabbed-labels label").nth(1).click()


def claims_filtered(page: Page) -> None:
    page.locator("form select").first.select_option(index=1)


def sheet_made(page: Page) -> None:
    page.get_by_role("button", name="Make the sheet").click()
    page.locator(".worksheet__questions h3").first.wait_for()


def erased(page: Page) -> None:
    page.get_by_role("button", name="Erase").click()
    expect(page.locator(".kept [role=status]")).not_to_be_empty()


def mid_step(page: Page) -> None:
    page.locator("cr-player [data-does=on]").click(click_count=3)


def error_shown(page: Page) -> None:
    field = page.locator('cr-chain-rule [type=text][data-name="x"]')
    field.fill("much")
    field.press("Enter")
    expect(page.locator(".explorer__error")).to_have_count(1)


STATES: dict[Callable[[Page], None], str] = {
    results_found: "",
    menu_open: "network/backward/",
    right: "start/one-neuron/",
    wrong: "start/one-neuron/",
    unfolded: "start/one-neuron/",
    copied: "start/one-neuron/",
    tab_chosen: "code/frameworks/",
    claims_filtered: "reference/claims/",
    sheet_made: "practice/worksheets/",
    erased: "reference/privacy/",
    mid_step: "network/player/",
    error_shown: "idea/chain-rule/",
}


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Callable[[], Visit]]:
    allowed = ["clipboard-read", "clipboard-write"]
    context = browser.new_context(
        viewport=WIDE,  # pyright: ignore[reportArgumentType]
        reduced_motion="reduce",
        permissions=allowed,
    )
    yield lambda: Visit(context.new_page())
    context.close()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(visitor: Callable[[], Visit], site: str, state, record) -> None:
    visit = visitor().open(site + STATES[state])
    page = visit.page
    state(page)
    page.evaluate(UNDRAWN)
    found = violations(page)
    wear(page, "slate")
    found += violations(page, rules=ABOUT_COLOUR)
    record("axe", states={state}, violations=len(found))
    assert found == []
    assert visit.errors == []
    page.close()


FAULTS = {
    "image-alt": "article.append(new Image())",
    "label": "article.append(document.createElement('input'))",
    "empty-heading": "article.append(document.createElement('h2'))",
    "color-contrast": "article.querySelector('p').style.color = '#ccc'",
}


@pytest.mark.parametrize("rule", FAULTS)
def test_axe_would_find_a_fault(
    visitor: Callable[[], Visit], site: str, rule: str, record: Callable[..., None]
) -> None:
    page = visitor().open(f"{site}404.html").page
    page.evaluate(f"() => {{ const article = document.querySelector('article'); {FAULTS[rule]} }}")
    assert [found.split(":")[0] for found in violations(page)] == [rule]
    record("axe", planted=1)
    page.close()


# Colours that the reader's system has chosen -----------------------------------------------------


@pytest.mark.parametrize("address", ["start/one-neuron/", "network/player/", "training/vanishing/"])
def test_it_can_be_read_in_the_colours_of_the_system(
    browser: Browser, site: str, address: str
) -> None:
    context = browser.new_context(viewport=WIDE, forced_colors="active")  # pyright: ignore[reportArgumentType]
    visit = Visit(context.new_page()).open(site + address)
    page = visit.page
    page.evaluate(UNDRAWN)
    assert violations(page, rules=ABOUT_COLOUR) == []
    invisible = page.evaluate("""() => {
        const paper = getComputedStyle(document.body).backgroundColor;
        return [...document.querySelectorAll("article figure svg :is(text, path, line, rect)")]
            .filter(mark => mark.checkVisibility())
            .map(mark => [mark, getComputedStyle(mark)])
            .filter(([mark, {fill, stroke}]) => mark.localName === "text" && fill === paper
                || mark.localName === "line" && stroke === paper)
            .map(([mark]) => mark.outerHTML.slice(0, 120));
    }""")
    assert invisible == []
    field = page.locator("article :is(input[type=text], button, select):visible").first
    assert field.evaluate("field => getComputedStyle(field).borderTopStyle") != "none"
    context.close()
