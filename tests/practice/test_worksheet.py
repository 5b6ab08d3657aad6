"""Worksheets: the same seed prints the same sheet, and a sheet needs nothing but a printer."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from chainrule.practice import TEMPLATES, TOPICS
from chainrule.practice.mathml import mathml
from chainrule.spec import SpecError
from chainrule.worksheet import html, markdown, sheet, topics


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chainrule", "worksheet", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_topics_are_those_of_the_bank_and_mixed():
    assert list(topics()) == [*TOPICS, "mixed"]
    listed = command("--topics")
    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == list(topics())


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_same_seed_prints_the_same_sheet(form, tmp_path):
    asked = ("--topic", "losses", "--seed", "5", "--count", "4", "--format", form)
    first = command(*asked)
    assert first.returncode == 0
    assert first.stderr == ""
    assert command(*asked, "--out", str(tmp_path / "sheet")).stdout == ""
    assert (tmp_path / "sheet").read_text(encoding="utf-8") == first.stdout
    assert command(*asked[:3], "6", *asked[4:]).stdout != first.stdout


@pytest.mark.parametrize("topic", list(topics()))
def test_a_sheet_asks_everything_once_before_it_asks_again(topic):
    known = TOPICS.get(topic, list(TEMPLATES.values()))
    made = sheet(topic, 2, 2 * len(known) if topic != "mixed" else len(known)).questions
    first = made[: len(known)]
    assert {question.id for question in first} == {template.id for template in known}
    assert len({(question.id, question.seed) for question in made}) == len(made)


def test_the_key_follows_the_questions_on_a_page_of_its_own():
    made = sheet("mixed", 1, 12)
    page = html(made)
    before, _, after = page.partition('<div class="key">')
    assert ".key { break-before: page; }" in page
    assert before.count("<section>") == after.count("<section>") == 12
    text = markdown(made)
    asked, _, keys = text.partition("# Key to sheet")
    for question in made.questions:
        assert TEMPLATES[question.id].title in asked
        assert TEMPLATES[question.id].title in keys
    assert "You get this number" not in asked


class Closed(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("topic", list(TOPICS))
def test_no_sheet_shows_raw_tex_or_raw_markdown(topic):
    for seed in range(3):
        made = sheet(topic, seed, len(TOPICS[topic]))
        page = html(made)
        reader = Closed()
        reader.feed(page)
        assert reader.open == []
        shown = re.sub(r"<(style|code|pre)>.*?</\1>", "", page, flags=re.S)
        assert not re.search(r"[$\\`{}]|\*\w|⟦", shown)
        assert not re.search(r"\\(w|act|g|loss)\{|(?<![_^}\w\]])\{-?[\d.]+\}", markdown(made))


def test_a_sheet_asks_no_other_host():
    assert not re.search(r"https?://|<script|<link|url\(", html(sheet("mixed", 0, 10)))


@pytest.mark.parametrize(
    ("tex", "says"),
    [
        (r"{-0.31}", "−0.31"),
        (r"\w{w_{31}} = {2}", "w31=2"),
        (r"\tfrac{1}{2}(y - t)^2", "12(y−t)2"),
        (r"\sqrt[3]{3\varepsilon/f'''}", "3ε/f′′′3"),
        (r"\begin{pmatrix} {1} & {2} \\ {3} & {4} \end{pmatrix}", "(1234)"),
        (r"\tfrac{1}{2}(\text{both losses after})", "12(both losses after)"),
        (r"a < b", "a<b"),
    ],
)
def test_tex_becomes_mathml(tex, says):
    tree = ElementTree.fromstring(mathml(tex))
    assert "".join(tree.itertext()).replace("\u2061", "") == says


@pytest.mark.parametrize("tex", [r"\unknown{x}", r"\begin{align} x \end{align}", r"\frac{1}"])
def test_tex_that_is_not_known_is_refused(tex):
    with pytest.raises(ValueError, match=r"not known|too early"):
        mathml(tex)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("los", 0, 5), "--topic: expected one of .*did you mean losses"),
        (("losses", -1, 5), "--seed: expected a number from 0, got -1"),
        (("losses", 0, 0), "--count: expected a number from 1"),
        (("losses", 0, 100_000), "--count: expected a number from 1"),
    ],
)
def test_a_mistake_in_what_is_asked_is_one_sentence(arguments, says):
    with pytest.raises(SpecError, match=says):
        sheet(*arguments)


@pytest.mark.parametrize(
    "arguments", [("--topic", "los"), ("--seed", "x"), ("--out", "/no/such/folder/sheet")]
)
def test_the_command_says_what_is_wrong_and_prints_nothing(arguments):
    answer = command(*arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
