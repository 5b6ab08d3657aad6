"""Figures as SVG text that belongs to the page it stands in.

A figure is drawn in the colours and fonts of the light page. On the way in, colours become
classes (`fill-weight`, `stroke-loss`), fonts become classes (`math`, `main`, none for the
page's own), inline styles become attributes and ids get a prefix. What the classes mean stands
in `docs/assets/figures.css`, so a figure follows the palette, and a strict policy against
inline styles has nothing to object to.
"""

from __future__ import annotations

import re
from typing import Any, Protocol, runtime_checkable
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
HREF = "{http://www.w3.org/1999/xlink}href"

ROLES = {
    "#be360b": "weight",
    "#335ef0": "activation",
    "#a14d98": "gradient",
    "#077e3e": "loss",
    "#ffffff": "paper",
    "#1b1d22": "ink",
    "#5b616e": "muted",
    "#d5d8de": "hairline",
    "#f6f7f9": "tint",
}
DECIMAL = re.compile(r"-?\d+\.\d+")
FONT_CLASSES = {"KaTeX_Math": "math", "KaTeX_Main": "main", "Chainrule Sans": ""}


@runtime_checkable
class Plot(Protocol):
    """What this module knows of a Matplotlib figure."""

    def savefig(self, fname: Any, **options: Any) -> None: ...


class TwoLayouts(Protocol):
    """A figure that is arranged once for a wide page and once for a phone."""

    @property
    def wide(self) -> Plot | str: ...

    @property
    def narrow(self) -> Plot | str: ...


def render(figure: Plot | TwoLayouts, prefix: str) -> str:
    """The figure as one `<svg class="drawn">`, or two (`wide` and `narrow`, one of them shown).

    Every `<svg` in the answer is an outermost one and has neither a role nor a label yet; its
    contents are hidden from assistive technology. Ids start with the prefix.
    """
    if isinstance(figure, Plot):
        return element(source(figure, prefix), "drawn", prefix)
    return "\n".join(
        element(source(getattr(figure, layout), prefix), f"drawn {layout}", f"{prefix}-{layout}")
        for layout in ("wide", "narrow")
    )


def source(figure: Plot | str, prefix: str) -> str:
    """The SVG as it was drawn."""
    if isinstance(figure, str):
        return figure
    from . import plots  # here, because whoever has a plot to render has Matplotlib loaded already

    return plots.source(figure, prefix)


def element(text: str, classes: str, prefix: str) -> str:
    """The drawn SVG made fit for a page."""
    drawn = ET.fromstring(text)
    for node in drawn.iter():
        node.tag = node.tag.removeprefix(f"{{{SVG}}}")
    for unwanted in ("metadata", "style"):
        remove(drawn, unwanted)
    named = set(re.findall(r'(?:url\(|href=")#([^")]+)', text))
    for node in drawn.iter():
        attributes_from_style(node)
        colours_to_classes(node)
        fonts_to_classes(node)
        prefix_ids(node, named, prefix)
        tidy(node)
    for node in drawn.iter("text"):
        gather_letters(node)
    flatten(drawn)

    width, height = (float(side) for side in drawn.attrib["viewBox"].split()[2:])
    scale = 4 / 3 if drawn.attrib["width"].endswith("pt") else 1
    page = ET.Element(
        "svg",
        {
            "class": classes,
            "width": shorter(f"{width * scale:.2f}"),
            "height": shorter(f"{height * scale:.2f}"),
            "viewBox": drawn.attrib["viewBox"],
        },
    )
    contents = ET.SubElement(page, "g", {"aria-hidden": "true", "stroke-linejoin": "round"})
    contents.extend(drawn)
    return ET.tostring(page, encoding="unicode")


def remove(tree: ET.Element, tag: str) -> None:
    """Take out every element of this name."""
    for parent in tree.iter():
        for child in parent.findall(tag):
            parent.remove(child)


