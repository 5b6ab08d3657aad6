"""What holds on every page of the book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route

from .axe import ABOUT_COLOUR, UNDRAWN, violations, wear
from .conftest import PHONE, WIDE, Visit, awake, pages

ALL = pages()
MODES = [("default", WIDE), ("slate", PHONE), ("default", PHONE), ("slate", WIDE)]
ENLARGED = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %

RAW = re.compile(r"\\(?:frac|pd|w|g|act|loss|partial|[a-z]+\{)|\\[(\[]|\$\$|\{\{|\}\}")


def test_the_tests_visit_every_page_that_is_published(built: Path) -> None:
    published = {
        path.relative_to(built).as_posix().removesuffix("index.html")
        for path in built.rglob("*.html")
    }
    assert published == set(pages())


@pytest.fixture(scope="module", params=ALL, ids=lambda page: page or "home")
def visit(request: pytest.FixtureRequest, reader: BrowserContext, site: str) -> Iterator[Visit]:
    page = reader.new_page()
    yield Visit(page).open(site + request.param)
    page.close()


def test_it_opens_without_an_error(visit: Visit) -> None:
    assert visit.errors == []


def test_it_asks_no_other_host(visit: Visit, record: Any) -> None:
    elsewhere, pages = len(visit.elsewhere), {visit.page.url}
    record("visit", pages=pages, requests=visit.requests, elsewhere=elsewhere)
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


SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""


def test_it_can_be_read_at_four_times_the_size_and_with_wider_spacing(visit: Visit) -> None:
    """WCAG 1.4.10 and 1.4.12: no page is scrolled sideways."""
    page, before = visit.page, visit.page.viewport_size
    wide = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    page.set_viewport_size(ENLARGED)
    enlarged = page.evaluate(wide)
    page.set_viewport_size(WIDE)
    page.evaluate(SPACED)
    spaced = page.evaluate(wide)
    page.set_viewport_size(PHONE)
    spaced_on_a_phone = page.evaluate(wide)
    page.evaluate("document.adoptedStyleSheets = []")
    page.set_viewport_size(before)
    for scrolled, visible in (enlarged, spaced, spaced_on_a_phone):
        assert scrolled <= visible


NAMED = {"button", "checkbox", "columnheader", "combobox", "heading", "image", "img",
         "link", "MathMLMath", "radio", "rowheader", "searchbox", "slider", "spinbutton", "switch",
         "textbox"}  # fmt: skip


def test_everything_has_a_name_for_a_screen_reader(visit: Visit) -> None:
    """The tree that Chromium hands on, not the attributes it is made from."""
    nameless: list[Any] = []
    session = visit.page.context.new_cdp_session(visit.page)
    tree = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    for node in tree.values():
        role, name = node["role"]["value"], node.get("name", {}).get("value", "")
        if node["ignored"] or role not in NAMED or re.search(r"\w|[^\s.…]", name):
            continue
        if role == "MathMLMath" and said(node, tree):
            continue
        found = session.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})
        nameless.append((role, found["node"]["localName"], found["node"].get("attributes")))
    session.detach()
    assert nameless == []


def said(node: Any, tree: dict[str, Any]) -> str:
    """Return the text within a node, which is what a formula without a label is read from."""
    if node["role"]["value"] == "StaticText":
        return str(node["name"]["value"])
    return "".join(said(tree[id], tree) for id in node.get("childIds", []) if id in tree)


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


def test_there_are_figures_with_two_layouts(built: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in built.rglob("*.html")]
    assert sum(bool(re.search(r'<svg[^>]* class="[^"]*\bnarrow\b', page)) for page in pages) > 5


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


def test_axe_finds_nothing(visit: Visit) -> None:
    """In one of the four modes, another on each page."""
    place = next(n for n, page in enumerate(ALL) if visit.page.url.endswith(f"/book/{page}"))
    assert in_mode(visit, *MODES[place % len(MODES)]) == []


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: f"{mode[0]}-{mode[1]['width']}")
def test_axe_finds_nothing_in_any_mode(visit: Visit, mode: tuple[str, Any], record: Any) -> None:
    scheme, size = mode
    found = in_mode(visit, scheme, size)
    modes = {f"{scheme} {size['width']}"}
    record("axe", pages={visit.page.url}, modes=modes, looks=1, violations=len(found))
    assert found == []


def in_mode(visit: Visit, scheme: str, size: Any) -> list[str]:
    """Return what axe finds; the rules that colours have no part in are tried in light ones."""
    visit.page.set_viewport_size(size)
    wear(visit.page, scheme)
    visit.page.evaluate(UNDRAWN)
    return violations(visit.page, rules=ABOUT_COLOUR if scheme == "slate" else None)


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


SHOWN_SCHEME = "document.body.dataset.mdColorScheme"
TOGGLE = "label.md-header__button[for^=__palette]:not([hidden])"


def broken(visit: Visit) -> list[str]:
    """Return what is wrong: the theme's script has run to its end if the toggle turns colours."""
    before = visit.page.evaluate(SHOWN_SCHEME)
    if visit.page.locator(TOGGLE).count() == 0:
        return [*visit.errors, "there is no toggle"]
    visit.page.locator(TOGGLE).click()
    turned = visit.page.evaluate(SHOWN_SCHEME) != before
    return visit.errors if turned else [*visit.errors, "the toggle does nothing"]


