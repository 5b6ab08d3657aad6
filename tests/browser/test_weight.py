"""What a page weighs: the bytes that a host with the precompressed files sends, counted from these.

Counted is what a page asks for as it opens: itself, its style sheets and scripts, and the fonts. Of
fonts all are counted that the site has of the cuts every page shows; so the true visit is lighter.
"""

import io
import re
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
from fontTools.ttLib import TTFont

from tests.browser.conftest import file_of, pages
from weave import fonts, shipped

TEACHING = ("start/", "idea/", "network/", "training/", "code/", "mistakes/")
FIRST_VISIT, NEXT_PAGE = 250_000, 60_000  # bytes
IMPORTS = re.compile(r"""\b(?:from|import)\s*\(?\s*["'](\./[^"']+)["']""")
FACE = re.compile(r"@font-face\s*\{[^}]*?url\((?P<source>[^)]+)\)[^}]*\}")

# Characters that no font of ours has, and the reader's system draws: superscripts above 3 and
# subscripts of formulas in plain text, and what only MathML holds.
SYSTEM = set("⟦⟧⁰⁴⁵⁶⁷⁸⁹⁻⁽⁾₀₁₂₃₄₅₆₇₈₉⅓ᵀᶻ‾⏟─\u200b\u2061\u2063")


class Asked(HTMLParser):
    """The addresses that a page asks for as it opens."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.unsized: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.addresses.append(given["href"] or "")
        if tag in ("script", "img") and given.get("src"):
            self.addresses.append(given["src"] or "")
        drawn = tag == "svg" and "drawn" in (given.get("class") or "").split()
        if (tag == "img" or drawn) and not {"width", "height"} <= given.keys():
            self.unsized.append(self.get_starttag_text() or "")


def sent(path: Path) -> int:
    """Return the bytes sent for a file by a host that takes what lies beside it."""
    compressed = path.with_name(f"{path.name}.br")
    return (compressed if compressed.exists() else path).stat().st_size


def loaded(built: Path, page: str) -> set[Path]:
    """Return the files that a page loads, scripts with all that they import."""
    path = built / page / "index.html"
    asked = Asked(path.read_text(encoding="utf-8"))
    waiting = [f"/{page}{address}" for address in asked.addresses]
    files = {path}
    while waiting:
        address = urljoin("/", waiting.pop())
        file = (built / address.lstrip("/")).resolve()
        if file in files:
            continue
        files.add(file)
        if file.suffix == ".mjs":
            script = file.read_text(encoding="utf-8")
            waiting += [urljoin(address, other) for other in IMPORTS.findall(script)]
    return files


def faces(built: Path) -> dict[str, Path | bytes]:
    """Return the fonts of the style sheet by the rule that names them: a file, or what it holds."""
    [sheet] = built.glob("assets/site.*.css")
    found: dict[str, Path | bytes] = {}
    for face in FACE.finditer(sheet.read_text(encoding="utf-8")):
        _, held, data = face["source"].partition(";base64,")
        found[face[0]] = b64decode(data) if held else (sheet.parent / face["source"]).resolve()
    return found


def font_files(built: Path) -> set[Path]:
    return {font for font in faces(built).values() if isinstance(font, Path)}


def characters(font: Path | bytes) -> set[str]:
    opened = TTFont(font if isinstance(font, Path) else io.BytesIO(font))
    return {chr(code) for code in opened.getBestCmap()}


TAUGHT = [page for page in pages() if page.startswith(TEACHING)]


def test_there_are_teaching_pages() -> None:
    assert len(TAUGHT) > 25


@pytest.mark.parametrize("page", TAUGHT)
def test_a_first_visit_and_the_next_page_stay_light(built: Path, page: str) -> None:
    files = loaded(built, page)
    assert all(file.exists() for file in files)
    first = sum(map(sent, files | font_files(built)))
    assert first <= FIRST_VISIT, f"{page}: {first} bytes on a first visit"
    common = set.intersection(*(loaded(built, other) for other in TAUGHT[:3]))
    onward = sum(map(sent, files - common))
    assert onward <= NEXT_PAGE, f"{page}: {onward} bytes for a reader who comes from another page"


@pytest.mark.parametrize("page", pages())
def test_every_picture_has_its_size_before_it_is_there(built: Path, page: str) -> None:
    assert Asked(file_of(built, page).read_text(encoding="utf-8")).unsized == []


def test_no_font_lies_there_that_no_style_asks_for(built: Path) -> None:
    assert {path.resolve() for path in built.rglob("*.woff2")} == font_files(built)


def test_every_character_is_in_a_font_or_left_to_the_system(built: Path) -> None:
    have = set[str]().union(*map(characters, faces(built).values()))
    for page in pages():
        text = file_of(built, page).read_text(encoding="utf-8")
        text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", "", text, flags=re.S)
        missing = {one for one in text if not one.isspace()} - have - SYSTEM
        assert not missing, f"{page}: {sorted(missing)}"


def test_a_formula_finds_its_characters_in_the_fonts_that_its_classes_ask_for(
    built: Path, tmp_path: Path
) -> None:
    [sheet] = built.glob("assets/site.*.css")
    text = sheet.read_text(encoding="utf-8")
    used = replace(shipped.used(built, tmp_path / "memo.json"), drawn=frozenset())
    there = {fonts.asked(face): font for face, font in faces(built).items()}
    for cut, shown in fonts.in_formulas(text, used).items():
        assert cut in there, f"{cut} is asked for and not there"
        missing = {one for one in shown if not one.isspace()} - characters(there[cut]) - SYSTEM
        assert "_Size" in cut.family or not missing, f"{cut}: {sorted(missing)}"
