"""Worksheets: questions of a topic to print, and on a page of its own the key with its working.

    python -m chainrule worksheet --topic one-neuron --seed 7 --count 6

The seed decides the numbers and the order, and nothing else does: the same seed prints the
same sheet on every machine, and another seed prints another sheet of the same difficulty.
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from pathlib import Path

import numpy as np

from .practice import BANKS, TEMPLATES, TOPICS, Question
from .practice.mathml import mathml
from .practice.wording import plain
from .spec import SpecError

MIXED = "mixed"
LONGEST = 500
ROUND = 1000
"""How far the seeds of a template are apart when a sheet is so long that it asks it again."""


@dataclass(frozen=True)
class Sheet:
    """Some questions, and what they were made from."""

    topic: str
    title: str
    seed: int
    questions: tuple[Question, ...]


def topics() -> dict[str, str]:
    """The topics a sheet can be about, each with its title."""
    return {topic: bank.title for topic, bank in BANKS.items()} | {MIXED: "All topics"}


def order(topic: str, seed: int) -> list[str]:
    """The templates of a topic in the order in which the sheet of this seed asks them."""
    ids = list(TEMPLATES) if topic == MIXED else [template.id for template in TOPICS[topic]]
    rng = np.random.default_rng([zlib.crc32(topic.encode()), seed])
    shuffled: list[int] = rng.permutation(len(ids)).tolist()
    return [ids[place] for place in shuffled]


def sheet(topic: str, seed: int, count: int) -> Sheet:
    """The sheet of a topic, a seed and a number of questions.

    Raises SpecError for an unknown topic, a negative seed or a count out of range.
    """
    if topic not in topics():
        near = get_close_matches(topic, topics(), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise SpecError(f"--topic: expected one of {', '.join(topics())}, got {topic!r}{hint}")
    if seed < 0:
        raise SpecError(f"--seed: expected a number from 0, got {seed}")
    if not 1 <= count <= LONGEST:
        raise SpecError(f"--count: expected a number from 1 to {LONGEST}, got {count}")
    ids = order(topic, seed)
    questions = (
        TEMPLATES[ids[place % len(ids)]].make(seed + ROUND * (place // len(ids)))
        for place in range(count)
    )
    return Sheet(topic, topics()[topic], seed, tuple(questions))


# Markdown -------------------------------------------------------------------------------------


def markdown(made: Sheet) -> str:
    """The sheet as Markdown with TeX between dollars."""
    asked = [
        f"## {place}. {TEMPLATES[question.id].title}\n\n{plain(question.prompt)}\n\n"
        + (_options(question) if question.options else "Answer:\n")
        for place, question in enumerate(made.questions, start=1)
    ]
    keys = [
        f"## {place}. {TEMPLATES[question.id].title}\n\n**{plain(_answer(question))}**\n\n"
        f"{plain(question.explanation)}\n\n"
        + "".join(f"- {plain(wrong.text)}: {plain(wrong.why)}\n" for wrong in question.wrong)
        for place, question in enumerate(made.questions, start=1)
    ]
    heading = f"# {made.title}\n\nSheet {made.seed} of the topic {made.topic}. Name:\n"
    turn = '<div style="break-before: page"></div>\n'
    return "\n".join([heading, *asked, turn, f"# Key to sheet {made.seed}\n", *keys])


def _options(question: Question) -> str:
    return "".join(
        f"- ({letter}) {plain(option)}\n"
        for letter, option in zip("abcdef", question.options, strict=False)
    )


def _answer(question: Question) -> str:
    if not question.options:
        return question.answer
    return f"({'abcdef'[question.options.index(question.answer)]}) {question.answer}"


# HTML -----------------------------------------------------------------------------------------

STYLE = """\
body { font: 11pt/1.5 Georgia, serif; margin: 2cm auto; max-width: 17cm; color: #000; }
h1 { font-size: 16pt; } h2 { font-size: 11.5pt; margin: 1.6em 0 0.4em; }
p { margin: 0.4em 0; } pre, code { font: 9.5pt/1.5 monospace; } pre { white-space: pre-wrap; }
section { break-inside: avoid; } .key { break-before: page; }
.line { border-bottom: 1px solid #000; display: inline-block; width: 6cm; }
.space { height: 2.2cm; } ol { list-style: lower-alpha; } .about { font-size: 9pt; }
@media print { body { margin: 0; } }
"""


def html(made: Sheet) -> str:
    """The sheet as a page of HTML that needs nothing else, formulas as MathML."""
    asked = "\n".join(_asked(place, q) for place, q in enumerate(made.questions, start=1))
    keys = "\n".join(_key(place, q) for place, q in enumerate(made.questions, start=1))
    title = f"{escape(made.title)}, sheet {made.seed}"
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{STYLE}</style>
</head>
<body>
<h1>{title}</h1>
<p>Name: <span class="line"></span></p>
{asked}
<div class="key">
<h1>Key to sheet {made.seed}</h1>
<p class="about">Topic {made.topic}. Made by chainrule. Numbers within 1 % of the key are right.</p>
{keys}
</div>
</body>
</html>
"""


def _asked(place: int, question: Question) -> str:
    if question.options:
        items = "".join(f"<li>{_inline(option)}</li>" for option in question.options)
        room = f"<ol>{items}</ol>"
    else:
        room = '<div class="space"></div><p>Answer: <span class="line"></span></p>'
    return f"<section>{_heading(place, question)}{_blocks(question.prompt)}{room}</section>"


def _key(place: int, question: Question) -> str:
    wrong = "".join(f"<li>{_inline(w.text)}: {_inline(w.why)}</li>" for w in question.wrong)
    return (
        f"<section>{_heading(place, question)}<p><strong>{_inline(_answer(question))}</strong></p>"
        f"{_blocks(question.explanation)}<ul>{wrong}</ul></section>"
    )


def _heading(place: int, question: Question) -> str:
    return f"<h2>{place}. {escape(TEMPLATES[question.id].title)}</h2>"


def _blocks(text: str) -> str:
    """Paragraphs and fenced code."""
    return "".join(
        f"<pre>{escape(code[1])}</pre>"
        if (code := re.fullmatch(r"```\w*\n(.*)\n```", block, re.S))
        else f"<p>{_inline(block)}</p>"
        for block in text.split("\n\n")
    )


SPANS = re.compile(r"\$(?P<tex>[^$]+)\$|`(?P<code>[^`]+)`|\*(?P<stressed>[^*]+)\*")


def _inline(text: str) -> str:
    """One paragraph: formulas, code and stressed words."""

    def span(found: re.Match[str]) -> str:
        if found["tex"]:
            return mathml(found["tex"])
        if found["code"]:
            return f"<code>{escape(found['code'])}</code>"
        return f"<em>{_inline(found['stressed'])}</em>"

    parts: list[str] = []
    end = 0
    for found in SPANS.finditer(text):
        parts += [escape(text[end : found.start()]), span(found)]
        end = found.end()
    return "".join([*parts, escape(text[end:])])


# The command line -----------------------------------------------------------------------------

FORMATS: dict[str, Callable[[Sheet], str]] = {"markdown": markdown, "html": html}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--topics", action="store_true", help="list the topics and stop")
    parser.add_argument("--topic", default=MIXED, help="what to ask about (default: mixed)")
    parser.add_argument("--seed", type=int, default=0, help="which sheet (default: 0)")
    parser.add_argument("--count", type=int, default=8, help="how many questions (default: 8)")
    parser.add_argument("--format", choices=FORMATS, default="markdown", help="(default: markdown)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: here)")


def run(arguments: argparse.Namespace) -> int:
    if arguments.topics:
        for topic, title in topics().items():
            print(f"{topic:18} {title}")
        return 0
    text = FORMATS[arguments.format](sheet(arguments.topic, arguments.seed, arguments.count))
    if arguments.out is None:
        print(text, end="")
    else:
        arguments.out.write_text(text, encoding="utf-8")
    return 0
