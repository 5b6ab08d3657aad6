"""What holds for every one of the smaller explorers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import PHONE, WIDE, Visit

SCRIPT = (Path(__file__).parent / "fuzz_explorers.js").read_text(encoding="utf-8")
ACTIONS = 40  # before the page is looked at from outside
FOUR_TIMES = {"width": 320, "height": 256}  # of 1280 by 1024

# Where each stands, its name, and addresses of states that take most room.
EXPLORERS = {
    "idea/chain-rule/": ("chain-rule", ["shape=fork&f=exp&g=exp&x=3", "f=sigmoid&dx=0"]),
    "training/step-size/": ("descent", ["surface=neuron2&noise=true&adam=true&momentum=true"]),
    "training/vanishing/": ("vanishing", ["depth=40&activation=leaky_relu&gain=20"]),
    "training/learning/": ("learning", ["hidden=8-8-8&data=ring&steps=300"]),
}
ALL = pytest.mark.parametrize("path", EXPLORERS)


@pytest.fixture
def visit(reader: BrowserContext, site: str, path: str) -> Iterator[Visit]:
    visit = Visit(reader.new_page()).open(site + path)
    yield visit
    visit.page.close()
    assert visit.errors == []


@ALL
@pytest.mark.parametrize("size", [FOUR_TIMES, PHONE], ids=["400 %", "phone"])
def test_nothing_sticks_out_of_a_small_window(visit: Visit, path: str, size: Any) -> None:
    page, (name, states) = visit.page, EXPLORERS[path]
    page.set_viewport_size(size)
    page.evaluate("document.querySelectorAll('.explorer details').forEach(d => { d.open = true; })")
    for state in ["", *states]:
        page.evaluate("hash => { location.hash = hash; }", state and f"e={name}&{state}")
        page.wait_for_timeout(100)
        expect(page.locator(".explorer__said")).to_be_empty()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], state
        outside = page.locator(".explorer :is(button, select, input, label)").evaluate_all(
            "(all, wide) => all.filter(e => e.checkVisibility())"
            ".map(e => e.getBoundingClientRect()).filter(b => b.left < 0 || b.right > wide).length",
            size["width"],
        )
        assert outside == 0, state


@ALL
def test_back_at_the_address_it_was_opened_with_it_is_as_it_was(visit: Visit, path: str) -> None:
    page, (name, states) = visit.page, EXPLORERS[path]
    start = page.evaluate(f"JSON.stringify(document.querySelector('cr-{name}').settings)")
    page.evaluate("hash => { location.hash = hash; }", f"e={name}&{states[0]}")
    settings = f"JSON.stringify(document.querySelector('cr-{name}').settings)"
    page.wait_for_function(f"start => {settings} !== start", arg=start)
    page.wait_for_timeout(400)  # the address follows a little later
    page.go_back()
    page.wait_for_function(f"start => {settings} === start", arg=start)
    page.go_forward()
    page.wait_for_function(f"start => {settings} !== start", arg=start)


MOVING = """tag => document.getAnimations().filter(a =>
    document.querySelector(tag).contains(a.effect.target)).length"""


def moved(page: Page, tag: str) -> bool:
    """Whether the drawing changes while nobody touches anything."""
    before = page.locator(tag).inner_html()
    page.wait_for_timeout(700)
    return page.locator(tag).inner_html() != before


@pytest.mark.parametrize("path", [*EXPLORERS, "network/player/"])
def test_nothing_moves_unless_it_is_asked_to(visit: Visit, path: str) -> None:
    """The reader prefers reduced motion: no transition, no animation, nothing that plays itself."""
    page, tag = visit.page, f"cr-{EXPLORERS.get(path, ['player'])[0]}"
    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    page.wait_for_timeout(700)  # what is announced has been announced
    assert not moved(page, tag)
    page.locator(f"{tag} [type=range]").first.press("ArrowRight")
    assert page.evaluate(MOVING, tag) == 0
    page.wait_for_timeout(700)
    assert not moved(page, tag)


def test_random_use_finds_no_error(browser: Browser, site: str, pytestconfig: Any) -> None:
    seconds = pytestconfig.getoption("fuzz")
    seed = 17 if seconds <= 15 else int(time.time())
    context = browser.new_context(reduced_motion="reduce")
    visits = {path: Visit(context.new_page()).open(site + path) for path in EXPLORERS}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for path, (name, _) in EXPLORERS.items():
            seed += 1
            visit = visits[path]
            visit.page.set_viewport_size(PHONE if seed % 3 == 0 else WIDE)
            given = {"tag": f"cr-{name}", "seed": seed, "actions": ACTIONS}
            found = visit.page.evaluate(SCRIPT, {**given, "modules": f"{site}assets/explorers"})
            told = f"{name}, seed {seed}: {found['log']}"
            assert found["wrong"] == [], told
            assert visit.errors == [], told
            if path not in visit.page.url:
                visit.page.goto(site + path)
    context.close()
