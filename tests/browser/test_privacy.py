"""What the page on privacy says: nobody else is asked, and only what it lists is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import WIDE, Visit
from .test_in_use import STATES, sheet_made

PRIVACY = "reference/privacy/"

KEPT = """async () => ({
    storage: [localStorage, sessionStorage].flatMap(storage => Object.keys(storage)),
    databases: (await indexedDB.databases()).map(one => one.name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
WATCH = """window.refused = [];
addEventListener("securitypolicyviolation",
    e => refused.push(`${e.violatedDirective} ${e.sample}`));
"""


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(
        viewport=WIDE,  # pyright: ignore[reportArgumentType]
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.add_init_script(WATCH)
    yield Visit(context.new_page())
    context.close()


def refused(page: Page) -> list[str]:
    page.wait_for_timeout(100)
    return page.evaluate("refused")


def turn_the_colours(page: Page) -> None:
    page.locator("label.md-header__button[for^=__palette]:not([hidden])").click()


def listed(page: Page) -> list[str]:
    """Return the names under which the page says that something is kept."""
    return (
        page.locator("article table").first.locator("tbody td:first-child code").all_inner_texts()
    )


def test_a_whole_visit_asks_nobody_breaks_no_rule_and_keeps_what_is_listed(
    visit: Visit, site: str, record: Any
) -> None:
    page = visit.page
    visit.open(site)
    turn_the_colours(page)
    not_allowed: list[str] = []
    for state, address in STATES.items():
        page.set_viewport_size(WIDE)
        page.goto(site + address)
        state(page)
        page.emulate_media(media="print")
        page.emulate_media(media="screen")
        not_allowed += refused(page)
        if state is sheet_made:
            kept = page.evaluate(KEPT)
    page.goto(site + PRIVACY)
    names = listed(page)
    assert len(names) == 2
    for name in names:
        assert any(key.endswith(name) for key in kept["storage"]), f"{name} is listed, not kept"
    for key in kept["storage"]:
        assert any(key.endswith(name) for name in names), f"{key} is kept, not listed"
    assert (kept["databases"], kept["caches"], kept["workers"]) == ([], [], 0)
    cookies = page.context.cookies()
    record("visit", requests=visit.requests, elsewhere=len(visit.elsewhere), cookies=len(cookies),
           refused=len(not_allowed), kept={*kept["storage"]})  # fmt: skip
    assert cookies == []
    assert not_allowed == []
    assert visit.elsewhere == []
    assert visit.errors == []


def test_nothing_is_kept_before_a_question_is_answered_but_the_colours(
    visit: Visit, site: str
) -> None:
    page = visit.open(site + PRIVACY).page
    page.goto(site + "start/one-neuron/")
    assert page.evaluate(KEPT)["storage"] == ["/book/.__palette"]


def test_what_is_taken_away_from_the_player_breaks_no_rule(visit: Visit, site: str) -> None:
    page = visit.open(f"{site}network/player/").page
    page.locator("summary", has_text="Take it with you").click()
    for does in ("python", "json", "svg", "png"):
        with page.expect_download():
            page.locator(f"[data-does={does}]").click()
    assert refused(page) == []
    assert visit.errors == []


# The policy does what it says -------------------------------------------------------------------

PLANTED = {
    "style": "document.body.innerHTML += '<p style=\"color:red\">'",
    "script-src-attr": "document.body.innerHTML += '<img src=data:, onerror=\"window.ran = 1\">'",
    "script-src-elem": """document.body.append(Object.assign(document.createElement("script"),
        {text: "window.ran = 1"}))""",
    "style-src-elem": """document.body.append(Object.assign(document.createElement("style"),
        {textContent: "p { color: red }"}))""",
    "connect-src": "fetch('https://elsewhere.invalid/').catch(() => 0)",
    "script-src": "setTimeout('window.ran = 1')",
}


@pytest.mark.parametrize("directive", PLANTED)
def test_what_is_planted_is_refused(visit: Visit, site: str, directive: str, record: Any) -> None:
    page = visit.open(f"{site}404.html").page
    page.evaluate(f"() => {{ {PLANTED[directive]} }}")
    assert any(one.startswith(directive) for one in refused(page))
    assert page.evaluate("window.ran") is None
    record("visit", planted=1)


def test_every_page_has_the_same_policy(built) -> None:
    policies = {
        tuple(re.findall('<meta http-equiv="Content-Security-Policy" content="([^"]*)">',
                         path.read_text(encoding="utf-8")))
        for path in built.rglob("*.html")
    }  # fmt: skip
    assert len(policies) == 1
    (policy,) = policies.pop()
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert not re.search(r"https?:|\*", policy)


def test_nothing_that_a_script_puts_into_a_page_holds_a_style(built) -> None:
    pieces = [*built.glob("questions/*.json"), *built.glob("assets/explorers/*.mjs")]
    assert len(pieces) > 20
    for path in pieces:
        assert not re.search(r"<[a-z][^<>]* style=", path.read_text(encoding="utf-8")), path.name


# The button -------------------------------------------------------------------------------------


def test_the_button_erases_what_is_kept_and_says_what_it_was(visit: Visit, site: str) -> None:
    page = visit.open(site + PRIVACY).page
    said = page.locator(".kept [role=status]")
    button = page.get_by_role("button", name="Erase what is kept here")
    button.click()
    expect(said).to_have_text("Erased: your choice of colours.")
    button.click()
    expect(said).to_have_text("There was nothing to erase.")
    turn_the_colours(page)
    page.evaluate("""() => {
        localStorage.setItem("chainrule.questions", '{"a.b": {"right": 1}}');
        localStorage.setItem("/another/.__palette", "1");
    }""")
    button.click()
    expect(said).to_contain_text("your choice of colours")
    expect(said).to_contain_text("your answers to 1 question")
    assert page.evaluate("Object.keys(localStorage)") == ["/another/.__palette"]
    turn_the_colours(page)
    page.goto(site + "practice/")
    expect(page.locator(".progress__said")).to_contain_text("Nothing has been answered")
    assert visit.errors == []


@pytest.mark.parametrize("value", ["{bad", "null", "[]"])
def test_the_button_erases_what_is_damaged_too(visit: Visit, site: str, value: str) -> None:
    page = visit.open(site + PRIVACY).page
    page.evaluate("value => localStorage.setItem('chainrule.questions', value)", value)
    page.get_by_role("button", name="Erase what is kept here").click()
    expect(page.locator(".kept [role=status]")).to_contain_text("Erased")
    assert page.evaluate("localStorage.length") == 0
    assert visit.errors == []
