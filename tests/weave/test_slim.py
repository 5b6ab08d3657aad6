"""What is left out of a built site, and that nothing is that a page needs."""

import gzip
import io
import re
import shutil
from base64 import b64decode
from pathlib import Path

import brotli
import pytest
from fontTools.ttLib import TTFont

from weave import compress, fonts, shipped, slim, stylesheets

FONTS = Path(__file__).parents[2] / "docs/assets/fonts"
GREEK, SERIF = "source-sans-3-greek-wght-normal.woff2", "source-serif-4-latin-wght-normal.woff2"
MATHS = "KaTeX_Math-Italic.woff2"
FACE = '@font-face{font-family:"%s";font-weight:400 700;src:url(fonts/%s)}\n'
PAGE = """\
<html class="no-js"><head>
<link rel="stylesheet" href="{up}assets/theme/main.css">
<link rel="stylesheet" href="{up}assets/own.css">
{more}</head><body><p class="lead" data-way="up">Caf&eacute; β
<span class="katex"><katex-html class="katex-html"><span class="mord mathnormal">w</span>
</katex-html></span></p></body></html>
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {
        "index.html": PAGE.format(up="", more=""),
        "part/index.html": PAGE.format(
            up="../", more='<link rel="stylesheet" href="../assets/only.css">'
        ),
        "404.html": PAGE.format(up="/book/", more=""),
        "assets/theme/main.css": "/* a remark */ .lead{background:url(../a.svg)} .foreign{top:0}",
        "assets/own.css": ".made, .never { --cr-kept: 1; --cr-lost: 2; top: var(--cr-kept) }\n"
        + FACE % ("Sans", GREEK)
        + FACE % ("Serif", SERIF)
        + FACE.replace("{", "{font-style:italic;", 1) % ("KaTeX_Math", MATHS)
        + FACE % ("KaTeX_Fraktur", "KaTeX_Fraktur-Regular.woff2")
        + ".katex .mathnormal{font-family:KaTeX_Math;font-style:italic}",
        "assets/only.css": "i{top:0}",
        "assets/own.js": "element.className = 'made';",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "assets/fonts").mkdir()
    for name in (GREEK, SERIF):
        shutil.copy(FONTS / name, tmp_path / "assets/fonts")
    for name in (MATHS, "KaTeX_Fraktur-Regular.woff2"):
        shutil.copy(FONTS.parent / "katex" / name, tmp_path / "assets/fonts")
    return tmp_path


def slimmed(site: Path) -> str:
    list(slim.slim(site, site.parent / "kept"))
    [sheet] = site.glob("assets/site.*.css")
    return sheet.read_text(encoding="utf-8")


def characters(font: TTFont) -> set[str]:
    return {chr(code) for code in font.getBestCmap()}


def within(sheet: str, family: str) -> TTFont:
    """Return the font that stands in a sheet itself."""
    data = re.search(rf"family:\"{family}\";[^}}]*url\(data:font/woff2;base64,([^)]*)\)", sheet)
    assert data
    return TTFont(io.BytesIO(b64decode(data[1])))


def test_the_sheets_that_all_pages_share_become_one(site: Path):
    slimmed(site)
    [sheet] = site.glob("assets/site.*.css")
    for page, up in (("index.html", ""), ("part/index.html", "../"), ("404.html", "/book/")):
        text = (site / page).read_text(encoding="utf-8")
        assert f'<link rel="stylesheet" href="{up}assets/{sheet.name}">' in text
        assert text.count("stylesheet") == 1 + ("part" in page)
    assert '<link rel="stylesheet" href="../assets/only.css">' in (
        site / "part/index.html"
    ).read_text(encoding="utf-8")
    assert not (site / "assets/own.css").exists()
    assert (site / "assets/only.css").exists()


def test_a_rule_stays_if_a_page_or_a_script_names_what_it_selects(site: Path):
    text = slimmed(site)
    assert ".lead{background:url(a.svg)}" in text  # as it reads from the new place
    assert ".made{--cr-kept:1;top:var(--cr-kept)}" in text
    for gone in ("foreign", "never", "lost", "remark"):
        assert gone not in text


@pytest.mark.parametrize(
    ("selector", "stays"),
    [
        (".lead", True),
        ("p.lead > .lost", False),
        ('[data-way="up"] p:hover::before', True),
        ('[data-way="down"]', False),
        ("p:not(.lost)", True),
        ("#lost", False),
        ("table", False),
    ],
)
def test_only_a_selector_that_cannot_match_goes(selector: str, stays: bool):
    names = frozenset({"p", "lead", "data-way", "up"})
    sheet = f"@media print{{{selector}{{top:0}}}}"
    assert bool(stylesheets.needed(sheet, names).strip()) is stays


@pytest.mark.parametrize(("tab", "stays"), [(2, True), (3, False)])
def test_of_the_rules_for_tabs_those_stay_that_some_page_has(tab: int, stays: bool):
    names = frozenset({"tabbed-set", "input", "__tabbed_1_1", "__tabbed_1_2"})
    sheet = f".tabbed-set>input:nth-child({tab}):checked~*{{top:0}}"
    assert bool(stylesheets.needed(sheet, names).strip()) is stays


def test_a_font_keeps_what_is_shown_and_the_weights_that_are_declared(site: Path):
    text = slimmed(site)
    greek = TTFont(site / "assets/fonts" / GREEK)
    assert characters(greek) == {"β", " "}
    [weight] = greek["fvar"].axes
    assert (weight.minValue, weight.maxValue) == (400, 700)
    assert not (site / "assets/fonts/KaTeX_Fraktur-Regular.woff2").exists()
    assert "Fraktur" not in text


def test_the_fonts_that_every_page_shows_come_with_the_sheet(site: Path):
    text = slimmed(site)
    assert characters(within(text, "Serif")) >= set("Café")
    assert characters(within(text, "KaTeX_Math")) == {"w"}
    assert [path.name for path in (site / "assets/fonts").iterdir()] == [GREEK]


@pytest.mark.parametrize(
    ("changed", "old", "new"),
    [
        ("assets/own.css", "top:", "left:"),
        ("index.html", "Caf", "Off"),
        ("index.html", ">w<", ">v<"),
    ],
)
def test_another_rule_or_letter_gives_the_sheet_another_name(
    site: Path, changed: str, old: str, new: str
):
    other, same = (
        Path(shutil.copytree(site, site.with_name(f"{site.name}-{name}")))
        for name in ("other", "same")
    )
    text = (site / changed).read_text(encoding="utf-8")
    assert old in text
    (other / changed).write_text(text.replace(old, new), encoding="utf-8")
    sheets = {folder: slimmed(folder) for folder in (site, other, same)}
    names = {folder: [path.name for path in folder.glob("assets/site.*.css")] for folder in sheets}
    assert (sheets[same], names[same]) == (sheets[site], names[site])
    assert sheets[other] != sheets[site]
    assert names[other] != names[site]


def test_what_was_made_once_is_not_made_again(site: Path, monkeypatch: pytest.MonkeyPatch):
    again = site.parent / "again"
    shutil.copytree(site, again)
    first = slimmed(site)
    for module, name in ((fonts, "_made"), (stylesheets, "needed"), (shipped, "_read")):
        monkeypatch.setattr(module, name, None)
    list(slim.slim(again, site.parent / "kept"))
    assert [path.read_text(encoding="utf-8") for path in again.glob("assets/site.*.css")] == [first]
    assert (again / "assets/fonts" / GREEK).read_bytes() == (
        site / "assets/fonts" / GREEK
    ).read_bytes()


def test_a_file_is_compressed_as_it_is_in_the_end(site: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compress, "SHORTEST", 0)
    kept = site.with_name(f"{site.name}-kept")
    compress.compress(slim.slim(site, kept), kept / "compressed")
    made = {path: path.with_suffix("") for path in site.rglob("*.br")}
    assert {file.suffix for file in made.values()} == {".html", ".css", ".js"}
    assert {file for file in site.rglob("*") if file.suffix in compress.TEXT} == set(made.values())
    for path, file in made.items():
        assert brotli.decompress(path.read_bytes()) == file.read_bytes()


def test_a_text_lies_beside_itself_in_two_compressed_forms(tmp_path: Path):
    text = b"<p>As it is.</p>" * 100
    site, kept = tmp_path / "site", tmp_path / "kept"
    site.mkdir()
    (site / "index.html").write_bytes(text)
    (site / "short.txt").write_bytes(b"short")
    (site / "photo.png").write_bytes(text)
    compress.compress(sorted(site.rglob("*")), kept)
    assert sorted(path.name for path in site.iterdir()) == [
        "index.html", "index.html.br", "index.html.gz", "photo.png", "short.txt"
    ]  # fmt: skip
    assert brotli.decompress((site / "index.html.br").read_bytes()) == text
    assert gzip.decompress((site / "index.html.gz").read_bytes()) == text
    (site / "index.html").write_bytes(text * 2)
    compress.compress(sorted(site.rglob("*")), kept)
    assert brotli.decompress((site / "index.html.br").read_bytes()) == text * 2
    assert gzip.decompress((site / "index.html.gz").read_bytes()) == text * 2
    assert len(list(kept.iterdir())) == 2  # of what is no longer there nothing is kept


def test_a_page_is_squeezed_harder_than_a_download(tmp_path: Path):
    text = (FONTS.parent / "katex/katex.css").read_bytes()
    page, download = tmp_path / "site/page.html", tmp_path / "site/download.py"
    page.parent.mkdir()
    for file in (page, download):
        file.write_bytes(text)
    compress.compress([page, download], tmp_path / "kept")
    sizes = [file.with_name(f"{file.name}.br").stat().st_size for file in (page, download)]
    assert sizes[0] < 0.95 * sizes[1] < 0.25 * len(text)
