"""From a drawn figure to SVG that belongs to a page."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure

from docs.figures import _style
from weave import svg


def plotted(color: str = _style.LOSS) -> Figure:
    figure = Figure(figsize=(3, 2))
    axes = figure.subplots()
    axes.plot([0, 1, 2], [0, 1, 4], color=color)
    axes.fill_between([0, 1, 2], [0, 1, 4], color=_style.WEIGHT, alpha=0.2, lw=0)
    axes.set_xlabel("weight $w_1$")
    return figure


def test_a_plot_is_one_element_of_the_size_it_was_drawn():
    text = svg.render(plotted(), "a")
    assert text.startswith('<svg class="drawn" width="288" height="192" viewBox="0 0 216 144">')
    assert text.count("<svg") == 1


def test_a_figure_with_two_layouts_is_two_elements():
    text = svg.render(SimpleNamespace(wide=plotted(), narrow="<svg width='9' height='9' "
                      "viewBox='0 0 9 9' xmlns='http://www.w3.org/2000/svg'/>"), "a")  # fmt: skip
    assert text.count("<svg") == 2
    assert 'class="drawn wide"' in text
    assert 'class="drawn narrow"' in text


def test_colours_and_fonts_become_classes():
    text = svg.render(plotted(), "a")
    assert 'class="stroke-loss"' in text
    assert 'class="fill-weight"' in text
    assert 'class="fill-ink math"' in text
    assert "font-family" not in text


def test_a_colour_from_outside_the_palette_is_refused():
    with pytest.raises(ValueError, match="the colour #123456 is not in the palette"):
        svg.render(plotted("#123456"), "a")


def test_ids_carry_the_prefix():
    first, second = (svg.render(plotted(), prefix) for prefix in ("a", "b"))
    assert 'id="a-' in first
    assert 'id="a-' not in second


def test_the_same_figure_gives_the_same_text():
    assert svg.render(plotted(), "a") == svg.render(plotted(), "a")


def test_letters_of_one_kind_share_an_element():
    assert ">weight</tspan>" in svg.render(plotted(), "a")


def test_metadata_and_styles_are_left_out():
    text = svg.render(plotted(), "a")
    assert not any(
        part in text for part in ("<metadata", "<style", "style=", "xmlns", "Matplotlib")
    )


@pytest.mark.parametrize(
    ("long", "short"),
    [("1.50", "1.5"), ("2.00", "2"), ("-0.00", "0"), ("-0.20", "-0.2")],
)
def test_a_number_loses_the_zeros_that_say_nothing(long: str, short: str):
    assert svg.shorter(long) == short


def test_a_repeated_line_command_is_understood():
    assert svg.compact("M 0 0\nL 1 1\nL 2 2\nz") == "M 0 0 L 1 1 2 2 z"
