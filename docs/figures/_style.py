"""One look for every plot: the page's fonts and the four colours of the book.

Importing this module sets the style. A plot is drawn once for a wide page and once for a phone,
each at the size it is shown, so that its text is as large as the text around it. The colours are
those of the light page; on the way into a page they become classes, and follow its palette.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from docs.figures._drawing import FONTS

WEIGHT, ACTIVATION, GRADIENT, LOSS = "#be360b", "#335ef0", "#a14d98", "#077e3e"
PAPER, INK, MUTED, HAIRLINE = "#ffffff", "#1b1d22", "#5b616e", "#d5d8de"

for font in FONTS.values():
    fontManager.addfont(font)

mpl.rcParams.update(
    {
        "figure.facecolor": "none",
        "figure.constrained_layout.use": True,
        "font.family": "Chainrule Sans",
        "font.size": 11,  # points
        "axes.titlesize": 11,
        "axes.labelsize": 11,
        "xtick.labelsize": 11,
        "ytick.labelsize": 11,
        "legend.fontsize": 11,
        "mathtext.fontset": "custom",
        "mathtext.it": "KaTeX_Math:italic",
        "mathtext.rm": "KaTeX_Main",
        "mathtext.bf": "KaTeX_Main",
        "mathtext.sf": "Chainrule Sans",
        "mathtext.tt": "KaTeX_Main",
        "mathtext.cal": "KaTeX_Main",
        "mathtext.fallback": None,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.titlecolor": INK,
        "axes.edgecolor": MUTED,
        "axes.facecolor": "none",
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "axes.xmargin": 0.02,
        "grid.color": HAIRLINE,
        "grid.linewidth": 0.7,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "xtick.minor.size": 0,
        "ytick.minor.size": 0,
        "xtick.major.pad": 5,
        "ytick.major.pad": 5,
        "ytick.alignment": "center",
        "lines.linewidth": 1.7,
        "lines.solid_capstyle": "round",
        "lines.markersize": 5.5,
        "legend.frameon": False,
    }
)


@dataclass(frozen=True)
class Plot:
    """The same plot for a wide page and for a phone."""

    wide: Figure
    narrow: Figure


@dataclass(frozen=True)
class TwoSizes:
    """The same plot for a wide page and for a phone, as one figure that changes its size."""

    figure: Figure
    height: float

    @property
    def wide(self) -> Figure:
        self.figure.set_size_inches(4.9, self.height)
        return self.figure

    @property
    def narrow(self) -> Figure:
        self.figure.set_size_inches(3.9, 0.94 * self.height)
        return self.figure


def plot(draw: Callable[[Axes], None], height: float = 3.1) -> TwoSizes:
    """What `draw` draws on one pair of axes."""
    figure = Figure()
    draw(figure.subplots())
    return TwoSizes(figure, height)


def panels(
    draw: Callable[[Sequence[Axes]], None], count: int, height: float, narrow_height: float
) -> Plot:
    """What `draw` draws on so many axes, in a row and in a column; heights are of one panel."""
    wide, narrow = Figure(figsize=(7.0, height)), Figure(figsize=(3.4, narrow_height * count))
    draw(wide.subplots(1, count))
    draw(narrow.subplots(count, 1))
    return Plot(wide, narrow)


def label(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    offset: tuple[float, float] = (0, 0),
    color: str = INK,
    **options: Any,
) -> None:
    """Words beside a point, so many points off, on a patch of paper under the curves."""
    axes.annotate(
        text, at, offset, textcoords="offset points", color=color, zorder=1.5,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.2}, **options,
    )  # fmt: skip
