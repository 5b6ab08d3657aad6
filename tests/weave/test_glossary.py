"""The words of the book hang together, and a bad entry is named."""

import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from weave.errors import WeaveError
from weave.glossary import GLOSSARY, concepts, entries, read

ROOT = Path(__file__).parents[2]

SMALL = """
[[term]]
name = "slope"
topic = "Calculus"
simple = "How steep it is."
exact = "A derivative."
page = "start/one.md"

[[term]]
name = "chain rule"
topic = "Calculus"
simple = "Slopes multiply."
exact = "$(f \\\\circ g)'$."
symbol = "f'"
page = "start/one.md"
needs = ["slope"]
related = ["slope"]
"""


@pytest.fixture
def project(tmp_path: Path):
    def write(text: str) -> Path:
        (tmp_path / "docs/start").mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs/start/one.md").write_text("# The first page\n")
        (tmp_path / GLOSSARY).write_text(text)
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('needs = ["slope"]', 'needs = ["slop"]', "'chain rule' names a term that is not there,"),
        ('related = ["slope"]', 'related = ["no"]', "'chain rule' names a term that is not there,"),
        ('"start/one.md"\nneeds', '"start/two.md"\nneeds', "there is no page docs/start/two.md"),
        ('exact = "A derivative."\n', "", "2: 'slope': 'exact' is missing"),
        ("related", "relates", "9: 'chain rule': no term has the key 'relates'"),
        ('"chain rule"', '"slope"', "'slope' is there twice"),
        ('"A derivative."', '"A"\nneeds = ["chain rule"]', "a circle"),
        ("[[term]]", "[[term", "docs/glossary.toml"),
    ],
)
def test_a_bad_entry_is_named(project, was: str, becomes: str, says: str):
    root = project(SMALL.replace(was, becomes, 1))
    with pytest.raises(WeaveError, match=r"^docs/glossary\.toml:\d+: ") as error:
        read(root)
    assert says in str(error.value)


def test_a_circle_is_told_in_full(project):
    circular = SMALL.replace('"A derivative."', '"A"\nneeds = ["chain rule"]')
    with pytest.raises(WeaveError, match="'slope' needs 'chain rule' needs 'slope', a circle"):
        read(project(circular))


def test_a_teaching_page_without_a_term_is_named(project):
    root = project(SMALL)
    (root / "docs/start/two.md").write_text("# The second\n")
    with pytest.raises(WeaveError, match=r"no term is at home on start/two\.md"):
        read(root)


def test_a_term_says_where_it_is_at_home_and_what_it_needs_and_leads_to(project):
    root = project(SMALL)
    text = entries(read(root), root / "docs", "reference/glossary.md")
    assert "### chain rule $f'$ { #chain-rule }" in text
    assert "At home in [The first page](../start/one.md). Needs: [slope](#slope)." in text
    assert "Leads to: [chain rule](#chain-rule)." in text
    assert text.index("### chain rule") < text.index("### slope")


def test_a_drawing_has_each_term_below_what_it_needs_and_a_link_for_each(project):
    drawn = concepts(read(project(SMALL)))
    assert re.findall(r'href="#([^"]*)"', drawn) == ["slope", "chain-rule"]
    assert drawn.count("<path") == 1


def test_the_glossary_of_the_book_is_a_graph_without_circles():
    terms = read(ROOT)
    order = list(TopologicalSorter({t.name: t.needs for t in terms.values()}).static_order())
    assert len(order) == len(terms) >= 60


def test_every_term_of_the_book_is_in_a_drawing():
    terms = read(ROOT)
    linked = set(re.findall(r'href="#([^"]*)"', concepts(terms)))
    assert linked == {term.anchor for term in terms.values()}


@pytest.mark.parametrize("term", read(ROOT).values(), ids=lambda term: term.name)
def test_a_term_is_said_in_short_sentences(term):
    for text in (term.simple, term.exact):
        assert text.endswith(".")
        plain = re.sub(r"\$[^$]*\$", "x", text)
        assert all(len(sentence.split()) <= 22 for sentence in re.split(r"[.;:] ", plain)), text
