"""TeX to HTML at build time."""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from markdown import Markdown

from weave import maths
from weave.derivations import steps
from weave.macros import MACROS
from weave.maths import MathsError, named, plain_text, render_html, render_tex
from weave.tokens import formulas

EXTENSIONS = ["pymdownx.arithmatex", "toc", "md_in_html", "weave.maths"]
GENERIC = {"pymdownx.arithmatex": {"generic": True}}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maths, "CACHE", tmp_path)


def convert(text: str) -> Markdown:
    md = Markdown(extensions=EXTENSIONS, extension_configs=GENERIC)
    md.html = md.convert(text)  # pyright: ignore[reportAttributeAccessIssue]
    return md


def html(text: str) -> str:
    return convert(text).html  # pyright: ignore[reportAttributeAccessIssue]


def inline(tex: str) -> str:
    return render_html(rf'<span class="arithmatex">\({tex}\)</span>')


def block(tex: str) -> str:
    return render_html(rf'<div class="arithmatex">\[{tex}\]</div>')


def shown(rendered: str) -> str:
    """Return the letters of the drawn copy, a bar where a line may end."""
    drawn = re.search(r"<katex-html.*?>(.*)</katex-html>", rendered, re.S)
    assert drawn is not None
    with_bars = re.sub(r'<span class="(stretch|katex-base|katex-tag)">', "|", drawn[1])
    return re.sub(r"\|+", "|", re.sub(r"<[^>]*>|\u200b", "", with_bars)).strip("|")


# One formula ----------------------------------------------------------------------------------


def test_a_formula_is_drawn_and_written_as_mathml() -> None:
    rendered = render_tex(r"\frac{a}{b}", display=False)
    assert "<mfrac><mi>a</mi><mi>b</mi></mfrac>" in rendered
    assert 'class="mfrac"' in rendered


@pytest.mark.parametrize("macro", sorted(MACROS))
def test_every_macro_of_the_book_works(macro: str) -> None:
    arguments = "{x}" * (2 if "#2" in MACROS[macro] else 1 if "#1" in MACROS[macro] else 0)
    assert "<math" in render_tex(macro + arguments, display=True)


@pytest.mark.parametrize(
    ("macro", "role"), [("w", "weight"), ("act", "act"), ("g", "grad"), ("loss", "loss")]
)
def test_a_role_becomes_a_class(macro: str, role: str) -> None:
    assert f't-{role}"' in render_tex(rf"\{macro}{{x}}", display=False)


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a}{",
        r"\fraq{a}{b}",
        r"\begin{aligned} a",
        r"a_b_c",
        r"\left( a",
        r"½",
        r"\href{https://example.org}{a}",
        r"\includegraphics{a.png}",
        r"\htmlStyle{color: red}{a}",
    ],
)
def test_what_katex_would_only_warn_of_is_an_error(tex: str) -> None:
    with pytest.raises(MathsError) as caught:
        render_tex(tex, display=False)
    assert caught.value.tex == tex
    assert "\n" not in str(caught.value)
    assert "KaTeX parse error" not in str(caught.value)


def test_a_formula_is_typeset_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = render_tex("a + b", display=False)
    monkeypatch.setattr(maths, "_typeset", None)
    assert render_tex("a + b", display=False) == first


def test_the_formulas_of_a_page_are_typeset_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (
        r'<span class="arithmatex">\(a\)</span> <span class="arithmatex">\(a\)</span>'
        r'<div class="arithmatex">\[b \qquad c\]</div>'
        r'<div class="arithmatex">\[d \label{last}\]</div>'
        r'<span class="arithmatex">\(\eqref{last}\)</span>'
    )
    asked: list[list[tuple[str, bool]]] = []
    typeset = maths._typeset
    monkeypatch.setattr(maths, "_typeset", lambda all: asked.append(all) or typeset(all))
    render_html(page)
    assert asked == [[("a", False), ("b", True), ("c", True), (r"d \tag{1}", True)]]


def test_what_pages_say_in_so_many_words_needs_no_engine_when_they_are_converted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = "A formula $a+b$ and\n\n$$\nc \\qquad d\n$$\n\nand a second one, $e<f$.\n"
    maths.render_written((tex, display) for _, tex, display in formulas(page))
    monkeypatch.setattr(maths, "engine", None)
    assert html(page).count('class="katex"') == 4


