"""A page's words become Markdown and HTML, without running anything and without MkDocs."""

import subprocess
import sys
from pathlib import Path

import pytest

from weave import checks, maths, pages
from weave.programs import Failure, Program, catalogue

CHECK = {"against": "the reference", "residual": 1.1e-16, "tolerance": 1e-12, "points": 9}
SLOPE = {
    "title": "Slope",
    "lhs": r"\frac{dy}{dx}",
    "steps": [
        {"latex": "2x", "relation": "=", "rule": "power rule", "statement": "", "because": ""},
        {"latex": "x + x", "relation": "=", "rule": "rewriting", "statement": "",
         "because": "$2x$ twice & once <b>"},
    ],
    "result": "x + x",
    "equation": r"\frac{dy}{dx} = x + x",
    "checks": [CHECK],
}  # fmt: skip
FILES = {
    "src/chainrule/tiny.py": "def f(x):\n    return '```'\n",
    "docs/examples/demo.py": "loss = 0.25\nlayers = [1, 2]\nprint(loss)\n",
    "docs/examples/quiet.py": "x = 1\n",
    "docs/figures/plot.py": "def curve(): ...\n",
    "docs/claims/depth.py": "import os, re\nGAIN = 2\n\n@claim(wording='x')\ndef C12():\n"
    "    return os.getcwd(), GAIN\n",
    "docs/questions.py": "",
    "derivations/square.py": "# %% [markdown]\n# # Square\n# %%\nslope = 1\n",
}
RESULTS = {
    "demo": {
        "output": "0.25\n",
        "values": {"loss": 0.25, "layers": [1, 2], "name_a": "x"},
        "script": "the program",
    },
    "quiet": {"output": "", "values": {"x": 1}, "script": "x = 1"},
    "plot.curve": {"svg": '<svg class="drawn" id="wovenfigure-a"></svg>', "values": {"top": 3.0}},
    "square": {"derivations": {"slope": SLOPE}},
    "depth.C12": {"claim": {
        "wording": "It shrinks.", "source": "[Someone](https://a.b)", "verdict": "true only if",
        "right": "It can.", "correct": "It shrinks if weights are small.",
        "finding": "By {{ factor | .1f }}, or ${{ factor | .2f }}$.", "numbers": {"factor": 0.25},
    }},
    "topic": {"html": "<div>Q</div>", "checks": [{"id": "t.0", "against": "x", "residual": 0.0}]},
}  # fmt: skip


@pytest.fixture
def book(project) -> pages.Book:
    known = catalogue(project(FILES))
    programs = [*known, Program("questions", "topic", "docs/questions.py")]
    results = {program: RESULTS[program.name] for program in programs}
    return pages.Book(known, results, {program: ["start/page/"] for program in programs})


def weave(text: str, book: pages.Book, first_line: int = 1) -> pages.Woven:
    return pages.weave(text, "start/page.md", book, lambda address: f"../../{address}", first_line)


def whole(text: str, book: pages.Book) -> str:
    """The page with its blocks in place, as if Markdown changed nothing but paragraphs."""
    woven = weave(text, book)
    assert woven.errors == []
    return pages.unfold(woven.markdown, woven.blocks)


def test_a_value_in_prose_carries_its_full_precision_and_source(book):
    page = whole("Loss {{ value demo.loss | .1f }}.", book)
    assert page.startswith('Loss <data class="woven" value="0.25" title="demo.loss')
    assert "docs/examples/demo.py:1" in page
    assert ">0.2</data>." in page


def test_a_value_in_a_formula_is_bare(book):
    assert whole("$L = {{ value demo.loss | .3f }}$", book).startswith("$L = 0.250$")


def test_an_underscore_in_a_name_cannot_become_emphasis(book):
    page = whole("{{ value demo.name_a }} _is_", book)
    assert "name_a" not in page.partition("</data>")[0]


