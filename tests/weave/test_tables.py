"""Headings of rows."""

from __future__ import annotations

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


def test_another_table_stays_as_it_is() -> None:
    text = "| $w$ | one |\n|---|---|\n| bias | 2 |"
    assert table(text) == markdown(text, extensions=["tables"])