def test_what_a_derivation_has_found_needs_no_engine_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    step = {"rule": "sum rule", "because": "as $x < y$", "latex": "1 + 2"}
    page = steps({"lhs": "f'", "equation": "f' = 3", "steps": [step]})
    maths.render_marked(page)
    monkeypatch.setattr(maths, "engine", None)
    assert html(page).count('class="katex"') == 3


@pytest.mark.parametrize("tex", [r"a\label{one}", "{{ value b.c }}", r"\frac{a"])
def test_a_formula_that_is_not_finished_is_not_typeset_ahead(tex: str, tmp_path: Path) -> None:
    maths.render_written([(tex, True)])
    if "{{" not in tex:  # in HTML it has been filled in
        maths.render_marked(rf'<div class="arithmatex">\[{tex}\]</div>')
    assert not list(tmp_path.iterdir())


def test_of_too_many_formulas_the_oldest_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(maths, "MOST", 2)
    for age, tex in enumerate("abc"):
        before = set(tmp_path.iterdir())
        render_tex(tex, display=False)
        [new] = set(tmp_path.iterdir()) - before
        os.utime(new, (1000 - age, 1000 - age))  # the later, the older
    maths.forget_the_oldest()
    maths.forget_the_oldest()
    assert len(list(tmp_path.iterdir())) == 2
    monkeypatch.setattr(maths, "_typeset", None)
    render_tex("a", display=False)
    render_tex("b", display=False)


def test_threads_have_an_engine_each() -> None:
    with ThreadPoolExecutor(1) as beside:
        theirs = [beside.submit(maths.engine).result() for _ in range(2)]
    assert theirs[0] is theirs[1] is not maths.engine()


def test_inline_and_display_are_different_formulas() -> None:
    assert render_tex("a", display=False) != render_tex("a", display=True)


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe\x00", b"0" * 500])
def test_a_damaged_cache_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    first = render_tex("a + b", display=False)
    for entry in tmp_path.rglob("*.json"):
        entry.write_bytes(damage)
    assert render_tex("a + b", display=False) == first


def test_a_cache_cut_short_is_written_anew(tmp_path: Path) -> None:
    first = render_tex("a + b", display=False)
    for entry in tmp_path.rglob("*.json"):
        entry.write_bytes(entry.read_bytes()[:-40])
    assert render_tex("a + b", display=False) == first


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\w{w_5}", "w5"),
        (r"\frac{\partial L}{\partial w}", "∂L/∂w"),
        (r"\delta^{(l)}", "δ(l)"),
        (r"a < b", "a<b"),
    ],
)
def test_a_formula_can_be_said_in_plain_text(tex: str, text: str) -> None:
    assert plain_text(tex) == text


# Where it breaks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "pieces"),
    [
        ("a = b + c", "a|=b|+c"),
        ("a = b(c - d) - e", "a|=b(c−d)|−e"),
        ("= b + c", "=b|+c"),
        ("a =", "a="),
        (r"\w{w} \leftarrow \w{w} - \eta", "w|←w|−η"),
        (r"a = \left(b + c\right) \cdot d", "a|=(b+c)|⋅d"),
        (r"a = b\,(1\,c)\,\frac{d\,e}{2}", "a|=b|(1c)|2de"),
    ],
)
def test_a_display_breaks_before_operators_and_not_within_brackets(tex: str, pieces: str) -> None:
    assert shown(block(tex)) == pieces


def test_a_display_rather_breaks_at_a_relation() -> None:
    assert block("a = b + c = d").count('class="stretch"') == 3


@pytest.mark.parametrize(
    ("tex", "pieces"), [("a = b + c", "a=|b+|c"), ("f(a + b) = c", "f(a+b)=|c")]
)
def test_an_inline_formula_breaks_behind_operators(tex: str, pieces: str) -> None:
    assert shown(render_tex(tex, display=False)) == pieces


def test_nothing_is_lost_between_the_breaks() -> None:
    tex = r"L = \frac{1}{2}(y - t)^2 + \sum_{i=1}^{n} \left| w_i \right| \cdot \lambda \tag{7}"
    assert shown(block(tex)).replace("|", "") == "L=21​(y−t)2+i=1∑n​∣wi​∣⋅λ(7)".replace("\u200b", "")


