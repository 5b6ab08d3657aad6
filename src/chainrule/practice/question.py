"""A question, the template that makes it, and what makes a set of numbers a fair one.

A template is a function from a random generator to a question. Its key and its wrong answers
are computed by the reference and by its slips from the numbers drawn, so nobody types an
answer. Three things are demanded of every question before anybody sees it:

- a second method, which shares nothing with the first, finds the same key;
- no two of its answers are so near to each other that one could be taken for the other;
- every wrong answer says which mistake leads to it.

Numbers that put two answers too close together are thrown away and drawn again from the next
sub-seed, so the same seed gives the same question wherever it is made.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.random import Generator

from chainrule.slips import SLIPS

from .wording import Value, fill

TOLERANCE = 0.01
"""How far, relative to the key, a number worked out by hand may be off."""

APART = 0.15
"""How far, relative to the larger, two answers must be apart."""

AGREEMENT = 1e-6
"""How far, relative to the key, the second method may be off."""

DRAWS = 400


@dataclass(frozen=True)
class Wrong:
    """A wrong answer, and the mistake that leads to it.

    `slip` is the id of the mistake: an entry of the catalogue when it is a mistake in code, a
    name of our own when it is a mistake of thought.
    """

    slip: str
    text: str
    why: str
    value: float | None = None


@dataclass(frozen=True)
class Check:
    """What the key was compared with, and how far it was off, relative to the key."""

    against: str
    residual: float


@dataclass(frozen=True)
class Question:
    """One question with its numbers: what a reader sees, and what is known about the answers.

    The texts are Markdown with TeX between dollars. `value` is the key as a number, or None
    where the answer is in words. `options` holds all answers of a choice in the order shown.
    """

    prompt: str
    kind: Literal["number", "choice"]
    answer: str
    value: float | None
    wrong: tuple[Wrong, ...]
    explanation: str
    check: Check
    options: tuple[str, ...] = ()
    tolerance: float = TOLERANCE
    id: str = ""
    topic: str = ""
    seed: int = 0

    def accepts(self, number: float) -> bool:
        """Whether a number is the key, to within the tolerance."""
        return self.value is not None and near(number, self.value, self.tolerance)

    def slip_of(self, number: float) -> Wrong | None:
        """The wrong answer that a number reveals, if it is one we know."""
        for wrong in self.wrong:
            if wrong.value is not None and near(number, wrong.value, self.tolerance):
                return wrong
        return None


@dataclass(frozen=True)
class Template:
    """A question without its numbers. `needs` names the templates a reader should know first."""

    id: str
    topic: str
    title: str
    needs: tuple[str, ...]
    draw: Callable[[Generator], Question]
    apart: float

    def make(self, seed: int) -> Question:
        """The question of this seed: the first fair one among its sub-seeds.

        Raises ArithmeticError when the key does not agree with the second method, and
        LookupError when no draw is fair.
        """
        for draw in range(DRAWS):
            rng = np.random.default_rng([zlib.crc32(self.id.encode()), seed, draw])
            question = self.draw(rng)
            if fair(question, self.apart, f"{self.id}, seed {seed}"):
                return replace(question, id=self.id, topic=self.topic, seed=seed)
        raise LookupError(f"{self.id}, seed {seed}: no fair numbers in {DRAWS} draws")


def near(number: float, value: float, tolerance: float) -> bool:
    return abs(number - value) <= tolerance * abs(value)


def fair(question: Question, apart: float, where: str) -> bool:
    """Whether no two answers of a question could be taken for each other.

    Raises ArithmeticError, saying where, when the key does not agree with the second method, and
    when a choice does not offer it exactly once or anything twice.
    """
    if not question.check.residual <= AGREEMENT:
        raise ArithmeticError(
            f"{where}: the key and {question.check.against} "
            f"differ by {question.check.residual:.1e} of the key"
        )
    if question.kind == "choice":
        if (times := question.options.count(question.answer)) != 1:
            raise ArithmeticError(f"{where}: {times} of the options are the right answer, not one")
        if len(set(question.options)) < len(question.options):
            raise ArithmeticError(f"{where}: an option is there twice")
    numbers = [question.value, *(wrong.value for wrong in question.wrong)]
    known = [number for number in numbers if number is not None]
    return all(abs(p - q) >= apart * max(abs(p), abs(q)) > 0 for p, q in combinations(known, 2))


class Bank:
    """The templates of one topic, in the order they were written."""

    def __init__(self, topic: str, title: str):
        self.topic = topic
        self.title = title
        self.templates: dict[str, Template] = {}

    def template(
        self, name: str, title: str, *, needs: Sequence[str] = (), apart: float = APART
    ) -> Callable[[Callable[[Generator], Question]], Template]:
        """Enter the function below under this name; its id is the topic and the name."""

        def enter(draw: Callable[[Generator], Question]) -> Template:
            id = f"{self.topic}.{name}"
            made = Template(id, self.topic, title, tuple(needs), draw, apart)
            self.templates[id] = made
            return made

        return enter


def mistake(id: str, value: float, if_you: str, right: str) -> Wrong:
    """A wrong number from a mistake of thought: how you get it, and the line as it should be."""
    return Wrong(id, "$<value>$", f"You get this number if you {if_you}. {right}", value)


def slip(name: str, run: Callable[[str], float], if_you: str, right: str) -> Wrong:
    """A wrong number from a slip of the catalogue: `run` computes it from the slip's name.

    A name may say in which layer the slip is made, as in "dropped_input@output".
    """
    return mistake(SLIPS[name.partition("@")[0]].id, run(name), if_you, right)


def number(
    prompt: str,
    *,
    values: Mapping[str, Value],
    key: float,
    check: tuple[str, float],
    wrong: Sequence[Wrong],
    explanation: str,
) -> Question:
    """A question whose answer is typed. `check` is the second method and the key it found."""
    return Question(
        prompt=fill(prompt, values),
        kind="number",
        answer=fill("$<key>$", {"key": key}),
        value=float(key),
        wrong=tuple(filled(one, values) for one in wrong),
        explanation=fill(explanation, {**values, "key": key}),
        check=compared(key, check),
    )


def choice(
    rng: Generator,
    prompt: str,
    *,
    values: Mapping[str, Value],
    key: float,
    check: tuple[str, float],
    wrong: Sequence[Wrong],
    explanation: str,
    answer: str = "$<key>$",
) -> Question:
    """A question answered by picking one of several numbers, shown in an order drawn from rng."""
    known = {**values, "key": key}
    right = fill(answer, known)
    mistaken = tuple(filled(one, values) for one in wrong)
    options = [right, *(one.text for one in mistaken)]
    return Question(
        prompt=fill(prompt, values),
        kind="choice",
        answer=right,
        value=key,
        wrong=mistaken,
        explanation=fill(explanation, known),
        check=compared(key, check),
        options=shuffled(rng, options),
    )


@dataclass(frozen=True)
class Saying:
    """A sentence that is right if the key is its value, and otherwise a known mistake."""

    value: object
    slip: str
    text: str
    why: str


def sentence(
    rng: Generator,
    prompt: str,
    *,
    sayings: Sequence[Saying],
    key: object,
    check: tuple[str, object],
    explanation: str,
    values: Mapping[str, Value] = MappingProxyType({}),
) -> Question:
    """A question answered by picking a sentence. The key decides which one is right."""
    rights = [fill(one.text, values) for one in sayings if one.value == key]
    if len(rights) != 1:
        raise ArithmeticError(f"{len(rights)} sayings are right, not one: {prompt}")
    wrong = tuple(
        Wrong(one.slip, fill(one.text, values), fill(one.why, values))
        for one in sayings
        if one.value != key
    )
    against, found = check
    options = [*rights, *(one.text for one in wrong)]
    return Question(
        prompt=fill(prompt, values),
        kind="choice",
        answer=rights[0],
        value=None,
        wrong=wrong,
        explanation=fill(explanation, values),
        check=Check(against, 0.0 if found == key else 1.0),
        options=shuffled(rng, options),
    )


def shuffled(rng: Generator, options: Sequence[str]) -> tuple[str, ...]:
    order: list[int] = rng.permutation(len(options)).tolist()
    return tuple(options[place] for place in order)


def filled(wrong: Wrong, values: Mapping[str, Value]) -> Wrong:
    known = values if wrong.value is None else {**values, "value": wrong.value}
    return replace(wrong, text=fill(wrong.text, known), why=fill(wrong.why, known))


def compared(key: float, check: tuple[str, float]) -> Check:
    """How far the second method is off, relative to the key (absolutely where the key is 0)."""
    against, found = check
    return Check(against, float(abs(found - key) / (abs(key) or 1.0)))
