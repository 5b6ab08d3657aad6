"""The picture that a link to a page is shown with: a title, a few words, and a plot of the book."""

from __future__ import annotations

import base64
import importlib
import io
import json
import textwrap
from pathlib import Path
from typing import Any, cast

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
PLOT = (560, 470)  # at most
PAPER, INK, MUTED, WEIGHT, ACTIVATION = "#ffffff", "#1b1d22", "#5b616e", "#be360b", "#335ef0"
FONT = Path("docs/figures/fonts/ChainruleSans-Regular.ttf")


def run(name: str) -> dict[str, str]:
    """Return a PNG in base 64. The name is JSON: the figure, the title and the words."""
    figure, title, words = json.loads(name)
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    plot = drawn(figure)
    plot.thumbnail(PLOT)
    picture.paste(plot, (WIDTH - MARGIN - plot.width, (HEIGHT - plot.height) // 2))
    write(ImageDraw.Draw(picture), title, words)
    written = io.BytesIO()
    picture.quantize(128).save(written, "PNG", optimize=True)
    return {"png": base64.b64encode(written.getvalue()).decode()}


def drawn(name: str) -> Image.Image:
    """Return a plot of `docs/figures`, as it stands on a phone: nearly square, its words large."""
    topic, _, function = name.partition(".")
    figure: Any = getattr(importlib.import_module(f"docs.figures.{topic}"), function)()
    plot: Any = cast("Any", figure)[0] if isinstance(figure, tuple) else figure
    image = io.BytesIO()
    getattr(plot, "narrow", plot).savefig(image, format="png", dpi=180, facecolor=PAPER)
    return Image.open(image).convert("RGB")


def write(sheet: ImageDraw.ImageDraw, title: str, words: str) -> None:
    """Write on the left: the sign and the name of the book, then the title and the words."""

    def font(size: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(str(FONT), size)

    y = MARGIN
    sheet.line((MARGIN + 9, y + 17, MARGIN + 44, y + 17), fill=MUTED, width=3)
    sheet.ellipse((MARGIN, y + 8, MARGIN + 18, y + 26), PAPER, WEIGHT, width=4)
    sheet.ellipse((MARGIN + 40, y + 5, MARGIN + 64, y + 29), ACTIVATION)
    sheet.text((MARGIN + 80, y), "Chainrule", INK, font(30))
    lines = textwrap.wrap(title, 16)
    sheet.multiline_text((MARGIN, 190), "\n".join(lines), INK, font(60), spacing=10)
    y = 190 + 76 * len(lines) + 24
    told = textwrap.wrap(words, 34, max_lines=6, placeholder=" …")
    sheet.multiline_text((MARGIN, y), "\n".join(told), MUTED, font(28), spacing=10)
