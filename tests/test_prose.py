"""The prose is part of the product: numbers woven, sentences short, one word for one thing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from weave.sources import find, roots
from weave.tokens import tokens

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
DERIVATIONS = sorted(
    path for path in (ROOT / "derivations").glob("*.py") if "# %%" in path.read_text("utf-8")
)
TEACHING = [
    page
    for page in PAGES
    if page.parent.name in ("start", "idea", "network", "training", "code")
    and page.stem not in ("player", "reference")  # to be used, and to be looked up
]

BLANKED = [
    re.compile(pattern, re.DOTALL | re.MULTILINE)
    for pattern in (
        r"\A---\n.*?\n---\n",  # front matter
        r"^[ \t>]*(`{3,}|~{3,}).*?^[ \t>]*\1[ \t]*$",  # listings
        r"\{\{.*?\}\}",  # what weave puts in
        r"`+[^`]*`+",
        r"<!--.*?-->",
        r"<[^>]+>",
        r"\]\([^)]*\)",  # addresses
        r"\{[:.#][^}]*\}",  # attributes
    )
]
DISPLAYED = re.compile(r"\$\$.*?\$\$", re.DOTALL)
FORMULA = re.compile(r"\$[^$]+\$")


def prose(page: Path, keep_figures: bool = True) -> str:
    """The text of a page, its lines where they were, without code, tokens and addresses.

    The words of a figure, its alternative text and its caption, stay; so does what a derivation
    says between its lines of code.
    """
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".py":
        text = "\n".join(
            line[2:] if line.startswith("# ") and not line.startswith("# %%") else ""
            for line in text.split("\n")
        )
    if keep_figures:
        text = re.sub(r"\{\{ figure [^|]*\|(.*)\}\}", r"\1", text)
    for pattern in BLANKED:
        text = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return text


def ids(pages: list[Path]) -> list[str]:
    return [page.relative_to(ROOT).as_posix().removeprefix("docs/") for page in pages]


# Numbers --------------------------------------------------------------------------------------

# A decimal, a percentage, or a whole number too large to be counted on the page.
NUMBER = re.compile(r"(?<![\w.,^{])\d[\d,]*(?:\.\d+| ?\\?%)|(?<![\w.,^{])\d{2,}(?![\w.])")
NOT_COMPUTED = [
    re.compile(pattern)
    for pattern in (
        r"\b\d+(?:-\d+)+\b",  # the name of a network
        r"^\s*\d+\. ",  # a numbered list
        r"\b(?:1[5-9]|20)\d\d\b(?! steps)",  # a year
        r"\bPython 3\.\d+|\bCC BY 4\.0",
        r"_\{\d+\}|\^\{-?\d+\}|_\d+",  # an index, an exponent
        r"\b1[0-2]\b",
    )
]

# Given, not found: they are what a sentence or its example starts from, or the setting of a figure
# whose results are woven.
GIVEN = {
    ("teach/index.md", "45"),  # minutes
    ("teach/index.md", "15"),
    ("reference/privacy.md", "2.2"),  # of the guidelines
    *(("reference/figures.md", setting) for setting in ("0.5", "0.9", "0.95", "1.5", "100")),
    *(("reference/published.md", setting) for setting in ("0.4", "0.6", "0.98", "150", "300")),
    *(("reference/how-fast.md", setting) for setting in ("20", "64")),  # the network 20 × 64
    ("training/step-size.md", "100"),
    ("training/step-size.md", "32"),
    ("training/vanishing.md", "100"),
    ("idea/graphs.md", "784"),
    ("idea/graphs.md", "16"),
    ("code/reference.md", "1000"),
    ("training/optimisers.md", "0.9"),
    ("training/learning.md", "30"),
    ("training/learning.md", "300"),
    ("training/learning.md", "1500"),
}


def typed_numbers(text: str) -> list[tuple[int, str]]:
    """The numbers that somebody has typed, with their lines."""
    found: list[tuple[int, str]] = []
    for line_number, line in enumerate(text.split("\n"), 1):
        for pattern in NOT_COMPUTED:
            line = pattern.sub(" ", line)
        found += [(line_number, number[0].strip()) for number in NUMBER.finditer(line)]
    return found


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_no_number_in_prose_is_typed(page: Path):
    name = page.relative_to(DOCS).as_posix()
    found = [(n, number) for n, number in typed_numbers(prose(page)) if (name, number) not in GIVEN]
    assert found == [], f"weave it, {{{{ value … }}}}, or say in GIVEN that it is given: {name}"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("The loss is 0.0285.", ["0.0285"]),
        ("It falls by 40 %, or 7%.", ["40 %", "7%"]),
        ("After 128 steps of the 784-30-10 network", ["128"]),
        ("In 1986, with Python 3.12, three of 10.", []),
        (r"$\w{w_{31}} = 0.4$ and $2^{-53}$", ["0.4"]),
        ("12. A numbered line", []),
    ],
)
def test_a_typed_number_is_found(line: str, found: list[str]):
    assert [number for _, number in typed_numbers(line)] == found


# Length ---------------------------------------------------------------------------------------


def sentences(page: Path) -> list[list[str]]:
    """The sentences of a page in words; a formula in a sentence is one of them."""
    text = DISPLAYED.sub("\n\n", prose(page, keep_figures=False))
    text = re.sub(r"^\s*(?:#|\||!!!|\?\?\?|===).*$", "\n", FORMULA.sub("x", text), flags=re.M)
    found = [piece.split() for piece in re.split(r"(?<=[.?:])[\"”*)]*\s+|\n\s*\n", text)]
    return [words for words in found if len(words) > 2]


@pytest.mark.parametrize("page", PAGES + DERIVATIONS, ids=ids(PAGES + DERIVATIONS))
def test_sentences_are_short(page: Path):
    lengths = [len(words) for words in sentences(page)]
    assert sum(lengths) < 18 * max(len(lengths), 1)
    assert max(lengths, default=0) <= 40


# Our estimate, in seconds: a word (200 a minute), a displayed formula, a figure, an explorer, a
# derivation, a line of code. Nobody has been timed; a page too long by twice is found, no more.
WORD, EQUATION, FIGURE, EXPLORER, DERIVATION, LINE = 60 / 200, 15, 20, 40, 20, 1.1


def minutes(page: Path) -> float:
    """How long a page takes to read; its questions come on top."""
    text = page.read_text(encoding="utf-8")
    cells = re.findall(r"^\s*\|.*", FORMULA.sub("x", prose(page)), re.MULTILINE)
    words = sum(map(len, sentences(page))) + len(re.findall(r"\w+", " ".join(cells)))
    seconds = WORD * words + EQUATION * len(DISPLAYED.findall(text))
    each = {"figure": FIGURE, "explorer": EXPLORER, "derivation": DERIVATION}
    for token in tokens(text):
        seconds += each.get(token.word, 0)
        if token.word == "source":
            seconds += LINE * len(find(token[0], roots(ROOT)).text.splitlines())
        if token.word == "example":
            seconds += LINE * len((DOCS / f"examples/{token[0]}.py").read_text().splitlines())
    return seconds / 60


@pytest.mark.parametrize("page", TEACHING, ids=ids(TEACHING))
def test_a_teaching_page_takes_five_to_nine_minutes(page: Path):
    assert 5 <= round(minutes(page)) <= 9


# Words ----------------------------------------------------------------------------------------

# What we say, and what we then do not say.
WORDS = {
    "backpropagation": r"back[- ]propagation|backprop\b(?! doctor)",
    "neuron": r"(?<!linear )(?<!imaginary )\bunits?\b(?! circle| roundoff| in the last place)",
    "pre-activation": r"preactivation|pre activation|net input",
    "minibatch": r"mini[- ]batch",
    "optimiser": r"optimizer",
    "initialise": r"initializ",
    "normalise": r"normaliz",
    "generalise": r"generaliz",
    "recognise": r"recogniz",
    "colour": r"\bcolor",
    "behaviour": r"behavior",
    "centre": r"\bcenter",
    "grey": r"\bgray\b",
    "neighbour": r"neighbor",
    "learning rate": r"learning-rate|step-size\b(?! )",
    "gradient check": r"gradient-check\b",
    "data set": r"\bdataset",
    "elementwise": r"element-wise",
}
FILLER = (
    r"\bin this (?:section|chapter|page),? we\b|\blet us (?:now )?(?:look|see|turn)\b|"
    r"\bit is important to note\b|\bnote that\b|\bsimply put\b|\bas we (?:have )?s[ae][ew]n?\b|"
    r"\bobviously\b|\bof course\b|\bbasically\b|!(?=\s|$)"
)


@pytest.mark.parametrize("page", PAGES + DERIVATIONS, ids=ids(PAGES + DERIVATIONS))
def test_a_thing_has_one_word(page: Path):
    text = re.sub(
        r"^\s*(?:!!!|\?\?\?)", "", FORMULA.sub(" ", DISPLAYED.sub(" ", prose(page))), flags=re.M
    )
    quoted = re.sub(r"“[^”]*”|\"[^\"\n]*\"", " ", text)  # others may use their own words
    found = {
        word: names
        for word, others in WORDS.items()
        if (names := re.findall(others, quoted, re.IGNORECASE))
    }
    assert found == {}
    assert re.findall(FILLER, quoted, re.IGNORECASE) == []
