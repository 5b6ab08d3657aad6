"""Questions become HTML that reads without JavaScript, and instances of them become data.

    render(name)    the questions of a page
    checks(name)    what their keys were compared with
    instances(id)   one template with many seeds, for the button that gives new numbers

A text is turned into HTML with marks where its numbers go. Numbers differ from seed to seed and
words do not, so each text is converted and typeset once for all seeds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import Any

from markdown import Markdown

from chainrule.practice import TEMPLATES, Question
from docs.questions import PAGES

from .errors import unknown
from .formats import written
from .maths import render_html

SEEDS = 24
"""How many instances of each template a reader can draw."""

NUMBER = re.compile(r"(?<![_^])\{(-?\d+(?:\.\d+)?)\}")
FORMULA = re.compile(r"\$([^$]+)\$")
STAND_IN = re.compile(r"(?<![\d.])9000(\d\d)(?!\d)")
MARK = re.compile(r"⟦(\d+)⟧")


def render(name: str) -> str:
    """The questions of a page, answers folded away. Raises WeaveError for an unknown page."""
    asked = "\n".join(
        article(question, place) for place, question in enumerate(selected(name), start=1)
    )
    return f'<div class="questions">\n{asked}\n</div>'


def checks(name: str) -> list[dict[str, Any]]:
    """What the key of each question of a page was compared with, and how far it was off."""
    return [
        {
            "id": f"{question.id}.{question.seed}",
            "against": question.check.against,
            "residual": question.check.residual,
        }
        for question in selected(name)
    ]


def instances(id: str) -> str:
    """One template with the numbers of every seed, as JSON.

    `forms` are the texts with marks in them, `seeds` says for each seed which form it takes and
    what its marks stand for.
    """
    forms: dict[str, int] = {}
    seeds: list[tuple[int, list[str]]] = []
    for seed in range(SEEDS):
        slots = Slots()
        form = body(TEMPLATES[id].make(seed), slots)
        seeds.append((forms.setdefault(form, len(forms)), slots.filled))
    return json.dumps({"forms": list(forms), "seeds": seeds}, ensure_ascii=False)


def selected(name: str) -> Iterator[Question]:
    if name not in PAGES:
        raise unknown("no questions for", name, PAGES)
    return (template.make(seed=0) for template in PAGES[name])


# One question ---------------------------------------------------------------------------------


def article(question: Question, place: int) -> str:
    """One question. What only works with JavaScript is hidden until it runs."""
    slots = Slots()
    inside = slots.put_back(body(question, slots))
    name = f"q-{question.id.replace('.', '-')}"
    title = TEMPLATES[question.id].title
    return f"""\
<article class="question" id="{name}" data-question="{question.id}" data-seed="{question.seed}">
<h3 class="question__title" id="{name}-title">
<span class="question__place">{place}</span> {escape(title)}
</h3>
<div class="question__body">
{inside}
</div>
</article>"""


def body(question: Question, slots: Slots) -> str:
    """What changes with the numbers: the question itself, its options, its answers."""
    name = f"q-{question.id.replace('.', '-')}"
    prompt = slots.block(question.prompt)
    given = options(question, name, slots) if question.kind == "choice" else ""
    entry = "" if given else ENTRY.format(name=name)
    return f"""\
