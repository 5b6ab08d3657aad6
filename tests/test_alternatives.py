"""Who cannot see a figure is told what it shows: in a sentence, and not what the caption says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from weave.tokens import tokens

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

FIGURES = [
    pytest.param(token[1], token[2], id=f"{page.relative_to(DOCS)}:{token.line}")
    for page in sorted(DOCS.rglob("*.md"))
    for token in tokens(page.read_text(encoding="utf-8"))
    if token.word == "figure"
]
EMPTY_OPENING = re.compile(
    r"(?:an? |the )?(?:figure|image|picture|graphic|screenshot|illustration|drawing|diagram)"
    r"(?: of| showing|:|$)",
    re.IGNORECASE,
)


def faults(text: str, caption: str = "") -> list[str]:
    """What is wrong with an alternative text."""
    said = re.sub(r"\{\{.*?\}\}", "0", text).strip()
    words = re.findall(r"\w+", said.lower())
    checks = {
        "too short to say anything": len(words) < 5,
        "longer than anybody listens to": len(words) > 75,
        "does not end like a sentence": not said.endswith("."),
        "begins with what it is, not with what it shows": EMPTY_OPENING.match(said),
        "is the name of a file": re.search(r"\w\.(?:svg|png|jpe?g|gif|webp)\b|\w_\w", said),
        "says what the caption says": words == re.findall(r"\w+", caption.lower()),
        "holds TeX, which is not spoken": re.search(r"[$\\]", said),
    }
    return [fault for fault, found in checks.items() if found]


@pytest.mark.parametrize(("text", "caption"), FIGURES)
def test_a_figure_is_told_in_words(text: str, caption: str):
    assert faults(text, caption) == []


def test_two_figures_are_not_told_in_the_same_words():
    told: dict[str, set[str]] = {}
    for page in sorted(DOCS.rglob("*.md")):
        for token in tokens(page.read_text(encoding="utf-8")):
            if token.word == "figure":
                told.setdefault(token[1], set()).add(token[0])
    assert {text: names for text, names in told.items() if len(names) > 1} == {}


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))], ids=str)
def test_a_picture_is_told_in_words(page: Path):
    text = re.sub(r"^(```+).*?^\1", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    pictures = re.findall(r"!\[(.*?)\]\(", text) + re.findall(r"<img [^>]*?alt=\"(.*?)\"", text)
    assert len(pictures) == len(re.findall(r"!\[|<img ", text))
    assert [(told, faults(told)) for told in pictures if faults(told)] == []


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("A figure of the network with all its weights.", ""),
        ("Sigmoid.", ""),
        ("vanishing.svg drawn with matplotlib for this page.", ""),
        ("The loss falls from layer to layer.", "The loss *falls* from layer to layer."),
        ("The error shrinks with $a^n$ from layer to layer.", ""),
        ("The error shrinks from layer to layer", ""),
        ("word " * 80 + ".", ""),
    ],
)
def test_a_text_that_says_nothing_is_found(text: str, caption: str):
    assert faults(text, caption)
