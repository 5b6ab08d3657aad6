"""Whole builds of a small site: what is published, and what happens when something is wrong."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.weave.small import SITE, build, leftovers, serving, snapshot
from weave.staging import Staging


@pytest.fixture
def site(project) -> Path:
    return project(SITE)


def test_a_good_site_is_published_with_its_downloads_and_checks(site: Path):
    done = build(site, "--strict")
    assert done.code == 0, done.output
    page = (site / "site/index.html").read_text()
    assert '<data class="woven" value="0.25"' in page
    assert '<details class="provenance">' in page
    assert "katex" in page
    assert "wovenblock" not in page
    assert (site / "site/examples/demo.py").read_text() == SITE["docs/examples/demo.py"]
    checks = json.loads((site / "site/checks.json").read_text())["checks"]
    assert [(entry["id"], entry["pages"]) for entry in checks] == [("demo", ["./"])]
    assert leftovers(site) == []


PLANTED = {
    "docs/faults.md": "---\ntitle: Faults\n---\n\n# Faults\n\n"
    "{{ value demo.lss }}\n\n"  # line 7
    "{{ example broken }}\n\n"
    "{{ figure plot.one }}\n\n"
    "{{ figure plot.two | A plot that fails. }}\n\n"
    "{{ derivation wrong }}\n\n"
    "Here $\\frac{1$ is broken.\n\n"
    "{{ questions nothing }}\n\n"
    "{{ valeu demo.loss }}\n\n"
    "{{ source chainrule.network.bckward }}\n\n"
    "[dead](nowhere.md)\n",
    "docs/examples/broken.py": "x = 1\nassert x == 2, 'the numbers differ'\n",
    "docs/examples/lonely.py": "x = 1\n",
    "docs/figures/plot.py": "class Drawing:\n    wide = narrow = (\n"
    '        \'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" \'\n'
    "        'viewBox=\"0 0 9 9\"></svg>')\n\n"
    "def one():\n    return Drawing()\n\ndef two():\n    return 1 / 0\n",
    "derivations/wrong.py": "# %% [markdown]\n# # Wrong\n\n# %%\nx = 1\n\n"
    "# %%\nraise ArithmeticError('the two sides differ')\n",
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory) -> SimpleNamespace:
    """One build of a site that has every fault, over a good site published before."""
    root = tmp_path_factory.mktemp("faulty")
    for name, text in {**SITE, **PLANTED}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "site").mkdir()
    (root / "site/index.html").write_text("the last good site")
    done = build(root)
    return SimpleNamespace(root=root, code=done.code, output=done.output)


@pytest.mark.parametrize(
    "message",
    [
        "faults.md:7: demo has no 'lss'; did you mean 'loss'?",
        "faults.md:9: example broken failed: docs/examples/broken.py:2: AssertionError: the",
        "faults.md:11: figure 'plot.one' has no alternative text; say what it shows",
        "faults.md:13: figure plot.two failed: docs/figures/plot.py:10: ZeroDivisionError: ",
        "faults.md:15: derivation wrong failed: derivations/wrong.py:8: ArithmeticError: the two",
        "faults.md:17: Unexpected end of input in a macro argument",
        "faults.md:19: questions nothing failed: ",
        "faults.md:21: there is no word 'valeu'; did you mean 'value'?",
        "faults.md:23: chainrule.network has no 'bckward'; did you mean 'backward'?",
        "docs/examples/lonely.py:1: example lonely is shown on no page",
        "nowhere.md",
    ],
)
def test_every_fault_of_one_build_is_told(faulty, message: str):
    assert message in faulty.output


def test_a_build_with_errors_fails_in_sentences_and_keeps_the_last_good_site(faulty):
    assert faulty.code == 1
    assert "Traceback" not in faulty.output
    assert "10 errors in the book; the site is left as it was" in faulty.output
    assert snapshot(faulty.root / "site") == {"index.html": b"the last good site"}
    assert leftovers(faulty.root) == []


def test_a_warning_stops_only_a_strict_build(site: Path):
    assert build(site).code == 0
    before = snapshot(site / "site")
    page = site / "docs/index.md"
    page.write_text(page.read_text() + "\n[dead](nowhere.md)\n")
    strict = build(site, "--strict")
    assert strict.code == 1
    assert "nowhere.md" in strict.output
    assert snapshot(site / "site") == before
    assert leftovers(site) == []
    assert build(site).code == 0
    assert "dead" in (site / "site/index.html").read_text()


def test_a_page_that_is_gone_is_gone_from_the_site(site: Path):
    (site / "docs/more.md").write_text("# More\n")
    assert build(site).code == 0
    assert (site / "site/more/index.html").exists()
    (site / "docs/more.md").unlink()
    assert build(site).code == 0
    assert not (site / "site/more").exists()


def test_swapping_works_where_the_system_cannot_exchange_two_folders(tmp_path, monkeypatch):
    monkeypatch.setattr("weave.staging.ctypes.CDLL", lambda *_, **__: object())
    site = tmp_path / "site"
    site.mkdir()
    (site / "page").write_text("old")
    staging = Staging(site, tmp_path / "locks")
    (staging.folder / "page").write_text("new")
    staging.publish()
    assert (site / "page").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["locks", "site"]


# Serving -------------------------------------------------------------------------------------


def test_serving_shows_edits_errors_in_place_and_their_repair(site: Path):
    page, demo = site / "docs/index.md", site / "docs/examples/demo.py"
    with serving(site) as server:
        server.wait_for('value="0.25"')
        demo.write_text("loss = 0.75\nprint('ran')\n")
        server.wait_for('value="0.75"')
        good = page.read_text()
        page.write_text(good.replace("demo.loss", "demo.lss"))
        server.wait_for("index.md:7: demo has no &#x27;lss&#x27;; did you mean")
        page.write_text(good)
        server.wait_for('value="0.75"')
        demo.write_text("1 / 0\n")
        server.wait_for("docs/examples/demo.py:1: ZeroDivisionError")
        demo.write_text("loss = 1.25\n")
        server.wait_for('value="1.25"')


# Derivations as pages ------------------------------------------------------------------------

TOY = """\
# %% [markdown]
# # A toy
#
# It holds that $x^2 \\ge 0$. Back [home](../index.md).

