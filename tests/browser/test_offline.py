"""The zip of the site, read from a folder: no server, and everything works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests import links

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, made and unpacked."""
    place = tmp_path_factory.mktemp("offline")
    subprocess.run(
        [sys.executable, "-m", "weave.offline", str(place / "site.zip")],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        check=True,
        timeout=300,
    )
    with zipfile.ZipFile(place / "site.zip") as packed:
        packed.extractall(place)
    return place / "chainrule"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def every_page(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def one_of_each_kind(folder: Path) -> list[Path]:
    """The first page with each set of scripts: the others differ in their words."""
    kinds: dict[tuple[str, ...], Path] = {}
    for path in every_page(folder):
        loaded = re.findall(r'<script[^>]*src="[./]*([^"]+)"', path.read_text(encoding="utf-8"))
        kinds.setdefault(tuple(loaded), path)
    return list(kinds.values())


@pytest.mark.parametrize(
    ("chosen", "least", "most"),
    [(one_of_each_kind, 5, 20), pytest.param(every_page, 30, 999, marks=pytest.mark.long)],
)
def test_a_page_opens_without_an_error_and_asks_nobody(
    folder: Path, page: Page, chosen: Callable[[Path], list[Path]], least: int, most: int
):
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("requestfailed", lambda request: problems.append(f"{request.failure} {request.url}"))
    page.on("request", lambda request: problems.append(request.url))
    pages = chosen(folder)
    assert least < len(pages) < most
    for path in pages:
        page.goto(path.as_uri())
        harmless = ("file:", "data:", "net::ERR_ABORTED")  # the last: we have left the page
        found = [problem for problem in problems if not problem.startswith(harmless)]
        assert found == [], path.relative_to(folder)


def test_every_link_leads_to_a_file(folder: Path):
    assert links.dead(folder, served=links.no_index) == []


def test_a_wrong_answer_leads_to_the_mistake_in_the_gallery(folder: Path, page: Page):
    page.goto((folder / "practice/by-hand.html").as_uri())
    wrong = page.locator(".question__key [data-slip][data-gallery][data-value]").first
    question = wrong.locator("xpath=ancestor::*[@data-question]")
    question.locator("input").first.fill(wrong.get_attribute("data-value") or "")
    question.get_by_role("button", name="Check").click()
    question.get_by_role("link", name="This mistake in the gallery").click()
    page.wait_for_url("file://**/mistakes/gallery.html#slip-*")
    assert page.locator(":target").count() == 1


def test_the_search_finds_a_word(folder: Path, page: Page):
    page.goto((folder / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type("transpose")
    result = page.locator(".md-search-result__link").first
    result.wait_for()
    assert "transpose" in page.locator(".md-search-result").inner_text().lower()
    result.click()
    page.wait_for_url("file://**/*.html?h=*")


def test_a_question_has_new_numbers(folder: Path, page: Page):
    page.goto((folder / "practice/one-neuron.html").as_uri())
    question = page.locator("[data-question='one-neuron.weight-gradient']")
    before = question.locator("annotation").all_text_contents()
    question.get_by_role("button", name="New numbers").click()
    page.wait_for_function(
        "(old) => old !== document.querySelector("
        "\"[data-question='one-neuron.weight-gradient']\").dataset.seed",
        arg="0",
    )
    assert question.locator("annotation").all_text_contents() != before


def test_the_player_steps(folder: Path, page: Page):
    page.goto((folder / "network/player.html").as_uri())
    player = page.locator("cr-player")
    before = player.inner_text()
    player.get_by_role("button", name="Step", exact=True).click()
    assert player.inner_text() != before