SAMPLE = ["", "start/one-neuron/", "network/player/", "training/learning/", "practice/",
          "reference/claims/", "derivations/adam/", "404.html"]  # fmt: skip


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(page, id=page or "home", marks=[] if page in SAMPLE else pytest.mark.long)
        for page in ALL
    ],
)
def other(request: pytest.FixtureRequest) -> str:
    """A page; in the gate only some of them."""
    return request.param


def test_it_works_where_storage_is_refused(
    other: str, site: str, browser_refusing_storage: BrowserContext, record: Any
) -> None:
    page = browser_refusing_storage.new_page()
    found = broken(Visit(page).open(site + other))
    page.close()
    record("storage", pages={other}, tried=1, broken=found != [])
    assert found == []


@pytest.fixture(scope="module")
def browser_refusing_storage(browser: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(REFUSED)
    yield context
    context.close()


def test_it_works_where_storage_is_damaged(
    other: str, site: str, browser: Any, record: Any
) -> None:
    """One kind of damage on each page."""
    value = DAMAGED[ALL.index(other) % len(DAMAGED)]
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(f"""for (const key of [
        "/book/.__palette", "/book/.__search", "/book/.__tabs", "/.__palette",
        "chainrule.questions"]) localStorage.setItem(key, {value!r});""")
    found = broken(Visit(context.new_page()).open(site + other))
    context.close()
    record("storage", pages={other}, tried=1, broken=found != [])
    assert found == []


@pytest.mark.parametrize("value", DAMAGED)
def test_every_kind_of_damage_is_survived(site: str, browser: Any, value: str, record: Any) -> None:
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(f"""for (const key of ["/book/.__palette", "chainrule.questions"])
        localStorage.setItem(key, {value!r});""")
    found = broken(Visit(context.new_page()).open(site))
    context.close()
    record("storage", tried=1, broken=found != [])
    assert found == []


def unguarded(route: Route) -> None:
    page = route.fetch()
    scripts = re.findall(r"<script>.*?</script>", page.text(), re.S)
    [guard] = [script for script in scripts if "chainrule-probe" in script]
    route.fulfill(response=page, body=page.text().replace(guard, ""))


@pytest.mark.parametrize("value", [None, "{bad"], ids=["refused", "damaged"])
def test_without_the_guard_a_page_breaks(
    site: str, browser: Any, value: str | None, record: Any
) -> None:
    """What stands between a page and such a storage is taken away."""
    context = browser.new_context(viewport=WIDE)
    fill = f"localStorage.setItem('/book/.__palette', {value!r});"
    context.add_init_script(fill if value else REFUSED)
    context.route(site, unguarded)
    visit = Visit(context.new_page()).open(site)
    visit.page.evaluate("document.documentElement.classList.remove('no-js')")
    awake(visit.page)
    assert broken(visit)
    context.close()
    record("storage", planted=1)