def test_values_come_from_figures_derivations_and_claims(book):
    page = whole(
        "{{ value figures.plot.curve.top }} {{ value derivations.square.slope.checks[0].points }} "
        "{{ value claims.C12.verdict }}",
        book,
    )
    assert [piece.rpartition(">")[2] for piece in page.split("</data>")[:3]] == [
        "3", "9", "true only if",
    ]  # fmt: skip


def test_an_equation_is_the_tex_of_a_derivation(book):
    page = whole("$$ {{ equation square.slope }} $$ and ${{ equation square.slope.result }}$", book)
    assert page.startswith(r"$$ \frac{dy}{dx} = x + x $$ and $x + x$")


def test_source_is_a_listing_with_its_file_as_title(book):
    page = whole("{{ source chainrule.tiny.f }}", book)
    listing = "````{ .python title=\"src/chainrule/tiny.py\" }\ndef f(x):\n    return '```'\n````"
    assert listing in page
    assert "line 1" in page


def test_an_example_is_its_text_then_its_output_then_the_mark_with_a_download(book):
    page = whole("{{ example demo }}", book)
    parts = [
        'title="docs/examples/demo.py"', "print(loss)", 'title="Output"', "\n0.25\n",
        '<details class="provenance">', 'href="../../downloads/examples/demo.py" download',
    ]  # fmt: skip
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)


def test_an_example_that_prints_nothing_has_no_output_block(book):
    assert "Output" not in whole("{{ example quiet }}", book)


def test_a_block_keeps_the_indentation_of_its_place(book):
    page = weave("- item\n\n    {{ example demo }}\n", book).markdown
    lines = page.partition("wovenblock0x")[0].splitlines()[2:]
    assert all(line.startswith("    ") for line in lines if line)


def test_a_figure_has_a_label_a_caption_and_ids_of_its_own(book):
    number = "{{ value demo.loss }}"
    first = f"{{{{ figure plot.curve | It falls to {number}. | A *curve* to {number}. }}}}"
    page = whole(f"{first}\n\n{{{{ figure plot.curve | Again. }}}}", book)
    assert '<svg role="img" aria-label="It falls to 0.25." class="drawn"' in page
    assert 'id="figure-plot-curve-1-a"' in page
    assert 'id="figure-plot-curve-2-a"' in page
    assert "A *curve* to <data" in page
    assert page.index("<figcaption>") < page.index("A *curve*") < page.index("</figcaption>")
    assert page.count("<figcaption>") == 1


def test_a_derivation_shows_each_line_with_its_reason_and_what_it_agrees_with(book):
    page = whole("{{ derivation square }}", book)
    assert page.count('<li class="step">') == 2
    assert '<span class="rule">power rule</span></p>' in page
    assert "twice &amp; once &lt;b&gt;" in page
    assert '<div class="result">' in page
    assert "1.1\u00a0×\u00a010⁻¹⁶ from the reference" in page
    assert "arithmatex" not in page
    for address in ("derivations/square/", "downloads/square.py", "downloads/square.ipynb"):
        assert f'href="../../{address}"' in page


def test_a_claim_is_one_paragraph_that_leads_to_all_of_it(book):
    page = whole("{{ claim C12 }}", book)
    assert (
        "**Claim, checked: true only if…** “It shrinks.” ([Someone](https://a.b)) "
        "*Better:* It shrinks if weights are small. "
        '<a class="decided" href="../../reference/claims/#C12">'
    ) in page


def test_the_page_of_claims_has_each_in_full_with_the_program_that_decides_it(book):
    page = whole("{{ claims }}", book)
    parts = [
        "## Depth { #claims-depth }", '<article class="claim" id="C12"',
        'data-verdict="true only if" data-topic="depth"', "**True only if…**", "> It shrinks.",
        "**What is right in it:** It can.", "**Better:** It shrinks if weights are small.",
        "By <data", ">0.2</data>, or $0.25$.", "import os\n\nGAIN = 2\n\ndef C12():",
        "verdict = true only if\nfactor = 0.25", "</article>",
    ]  # fmt: skip
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)
    assert "@claim" not in page


