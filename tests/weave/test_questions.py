"""Questions as HTML and as data: what a reader and a script find there."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from chainrule.practice import TEMPLATES, TOPICS
from docs.questions import KNOWLEDGE_CHECK, PAGES, earlier
from weave.errors import WeaveError
from weave.questions import SEEDS, checks, data, instances, render, selected
from weave.slots import MARK, STAND_IN, Slots

NAMES = [
    *PAGES,
    *(f"earlier:{page}" for page in list(PAGES)[1:]),
    "topic:one-neuron",
    "knowledge-check",
]


class Reader(HTMLParser):
    """Notes ids and labels, and that every element is closed."""

    VOID = ("input", "br", "hr", "img")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.styled: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)
        known = dict(attrs)
        self.ids += [known["id"]] if "id" in known else []
        self.refers += [known[a] for a in ("for", "aria-labelledby") if a in known]

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("name", [*NAMES, "worked-example", "progress"])
def test_the_html_is_whole(name):
    html = render(name)
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    assert set(reader.refers) <= set(reader.ids)
    assert not MARK.search(html)
    assert not STAND_IN.search(html)
    assert not re.search(r"\\\(|arithmatex|<script", html)
    assert "\n\n" not in re.sub(r"<pre>.*?</pre>", "", html, flags=re.S)


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_stands_in_the_page_without_a_script(name):
    html = render(name)
    assert html.count('class="question__right"') == html.count("<article")
    assert html.count("<summary>Answer</summary>") == html.count("<article")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_three_to_five_questions_and_no_key_is_another_ones_option(page):
    questions = [template.make(0) for template in PAGES[page]]
    assert 3 <= len(questions) <= 5
    keys = {question.answer for question in questions}
    assert len(keys) == len(questions)
    for question in questions:
        assert not (keys - {question.answer}) & set(question.options)


def test_every_question_on_a_page_is_asked_on_one_page_only():
    gathers = "pitfalls"  # it goes over the mistakes of other pages, and asks again
    asked = [t.id for name, page in PAGES.items() if name != gathers for t in page]
    assert len(set(asked)) == len(asked)


def test_what_opens_a_page_was_asked_on_an_earlier_one():
    for place, page in enumerate(list(PAGES)[1:], start=1):
        before = [template.id for name in list(PAGES)[:place] for template in PAGES[name]]
        asked = [template.id for template, _ in earlier(page)]
        assert len(set(asked)) == len(asked) == min(place, 2)
        assert set(asked) <= set(before)


def test_the_knowledge_check_has_five_questions_from_different_topics():
    assert len({template.topic for template in KNOWLEDGE_CHECK}) == len(KNOWLEDGE_CHECK) == 5


def test_checks_name_the_second_method_and_how_far_off_it_was():
    for check in checks("backward"):
        assert check["against"]
        assert 0 <= check["residual"] <= 1e-6
        assert check["id"].rpartition(".")[0] in TEMPLATES


@pytest.mark.parametrize(
    "id", ["one-neuron.step", "batches.any-depth", "depth.all-zero", "worked.4"]
)
def test_instances_filled_in_are_what_the_page_shows(id):
    known = json.loads(instances(id))
    assert len(known["seeds"]) == SEEDS
    for form, numbers in known["seeds"]:
        text = known["forms"][form]
        assert {int(mark) for mark in MARK.findall(text)} == set(range(len(numbers)))
    form, numbers = known["seeds"][0]
    shown = MARK.sub(lambda mark: numbers[int(mark[1])], known["forms"][form])
    page = render("worked-example" if id.startswith("worked") else f"topic:{id.split('.')[0]}")
    assert shown in page


def test_numbers_of_other_seeds_are_those_the_template_makes():
    known = json.loads(instances("one-neuron.weight-gradient"))
    for seed, (_, numbers) in enumerate(known["seeds"]):
        question = TEMPLATES["one-neuron.weight-gradient"].make(seed)
        assert repr(question.value) in numbers
        assert all(repr(wrong.value) in numbers for wrong in question.wrong)


def test_a_formula_with_other_numbers_is_not_typeset_again():
    few = [len(json.loads(instances(id))["forms"]) for id in TEMPLATES if id.startswith("by-hand.")]
    assert sum(few) <= 3 * len(few)


def test_a_number_keeps_its_sign_and_its_place():
    slots = Slots()
    html = slots.put_back(slots.inline(r"$z = {-0.31} \cdot {(-2)}$ and ${3}$"))
    seen = re.sub(r"<annotation.*?</annotation>|<katex-html.*?</katex-html>", "", html)
    assert re.findall(r"<mn>(.*?)</mn>", seen) == ["−0.31", "(−2)", "3"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("one_neurone", "one_neuron"),
        ("topic:loss", "losses"),
        ("earlier:graph", "graphs"),
    ],
)
def test_an_unknown_name_is_met_with_the_nearest(name, hint):
    with pytest.raises(WeaveError, match=f"did you mean '{hint}'"):
        render(name)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_can_be_practised(topic):
    assert [one.id for one in selected(f"topic:{topic}")] == [t.id for t in TOPICS[topic]]


@pytest.mark.parametrize("name", [*(f"topic:{topic}" for topic in TOPICS), "worked-example"])
def test_every_topic_has_the_page_from_which_others_take_new_numbers(name):
    assert set(data(name)) == {one.id for one in selected(name)}
    pages = Path("docs").rglob("*.md")
    assert any(f"{{{{ questions {name} }}}}" in page.read_text() for page in pages)
