"""Questions become HTML that reads without JavaScript, and instances of them become data.

    render(name)    what is asked under a name
    checks(name)    what the keys were compared with
    data(name)      all of a topic with many seeds, for the button that gives new numbers

A name is that of a page, "earlier:page" for two questions from pages before it, "topic:topic"
for all of a topic, "knowledge-check", "worked-example" for the worked network in its stages,
"progress" for what was answered so far, or "worksheets" for sheets to print.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from chainrule import worksheet
from chainrule.practice import BANKS, TEMPLATES, TOPICS, Question
from chainrule.practice.worked import STAGES, Line, Worked, worked
from chainrule.slips import SLIPS
from docs.questions import KNOWLEDGE_CHECK, PAGES, earlier

from .errors import unknown
from .formats import written
from .maths import named
from .slots import Slots

SEEDS = 16
"""How many instances of each question a reader can draw."""

type Asked = Question | Worked


def render(name: str) -> str:
    """What is asked under this name, answers folded away. Raises WeaveError for an unknown name."""
    if name in PANELS:
        return PANELS[name]()
    asked = selected(name)
    level = "h3" if name in PAGES else "h2"  # a page has a heading above its own questions
    articles = "\n".join(
        article(one, place, len(asked), level) for place, one in enumerate(asked, 1)
    )
    if name == "knowledge-check":
        return f'<div class="questions" data-one-at-a-time>\n{articles}\n</div>'
    if name.startswith("earlier:"):
        return f"""\
<details class="questions questions--earlier">
<summary>Before you read on: what was asked on earlier pages</summary>
{articles}
</details>"""
    return f'<div class="questions">\n{articles}\n</div>'


def checks(name: str) -> list[dict[str, Any]]:
    """What the key of each of these questions was compared with, and how far it was off."""
    return [
        {
            "id": f"{one.id}.{one.seed}",
            "against": one.check.against,
            "residual": one.check.residual,
        }
        for one in selected(name)
    ]


def data(name: str) -> dict[str, str]:
    """Each question of a topic with the numbers of every seed, as JSON by id.

    A page that asks some of them again has no need of its own copy.
    `forms` are the texts with marks in them, `seeds` says for each seed which form it takes and
    what its marks stand for.
    """
    if name == "worksheets":
        return {name: orders()}
    if not name.startswith(("topic:", "worked-example")):
        return {}
    return {one.id: instances(one.id) for one in selected(name)}


def instances(id: str) -> str:
    forms: dict[str, int] = {}
    seeds: list[tuple[int, list[str]]] = []
    for seed in range(SEEDS):
        slots = Slots()
        form = body(made(id, seed), slots)
        seeds.append((forms.setdefault(form, len(forms)), slots.filled))
    return json.dumps({"forms": list(forms), "seeds": seeds}, ensure_ascii=False)


def selected(name: str) -> list[Asked]:
    """What is asked under a name, in order."""
    kind, _, which = name.partition(":")
    if kind in PANELS:
        return []
    if kind == "worked-example":
        return [worked(stage, seed=0) for stage in range(1, len(STAGES) + 1)]
    if kind == "topic" and which not in TOPICS:
        raise unknown("there are no questions on the topic", which, TOPICS)
    if kind == "earlier" and which not in PAGES:
        raise unknown("there are no questions for the page", which, PAGES)
    if kind not in ("topic", "earlier", "knowledge-check", *PAGES):
        raise unknown("there are no questions for the page", name, PAGES)
    match kind:
        case "topic":
            return [template.make(seed=0) for template in TOPICS[which]]
        case "earlier":
            return [template.make(seed) for template, seed in earlier(which)]
        case "knowledge-check":
            return [template.make(seed=0) for template in KNOWLEDGE_CHECK]
        case page:
            return [template.make(seed=0) for template in PAGES[page]]


def made(id: str, seed: int) -> Asked:
    topic, _, name = id.partition(".")
    return worked(int(name), seed) if topic == "worked" else TEMPLATES[id].make(seed)


# One question ---------------------------------------------------------------------------------


def article(one: Asked, place: int, of: int, level: str) -> str:
    """One question. What only works with JavaScript is hidden until it runs."""
    slots = Slots()
    inside = slots.put_back(body(one, slots))
    title = TEMPLATES[one.id].title if isinstance(one, Question) else one.says
    kind = "question" if isinstance(one, Question) else "question question--worked"
    return f"""\
<article class="{kind}" id="{anchor(one)}" data-question="{one.id}" data-seed="{one.seed}">
<{level} class="question__title" id="{anchor(one)}-title">
<span class="question__place">{place}<span> of {of}</span></span> {escape(title)}
</{level}>
<div class="question__body">
{inside}
</div>
</article>"""


def anchor(one: Asked) -> str:
    return f"q-{one.id.replace('.', '-')}"


def body(one: Asked, slots: Slots) -> str:
    """What changes with the numbers: the question itself, its options, its answers."""
    html = asked(one, slots) if isinstance(one, Question) else worked_out(one, slots)
    # a blank line would end a block of HTML in Markdown
    return re.sub(r"\n{2,}", "\n", named(html))


def asked(question: Question, slots: Slots) -> str:
    name = anchor(question)
    prompt = slots.block(question.prompt)
    given = options(question, name, slots) if question.kind == "choice" else ""
    entry = "" if given else field(f"{name}-entry", "Your number")
    return f"""\