def test_claims_are_counted_by_topic_and_verdict(book):
    page = whole("{{ claims table }}", book)
    assert '<a href="#claims-depth">Depth</a></th><td>–</td><td>1</td><td>–</td><td>–</td>' in page


def test_a_number_that_a_claim_has_not_is_told(book):
    program = book.catalogue.claim("C12")
    data = {**book.results[program]["claim"], "finding": "By {{ facter }}."}
    woven = weave("{{ claims }}", pages.Book(book.catalogue, {program: {"claim": data}}, {}))
    assert woven.errors == ["start/page.md:1: C12 has no 'facter'; did you mean 'factor'?"]


def test_the_page_of_claims_asks_for_all_of_them(book):
    assert [p.name for p in pages.asked_for("{{ claims }}", book.catalogue)] == ["depth.C12"]


def test_a_page_ends_with_a_list_of_what_was_computed(book):
    page = whole("{{ value demo.loss }}\n\n{{ example quiet }}\n", book)
    ending = page[page.index("Computed on this page") :]
    assert "value demo.loss" in ending
    assert "example quiet" in ending


def test_a_page_that_computes_nothing_ends_as_it_was(book):
    assert weave("Nothing here.\n", book).markdown == "Nothing here.\n"


FAULTS = [
    ("{{ valeu demo.loss }}", "there is no word 'valeu'; did you mean 'value'?"),
    ("{{ value demo.lss }}", "demo has no 'lss'; did you mean 'loss'?"),
    ("{{ value dmeo.loss }}", "there is no example 'dmeo'; did you mean 'demo'?"),
    ("{{ value demo }}", "'demo' names a program, not a value; it has loss, layers, name_a"),
    ("{{ value demo.layers[5] }}", "demo.layers has 2 items, so no [5]"),
    ("{{ value demo.loss | d }}", "'demo.loss': 0.25 cannot be written as 'd'"),
    ("$x = {{ value demo.lss }}$", "demo has no 'lss'; did you mean 'loss'?"),
    ("{{ source chainrule.tiny.g }}", "chainrule.tiny has no 'g'"),
    ("{{ figure plot.curve }}", "figure 'plot.curve' has no alternative text; say what it shows"),
    ("{{ figure plot.curv | A. }}", "there is no figure 'plot.curv'; did you mean 'plot.curve'?"),
    ("{{ derivation sqare }}", "there is no derivation 'sqare'; did you mean 'square'?"),
    ("{{ derivation square.slop }}", "derivations.square has no 'slop'; did you mean 'slope'?"),
    ("{{ equation square.slope }}", "{{ equation }} stands inside a formula, between dollar signs"),
    ("{{ claim C13 }}", "there is no claim 'C13'; did you mean 'C12'?"),
    ("See {{ example demo }}", "{{ example }} must stand on a line of its own"),
    ("{{ value demo.loss", "'{{' is never closed by '}}'"),
]


@pytest.mark.parametrize(("text", "reason"), FAULTS)
def test_a_fault_is_told_with_page_and_line_and_shown_in_place(book, text: str, reason: str):
    woven = weave(f"Good.\n\n{text}\n", book, first_line=4)
    assert woven.errors == [f"start/page.md:6: {reason}"]
    shown = pages.unfold(woven.markdown, woven.blocks)
    assert "weave-error" in shown or r"\text{?}" in shown


def test_all_faults_of_a_page_are_told_at_once(book):
    woven = weave("\n\n".join(text for text, _ in FAULTS[:-1]), book)
    assert len(woven.errors) == len({reason for _, reason in FAULTS[:-1]})


def test_many_numbers_of_one_failed_program_are_one_error(book):
    program = book.catalogue["example", "demo"]
    failed = pages.Book(
        book.catalogue, {**book.results, program: Failure("demo.py:2: OSError: x")}, {}
    )
    woven = weave("{{ value demo.loss }}\n\n{{ value demo.layers }}\n", failed)
    assert woven.errors == ["start/page.md:1: example demo failed: demo.py:2: OSError: x"]


