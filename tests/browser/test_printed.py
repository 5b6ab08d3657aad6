"""The printed book: contents that tell the truth, and answers nowhere but at the end."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tools.printed import Chapter, book, chapters, contents, served

WANTED = ("/start/five-minutes/", "/start/one-neuron/", "/derivations/sigmoid/")


@pytest.fixture(scope="module")
def known() -> list[Chapter]:
    return [chapter for chapter in chapters() if chapter.address in WANTED]


@pytest.fixture(scope="module")
def pdf(browser: Browser, built: Path, known: list[Chapter], tmp_path_factory) -> PdfReader:
    folder = tmp_path_factory.mktemp("printed")
    site = shutil.copytree(built, folder / "site", copy_function=os.link)
    with served(site) as origin:
        book(browser, origin, site, known, folder / "book.pdf")
    return PdfReader(folder / "book.pdf")


def headings(pdf: PdfReader) -> list[tuple[str, int]]:
    tops = [entry for entry in pdf.outline if not isinstance(entry, list)]
    return [(str(top.title), pdf.get_destination_page_number(top) or 0) for top in tops]


def test_every_page_of_the_site_is_a_chapter():
    every = chapters()
    assert len({chapter.address for chapter in every}) == len(every) > 30
    assert every[0].address == "/"
    assert {chapter.part for chapter in every} > {"", "Start", "Reference"}


def test_a_chapter_begins_on_the_page_that_the_contents_give(pdf: PdfReader):
    listed = pdf.pages[1].extract_text()
    found = headings(pdf)
    assert len(found) == len(WANTED) + 1
    for (title, page), wanted in zip(
        found, ("Five minutes", "One neuron", "Sigmoid", "Answers"), strict=True
    ):
        line = next(line for line in listed.splitlines() if wanted in line)
        assert line.split()[-1] == str(page + 1), title
        assert title.split()[0] in pdf.pages[page].extract_text()


def test_answers_come_last_and_only_there(pdf: PdfReader):
    first = headings(pdf)[-1][1]
    assert headings(pdf)[-1][0] == "Answers"
    chapters_text = "".join(page.extract_text() for page in pdf.pages[2:first])
    answers_text = "".join(page.extract_text() for page in pdf.pages[first:])
    assert "You get this number if" in answers_text
    assert "You get this number if" not in chapters_text


def test_pages_are_numbered(pdf: PdfReader):
    assert all(
        str(number) in page.extract_text().split() for number, page in enumerate(pdf.pages, 1)
    )


def test_contents_without_numbers_have_as_many_lines(known: list[Chapter]):
    numbered = contents(known, {chapter.id: 7 for chapter in known})
    assert numbered.count("<li") == contents(known, {}).count("<li")
    assert numbered.count("<span>7</span>") == len(known)
