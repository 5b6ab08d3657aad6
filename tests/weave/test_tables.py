"""Headings of rows."""

from __future__ import annotations

import re

from markdown import markdown


def table(text: str) -> str:
    return markdown(text, extensions=["tables", "weave.tables"])


def test_an_empty_corner_makes_the_first_column_headings() -> None:
    html = table("| | one |\n|---|---|\n| *bias* | 2 |\n| weight | 3 |")
    assert "<td></td>" in html
    assert '<th scope="row"><em>bias</em></th>' in html
    assert '<th scope="row">weight</th>' in html
    assert "<td>3</td>" in html


def test_a_column_is_aligned_by_a_class_not_by_a_style() -> None:
    html = table("| | one |\n|---:|---:|\n| bias | 2 |")
    assert '<th class="to-right" scope="row">bias</th>' in html
    assert '<td class="to-right">2</td>' in html
    assert "style" not in html


def test_no_heading_is_empty() -> None:
    html = table("| | |\n|---|---|\n| bias | 2 |")
    assert "<th></th>" not in html
    assert '<th scope="row">bias</th>' in html


def test_another_table_stays_as_it_is_in_its_boxes() -> None:
    text = "| $w$ | one |\n|---|---|\n| bias | 2 |"
    plain = markdown(text, extensions=["tables"])
    before, _, after = table(text).partition(plain)
    assert re.findall('class="([^"]+)"', before) == ["md-typeset__scrollwrap", "md-typeset__table"]
    assert after == "</div></div>"


def test_what_follows_a_table_follows_its_boxes() -> None:
    html = table("| a | b |\n|---|---|\n| 1 | 2 |\n\nMore.\n\n| c | d |\n|---|---|\n| 3 | 4 |")
    assert html.count('<div class="md-typeset__table"><table>') == 2
    assert "</div></div>\n<p>More.</p>\n<div" in html