def attributes_from_style(node: ET.Element) -> None:
    """`style="fill: none; stroke-width: 2"` as the attributes `fill` and `stroke-width`."""
    for declaration in node.attrib.pop("style", "").split(";"):
        name, _, value = declaration.partition(":")
        if value:
            node.set(name.strip(), value.strip().removesuffix("px").strip("'"))


def colours_to_classes(node: ET.Element) -> None:
    """A palette colour is a class; any other colour is a slip of whoever drew it."""
    for use in ("fill", "stroke"):
        colour = node.attrib.get(use, "none")
        if colour in ROLES:
            add_class(node, f"{use}-{ROLES[colour]}")
            del node.attrib[use]
        elif colour.startswith("#"):
            raise ValueError(f"the colour {colour} is not in the palette")


def fonts_to_classes(node: ET.Element) -> None:
    """A font is a class, or nothing where it is the font of the page."""
    family = node.attrib.pop("font-family", None)
    if family is not None:
        add_class(node, FONT_CLASSES[family])
        node.attrib.pop("font-style", None)


def add_class(node: ET.Element, name: str) -> None:
    """One class more, if it is one."""
    classes = [*node.attrib.get("class", "").split(), *name.split()]
    if classes:
        node.set("class", " ".join(classes))


def prefix_ids(node: ET.Element, named: set[str], prefix: str) -> None:
    """Ids that something points to get the prefix, here and there; the others go."""
    if node.attrib.get("id") in named:
        node.set("id", f"{prefix}-{node.attrib['id']}")
    else:
        node.attrib.pop("id", None)
    if HREF in node.attrib:
        node.set("href", node.attrib.pop(HREF).replace("#", f"#{prefix}-"))
    if "clip-path" in node.attrib:
        node.set("clip-path", node.attrib["clip-path"].replace("#", f"#{prefix}-"))


def tidy(node: ET.Element) -> None:
    """Numbers to a hundredth of a pixel, no rotation by nothing, no line breaks between tags."""
    node.text = (node.text or "").strip() and node.text
    node.tail = (node.tail or "").strip() and node.tail
    if node.attrib.get("transform", "").startswith(("rotate(-0 ", "rotate(0 ")):
        del node.attrib["transform"]
    for name in ("d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points", "transform"):
        if name in node.attrib:
            value = compact(node.attrib[name])
            node.set(name, DECIMAL.sub(lambda found: shorter(f"{float(found[0]):.2f}"), value))


def compact(text: str) -> str:
    """A path, or anything else, in single spaces; lines that follow a line need no new L."""
    kept: list[str] = []
    command = ""
    for token in text.split():
        if token.isalpha():
            if token == command == "L":
                continue
            command = token
        kept.append(token)
    return " ".join(kept)


def shorter(number: str) -> str:
    """A number with decimals, without the zeros that say nothing."""
    short = number.rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def gather_letters(text: ET.Element) -> None:
    """Matplotlib sets a formula letter by letter; letters of one kind share an element."""
    gathered: dict[tuple[tuple[str, str], ...], ET.Element] = {}
    for letter in [child for child in text if "x" in child.attrib]:
        text.remove(letter)
        if not (letter.text or "").strip():
            continue
        kind = tuple((name, value) for name, value in letter.attrib.items() if name != "x")
        if kind in gathered:
            run = gathered[kind]
            run.text = f"{run.text}{letter.text}"
            run.set("x", f"{run.attrib['x']} {letter.attrib['x']}")
        else:
            gathered[kind] = letter
    text.extend(gathered.values())


def flatten(tree: ET.Element) -> None:
    """A group without attributes is only its contents, and what nobody can see is nothing."""
    children: list[ET.Element] = []
    for child in list(tree):
        flatten(child)
        if child.tag == "g" and not child.attrib:
            children += list(child)
        elif not invisible(child):
            children.append(child)
    tree[:] = children


def invisible(node: ET.Element) -> bool:
    """An empty container, or a shape that is neither filled nor stroked."""
    if node.tag in ("g", "defs", "text"):
        return len(node) == 0 and not node.text
    return node.attrib.get("fill") == "none" and "stroke" not in node.attrib.get("class", "")