# %%
class Toy:
    steps = ("a", "b")

    def to_data(self):
        step = {"latex": "x + x", "relation": "=", "rule": "doubling", "because": ""}
        check = {"against": "a friend", "residual": 0.0, "tolerance": 1e-12, "points": 3}
        return {"lhs": "2x", "steps": [step], "equation": "2x = x + x", "checks": [check]}


toy = Toy()
toy

# %%
if 1 <b"2"[0] and 3> 2:
    print("a < b & &lt; <i>")

# %%
("<plain>", 1)
"""


def add_derivation(site: Path, text: str) -> None:
    (site / "derivations").mkdir()
    (site / "derivations/toy.py").write_text(text)


def test_a_derivation_is_a_light_page_with_downloads(site: Path):
    add_derivation(site, TOY)
    done = build(site, "--strict")
    assert done.code == 0, done.output
    page = (site / "site/derivations/toy/index.html").read_text()
    assert "<h1" in page
    assert '<span class="rule">doubling</span>' in page
    assert "a &lt; b &amp; &amp;lt; &lt;i&gt;" in page
    assert "(&#39;&lt;plain&gt;&#39;, 1)" in page.replace("&#x27;", "&#39;").replace("'", "&#39;")
    assert 'href="../../downloads/toy.ipynb"' in page
    assert 'href="../../"' in page
    for heavy in ("clipboard-copy", "<style", "MathJax", "tabindex", "jp-Cell", "arithmatex"):
        assert heavy not in page
    assert len(page) < 40_000
    script = (site / "site/downloads/toy.py").read_text()
    compile(script, "toy.py", "exec")
    notebook = json.loads((site / "site/downloads/toy.ipynb").read_text())
    assert notebook["cells"][-2]["outputs"][0]["text"] == "a < b & &lt; <i>\n"
    checks = json.loads((site / "site/checks.json").read_text())["checks"]
    assert {"toy.toy", "demo"} == {entry["id"] for entry in checks}


def test_the_build_after_the_first_converts_nothing_again(site: Path):
    add_derivation(site, TOY)
    assert build(site).code == 0
    kept = {path: path.stat().st_ino for path in (site / ".cache/weave").rglob("*.json")}
    before = snapshot(site / "site")
    assert any("rendered" in path.parts for path in kept)
    assert build(site).code == 0
    assert {path: path.stat().st_ino for path in (site / ".cache/weave").rglob("*.json")} == kept
    del before["sitemap.xml.gz"], before["SHA256SUMS"]  # which hold the time of the build
    assert before.items() <= snapshot(site / "site").items()


def test_broken_tex_in_a_derivation_is_told_with_its_own_file_and_line(site: Path):
    add_derivation(site, TOY.replace("$x^2 \\ge 0$", "$\\frac{1$"))
    done = build(site)
    assert done.code == 1
    assert "derivations/toy.py:4: Unexpected end of input" in done.output
