"""What a page weighs: the bytes that a host with the precompressed files sends, counted from these.

Counted is what a page asks for as it opens: itself, its style sheets and scripts, and the fonts. Of
fonts all are counted that the site has of the cuts every page shows; so the true visit is lighter.
"""

import re
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
FONT = re.compile(r"url\(([^)]+\.woff2)\)")

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


def font_files(built: Path) -> set[Path]:
    [sheet] = built.glob("assets/site.*.css")
    named = FONT.findall(sheet.read_text(encoding="utf-8"))
    return {(sheet.parent / name).resolve() for name in named}


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
    have = {chr(code) for path in font_files(built) for code in TTFont(path).getBestCmap()}
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
    files = {fonts.asked(face[0]): face["file"] for face in fonts.FACE.finditer(text)}
    for cut, characters in fonts.in_formulas(text, used).items():
        assert cut in files, f"{cut} is asked for and not there"
        have = {chr(code) for code in TTFont(sheet.parent / files[cut]).getBestCmap()}
        missing = {one for one in characters if not one.isspace()} - have - SYSTEM
        assert "_Size" in cut.family or not missing, f"{cut}: {sorted(missing)}"
