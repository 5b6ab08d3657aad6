"""What holds on every page of the book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from .conftest import PHONE, WIDE, Visit, pages

AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ABOUT_COLOUR = ["color-contrast", "link-in-text-block"]

# A formula is drawn with hundreds of boxes that only the eye meets. Without them axe takes a third
# of the time; their colours are held in test_reading.
UNDRAWN = "document.querySelectorAll('katex-html').forEach(drawn => drawn.replaceChildren())"

RAW = re.compile(r"\\(?:frac|pd|w|g|act|loss|partial|[a-z]+\{)|\\[(\[]|\$\$|\{\{|\}\}")


def test_the_tests_visit_every_page_that_is_published(built: Path) -> None:
    published = {
        path.relative_to(built).as_posix().removesuffix("index.html")
        for path in built.rglob("*.html")
    }
    assert published == set(pages())


@pytest.fixture(scope="module", params=pages(), ids=lambda page: page or "home")
def visit(request: pytest.FixtureRequest, reader: BrowserContext, site: str) -> Iterator[Visit]:
    page = reader.new_page()
    yield Visit(page).open(site + request.param)
    page.close()


def test_it_opens_without_an_error(visit: Visit) -> None:
    assert visit.errors == []


def test_it_asks_no_other_host(visit: Visit) -> None:
    assert visit.elsewhere == []


def test_nothing_sticks_out_of_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size(PHONE)
    sticking_out = visit.page.evaluate("""() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        return [...document.querySelectorAll("article *")]
            .filter(e => e.getBoundingClientRect().right > width + 1)
            .map(e => e.outerHTML.slice(0, 120));
    }""")
    assert sticking_out == []


def test_every_picture_has_words(visit: Visit) -> None:
    assert (
        visit.page.evaluate("""() =>
        [...document.querySelectorAll("article svg:not([aria-hidden=true] *, button *, a *)")]
            .filter(svg => (svg.getAttribute("aria-label") ?? "").length < 20
                        && !svg.closest("[aria-hidden=true], .md-icon, .katex"))
            .map(svg => svg.outerHTML.slice(0, 120))
    """)
        == []
    )


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_figure_shows_exactly_one_of_its_two_layouts(visit: Visit, size: Any) -> None:
    visit.page.set_viewport_size(size)
    shown = visit.page.evaluate("""() => {
        const pairs = [...document.querySelectorAll("article figure svg.wide")]
            .map(wide => [wide, wide.parentElement.querySelector(":scope > svg.narrow")])
            .filter(([, narrow]) => narrow);
        return pairs.map(pair => pair.filter(svg => getComputedStyle(svg).display !== "none")
            .map(svg => svg.classList.contains("wide") ? "wide" : "narrow").join(" and "));
    }""")
    assert set(shown) <= {"wide" if size == WIDE else "narrow"}


def test_no_formula_is_left_raw(visit: Visit) -> None:
    assert RAW.findall(prose(visit.page)) == []
    assert visit.page.locator(".katex:not(:has(.katex-html))").count() == 0
    assert visit.page.locator("[data-aside], .arithmatex").count() == 0


def test_it_reads_without_scripts(visit: Visit, reader_without_scripts: BrowserContext) -> None:
    page = reader_without_scripts.new_page()
    page.goto(visit.page.url)
    text = prose(page)
    formulas = page.evaluate("""() => [...document.querySelectorAll(".katex-html")]
        .filter(f => f.checkVisibility() && !f.getBoundingClientRect().width).length""")
    overflow = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.close()
    assert RAW.findall(text) == []
    assert len(text) > 0.9 * len(prose(visit.page))
    assert formulas == 0
    assert not overflow


def prose(page: Any) -> str:
    """Return what a page shows outside its listings, the folded parts unfolded."""
    return str(
        page.evaluate("""() => {
            const article = document.querySelector("article").cloneNode(true);
            const made = "form.worksheet, .worksheet__sheet";  // on request, by a script
            article.querySelectorAll(`pre, code, annotation, script, style, [hidden], ${made}`)
                .forEach(e => e.remove());
            return article.textContent;
        }""")
    )


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_axe_finds_nothing(visit: Visit, scheme: str, size: Any) -> None:
    page = visit.page
    page.set_viewport_size(size)
    page.evaluate("s => document.body.setAttribute('data-md-color-scheme', s)", scheme)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
        page.evaluate(UNDRAWN)
    rules = (
        {"type": "tag", "values": STANDARDS}
        if scheme == "default"
        else {"type": "rule", "values": ABOUT_COLOUR}
    )
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules
    )
    assert [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ] == []


# Storage --------------------------------------------------------------------------------------

REFUSED = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, {get() { throw new DOMException("no", "SecurityError"); }});
"""
DAMAGED = [
    "{bad",
    "[]",
    '"x"',
    "null",
    '{"color":null}',
    '{"index":"a"}',
    '{"index":99,"color":{"scheme":5}}',
]


@pytest.fixture(scope="module")
def works(site: str) -> Any:
    """Return a check that the theme's script has run to its end: the toggle turns the colours."""

    def check(visit: Visit) -> None:
        page = visit.page
        before = page.evaluate("document.body.dataset.mdColorScheme")
        page.locator("label.md-header__button[for^=__palette]:not([hidden])").click()
        assert page.evaluate("document.body.dataset.mdColorScheme") != before
        assert visit.errors == []

    return check


def test_it_works_where_storage_is_refused(
    visit: Visit, browser_refusing_storage: BrowserContext, works: Any
) -> None:
    page = browser_refusing_storage.new_page()
    works(Visit(page).open(visit.page.url))
    page.close()


@pytest.fixture(scope="module")
def browser_refusing_storage(browser: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(REFUSED)
    yield context
    context.close()


def test_it_works_where_storage_is_damaged(visit: Visit, browser: Any, works: Any) -> None:
    value = DAMAGED[len(visit.page.url) % len(DAMAGED)]
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(f"""for (const key of [
        "/book/.__palette", "/book/.__search", "/book/.__tabs", "/.__palette",
        "chainrule.questions"]) localStorage.setItem(key, {value!r});""")
    works(Visit(context.new_page()).open(visit.page.url))
    context.close()


@pytest.mark.parametrize("value", DAMAGED)
def test_every_kind_of_damage_is_survived(site: str, browser: Any, works: Any, value: str) -> None:
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(f"""for (const key of ["/book/.__palette", "chainrule.questions"])
        localStorage.setItem(key, {value!r});""")
    works(Visit(context.new_page()).open(site))
    context.close()
