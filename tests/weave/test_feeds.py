"""Corrections and the list of pages, for those who do not browse."""

import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from weave.errors import WeaveError
from weave.feeds import Correction, Entry, Site, atom, corrections, listed, llms

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITE = Site("A book", "About <slopes> & numbers.", "https://book.example/")
OLD = Correction(date(2026, 1, 2), "network/forward.md", "1 < 2", "1 & 2", "A reader")
NEW = Correction(date(2026, 3, 4), "index.md", "b", "c", "B")

ENTRY = """
[[correction]]
date = {date}
page = "index.md"
was = "a"
now = "b"
reported_by = "A reader"
{more}
"""


@pytest.fixture
def read(tmp_path: Path):
    def from_text(text: str) -> list[Correction]:
        path = tmp_path / "corrections.toml"
        path.write_text(text)
        return corrections(path)

    return from_text


def test_the_newest_correction_comes_first(read):
    text = ENTRY.format(date="2026-01-02", more="") + ENTRY.format(date="2026-03-04", more="")
    assert [one.date.month for one in read(text)] == [3, 1]


def test_no_file_is_no_correction(tmp_path: Path):
    assert corrections(tmp_path / "none.toml") == []
    assert "Nothing has had to be corrected" in listed([])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY.format(date='"yesterday"', more=""), "2: date must be a date, got 'yest"),
        (ENTRY.format(date="2026-01-02", more="who = 1"), "2: no correction has the k"),
        ("[[correction]]\ndate = 2026-01-02", "1: page must be a str, got nothing"),
        ("[[correction", "Expected"),
        ("correction = 1", "1: each correction begins with a line [[correction]]"),
    ],
)
def test_a_bad_entry_is_named(read, text: str, says: str):
    with pytest.raises(WeaveError, match=r"^docs/corrections\.toml:\d+: ") as error:
        read(text)
    assert says in str(error.value)


def test_the_feed_says_what_was_and_what_is():
    feed = ET.fromstring(atom(SITE, [NEW, OLD]))
    assert feed.findtext("a:updated", namespaces=ATOM) == "2026-03-04T00:00:00Z"
    links = [link.attrib["href"] for link in feed.iterfind("a:entry/a:link", ATOM)]
    assert links == ["https://book.example/", "https://book.example/network/forward/"]
    contents = [entry.text for entry in feed.iterfind("a:entry/a:content", ATOM)]
    assert contents[1] == "It said: 1 < 2 It says: 1 & 2"
    ids = [entry.text for entry in feed.iterfind("a:entry/a:id", ATOM)]
    assert len(set(ids)) == 2


def test_a_feed_without_entries_is_still_a_feed():
    feed = ET.fromstring(atom(SITE, []))
    assert feed.findtext("a:updated", namespaces=ATOM)
    assert feed.find("a:entry", ATOM) is None


def test_the_page_shows_text_and_not_markup():
    assert "<del>1 &lt; 2</del>" in listed([OLD])


def test_pages_are_listed_by_section_with_what_they_say():
    pages = [
        Entry("", "Home", "", "Begin here."),
        Entry("Start", "One", "start/one/", ""),
        Entry("Start", "Two", "start/two/", "The second."),
    ]
    assert llms(SITE, pages).splitlines() == [
        "# A book",
        "",
        "> About <slopes> & numbers.",
        "",
        "- [Home](https://book.example/): Begin here.",
        "",
        "## Start",
        "",
        "- [One](https://book.example/start/one/)",
        "- [Two](https://book.example/start/two/): The second.",
    ]
