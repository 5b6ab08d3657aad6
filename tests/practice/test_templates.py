"""Every template, with many seeds: right keys, wrong answers that are wrong, texts fit to read."""

import re
from dataclasses import replace

import numpy as np
import pytest

from chainrule.practice import TEMPLATES, TOPICS, Question, Template
from chainrule.practice.question import APART, TOLERANCE, near
from chainrule.practice.wording import tex
from chainrule.slips import SLIPS

SEEDS = 50
NUMBER = re.compile(r"\d+\.?\d*")


@pytest.fixture(scope="module")
def made() -> dict[str, list[Question]]:
    return {
        id: [template.make(seed) for seed in range(SEEDS)] for id, template in TEMPLATES.items()
    }


every_template = pytest.mark.parametrize("id", TEMPLATES)


@every_template
def test_a_second_method_finds_the_same_key(made, id):
    assert max(question.check.residual for question in made[id]) <= 1e-7


@every_template
def test_no_wrong_answer_is_accepted(made, id):
    for question in made[id]:
        for wrong in question.wrong:
            assert wrong.value is None or not question.accepts(wrong.value)
            assert wrong.text != question.answer


@every_template
def test_answers_are_apart(made, id):
    for question in made[id]:
        numbers = [n for n in [question.value, *(w.value for w in question.wrong)] if n is not None]
        for place, p in enumerate(numbers):
            for q in numbers[:place]:
                assert abs(p - q) >= APART * max(abs(p), abs(q))


@every_template
def test_a_slip_is_recognised_by_its_number(made, id):
    for question in made[id]:
        for wrong in question.wrong:
            if wrong.value is not None:
                assert question.slip_of(wrong.value) is wrong


@every_template
def test_exactly_one_option_is_right(made, id):
    for question in made[id]:
        if question.kind == "choice":
            assert len(set(question.options)) == len(question.options) == len(question.wrong) + 1
            assert sorted(question.options) == sorted(
                [question.answer, *(wrong.text for wrong in question.wrong)]
            )
        else:
            assert question.options == ()


@every_template
def test_every_wrong_answer_says_why(made, id):
    for question in made[id]:
        assert 2 <= len(question.wrong) <= 4
        for wrong in question.wrong:
            assert re.fullmatch(r"[a-z]+(_[a-z]+)*", wrong.slip)
            assert wrong.why.endswith((".", "`.", "$."))
            assert len(wrong.why.split()) >= 6


@every_template
def test_texts_are_finished(made, id):
    """No place left open, no long float, no odd dollar."""
    for question in made[id]:
        texts = [question.prompt, question.answer, question.explanation, *question.options]
        texts += [part for wrong in question.wrong for part in (wrong.text, wrong.why)]
        for text in texts:
            prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.S)
            assert text.strip()
            assert not re.search(r"<\(?\w+\)?>", prose)
            assert all(len(n.replace(".", "").lstrip("0")) <= 7 for n in NUMBER.findall(prose))
            assert not re.search(r"\b(nan|inf)\b", prose)
            assert prose.count("$") % 2 == 0
            assert prose.count("{") == prose.count("}")


@every_template
def test_the_same_seed_gives_the_same_question(id):
    assert TEMPLATES[id].make(3) == TEMPLATES[id].make(3)


@every_template
def test_seeds_bring_fresh_numbers_or_a_fresh_order(made, id):
    shown = {(question.prompt, question.options) for question in made[id]}
    assert len(shown) >= 6


@every_template
def test_the_key_follows_from_the_numbers_printed(made, id):
    """A key must not hang on digits that are cut off."""
    for question in made[id]:
        found = re.fullmatch(r"\$\{(-?[\d.]+)\}(?: \\times 10\^\{(-?\d+)\})?\$", question.answer)
        if question.value is not None and found:
            printed = float(found[1]) * 10.0 ** int(found[2] or 0)
            assert near(printed, question.value, TOLERANCE / 10)


def test_ids_are_unique_and_begin_with_their_topic():
    listed = [template for templates in TOPICS.values() for template in templates]
    assert len({template.id for template in listed}) == len(listed) == len(TEMPLATES)
    assert all(template.id.startswith(f"{template.topic}.") for template in listed)


def test_the_topics_come_in_the_order_of_the_book_and_have_five_questions_or_more():
    assert list(TOPICS) == [
        "basics", "one-neuron", "chain-rule", "by-hand", "batches",
        "losses", "gradient-descent", "depth", "cost-and-checking",
    ]  # fmt: skip
    assert len(TEMPLATES) >= 60
    assert all(len(templates) >= 5 for templates in TOPICS.values())


def test_what_a_question_needs_exists_and_comes_before_it():
    def reaches(template: Template, seen: tuple[str, ...] = ()) -> None:
        assert template.id not in seen
        for id in template.needs:
            reaches(TEMPLATES[id], (*seen, template.id))

    for template in TEMPLATES.values():
        reaches(template)


def test_most_wrong_numbers_are_slips_of_the_catalogue(made):
    wrong = [w for questions in made.values() for w in questions[0].wrong]
    assert sum(w.slip in SLIPS for w in wrong) > len(wrong) / 3


def test_a_key_that_is_wrong_is_refused(made):
    template = TEMPLATES["one-neuron.weight-gradient"]

    def draw(rng: np.random.Generator) -> Question:
        question = template.draw(rng)
        return replace(question, check=replace(question.check, residual=1e-3))

    broken = Template("x.y", "x", "", (), draw, APART)
    with pytest.raises(ArithmeticError, match=r"x\.y, seed 0: the key and central differences"):
        broken.make(0)


def test_answers_that_are_never_apart_are_refused():
    template = TEMPLATES["one-neuron.weight-gradient"]
    strict = Template("x.y", "x", "", (), template.draw, apart=5.0)
    with pytest.raises(LookupError, match="no fair numbers"):
        strict.make(0)


@pytest.mark.parametrize("zero", [0, 0.0, -0.0])
def test_a_zero_is_written_without_a_sign(zero: float):
    assert tex(zero) == "{0}"
