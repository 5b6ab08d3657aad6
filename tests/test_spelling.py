"""Words are spelled as dictionaries spell them; those of the subject stand in words.txt."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
WRITTEN = ["docs", "derivations", "src", "tools", "hosting", "README.md", "CONTRIBUTING.md"]
WORDS = ROOT / "tests/words.txt"
UNSPOKEN = re.compile(
    r"<(script|style|pre|code|svg|annotation|math|katex-html)\b.*?</\1>|<[^>]+>", re.DOTALL
)


def said(*command: str, asked: str | None = None) -> list[str]:
    answer = subprocess.run(
        command, cwd=ROOT, input=asked, capture_output=True, text=True, timeout=120
    )
    return answer.stdout.splitlines()


def tool(name: str) -> str:
    return shutil.which(name) or str(Path(sys.executable).with_name(name))


@pytest.mark.parametrize("checker", [["typos", "--format", "brief"], ["codespell"]])
def test_nothing_is_mistyped_that_people_often_mistype(checker: list[str]):
    assert said(tool(checker[0]), *checker[1:], *WRITTEN) == []


@pytest.mark.parametrize("checker", ["typos", "codespell"])
def test_a_mistyped_word_is_found(checker: str, tmp_path: Path, record: Any):
    (tmp_path / "page.md").write_text("The gradient is recieved from above, seperately.\n")
    assert len(said(tool(checker), str(tmp_path / "page.md"))) > 1
    record("spelling", planted=2)


# Against a dictionary -------------------------------------------------------------------------


def unknown(text: str) -> set[str]:
    """The words of a text that neither the dictionary nor our own list knows."""
    ours = {word.lower() for word in WORDS.read_text(encoding="utf-8").split()}
    lines = "\n".join(text.split())  # a long line would be cut, and a word with it
    found = said("hunspell", "-d", "en_GB", "-i", "utf-8", "-l", asked=lines)
    words = {word for word in found if not re.search(r"\d", word)}  # the rest are names: C13, dx1
    return {word for word in words if word.removesuffix("'s").lower() not in ours}


@pytest.fixture
def dictionary() -> None:
    if not shutil.which("hunspell") or not said("hunspell", "-d", "en_GB", "-l", asked="wrng"):
        pytest.skip("hunspell or its British dictionary is not installed")


@pytest.mark.long
@pytest.mark.usefixtures("dictionary")
def test_every_word_that_a_reader_sees_is_in_a_dictionary(tmp_path: Path, record: Any):
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-d", str(tmp_path / "site")]
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, cwd=ROOT, env=env, check=True, timeout=300)
    wrong: dict[str, set[str]] = {}
    for page in sorted((tmp_path / "site").rglob("*.html")):
        article = (
            page.read_text(encoding="utf-8").partition("<article")[2].partition("</article")[0]
        )
        if found := unknown(unescape(UNSPOKEN.sub(" ", f"<article{article}"))):
            wrong[page.relative_to(tmp_path / "site").as_posix()] = found
    pages = len(list((tmp_path / "site").rglob("*.html")))
    record("spelling", pages=pages, unknown_words=len(set().union(*wrong.values())))
    assert wrong == {}, "mend it, or add it to tests/words.txt"


@pytest.mark.usefixtures("dictionary")
def test_a_word_in_no_dictionary_is_found(record: Any):
    assert unknown("The softmax of the logits is differantiable.") == {"differantiable"}
    record("spelling", planted=1)


def test_the_list_of_words_is_in_order_and_has_none_twice():
    words = WORDS.read_text(encoding="utf-8").split()
    assert words == sorted(set(words), key=lambda word: (word.lower(), word))
