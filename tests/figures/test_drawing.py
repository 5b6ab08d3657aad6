"""The writer of diagrams."""

from __future__ import annotations

import re

import pytest

from docs.figures import _drawing
from docs.figures._drawing import Canvas, Run, Sheet, both, fixed, number, runs, width


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0285216, "0.0285"), (-0.00199532, "−0.00200"), (1.234, "1.23"), (0, "0"), (12, "12.0")],
)
def test_a_number_has_three_digits_that_count_and_a_real_minus(value: float, text: str):
    assert number(value) == text


def test_a_fixed_number_has_its_decimals():
    assert fixed(-0.5, 2) == "−0.50"


def test_letters_slant_and_digits_stand():
    assert runs("$w_{11}$ = 0.15") == [
        Run("w", "math"), Run("11", "main", subscript=True), Run(" = 0.15", "sans"),
    ]  # fmt: skip
    assert runs("$sin$") == [Run("sin", "main")]


def test_a_label_is_as_wide_as_its_letters():
    assert width("0000", 10) == pytest.approx(4 * width("0", 10))
    assert width("$w_{1}$", 10) < width("$w1$", 10)


def test_a_letter_that_no_font_has_is_an_error():
    with pytest.raises(KeyError):
        width("漢", 10)


def test_a_wire_stops_at_the_rim_of_its_nodes():
    canvas = Canvas((200, 100), {"a": (40, 50), "b": (160, 50)})
    canvas.unit("a", "activation", "$a$", "1", radius=20)
    canvas.unit("b", "activation", "$b$", "2", radius=20)
    canvas.wire("a", "b")
    (start,) = re.findall(r'd="M([\d.]+) ', canvas.wires[0])
    (tip,) = re.findall(r'd="M([\d.]+) ', canvas.wires[1])
    assert float(start) == pytest.approx(61)
    assert float(tip) == pytest.approx(138)


def test_wires_lie_under_labels_and_labels_under_nodes():
    canvas = Canvas((200, 100), {"a": (40, 50), "b": (160, 50)})
    canvas.operation("a", "+")
    canvas.operation("b", "×")
    canvas.wire("a", "b", ("ink", "label"))
    order = [canvas.svg().index(part) for part in ("<path", "label", "<circle")]
    assert order == sorted(order)


def test_a_label_is_escaped():
    canvas = Canvas((50, 50), {"a": (20, 20)})
    canvas.note("a", ("ink", "a < b"))
    assert "a &lt; b" in canvas.svg()


def test_one_description_is_drawn_on_both_sheets():
    def draw(sheet: Canvas) -> None:
        sheet.unit("a", "activation", "$a$", "1")

    drawing = both(
        draw, wide=Sheet((200, 80), {"a": (40, 40)}), narrow=Sheet((80, 80), {"a": (41, 41)})
    )
    assert 'cx="40"' in drawing.wide
    assert 'cx="41"' in drawing.narrow


def test_the_fonts_it_measures_with_come_with_their_licence():
    assert all(path.exists() for path in _drawing.FONTS.values())
    assert (next(iter(_drawing.FONTS.values())).parent / "LICENSE.txt").exists()
