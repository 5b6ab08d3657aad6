"""Worked examples in print: what somebody printed, and the same numbers worked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from statistics import median
from typing import Any, cast

VERDICTS = {"reproduced": "yes", "only if": "only if", "misprint": "no"}
MORE = 3  # decimals of ours beyond those printed, where the two differ

type Data = Mapping[str, Any]


def section(example: Data) -> str:
    """Return an example as Markdown: who, what, a table of numbers, and every difference."""
    numbers: list[Data] = example["numbers"]
    rows = [
        f"| {number['what']} | {_minus(number['printed'])} | {_ours(number)} "
        f"| {VERDICTS[number['verdict']]} |"
        for number in numbers
    ]
    table = ["| what | printed | ours | the same? |", "|---|--:|--:|---|", *rows]
    remarks = [f"- {_remark(number)}" for number in numbers if number["because"]]
    parts = [
        f"[{example['title']}]({example['link']}), {example['authors']}. "
        f"{example['about']} {example['convention']}".strip(),
        "\n".join(table),
        "\n".join(remarks),
        example["lesson"],
    ]
    return "\n\n".join(part for part in parts if part)


def summary(examples: Mapping[str, Data], address: Callable[[str], str]) -> str:
    """Return who printed what and how many numbers come out, as a table; a title leads there."""
    rows = [
        f'<tr><th scope="row"><a href="{address(name)}">{escape(example["title"])}</a></th>'
        f"<td>{escape(example['authors'])}</td>{_counts(example['numbers'])}</tr>"
        for name, example in examples.items()
    ]
    everything = [number for example in examples.values() for number in example["numbers"]]
    heads = ["printed in", "by", "numbers", "the same", "only if", "not"]
    return (
        '<div class="md-typeset__scrollwrap"><div class="md-typeset__table"><table><thead><tr>'
        + "".join(f'<th scope="col">{head}</th>' for head in heads)
        + f"</tr></thead><tbody>{''.join(rows)}"
        f'<tr><th scope="row">together</th><td></td>{_counts(everything)}</tr>'
        "</tbody></table></div></div>"
    )


def _counts(numbers: Iterable[Data]) -> str:
    verdicts = [number["verdict"] for number in numbers]
    counts = [len(verdicts), *(verdicts.count(verdict) for verdict in VERDICTS)]
    return "".join(f"<td>{count}</td>" for count in counts)


def _remark(number: Data) -> str:
    text = f"{number['what']}, {_minus(number['printed'])}: {number['because']}"
    if number["explained"] is None:
        return text
    return f"{text} That gives {_rounded(number['explained'], number, MORE)}."


def _ours(number: Data) -> str:
    ours: Any = number["ours"]
    if isinstance(ours, list):
        return _in_many_starts(cast("list[float]", ours))
    return _rounded(ours, number, 0 if number["verdict"] == "reproduced" else MORE)


def _in_many_starts(ours: list[float]) -> str:
    low, middle, high = (f"{value:g}" for value in (min(ours), median(ours), max(ours)))
    return f"{low} to {high}, median {middle}, in {len(ours)} starts"


def _rounded(value: float, number: Data, more: int) -> str:
    """Return the value with as many decimals as were printed, and some more."""
    decimals = len(number["printed"].partition(".")[2])
    return _minus(f"{value:.{min(decimals + more, 17)}f}")


def _minus(text: str) -> str:
    return text.replace("-", "−")
