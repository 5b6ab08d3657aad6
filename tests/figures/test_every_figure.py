"""What holds for every figure, whoever draws the next one."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from docs.figures import _style
from tests.figures.every_figure import Drawn, names
from weave import svg

PHONE = 328  # pixels of text width on the narrowest phone
STYLE_SHEET = Path("docs/assets/figures.css").read_text(encoding="utf-8")
SITE_PALETTE = Path("docs/assets/chainrule.css").read_text(encoding="utf-8")


def layouts(figure: Drawn) -> dict[str, ET.Element]:
    """The outermost elements of a figure, by layout."""
    roots = list(ET.fromstring(f"<div>{figure.svg}</div>"))
    return {root.attrib["class"].removeprefix("drawn").strip(): root for root in roots}


def test_there_are_at_least_twelve():
    assert len(names()) >= 12


def test_another_process_draws_the_same_bytes(drawn):
    program = (
        "import hashlib, json; from tests.figures.every_figure import draw, names;"
        "digest = lambda text: hashlib.sha256(text.encode()).hexdigest();"
        "print(json.dumps({name: digest(draw(name).svg) for name in names()}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    here = {name: hashlib.sha256(f.svg.encode()).hexdigest() for name, f in drawn.items()}
    assert json.loads(done.stdout) == here
    assert done.stderr == ""


def test_it_has_a_layout_for_a_wide_page_and_one_for_a_phone(figure):
    assert set(layouts(figure)) == {"wide", "narrow"}


def test_it_carries_no_style_of_its_own(figure):
    assert "<style" not in figure.svg
    assert "style=" not in figure.svg
    assert "<script" not in figure.svg


def test_its_colours_are_classes_the_style_sheet_knows(figure):
    assert not re.findall(r"#[0-9a-f]{6}", figure.svg)
    assert not re.findall(r"rgb\(|(?:fill|stroke)=\"(?!none)", figure.svg)
    for classes in re.findall(r'class="([^"]*)"', figure.svg):
        for name in set(classes.split()) - {"drawn", "wide", "narrow"}:
            assert re.search(rf"\.{name}[ ,)]", STYLE_SHEET), name


def test_its_ids_are_its_own_and_every_reference_leads_somewhere(figure, figure_name):
    ids = re.findall(r'\bid="([^"]+)"', figure.svg)
    assert len(ids) == len(set(ids))
    assert all(name.startswith(figure_name.replace(".", "-")) for name in ids)
    assert set(re.findall(r'(?:url\(|href=")#([^")]+)', figure.svg)) == set(ids)


def test_it_says_its_size_and_hides_its_parts_from_screen_readers(figure):
    for root in layouts(figure).values():
        box = [float(side) for side in root.attrib["viewBox"].split()]
        ratio = float(root.attrib["width"]) / float(root.attrib["height"])
        assert abs(ratio - box[2] / box[3]) < 0.01
        assert [child.attrib.get("aria-hidden") for child in root] == ["true"]


def test_its_text_is_at_least_ten_pixels_high_on_a_phone(figure):
    root = layouts(figure)["narrow"]
    across = float(root.attrib["viewBox"].split()[2])
    scale = min(float(root.attrib["width"]), PHONE) / across
    sizes = []
    for text in root.iter("text"):
        own = [float(e.attrib["font-size"]) for e in text.iter() if "font-size" in e.attrib]
        sizes.append(max(own) * scale)  # a subscript may be smaller than its letter
    assert sizes
    assert min(sizes) >= 10


def test_it_stays_within_its_sheet(figure):
    for root in layouts(figure).values():
        across, down = (float(side) for side in root.attrib["viewBox"].split()[2:])
        for circle in root.iter("circle"):
            x, y, r = (float(circle.attrib[name]) for name in ("cx", "cy", "r"))
            assert r <= x <= across - r
            assert r <= y <= down - r
        for text in root.iter("text"):
            if "x" in text.attrib:
                assert 0 <= float(text.attrib["x"]) <= across
                assert 0 <= float(text.attrib["y"]) <= down


def test_one_palette_everywhere():
    """The light colours of the site, of the plots, of the drawings and of their fallbacks."""
    for colour, role in svg.ROLES.items():
        assert f"--cr-{role}: light-dark({colour}," in SITE_PALETTE
        assert f"var(--cr-{role}, {colour})" in STYLE_SHEET
    for role in ("weight", "activation", "gradient", "loss", "paper", "ink", "muted", "hairline"):
        assert svg.ROLES[getattr(_style, role.upper())] == role