def test_broken_tex_in_a_derivation_is_told_at_its_token(book):
    program = book.catalogue["derivation", "square"]
    bad = {"derivations": {"slope": {**SLOPE, "equation": r"\frac{x"}}}
    woven = weave("\n{{ derivation square }}", pages.Book(book.catalogue, {program: bad}, {}))
    [error] = woven.errors
    assert error.startswith("start/page.md:2: ")
    assert r"\frac{x" in error


def test_a_formula_is_found_again_after_its_tokens_were_filled():
    text = "$a$\n\n$$\nb = {{ value x.y }} + \\frac{1\n$$\n"
    assert pages.line_of_formula(text, "b = 0.5 + \\frac{1", first_line=3) == 5


def test_what_is_drawn_steps_aside_while_a_page_is_searched_and_comes_back():
    formula = maths.render_tex(r"\frac{a}{b} < c", display=False)
    html = f"<p><code>x</code> {formula}.</p>"
    html += '<figure><svg role="img" class="drawn"><path/></svg></figure>'
    html += f'<div class="maths">{maths.render_tex("y_9", display=True)}</div>'
    html += '<pre><code><span class="k">def</span> f(): <span>...</span></code></pre>'
    html += '<details class="provenance computed"><p>From <code>demo.py</code>.</p></details>'
    html += '<details class="question__key"><p>41</p><p class="provenance">Made.</p></details>'
    aside = pages.Aside()
    short = aside.take(html)
    assert len(short) < len(html) / 8
    assert "<svg" not in short
    assert "ab&lt;c" in short
    assert ">f</i></code>" in short  # the name that is defined, not the listing
    for unsought in ("9", "...", "demo.py", "41", "Made"):
        assert unsought not in short
    assert aside.put_back(f"<body>{short}</body>") == f"<body>{html}</body>"


def test_the_programs_a_page_asks_for_are_found_inside_captions_too(book):
    text = "{{ figure plot.curve | A. | To {{ value demo.loss }}. }} {{ value nothing.x }}"
    assert [p.name for p in pages.asked_for(text, book.catalogue)] == ["plot.curve", "demo"]


def test_the_table_of_checks_has_a_row_for_everything_that_ran(book):
    page = whole("{{ checks }}", book)
    for name in ("square.slope", "C12", "demo", "t.0"):
        assert f'<a href="../../start/page/">{name}</a>' in page
    assert "1 derivation, 1 comparison, all within 1.1" in page
    assert "2 examples, run to the end" in page
    document = checks.document(book.catalogue, book.results, book.uses)
    [entry] = [entry for entry in document["checks"] if entry["kind"] == "derivation"]
    assert entry == {
        "id": "square.slope",
        "kind": "derivation",
        "pages": ["start/page/", "derivations/square/"],
        "source": {"path": "derivations/square.py", "line": 4},
        "compared": [CHECK],
    }
    assert {"python", "numpy", "sympy"} <= document["made_with"].keys()


def test_the_library_imports_no_mkdocs():
    folder = Path(pages.__file__).parent
    modules = [
        path.stem
        for path in folder.glob("*.py")
        if not path.stem.startswith(("plugin", "__init__"))
    ]
    script = (
        f"import sys\nfor m in {modules}: __import__('weave.' + m)\nprint('mkdocs' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_a_page_with_code_offers_it_as_a_notebook(book):
    page = weave("# Page\n\n## Below\n\n{{ example demo }}\n", book)
    [listing] = page.listings
    assert (listing.heading, listing.code, listing.output) == ("Below", "the program", "0.25\n")
    assert 'href="../../downloads/pages/start/page.ipynb"' in page.blocks[-1]
    assert ".ipynb" not in weave("{{ value demo.loss }}", book).blocks[-1]