def test_formulas_a_wide_space_apart_become_a_row() -> None:
    row = block(r"a = b \qquad c = \begin{pmatrix} 1 \qquad 2 \end{pmatrix}")
    assert row.startswith('<div class="maths eqs">')
    assert row.count("<katex-html") == 2


def test_a_short_formula_keeps_its_comma() -> None:
    assert render_html('<span class="arithmatex">\\(w_5\\)</span>, and more').endswith(
        ",</span> and more"
    )


def test_a_long_formula_may_break() -> None:
    assert "glued" not in inline("a + b + c + d + e + f + g + h + i + j + k + l + m")


# A page ---------------------------------------------------------------------------------------


def test_formulas_of_a_page_are_typeset_wherever_they_stand() -> None:
    page = html("Text $a$ and\n\n$$\nb < c\n$$\n\n<div markdown>\n- $d$\n</div>\n\n`$e$`\n")
    assert page.count("<katex-html") == 3
    assert "<code>$e$</code>" in page
    assert "\\(" not in page


def test_a_heading_has_plain_words_in_the_contents() -> None:
    page = convert(r"# The slope $\frac{\partial L}{\partial w}$" "\n\n" r"## Why $\delta$")
    (first,) = page.toc_tokens  # pyright: ignore[reportAttributeAccessIssue]
    assert first["name"] == "The slope ∂L/∂w"
    assert first["children"][0]["name"] == "Why δ"
    assert page.html.count("<katex-html") == 2  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("place", ["h2", "th", "a", "label", "summary"])
def test_a_formula_that_names_something_has_words(place: str) -> None:
    formula = inline(r"\frac{a}{b} < 1")
    assert 'aria-label="a/b&lt;1"' in named(f"<{place}>{formula}</{place}>")
    assert "aria-label" not in named(f"<p>{formula}</p>")


def test_a_page_can_be_converted_again() -> None:
    md = convert("# $a$")
    again = md.reset().convert("# $b$")
    assert md.toc_tokens[0]["name"] == "b"  # pyright: ignore[reportAttributeAccessIssue]
    assert "<katex-html" in again


def test_the_search_index_gets_a_formula_once() -> None:
    rendered = inline(r"\w{w_5}")
    excluded = re.sub(r"<(annotation|katex-html) [^>]*data-search-exclude.*?</\1>", "", rendered)
    assert "w" in re.sub(r"<[^>]*>", "", excluded)
    assert re.sub(r"<[^>]*>", "", excluded) == "w5"


def test_a_label_numbers_an_equation_and_a_reference_links_to_it() -> None:
    page = html("See $\\eqref{eq:two}$.\n\n$$a \\label{eq:one}$$\n\n$$b \\label{eq:two}$$\n")
    assert '<a class="eqref" href="#eq-two">(2)</a>' in page
    assert '<div class="maths" id="eq-two">' in page
    assert "<mtext>(2)</mtext>" in page


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("$\\eqref{nowhere}$", "No equation on this page is labelled 'nowhere'"),
        ("$$a \\label{twice}$$\n\n$$b \\label{twice}$$", "Two equations on this page are labelled"),
        ("$\\frac{a}{$", "Unexpected end of input"),
    ],
)
def test_a_mistake_stops_the_page(page: str, reason: str) -> None:
    with pytest.raises(MathsError, match=reason):
        html(page)


def test_a_mistake_can_be_shown_in_place() -> None:
    source = '<span class="arithmatex">\\(\\oops\\)</span>, <span class="arithmatex">\\(a\\)</span>'
    rescued = render_html(source, rescue=lambda error: f"[{error.tex}]")
    assert rescued.startswith("[\\oops], ")
    assert "<katex-html" in rescued


def test_a_list_may_break_behind_its_commas_but_not_within_brackets():
    def boxes(tex: str) -> int:
        return render_tex(tex, display=False).count('class="katex-base"')

    assert boxes("0.91, 0.82, 0.85") == 3
    assert boxes("f(0.91, 0.82, 0.85)") == 1
