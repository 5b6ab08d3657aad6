"""Vanishing gradients and a network that learns, driven as a reader drives them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chainrule.explorers.learning import Settings, training

from .axe import SCHEMES, violations, wear
from .conftest import PHONE, Visit
from .test_every_page import REFUSED

VANISHING, LEARNING = "training/vanishing/", "training/learning/"
BOTH = pytest.mark.parametrize("path", [VANISHING, LEARNING])


@pytest.fixture
def visit(reader: BrowserContext) -> Iterator[Visit]:
    page = reader.new_page()
    visit = Visit(page)
    yield visit
    page.close()
    assert visit.errors == []


def sentence(page: Page) -> str:
    return page.locator("[data-part=sentence]").inner_text()


def press(page: Page, does: str) -> None:
    page.locator(f"[data-does='{does}']").click()


# Vanishing gradients ------------------------------------------------------------------------------


def test_a_network_of_ones_own_says_what_its_gradient_does(visit: Visit, site: str) -> None:
    page = visit.open(site + VANISHING).page
    assert "shrinks" in sentence(page)
    page.locator("[data-tries]").select_option("A sigmoid that explodes")
    assert "keeps about its size" in sentence(page) or "grows" in sentence(page)
    page.locator("[type=text][data-name=depth]").fill("5")
    page.keyboard.press("Enter")
    assert "From layer 5 " in sentence(page)
    press(page, "undo")
    assert "From layer 20 " in sentence(page)


def test_dragging_is_announced_once_and_when_it_has_ended(visit: Visit, site: str) -> None:
    page = visit.open(site + VANISHING).page
    page.evaluate("""() => {
        window.said = [];
        const voice = document.querySelector(".explorer__voice");
        new MutationObserver(() => said.push(voice.textContent)).observe(voice, {childList: true});
        const slider = document.querySelector("[type=range][data-name=depth]");
        for (let n = 3; n < 12; n++) {
            slider.value = n;
            slider.dispatchEvent(new Event("input", {bubbles: true}));
        }
    }""")
    page.wait_for_timeout(700)
    assert page.evaluate("said") == []
    page.evaluate("""document.querySelector("[type=range][data-name=depth]")
        .dispatchEvent(new Event("change", {bubbles: true}))""")
    page.wait_for_timeout(700)
    assert page.evaluate("said") == [sentence(page)]


# A network that learns ---------------------------------------------------------------------------


def test_steps_end_where_those_of_the_reference_end(visit: Visit, site: str) -> None:
    page = visit.open(site + LEARNING).page
    press(page, "hundred")
    press(page, "one")
    expect(page.locator("[data-part=sentence]")).to_contain_text("Step 101.")
    known = next(islice(training(Settings()), 101, None)).loss
    found = page.evaluate("document.querySelector('cr-learning').run.losses.at(-1)")
    assert found == pytest.approx(known, abs=1e-12)


def test_playing_goes_on_until_it_is_paused_and_then_it_is_told(visit: Visit, site: str) -> None:
    page = visit.open(site + LEARNING).page
    press(page, "play")
    expect(page.locator("[data-does=play]")).to_have_text("Pause")
    page.wait_for_timeout(300)
    assert page.locator(".explorer__voice").inner_text() == ""
    press(page, "play")
    told = sentence(page)
    assert "Step 0." not in told
    expect(page.locator(".explorer__voice")).to_have_text(told)
    assert sentence(page) == told


def test_an_address_brings_a_training_back(visit: Visit, reader: BrowserContext, site: str) -> None:
    page = visit.open(site + LEARNING).page
    page.locator("[data-tries]").select_option("XOR, stuck from start 3")
    for _ in range(10):
        press(page, "hundred")
    expect(page.locator("[data-part=sentence]")).to_contain_text("hardly moved")
    page.wait_for_timeout(500)
    other = reader.new_page()
    other.goto(page.url)
    expect(other.locator("[data-part=sentence]")).to_have_text(sentence(page))
    other.close()


# Both -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name", "wrong"),
    [(VANISHING, "gain", "1e400"), (VANISHING, "depth", "50"), (LEARNING, "hidden", "9-9"),
     (LEARNING, "rate", "NaN"), (LEARNING, "seed", "")],
)  # fmt: skip
def test_bad_input_gets_a_sentence_beside_the_field_and_changes_nothing(
    visit: Visit, site: str, path: str, name: str, wrong: str
) -> None:
    page = visit.open(site + path).page
    before = sentence(page)
    field = page.locator(f"[type=text][data-name={name}]")
    field.fill(wrong)
    field.press("Enter")
    expect(page.locator(".explorer__error")).to_have_count(1)
    assert sentence(page) == before


@BOTH
@pytest.mark.parametrize("rest", ["depth=50", "seed=x", "none=1", "hidden=%E0%A4", "steps=1e9"])
def test_a_damaged_address_is_told(visit: Visit, site: str, path: str, rest: str) -> None:
    name = path.split("/")[1]
    page = visit.open(f"{site}{path}#e={name}&{rest}").page
    expect(page.locator(".explorer__said")).to_contain_text("last good state")


@BOTH
def test_a_page_without_scripts_shows_one_run(
    reader_without_scripts: BrowserContext, site: str, path: str
) -> None:
    page = reader_without_scripts.new_page()
    page.goto(site + path)
    still = page.locator(".explorer__still")
    expect(still.locator("svg.chart:visible").first).to_be_visible()
    assert still.locator("tbody tr").count() >= 4
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.close()


@BOTH
def test_it_stays_small_and_obeys_a_strict_policy(
    visit: Visit, site: str, built: Path, path: str
) -> None:
    visit.page.add_init_script(REFUSED)
    page = visit.open(site + path).page
    sizes = [
        len(gzip.compress((built.parent / name[1:]).read_bytes()))
        for name in page.evaluate("""() => performance.getEntriesByType("resource")
            .map(e => new URL(e.name).pathname).filter(path => path.endsWith("js"))""")
        if "/assets/javascripts/" not in name  # of the theme
    ]
    assert 0 < sum(sizes) <= 40_000
    page.evaluate("""async () => {
        document.querySelectorAll("details").forEach(d => { d.open = true; });
        document.querySelectorAll(".explorer [data-does]").forEach(button => button.click());
        await new Promise(done => setTimeout(done, 300));
    }""")  # what is against the policy of the site is an error of the visit


@BOTH
def test_axe_finds_nothing_while_it_is_used(visit: Visit, site: str, path: str) -> None:
    page = visit.open(site + path).page
    page.set_viewport_size(PHONE)
    page.evaluate("document.querySelectorAll('.explorer details').forEach(d => { d.open = true; })")
    page.locator("[type=text][data-name=seed]").fill("x")
    page.keyboard.press("Enter")
    for scheme in SCHEMES:
        wear(page, scheme)
        assert violations(page, ".explorer") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
