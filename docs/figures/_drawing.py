"""A small writer of network diagrams and computation graphs.

A diagram is described once and placed twice: `both` runs the description on a wide sheet and
on a narrow one, which differ only in where things stand. Everything is drawn in the colours
of its role (weight, activation, gradient, loss), by class; the style sheet knows the colours.

A label is a list of lines, each a pair (role, text). Between dollar signs stand variables, set
as the equations set them: `("weight", "$w_{11}$ = 0.15")`.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from fontTools.ttLib import TTFont

type Point = tuple[float, float]
type Place = Point | tuple[float, float, str]  # where a thing stands, and how a note is anchored
type Line = tuple[str, str]

FONTS = {
    "sans": Path(__file__).parent / "fonts" / "ChainruleSans-Regular.ttf",
    "math": Path(__file__).parent / "fonts" / "KaTeX_Math-Italic.ttf",
    "main": Path(__file__).parent / "fonts" / "KaTeX_Main-Regular.ttf",
}
SIZE = 14.0  # of a value, in pixels on the page
NAME_SIZE = 18.0  # of a name in a unit
SUBSCRIPT = 0.72
LEADING = 1.2

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it finds KaTeX's time stamps too old


def number(value: float, digits: int = 3) -> str:
    """The value to so many significant digits, never in powers of ten, with a real minus sign."""
    decimals = 0 if value == 0 else max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return fixed(value, decimals)


def fixed(value: float, decimals: int) -> str:
    """The value to so many decimals, with a real minus sign."""
    return f"{value:.{decimals}f}".replace("-", "−")


@dataclass(frozen=True)
class Run:
    """A piece of a label in one font, on the line or below it."""

    text: str
    font: str
    subscript: bool = False


UPRIGHT = {"sin", "max"}
LETTERS = re.compile(r"([^\W\d_²³]+)")
TOKEN = re.compile(r"_\{([^}]*)\}|_(.)|([^_]+)")


def runs(text: str) -> list[Run]:
    """The pieces of a label; what stands between dollar signs is a formula."""
    pieces: list[Run] = []
    for i, part in enumerate(text.split("$")):
        if i % 2 == 0:
            pieces += [Run(part, "sans")] if part else []
            continue
        for braced, single, plain in TOKEN.findall(part):
            pieces += formula(plain) if plain else formula(braced or single, subscript=True)
    return pieces


def formula(text: str, subscript: bool = False) -> list[Run]:
    """Letters slanted, as KaTeX sets them; digits, signs and the names of functions upright."""
    return [
        Run(piece, "math" if piece.isalpha() and piece not in UPRIGHT else "main", subscript)
        for piece in LETTERS.split(text)
        if piece
    ]


@cache
def advances(font: str) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    """Which glyph a character is, how wide each glyph is, and how many units make an em."""
    file = TTFont(FONTS[font])
    return file.getBestCmap(), file["hmtx"].metrics, file["head"].unitsPerEm


def width(text: str, size: float) -> float:
    """How wide the label is in the fonts of the page."""
    total = 0.0
    for run in runs(text):
        glyphs, metrics, em = advances(run.font)
        scale = size * (SUBSCRIPT if run.subscript else 1) / em
        total += scale * sum(metrics[glyphs[ord(c)]][0] for c in run.text)
    return total


def text_element(x: float, y: float, line: Line, size: float, anchor: str = "middle") -> str:
    """One line of a label with its baseline at y."""
    role, text = line
    spans, sunk = [], 0.0
    for run in runs(text):
        drop = 0.22 * size if run.subscript else 0.0
        attributes = f' class="{run.font}"' if run.font != "sans" else ""
        if drop != sunk:
            attributes += f' dy="{drop - sunk:.2f}"'
        if run.subscript:
            attributes += f' font-size="{size * SUBSCRIPT:.2f}"'
        piece = escape(run.text)
        spans.append(f"<tspan{attributes}>{piece}</tspan>" if attributes else piece)
        sunk = drop
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" class="fill-{role}" font-size="{size:g}" '
        f'text-anchor="{anchor}">{"".join(spans)}</text>'
    )


@dataclass(frozen=True)
class Node:
    """Where a thing stands and how far wires keep away from its middle."""

    x: float
    y: float
    half_width: float
    half_height: float
    round: bool

    def edge_towards(self, x: float, y: float, gap: float) -> Point:
        """The point, a little outside, where a wire to (x, y) leaves."""
        dx, dy = x - self.x, y - self.y
        distance = math.hypot(dx, dy)
        if self.round:
            reach = self.half_width
        else:
            reach = min(
                self.half_width * distance / abs(dx) if dx else math.inf,
                self.half_height * distance / abs(dy) if dy else math.inf,
            )
        share = (reach + gap) / distance
        return self.x + share * dx, self.y + share * dy


class Canvas:
    """A sheet to draw on. Wires lie under labels, labels under nodes, whatever the order."""

    def __init__(self, size: Point, place: Mapping[str, Place], narrow: bool = False):
        self.size, self.place, self.narrow = size, place, narrow
        self.nodes: dict[str, Node] = {}
        self.wires: list[str] = []
        self.labels: list[str] = []
        self.shapes: list[str] = []

    def unit(self, key: str, role: str, name: str, value: str, radius: float = 31) -> None:
        """A disc with a name and a value: an input or a neuron."""
        x, y = self.place[key][:2]
        self.nodes[key] = Node(x, y, radius, radius, round=True)
        self.shapes += [
            f'<circle cx="{x}" cy="{y}" r="{radius}" class="tint-{role} stroke-{role}" '
            f'stroke-width="1.8"/>',
            text_element(x, y - 3, (role, name), NAME_SIZE),
            text_element(x, y + 15, ("ink", value), SIZE),
        ]

    def operation(self, key: str, symbol: str, radius: float = 19) -> None:
        """A small disc with a sign: one step of a computation graph."""
        x, y = self.place[key][:2]
        self.nodes[key] = Node(x, y, radius, radius, round=True)
        self.shapes += [
            f'<circle cx="{x}" cy="{y}" r="{radius}" class="tint-ink stroke-muted" '
            f'stroke-width="1.5"/>',
            text_element(x, y + 0.31 * NAME_SIZE, ("ink", f"${symbol}$"), NAME_SIZE),
        ]

    def box(self, key: str, role: str, *lines: Line) -> None:
        """A frame around its label: the loss, or another end of a graph."""
        rim = "muted" if role == "ink" else role
        x, y = self.place[key][:2]
        half_width = max(width(text, SIZE) for _, text in lines) / 2 + 11
        half_height = len(lines) * SIZE * LEADING / 2 + 9
        self.nodes[key] = Node(x, y, half_width, half_height, round=False)
        self.shapes.append(
            f'<rect x="{x - half_width:.2f}" y="{y - half_height:.2f}" rx="7" '
            f'width="{2 * half_width:.2f}" height="{2 * half_height:.2f}" '
            f'class="tint-{role} stroke-{rim}" stroke-width="1.8"/>'
        )
        self.shapes += stacked(x, y, lines, SIZE)

    def name(self, key: str, *lines: Line, size: float = SIZE) -> None:
        """A bare label that wires may start from: a bias, an input of a graph."""
        x, y = self.place[key][:2]
        half_width = max(width(text, size) for _, text in lines) / 2 + 3
        half_height = len(lines) * size * LEADING / 2
        self.nodes[key] = Node(x, y, half_width, half_height, round=False)
        self.labels += stacked(x, y, lines, size)

    def note(self, key: str, *lines: Line) -> None:
        """A label at a place of its own."""
        x, y, *anchor = self.place[key]
        self.labels += stacked(x, y, lines, SIZE, *anchor)

    def text(self, x: float, y: float, *lines: Line) -> None:
        """A label around a point."""
        self.labels += stacked(x, y, lines, SIZE)

    def wire(
        self,
        start: str,
        end: str,
        *lines: Line,
        at: float = 0.5,
        bend: float = 0.0,
        role: str = "muted",
        weight: float = 1.3,
    ) -> None:
        """An arrow from node to node, with a label that interrupts it at a share of its length.

        A positive bend bows it to the right of its direction by so many pixels.
        """
        a, b = self.nodes[start], self.nodes[end]
        length = math.hypot(b.x - a.x, b.y - a.y)
        pull_x = (a.x + b.x) / 2 - 2 * bend * (b.y - a.y) / length
        pull_y = (a.y + b.y) / 2 + 2 * bend * (b.x - a.x) / length
        x1, y1 = a.edge_towards(pull_x, pull_y, gap=1)
        x2, y2 = b.edge_towards(pull_x, pull_y, gap=2)
        self.line((x1, y1), (x2, y2), (pull_x, pull_y) if bend else None, role=role, weight=weight)
        if lines:
            if not bend:
                pull_x, pull_y = (x1 + x2) / 2, (y1 + y2) / 2
            near, middle, far = (1 - at) ** 2, 2 * at * (1 - at), at**2
            x = near * x1 + middle * pull_x + far * x2
            y = near * y1 + middle * pull_y + far * y2
            self.plate(x, y, lines)

    def line(
        self,
        start: Point,
        end: Point,
        pull: Point | None = None,
        *,
        role: str = "muted",
        weight: float = 1.3,
        arrow: bool = True,
    ) -> None:
        """A line between two points, straight or pulled towards a third."""
        (x1, y1), (x2, y2) = start, end
        from_x, from_y = pull or start
        length = math.hypot(x2 - from_x, y2 - from_y)
        ux, uy = (x2 - from_x) / length, (y2 - from_y) / length
        head = 8.0 if arrow else 0.0
        stop = f"{x2 - 0.8 * head * ux:.2f} {y2 - 0.8 * head * uy:.2f}"
        course = f"Q{from_x:.2f} {from_y:.2f} {stop}" if pull else f"L{stop}"
        self.wires.append(
            f'<path d="M{x1:.2f} {y1:.2f}{course}" fill="none" class="stroke-{role}" '
            f'stroke-width="{weight:g}"/>'
        )
        if arrow:
            back_x, back_y, half = x2 - head * ux, y2 - head * uy, 3.6
            self.wires.append(
                f'<path d="M{x2:.2f} {y2:.2f}L{back_x - half * uy:.2f} {back_y + half * ux:.2f}'
                f'L{back_x + half * uy:.2f} {back_y - half * ux:.2f}Z" class="fill-{role}"/>'
            )

    def plate(self, x: float, y: float, lines: tuple[Line, ...]) -> None:
        """A label on a patch of paper, which interrupts whatever runs under it."""
        patch_width = max(width(text, SIZE) for _, text in lines) + 8
        patch_height = len(lines) * SIZE * LEADING + 3
        self.labels.append(
            f'<rect x="{x - patch_width / 2:.2f}" y="{y - patch_height / 2:.2f}" '
            f'width="{patch_width:.2f}" height="{patch_height:.2f}" class="fill-paper"/>'
        )
        self.labels += stacked(x, y, lines, SIZE)

    def directions(self, key: str, length: float = 92) -> None:
        """Which way the two kinds of numbers travel."""
        x, y = self.place[key][:2]
        if self.narrow:
            self.line((x, y), (x, y + length))
            self.line((x + 16, y + length), (x + 16, y), role="gradient")
            self.labels += stacked(x - 6, y + 8, (("muted", "values"),), SIZE, "end")
            self.labels += stacked(
                x + 22, y + length - 8, (("gradient", "gradients"),), SIZE, "start"
            )
        else:
            middle = x + length / 2
            self.line((x, y), (x + length, y))
            self.line((x + length, y + 16), (x, y + 16), role="gradient")
            self.labels += stacked(middle, y - 11, (("muted", "values"),), SIZE)
            self.labels += stacked(middle, y + 28, (("gradient", "gradients"),), SIZE)

    def svg(self) -> str:
        """The sheet as one SVG element."""
        across, down = self.size
        body = "".join([*self.wires, *self.labels, *self.shapes])
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{across:g}" height="{down:g}" '
            f'viewBox="0 0 {across:g} {down:g}">{body}</svg>'
        )


def stacked(
    x: float, y: float, lines: tuple[Line, ...], size: float, anchor: str = "middle"
) -> list[str]:
    """Lines of text, the middle of the stack at y."""
    first = y - (len(lines) - 1) * size * LEADING / 2 + 0.35 * size
    return [
        text_element(x, first + i * size * LEADING, line, size, anchor)
        for i, line in enumerate(lines)
    ]


@dataclass(frozen=True)
class Sheet:
    """A size, and where each thing stands."""

    size: Point
    place: dict[str, Place]


@dataclass(frozen=True)
class Drawing:
    """The same diagram for a wide page and for a phone."""

    wide: str
    narrow: str


def both(draw: Callable[[Canvas], None], *, wide: Sheet, narrow: Sheet) -> Drawing:
    """What `draw` draws, on both sheets."""
    sheets = [Canvas(wide.size, wide.place), Canvas(narrow.size, narrow.place, narrow=True)]
    for sheet in sheets:
        draw(sheet)
    return Drawing(*(sheet.svg() for sheet in sheets))
