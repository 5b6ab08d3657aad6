"""Versions side by side: the latest has one address, and an old page says that it is old."""

import gzip
from pathlib import Path

import pytest

from tests import links
from weave import manifest
from weave.errors import WeaveError
from weave.versions import add, versions

PAGE = '<title>Book</title><a href="{up}">home</a><article class="a">{words}</article>'


def site(root: Path, words: str, *more: str) -> Path:
    for name in ("", "part/one/", *more):
        (root / name).mkdir(parents=True, exist_ok=True)
        up = "../" * name.count("/") or "./"
        (root / name / "index.html").write_text(PAGE.format(up=up, words=words * 300))
    (root / "404.html").write_text(PAGE.format(up="/latest/", words=words))
    manifest.write(root)
    return root


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    shelf = tmp_path / "shelf"
    add(site(tmp_path / "first", "first ", "part/gone/"), shelf, "v1")
    add(site(tmp_path / "second", "second ", "part/new/"), shelf, "v2")
    return shelf


def test_the_latest_is_what_was_put_there_last(shelf: Path):
    assert versions(shelf) == ["v2", "v1"]
    for name in ("latest", "v2"):
        text = (shelf / name / "part/one/index.html").read_text()
        assert "second" in text
        assert "old-version" not in text


def test_an_old_page_links_to_the_same_page_of_the_latest_if_there_is_one(shelf: Path):
    text = (shelf / "v1/part/one/index.html").read_text()
    assert 'This is version v1. <a href="../../../latest/part/one/">This page in the' in text
    text = (shelf / "v1/part/gone/index.html").read_text()
    assert 'This is version v1. <a href="../../../latest/">The latest version</a>' in text
    assert text.index("<article") < text.index("old-version") < text.index("first")


def test_nothing_on_the_shelf_leads_nowhere(shelf: Path):
    assert links.dead(shelf) == []
    index = (shelf / "index.html").read_text()
    assert index.index('href="latest/"') < index.index('href="v2/"') < index.index('href="v1/"')


def test_an_old_page_says_so_once_however_many_come_after(shelf: Path, tmp_path: Path):
    add(site(tmp_path / "third", "third "), shelf, "v3")
    assert (shelf / "v1/index.html").read_text().count("old-version") == 1
    assert versions(shelf) == ["v3", "v2", "v1"]


def test_the_compressed_copy_and_the_hashes_are_those_of_the_page(shelf: Path):
    page = shelf / "v1/part/one/index.html"
    assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == page.read_bytes()
    assert (
        f"{manifest.fingerprint(page)}  part/one/index.html\n"
        in (shelf / "v1/SHA256SUMS").read_text()
    )


def test_the_same_name_again_replaces_that_version(shelf: Path, tmp_path: Path):
    add(site(tmp_path / "mended", "mended "), shelf, "v2")
    assert versions(shelf) == ["v2", "v1"]
    assert "mended" in (shelf / "v2/index.html").read_text()


@pytest.mark.parametrize("name", ["latest", "", "a/b", "..", "a b", ".git"])
def test_a_name_that_cannot_be_a_folder_is_refused(tmp_path: Path, name: str):
    with pytest.raises(WeaveError, match="cannot be the name of a version"):
        add(site(tmp_path / "site", "x"), tmp_path / "shelf", name)
    assert not (tmp_path / "shelf").exists()


def test_a_folder_without_a_site_is_refused(tmp_path: Path):
    with pytest.raises(WeaveError, match="is no built site"):
        add(tmp_path, tmp_path / "shelf", "v1")
