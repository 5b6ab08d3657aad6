"""A claim on a page: in one paragraph where its topic is taught, in full on the page of claims."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from .formats import Json, attribute, walk, written

VERDICTS = ("true", "true only if", "false", "sourced")
_NUMBER = re.compile(r"\{\{\s*([^\s{}|]+)\s*(?:\|\s*([^{}|]*?)\s*)?\}\}")


@dataclass(frozen=True)
class Checked:
    """A claim that has been decided; `topic` is the name of its file."""

    id: str
    topic: str
    data: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        return self.data["verdict"]

    def words(self, part: str) -> str:
        """Return a part of the claim as Markdown, with its numbers put in.

        Raises WeaveError if a number is not there or cannot be written as asked.
        """
        pieces = re.split(r"(\$[^$]+\$)", self.data[part])
        return "".join(
            _NUMBER.sub(lambda found, tex=piece[:1] == "$": self._number(found, tex), piece)
            for piece in pieces
        )

    def _number(self, found: re.Match[str], in_maths: bool) -> str:
        value = walk(self.data["numbers"], found[1], self.id)
        text = written(value, found[2] or "", in_maths)
        if in_maths:
            return text
        full = value if isinstance(value, str) else json.dumps(value)
        title = attribute(f"{self.id} · {found[1]}")
        return f'<data class="woven" value="{attribute(full)}" title="{title}">{text}</data>'


def compact(claim: Checked, page: str) -> str:
    """Return a claim as one paragraph of Markdown that leads to `page`, where it is in full."""
    said = f"“{claim.words('wording')}” ({claim.words('source')})"
    told = f"*Better:* {better}" if (better := claim.words("correct")) else claim.words("finding")
    link = f'<a class="decided" href="{page}#{claim.id}">How this was decided</a>'
    return f"**Claim, checked: {_stopped(claim.verdict)}** {said} {told} {link}"


def full(claim: Checked) -> list[str]:
    """Return the paragraphs of a claim: what was said, what is right, what is better, and why."""
    verdict = f"**{_stopped(claim.verdict.capitalize())}**"
    paragraphs = [
        f'{verdict} <a class="claim-id" href="#{claim.id}">{claim.id}</a>\n{{ .verdict }}',
        f"> {claim.words('wording')}",
        claim.words("source"),
        f"**What is right in it:** {claim.words('right')}" if claim.data["right"] else "",
        f"**Better:** {claim.words('correct')}" if claim.data["correct"] else "",
        claim.words("finding"),
    ]
    return [paragraph for paragraph in paragraphs if paragraph]


def numbers(claim: Checked) -> str:
    """Return what the program of a claim returned, one name a line."""
    lines = [f"{name} = {_shown(value)}" for name, value in claim.data["numbers"].items()]
    return "\n".join([f"verdict = {claim.verdict}", *lines])


def by_topic(claims: Sequence[Checked]) -> dict[str, list[Checked]]:
    """Return the claims in the order of their ids, topic by topic."""
    found: dict[str, list[Checked]] = {}
    for claim in sorted(claims, key=lambda claim: int(claim.id[1:])):
        found.setdefault(claim.topic, []).append(claim)
    return found


def title(topic: str) -> str:
    return topic.replace("_", " ").capitalize()


def table(claims: Sequence[Checked]) -> str:
    """Return how many claims of each topic have each verdict."""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("topic", *VERDICTS, "all"))
    rows = [
        (f'<a href="#{anchor(topic)}">{escape(title(topic))}</a>', found)
        for topic, found in by_topic(claims).items()
    ]
    body = "".join(_row(name, found) for name, found in [*rows, ("All", claims)])
    return (
        '<div class="md-typeset__scrollwrap"><div class="md-typeset__table"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></div>"
    )


def chooser(claims: Sequence[Checked]) -> str:
    """Return the form that filters the list; claims.js brings it to life, and shows it."""
    counts = Counter(claim.verdict for claim in claims)
    verdicts = [(name, f"{name} ({counts[name]})") for name in VERDICTS if counts[name]]
    topics = [(name, f"{title(name)} ({len(found)})") for name, found in by_topic(claims).items()]
    return (
        '<form class="claim-chooser" hidden>'
        + _choice("verdict", "Verdict", verdicts)
        + _choice("topic", "Topic", topics)
        + f'<output aria-live="polite">{len(claims)} claims</output></form>'
    )


def anchor(topic: str) -> str:
    return f"claims-{topic.replace('_', '-')}"


def _stopped(verdict: str) -> str:
    return f"{verdict}{'…' if verdict.endswith(' if') else '.'}"


def _choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> str:
    shown = "".join(f'<option value="{value}">{escape(text)}</option>' for value, text in options)
    menu = f'<select name="{name}"><option value="">all</option>{shown}</select>'
    return f"<label>{label} {menu}</label>"


def _row(name: str, claims: Sequence[Checked]) -> str:
    counts = Counter(claim.verdict for claim in claims)
    cells = "".join(f"<td>{counts[verdict] or '–'}</td>" for verdict in VERDICTS)
    return f'<tr><th scope="row">{name}</th>{cells}<td>{len(claims)}</td></tr>'


def _shown(value: Json) -> str:
    """Return a number, or a list or record of them, with six digits."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_shown(inner)}" for name, inner in value.items()) + "}"
    return str(value)