<fieldset aria-labelledby="{name}-title">
<div class="question__prompt">{prompt}</div>
{given}
<div class="question__act" hidden>
{entry}<button type="button" class="question__check">Check</button>
<button type="button" class="question__again">New numbers</button>
</div>
<div class="question__said" role="status"></div>
</fieldset>
<details class="question__key">
<summary>Answer</summary>
{key(question, slots)}
</details>"""


ENTRY = """\
<label for="{name}-entry">Your number</label>
<input id="{name}-entry" type="text" autocomplete="off" autocapitalize="off" spellcheck="false">
"""


def options(question: Question, name: str, slots: Slots) -> str:
    rows = (
        f'<label><input type="radio" name="{name}-option" value="{place}">'
        f"<span>{slots.inline(option)}</span></label>"
        for place, option in enumerate(question.options)
    )
    return '<div class="question__options">\n' + "\n".join(rows) + "\n</div>"


def key(question: Question, slots: Slots) -> str:
    """The answer with its working, then every wrong answer with the mistake that leads to it."""

    def known(text: str, value: float | None) -> str:
        """What a script compares the reader's answer with."""
        if question.kind == "choice":
            return f'data-option="{slots.keep(str(question.options.index(text)))}"'
        return f'data-value="{slots.keep(repr(value))}"'

    wrong = "\n".join(
        f'<li data-slip="{one.slip}" {known(one.text, one.value)}>'
        f'<span class="question__wrong">{slots.inline(one.text)}</span> '
        f'<span class="question__why">{slots.inline(one.why)}</span></li>'
        for one in question.wrong
    )
    return f"""\
<div class="question__right" {known(question.answer, question.value)}>
<p class="question__answer">{slots.inline(question.answer)}</p>
{slots.block(question.explanation)}
</div>
<p class="question__others">How one gets another answer:</p>
<ul class="question__wrongs">
{wrong}
</ul>
<p class="provenance">{source(question, slots)}</p>"""


def source(question: Question, slots: Slots) -> str:
    topic, _, name = question.id.partition(".")
    residual = question.check.residual
    distance = f"they agree to {written(residual, '.0sci', False)}" if residual else "they agree"
    return (
        f"Made by <code>chainrule.practice.{topic.replace('-', '_')}</code>, “{name}”, "
        f"seed {slots.keep(str(question.seed))}. The answer was compared with "
        f"{slots.inline(question.check.against)}: {slots.keep(distance)}."
    )


# Texts with marks where numbers go ------------------------------------------------------------


class Slots:
    """Turns texts into HTML with marks ⟦0⟧, ⟦1⟧, … and remembers what each stands for."""

    def __init__(self) -> None:
        self.filled: list[str] = []

    def keep(self, text: str) -> str:
        """A mark for something that changes with the seed."""
        self.filled.append(text)
        return f"⟦{len(self.filled) - 1}⟧"

    def block(self, text: str) -> str:
        """Markdown as paragraphs."""
        numbers: list[str] = NUMBER.findall("".join(FORMULA.findall(text)))
        first = len(self.filled)
        self.filled += [number.replace("-", "\N{MINUS SIGN}") for number in numbers]
        return MARK.sub(lambda mark: f"⟦{int(mark[1]) + first}⟧", converted(without_numbers(text)))

    def inline(self, text: str) -> str:
        """Markdown of a single paragraph, without the paragraph."""
        return self.block(text).removeprefix("<p>").removesuffix("</p>")

    def put_back(self, html: str) -> str:
        return MARK.sub(lambda mark: self.filled[int(mark[1])], html)


def without_numbers(text: str) -> str:
    """The text with stand-ins for its numbers, counted from 0 in each formula.

    Counted afresh, so that equal formulas with different numbers are typeset once.
    """

    def stand_in(formula: re.Match[str]) -> str:
        count = iter(range(100))
        return NUMBER.sub(lambda _: f"{{9000{next(count):02d}}}", formula[0])

    return FORMULA.sub(stand_in, text)


@cache
def converted(text: str) -> str:
    """The text as HTML, formulas typeset, with marks counted through all its formulas."""
    html = render_html(_markdown().reset().convert(text))
    before, *formulas = html.split('<span class="katex">')
    marked, first = [before], 0
    for typeset in formulas:
        places = {int(found) for found in STAND_IN.findall(typeset)}
        assert places == set(range(len(places))), "a formula shows each of its numbers"
        marked.append(STAND_IN.sub(lambda found, n=first: f"⟦{int(found[1]) + n}⟧", typeset))
        first += len(places)
    return '<span class="katex">'.join(marked)


@cache
def _markdown() -> Markdown:
    return Markdown(
        extensions=["pymdownx.arithmatex", "pymdownx.superfences", "pymdownx.highlight", "smarty"],
        extension_configs={"pymdownx.arithmatex": {"generic": True}},
    )
