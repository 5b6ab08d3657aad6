"""A Matplotlib figure as the text of an SVG, as Matplotlib writes it: the same every time.

One renderer lays the figure out and draws it, where Matplotlib takes a new one for either. What
one has found out about a piece of text so holds for both, and formulas are parsed once.
"""

from __future__ import annotations

import io
from typing import Any, cast

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.textpath import text_to_path

POINTS = 72  # to an inch, and pixels as well


def source(figure: Any, prefix: str) -> str:
    """The SVG of a figure; where Matplotlib makes up an id, it is made up from the prefix."""
    buffer, canvas = io.StringIO(), cast("Any", FigureCanvasSVG)(figure)
    figure.dpi = POINTS
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix}):  # pyright: ignore[reportUnknownMemberType]
        width, height = POINTS * figure.get_size_inches()
        renderer = cast("Any", RendererSVG)(width, height, buffer, metadata={"Date": None})
        renderer._text2path = text_to_path  # which remembers formulas, of other figures too
        canvas.get_renderer = lambda: renderer
        figure.draw(renderer)
        renderer.finalize()
    return buffer.getvalue()
