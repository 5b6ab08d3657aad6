"""Worked examples in print, as a page shows them, and figures as files of their own."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from weave import figures, published


def number(**more: Any) -> dict[str, Any]:
    return {
        "what": "loss", "printed": "-0.25", "ours": -0.2512, "verdict": "reproduced",
        "explained": None, "because": "",
    } | more  # fmt: skip


def example(*numbers: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "A & B", "authors": "Somebody", "link": "https://a.b", "about": "One neuron.",
        "convention": "", "lesson": "", "numbers": list(numbers),
    }  # fmt: skip


def test_a_reproduced_number_is_shown_as_it_was_printed():
    assert "| loss | −0.25 | −0.25 | yes |" in published.section(example(number()))


def test_a_difference_is_shown_with_more_digits_its_reason_and_its_explanation():
    text = published.section(
        example(number(verdict="only if", ours=-0.31, explained=-0.25, because="Rounded."))
    )
    assert "| loss | −0.25 | −0.31000 | only if |" in text
    assert "- loss, −0.25: Rounded. That gives −0.25000." in text


def test_many_starts_are_shown_as_their_range():
    text = published.section(example(number(printed="3", ours=[1.0, 4.0, 9.0])))
    assert "| 1 to 9, median 4, in 3 starts |" in text


def test_the_summary_counts_each_verdict():
    html = published.summary({"one": example(number(), number(verdict="misprint"))}, "#{}".format)
    assert '<a href="#one">A &amp; B</a>' in html
    assert html.count("<td>2</td><td>1</td><td>0</td><td>1</td>") == 2


@pytest.mark.parametrize("svg", ['<svg class="drawn wide"><g/></svg>\n<svg class="drawn"/>'])
def test_a_figure_is_a_file_with_its_wide_layout_and_its_colours(svg: str):
    file = ET.fromstring(figures.standalone(svg, ".fill-ink { fill: black; }"))
    assert file.tag == "{http://www.w3.org/2000/svg}svg"
    assert file.attrib["class"] == "drawn wide"
    assert [child.tag.rpartition("}")[2] for child in file] == ["style", "g"]
