"""The end of a build: no style and no script of a page is outside the policy."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from weave.errors import WeaveError
from weave.harden import SHEET, harden
from weave.lengths import LETTERS, as_classes, sheet
from weave.maths import render_tex

HEAD = '<!doctype html><html><head><meta charset="utf-8"></head>'


def hardened(folder: Path, **pages: str) -> tuple[dict[str, str], str]:
    """Return pages, given by name without what every page has, and the sheet, after hardening."""
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(f"{HEAD}<body>{body}</body></html>")
    harden(folder)
    return {name: (folder / f"{name}.html").read_text() for name in pages}, (
        folder / SHEET
    ).read_text()


def policy(page: str) -> str:
    found = re.findall('<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
                       'content="([^"]*)">', page)  # fmt: skip
    assert len(found) == 1
    return found[0]


# Lengths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("style", "names", "rule"),
    [
        ("height:2.7em;", "kh2_7", ".kh2_7{height:2.7em}"),
        ("margin-right:0.1667em;", "kr_1667", ".kr_1667{margin-right:.1667em}"),
        ("height:1em;vertical-align:-0.25em;", "kh1 kv-_25", ".kv-_25{vertical-align:-.25em}"),
        ("top:-3em;", "kt-3", ".kt-3{top:-3em}"),
        ("position:relative;top:1em", "krelative kt1", ".krelative{position:relative}"),
    ],
)
def test_a_length_becomes_a_class_that_says_it(style: str, names: str, rule: str) -> None:
    html = as_classes(f'<i class="mord" style="{style}"></i>')
    assert html == f'<i class="mord {names}"></i>'
    assert rule in sheet([html]).splitlines()


def test_every_length_has_a_letter_of_its_own() -> None:
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_a_style_that_is_no_length_stays() -> None:
    for style in ("color:red", "height:2px", "height:1em;color:red", "height:calc(1em)"):
        html = f'<i style="{style}"></i>'
        assert as_classes(html) == html


@pytest.mark.parametrize(
    "tex",
    [
        r"\sum_{i=1}^{n} \frac{\partial L}{\partial w_i}",
        r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
        r"\sqrt{\hat{v}} \overbrace{x}^{y} \underline{z}",
    ],
)
def test_a_typeset_formula_holds_no_styles(tex: str) -> None:
    html = render_tex(tex, display=True)
    assert " style=" not in html
    assert len(sheet([html]).splitlines()) > 5


# Styles -----------------------------------------------------------------------------------------


def test_other_styles_become_classes_too_and_keep_their_weight(tmp_path: Path) -> None:
    pages, rules = hardened(
        tmp_path,
        index='<p title="a > b" style="color: red; width:4ch" id=x>1</p><hr style="color: red"/>',
        other="<td class=wide style='color: red'>",
    )
    red = re.findall(r"^\.(s\w{8})\{color: red!important\}$", rules, re.M)
    both = re.findall(r"^\.(s\w{8})\{color: red!important;width:4ch!important\}$", rules, re.M)
    assert f'<p title="a > b" id=x class="{both[0]}">1</p><hr class="{red[0]}"/>' in pages["index"]
    assert f'<td class="wide {red[0]}">' in pages["other"]


def test_a_style_in_a_listing_is_only_text(tmp_path: Path) -> None:
    shown = "<code>&lt;p style=&quot;color:red&quot; onclick=&quot;f()&quot;&gt;</code> style=x"
    pages, _ = hardened(tmp_path, index=shown)
    assert shown in pages["index"]


def test_an_icon_of_the_theme_is_silent(tmp_path: Path) -> None:
    icon = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>'
    pages, _ = hardened(tmp_path, index=icon)
    assert icon.replace("<svg", '<svg aria-hidden="true"') in pages["index"]


# The policy -------------------------------------------------------------------------------------


def test_all_pages_have_one_policy_with_the_hash_of_every_inline_script(tmp_path: Path) -> None:
    pages, _ = hardened(
        tmp_path,
        index="<script>one()</script><script src='assets/a.js'></script>",
        other='<script>two("é")</script><script id=x type="application/json">{}</script>',
    )
    assert len({policy(page) for page in pages.values()}) == 1
    words = policy(pages["index"])
    allowed = {f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
               for text in ("one()", 'two("é")')}  # fmt: skip
    assert set(re.findall(r"'sha256-[^']*'", words)) == allowed
    assert words.startswith("default-src 'self'; ")
    assert "unsafe" not in words


@pytest.mark.parametrize(
    "planted",
    ['<p onclick="f()">', "<img src=x onerror=f()>", '<a href="javascript:f()">'],
)
def test_a_script_in_an_attribute_is_refused_by_name(tmp_path: Path, planted: str) -> None:
    with pytest.raises(WeaveError, match=r"^index\.html: a script in an attribute"):
        hardened(tmp_path, index=planted)


def test_a_page_without_a_place_for_the_policy_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bare.html").write_text("<p>")
    with pytest.raises(WeaveError, match=r"^bare\.html: no place for the policy"):
        harden(tmp_path)


def test_without_the_policy_the_look_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<p style="color:red" class="kh2_7">')
    harden(tmp_path, policy=False)
    assert re.fullmatch(r'<p class="kh2_7 s\w{8}">', (tmp_path / "index.html").read_text())
    assert ".kh2_7{height:2.7em}" in (tmp_path / SHEET).read_text()
