"""What a reader does: open the drawer, search, tab through a page, print it, copy from it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from .conftest import PHONE

ROLES = ["weight", "activation", "gradient", "loss"]


# By keyboard ----------------------------------------------------------------------------------


def test_the_drawer_opens_and_closes_by_keyboard(page: Page, site: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(site)
    drawer = page.locator(".md-sidebar--primary")
    assert not drawer.is_visible()
    opener = page.get_by_role("button", name="Navigation")
    opener.focus()
    page.keyboard.press("Enter")
    drawer.wait_for(state="visible")
    assert opener.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.closest('.md-sidebar--primary') !== null")
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.dataset.opens") == "__drawer"


def test_the_drawer_opens_by_keyboard_without_scripts(
    reader_without_scripts: BrowserContext, site: str
) -> None:
    page = reader_without_scripts.new_page()
    page.goto(site)
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "__drawer":
            break
    page.keyboard.press("Space")
    page.locator(".md-sidebar--primary").wait_for(state="visible")
    page.locator(".md-sidebar--primary a", has_text="Notation").click()
    page.wait_for_url("**/reference/notation/")
    page.close()


def test_a_page_is_found_by_search_and_keyboard(page: Page, site: str) -> None:
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("vanishing")
    page.locator(".md-search-result__link").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**vanishing**")


def test_the_search_reads_a_formula_once_and_not_as_tex(page: Page, site: str) -> None:
    index = page.request.get(f"{site}search/search_index.json").json()
    prose = "".join(
        re.sub(r"<pre.*?</pre>", "", entry["text"], flags=re.S) for entry in index["docs"]
    )
    assert "katex" not in prose
    assert re.findall(r"\\(?:frac|partial|htmlClass|delta|act\b)", prose) == []


def test_what_is_named_by_a_formula_has_a_name_in_chromium(page: Page, site: str) -> None:
    page.goto(f"{site}network/batches/")
    assert page.locator("th[scope=row]:has(math)").count() > 0
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    for role in ("rowheader", "heading", "link", "radio"):
        names = [node["name"]["value"] for node in tree if node["role"]["value"] == role]
        assert names
        assert all(names)


def test_the_address_of_nothing_leads_on(page: Page, site: str) -> None:
    page.goto(f"{site}no/such/page/")
    page.get_by_role("link", name="Notation").last.click()
    page.wait_for_url("**/reference/notation/")


# What comes out -------------------------------------------------------------------------------


def test_a_copied_formula_is_tex(browser: Browser, site: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}start/one-neuron/")
    page.evaluate("""() => {
        const range = document.createRange();
        range.selectNode(document.querySelector(".maths .katex-display"));
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        document.execCommand("copy");
    }""")
    copied = page.evaluate("navigator.clipboard.readText()").strip()
    context.close()
    assert copied.startswith("$$")
    assert copied.endswith("$$")


def test_a_listing_is_copied_as_it_stands(browser: Browser, site: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}start/one-neuron/")
    button = page.locator(".copy").first
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Copied", exact=True).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    listing = page.locator(".highlight pre code").first.text_content()
    context.close()
    assert copied == listing


def test_print_shows_what_is_folded_and_hides_the_frame(page: Page, site: str) -> None:
    page.goto(f"{site}start/one-neuron/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("details.provenance p").first.is_visible()
    assert not page.locator(".md-header").is_visible()
    assert not page.locator(".md-sidebar--primary").is_visible()
    assert _channels(page.evaluate("getComputedStyle(document.querySelector('h1')).color"))[0] < 0.2


# What is seen ---------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("role", ["ink", "muted", *ROLES])
def test_every_colour_of_the_palette_can_be_read(
    page: Page, site: str, role: str, scheme: str
) -> None:
    page.goto(site)
    page.evaluate("s => document.body.setAttribute('data-md-color-scheme', s)", scheme)
    for ground in ("paper", "tint"):
        assert contrast(_colour(page, role), _colour(page, ground)) >= 4.5


def _colour(page: Page, name: str) -> list[float]:
    value = page.evaluate(
        """name => {
            const probe = document.body.appendChild(document.createElement("i"));
            probe.style.color = `var(--cr-${name})`;
            const value = getComputedStyle(probe).color;
            probe.remove();
            return value;
        }""",
        name,
    )
    return _channels(value)


def _channels(css: str) -> list[float]:
    return [int(part) / 255 for part in css.removeprefix("rgb(").rstrip(")").split(",")]


def contrast(one: list[float], other: list[float]) -> float:
    """Return the contrast of two colours, as WCAG 2 defines it."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(c * weight for c, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize("role", ["weight", "act", "grad", "loss"])
def test_a_role_has_one_colour_in_equation_prose_and_code(page: Page, site: str, role: str) -> None:
    page.goto(f"{site}start/one-neuron/")
    names = {"act": "activation", "grad": "gradient"}
    wanted = page.evaluate(
        "name => getComputedStyle(document.body).getPropertyValue(`--cr-${name}`) && name",
        names.get(role, role),
    )
    colours = page.evaluate(
        """role => [".katex .t-", "article em.t-", ".highlight .t-"].flatMap(
            place => [...document.querySelectorAll(place + role)].slice(0, 3)
                .map(e => getComputedStyle(e).color))""",
        role,
    )
    assert len(colours) >= 3
    assert {tuple(_channels(colour)) for colour in colours} == {tuple(_colour(page, wanted))}