<fieldset aria-labelledby="{name}-title">
<div class="question__prompt">{prompt}</div>
{given}
<div class="question__act" hidden>
{entry}{CHECK}{AGAIN if has_others(question) else ""}</div>
<div class="question__said" role="status"></div>
</fieldset>
<details class="question__key">
<summary>Answer</summary>
{key(question, slots)}
<p class="provenance">{source(question, slots)}</p>
</details>"""


CHECK = '<button type="button" class="question__check">Check</button>\n'
AGAIN = '<button type="button" class="question__again">New numbers</button>\n'


def field(id: str, label: str, more: str = "") -> str:
    return f"""\
<label for="{id}">{label}</label>
<input id="{id}" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" {more}>
"""


def has_others(question: Question) -> bool:
    """Whether other seeds bring other numbers, and not only another order."""
    return any(TEMPLATES[question.id].make(seed).prompt != question.prompt for seed in range(4))


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
        f'<li data-slip="{one.slip}"{" data-gallery" if one.slip in SLIPS else ""} '
        f"{known(one.text, one.value)}>"
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
</ul>"""


def source(one: Asked, slots: Slots) -> str:
    """Where the numbers come from, and what the answers were compared with."""
    topic, _, name = one.id.partition(".")
    residual = one.check.residual
    distance = f"they agree to {written(residual, '.0sci', False)}" if residual else "they agree"
    return (
        f"Made by <code>chainrule.practice.{topic.replace('-', '_')}</code>, “{name}”, "
        f"seed {slots.keep(str(one.seed))}. The answer was compared with "
        f"{slots.inline(one.check.against)}: {slots.keep(distance)}."
    )


# A worked example -----------------------------------------------------------------------------


def worked_out(example: Worked, slots: Slots) -> str:
    rows = "\n".join(
        f"<li>{row(line, f'{anchor(example)}-{place}', slots)}</li>"
        for place, line in enumerate(example.lines)
    )
    blank = [(place, line) for place, line in enumerate(example.lines) if line.blank]
    keys = "\n".join(
        f'<li data-line="{anchor(example)}-{place}"><p>{slots.inline(f"${line.name}$")}</p>\n'
        f"{key(line.question, slots)}</li>"
        for place, line in blank
    )
    answers = f"""\
<details class="question__key">
<summary>The missing lines</summary>
<ol class="question__keys">
{keys}
</ol>
</details>"""
    return f"""\
<div class="question__prompt">{slots.block(example.data)}</div>
<ol class="question__lines">
{rows}
</ol>
<div class="question__act" hidden>
{CHECK if blank else ""}{AGAIN}</div>
<div class="question__said" role="status"></div>
{answers if blank else ""}
<p class="provenance">{source(example, slots)}</p>"""


def row(line: Line, id: str, slots: Slots) -> str:
    """One line: what it finds, how and why; or a field to put it in."""
    because = f'<span class="question__because">{escape(line.because)}</span>'
    if line.blank:
        name = slots.inline(f"${line.name} =$")
        return f"""\
<span class="question__act">
{field(id, name, "hidden")}</span>
{because}
<span class="question__said" role="status"></span>"""
    found = line.question.answer.strip("$")
    formula = f"{line.formula} = " if line.formula else ""
    return f"""\
<span class="question__line scrolls">{slots.inline(f"${line.name} = {formula}{found}$")}</span>
{because}"""


# What was answered ----------------------------------------------------------------------------


def progress() -> str:
    """What a script fills in: how many questions of each topic were answered right."""
    rows = "\n".join(
        f'<tr><td><a href="{topic}/">{escape(bank.title)}</a></td>'
        f'<td data-topic="{topic}" data-of="{len(bank.templates)}">{len(bank.templates)}</td></tr>'
        for topic, bank in BANKS.items()
    )
    return f"""\
<div class="progress" data-of="{len(TEMPLATES)}">
<table>
<thead><tr><th>Topic</th><th>Questions</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p class="progress__said" role="status">With scripts switched off nothing is kept.</p>
<p class="question__act" hidden>
<button type="button" class="progress__export">Save as a file</button>
<button type="button" class="progress__forget">Forget me</button>
</p>
</div>"""


# Worksheets -----------------------------------------------------------------------------------


def worksheets() -> str:
    """A form that a script answers with a sheet; the sheets are those of the command line."""
    topics = "\n".join(
        f'<option value="{topic}">{escape(title)}</option>'
        for topic, title in worksheet.topics().items()
    )
    return f"""\
<form class="worksheet question__act" hidden>
<label for="worksheet-topic">Topic</label>
<select id="worksheet-topic" name="topic">
{topics}
</select>
<label for="worksheet-seed">Sheet</label>
<input id="worksheet-seed" name="seed" type="number" min="0" max="{SEEDS - 1}" value="0">
<label for="worksheet-count">Questions</label>
<input id="worksheet-count" name="count" type="number" min="1" max="{len(TEMPLATES)}" value="8">
<button type="submit" class="question__check">Make the sheet</button>
<button type="button" class="worksheet__print">Print</button>
</form>
<div class="worksheet__said" role="status"></div>
<div class="worksheet__sheet"></div>"""


def orders() -> str:
    """Which questions stand on each sheet and in which order, as JSON.

    `orders` gives places in `questions`, by topic and seed.
    """
    ids = list(TEMPLATES)
    return json.dumps(
        {
            "questions": [[id, TEMPLATES[id].title] for id in ids],
            "orders": {
                topic: [
                    [ids.index(id) for id in worksheet.order(topic, seed)] for seed in range(SEEDS)
                ]
                for topic in worksheet.topics()
            },
        }
    )


PANELS = {"progress": progress, "worksheets": worksheets}
