"""The search finds the right page first, for what learners type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

FIRST = {
    "what is backpropagation": "",
    "prerequisites": "start/what-you-need/",
    "chain rule": "idea/chain-rule/",
    "computational graph": "idea/graphs/",
    "forward pass": "network/forward/",
    "worked example": "network/forward/",
    "outer product": "network/matrices/",
    "bias gradient": "network/batches/",
    "cross entropy": "network/losses/",
    "dying relu": "network/activations/",
    "learning rate too big": "training/step-size/",
    "loss is nan": "training/step-size/",
    "vanishing gradient": "training/vanishing/",
    "weight initialization": "training/initialisation/",
    "optimizer": "training/optimisers/",
    "epoch": "training/whole-run/",
    "numerical gradient": "code/gradient-checking/",
    "automatic differentiation": "code/autodiff/",
    "pytorch": "code/frameworks/",
    "transpose": "mistakes/gallery/",
    "quiz": "practice/",
    "backprop by hand": "practice/by-hand/",
    "cheat sheet": "reference/formulas/",
    "hadamard": "reference/glossary/",
    "symmetry": "reference/glossary/",
    "notation": "reference/notation/",
    "why f prime": "reference/faq/",
    "delta": "reference/faq/",
    "loss goes up": "reference/faq/",
    "xor": "reference/faq/",
    "download": "reference/take-away/",
}

# The theme listens to keys, and changes its list once it has an answer.
SEARCH = """async (words) => {
    const box = document.querySelector(".md-search__input");
    const list = document.querySelector(".md-search-result");
    const answered = new Promise(resolve => {
        const watch = new MutationObserver(() => { watch.disconnect(); setTimeout(resolve, 60); });
        watch.observe(list, {childList: true, subtree: true, characterData: true});
    });
    box.value = words;
    box.dispatchEvent(new KeyboardEvent("keyup"));
    await answered;
    const first = list.querySelector(".md-search-result__link");
    return first && new URL(first.href).pathname;
}"""


@pytest.fixture(scope="module")
def searching(reader: BrowserContext, site: str) -> Iterator[Page]:
    """A page deep in the book, its search open and ready."""
    page = reader.new_page()
    page.goto(site + "reference/notation/")
    page.keyboard.press("/")
    page.keyboard.type("softmax")
    page.locator(".md-search-result__link").first.wait_for()
    yield page
    page.close()


@pytest.mark.parametrize("words", FIRST)
def test_the_page_that_is_meant_comes_first(searching: Page, words: str, record: Any) -> None:
    found = searching.evaluate(SEARCH, words)
    meant = f"/book/{FIRST[words]}"
    record("search", tried=1, first=found == meant)
    assert found == meant


def test_words_that_are_nowhere_lead_nowhere(searching: Page, record: Any) -> None:
    assert searching.evaluate(SEARCH, "qwertzuiop") is None
    record("search", planted=1)
