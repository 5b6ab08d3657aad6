"""Everything that can be wrong with a book, planted: each is one line, and the old site stays.

One build of a book with a fault ends with status 1 and a line `file:line: reason`; there is never
a traceback. A server that meets the same fault goes on, and shows the book once it is mended.
"""

# ruff: noqa: E501  (a fault is a line)
from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from tests.weave.small import CONFIG, ENOUGH, SITE, build, leftovers, mkdocs, serving, snapshot

ROOT = Path(__file__).parents[2]
DRAWING = """\
class Drawing:
    wide = narrow = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"></svg>'
    )


def one():
    return Drawing()
"""
FIGURE = "{{ figure plot.one | A plot. }}\n"


def page(text: str, **programs: str) -> dict[str, str]:
    """A page `p.md` with this text on its third line, and the programs it shows."""
    folders = {"example": "docs/examples/p.py", "figure": "docs/figures/plot.py",
               "claim": "docs/claims/p.py", "derivation": "derivations/p.py",
               "questions": "docs/questions.py"}  # fmt: skip
    shown = {folders[kind]: program for kind, program in programs.items()}
    return {"docs/p.md": f"# P\n\n{text}\n", **shown}


def example(program: str) -> dict[str, str]:
    return page("{{ example p }}", example=program)


def equation(right: str, wrong: str) -> dict[str, str]:
    """The real tools of derivation and the real sigmoid, with one thing changed."""
    folder = ROOT / "derivations"
    tools = [path for path in folder.glob("*.py") if not path.read_text().startswith("# %%")]
    files = {f"derivations/{path.name}": path.read_text() for path in tools}
    changed = (folder / "sigmoid.py").read_text().replace(right, wrong)
    return files | page("{{ derivation p }}", derivation=changed)


def questions(change: str) -> dict[str, str]:
    """The real questions, with one changed."""
    text = (ROOT / "docs/questions.py").read_text()
    text += (
        "from dataclasses import replace\n"
        "from chainrule.practice import cost_and_checking\n"
        "sound = cost_and_checking.runs_for_nudging\n"
        "def draw(rng):\n"
        "    question = sound.draw(rng)\n"
        f"    return replace(question, kind='choice', {change})\n"
        "PAGES['p'] = [replace(sound, draw=draw)]\n"
    )
    return page("{{ questions p }}", questions=text)


FAULTS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "a program raises": (example("x = 1\n1 / 0\n"), "p.md:3: example p failed: docs/examples/p.py:2: ZeroDivisionError"),
    "a program is no Python": (example("x = (\n"), "docs/examples/p.py:1: SyntaxError"),
    "a program is no text": ({**page("{{ example p }}"), "docs/examples/p.py": b"x = 1\ny = '\xe9'\n"}, "docs/examples/p.py:2: byte 0xe9 is not UTF-8"),
    "a program imports what is not there": (example("import nowhere\n"), "docs/examples/p.py:1: ModuleNotFoundError"),
    "a program never ends": (example("# limit: 1 s\nimport time\ntime.sleep(99)\n"), "docs/examples/p.py:3: TimeoutError: it is still running after 1 s"),
    "a program takes all memory": (example("x = []\nwhile True:\n    x.append(bytearray(1 << 28))\n"), "docs/examples/p.py:3: MemoryError: it needs more than 2 GB of memory"),
    "a program crashes": (example("import os\nos.abort()\n"), "docs/examples/p.py:1: it ended without an answer"),
    "a program overflows": (example("import numpy as np\nnp.exp(1000.0)\n"), "docs/examples/p.py:2: RuntimeWarning: overflow"),
    "a program writes into the book": (example("open('docs/p.md', 'w')\n"), "docs/examples/p.py:1: PermissionError: it writes to docs/p.md"),
    "a program is on no page": ({"docs/examples/p.py": "x = 1\n"}, "docs/examples/p.py:1: example p is shown on no page"),
    "a figure raises": (page(FIGURE, figure="def one():\n    return 1 / 0\n"), "p.md:3: figure plot.one failed: docs/figures/plot.py:2: ZeroDivisionError"),
    "a figure has no alternative text": (page("{{ figure plot.one }}", figure=DRAWING), "p.md:3: figure 'plot.one' has no alternative text"),
    "a derivation raises": (page("{{ derivation p }}", derivation="# %% [markdown]\n# # P\n\n# %%\nraise ArithmeticError('the sides differ')\n"), "derivations/p.py:5: ArithmeticError: the sides differ"),
    "a line of a derivation does not follow": (equation("(1 - 1 /", "(1 + 1 /"), "derivations/p.py:79: DerivationError"),
    "an equation disagrees with the code": (equation('slope("sigmoid")', 'slope("tanh")'), "derivations/p.py:1: DerivationError"),
    "a claim raises": (page("{{ claim C01 }}", claim="\nC01 = 1 / 0\n"), "docs/claims/p.py:2: ZeroDivisionError"),
    "a formula is broken": (page(r"Here $\frac{1$ is broken."), "p.md:3: Unexpected end of input"),
    "a formula in the front matter's shadow": ({"docs/p.md": "---\ntitle: P\n---\n\n# P\n\n$\\nosuch$\n"}, "p.md:7: Undefined control sequence"),
    "a name leads nowhere": (page("{{ value demo.lss }}"), "p.md:3: demo has no 'lss'; did you mean 'loss'?"),
    "a word is unknown": (page("{{ valeu demo.loss }}"), "p.md:3: there is no word 'valeu'; did you mean 'value'?"),
    "a format does not suit": (page("{{ value demo.loss | d }}"), "p.md:3: 'demo.loss': 0.25 cannot be written as 'd'"),
    "a symbol is not in the source": (page("{{ source chainrule.network.bckward }}"), "p.md:3: chainrule.network has no 'bckward'; did you mean 'backward'?"),
    "a token is never closed": (page("{{ value demo.loss"), "p.md:3: '{{' is never closed"),
    "questions are unknown": (page("{{ questions nothing }}"), "p.md:3: questions nothing failed"),
    "a question has no right answer": (questions("options=('a', 'b')"), "seed 0: 0 of the options are the right answer, not one"),
    "a question has two right answers": (questions("options=(question.answer,) * 2"), "seed 0: 2 of the options are the right answer, not one"),
    "a key is wrong": (questions("check=replace(question.check, residual=0.1)"), "differ by 1.0e-01 of the key"),
    "a glossary is no TOML": ({**page("{{ glossary }}"), "docs/glossary.toml": "[[term]\n"}, "docs/glossary.toml:1: Expected ']]'"),
    "a correction is no TOML": ({"docs/corrections.toml": "\n[[correction]\n"}, "docs/corrections.toml:2: Expected ']]'"),
    "a page is no text": ({"docs/p.md": b"# P\n\n\xe9\n"}, "p.md:3: byte 0xe9 is not UTF-8"),
    "a page is empty": ({"docs/p.md": ""}, "p.md:1: the page is empty"),
    "front matter is no YAML": ({"docs/p.md": "---\ntitle: [\n---\n\n# P\n"}, "p.md:1: what stands between the two lines of --- is not YAML"),
    "a link is dead": (page("[dead](nowhere.md)"), "p.md:3: it contains a link 'nowhere.md'"),
    "an anchor is dead": (page("[dead](index.md#nowhere)"), "p.md:3: it contains a link 'index.md#nowhere'"),
    "the nav names a page that is not there": ({"mkdocs.yml": CONFIG + "nav: [index.md, gone.md]\n"}, "mkdocs.yml:16: A reference to 'gone.md'"),
    "the nav forgets a page": ({**page("Text."), "mkdocs.yml": CONFIG + "nav: [index.md]\n"}, "p.md:1: the nav of mkdocs.yml does not name it"),
    "a template is broken": ({"theme/main.html": "<p>{{ page.content </p>"}, "theme/main.html:1: TemplateSyntaxError"),
    "a template asks for what is not there": ({"theme/main.html": "\n{{ page.no.thing }}"}, "theme/main.html:2: UndefinedError"),
    "the configuration is no YAML": ({"mkdocs.yml": "site_name: [\n"}, 'mkdocs.yml", line 2'),
    "a plugin is not installed": ({"mkdocs.yml": CONFIG.replace("[weave]", "[weave, weav]")}, 'The "weav" plugin is not installed'),
}  # fmt: skip


@pytest.fixture
def site(project) -> Path:
    return project(SITE | {"site/index.html": "the last good site"})


def plant(root: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())


PLACE = re.compile(r"[\w./-]+\.\w+(:\d+: |\", line \d+)")  # a file and a line
NOWHERE = {"a plugin is not installed"}  # MkDocs reads the configuration, and names no line of it

# Told by the same code as others, and tested there by itself.
ALIKE = {
    "a program is no Python",
    "a program imports what is not there",
    "a program overflows",
    "a figure has no alternative text",
    "a formula in the front matter's shadow",
    "a word is unknown",
    "a format does not suit",
    "a symbol is not in the source",
    "a token is never closed",
    "questions are unknown",
    "a question has two right answers",
    "a key is wrong",
    "a correction is no TOML",
    "an anchor is dead",
    "a template asks for what is not there",
    "a plugin is not installed",
}


@pytest.mark.parametrize(
    "fault",
    [pytest.param(one, marks=[pytest.mark.long] if one in ALIKE else []) for one in FAULTS],
)
def test_a_fault_is_one_line_and_the_last_good_site_stays(site: Path, fault: str, record):
    files, reason = FAULTS[fault]
    plant(site, files)
    done = build(site, "--strict", "--quiet")
    assert done.code == 1
    told = [line for line in done.output.splitlines() if reason in line]
    whole = snapshot(site / "site") == {"index.html": b"the last good site"}
    placed = any(PLACE.search(line) for line in told)
    record("faults", planted=1, told=len(told) == 1, placed=placed, whole=whole)
    assert len(told) == 1, done.output
    assert placed or fault in NOWHERE, done.output
    assert "Traceback" not in done.output
    assert whole
    assert leftovers(site) == []


def test_a_program_that_overruns_takes_no_other_down(site: Path):
    plant(site, {
        **page("{{ example slow }}\n\n{{ example large }}\n\n{{ example good }}\n"),
        "docs/examples/slow.py": "# limit: 1 s\nimport time\ntime.sleep(99)\n",
        "docs/examples/large.py": "x = bytearray(4 << 30)\n",
        "docs/examples/good.py": "import time\ntime.sleep(1.5)\nprint('good')\n",
    })  # fmt: skip
    output = build(site).output
    assert "docs/examples/slow.py:3: TimeoutError: it is still running after 1 s" in output
    assert "docs/examples/large.py:1: MemoryError: it needs more than 2 GB of memory" in output
    assert "2 errors in the book" in output


def test_several_faults_of_one_build_are_all_told(site: Path):
    chosen = ["a program raises", "a claim raises", "a page is no text", "a link is dead"]
    for number, fault in enumerate(chosen):
        files, _ = FAULTS[fault]
        plant(site, {name.replace("p.md", f"p{number}.md"): text for name, text in files.items()})
    output = build(site, "--strict").output
    for number, fault in enumerate(chosen):
        assert FAULTS[fault][1].replace("p.md", f"p{number}.md") in output


# Serving --------------------------------------------------------------------------------------

WHILE_SERVING = {
    "a program raises": "docs/examples/p.py:2: ZeroDivisionError",
    "a figure raises": "docs/figures/plot.py:2: ZeroDivisionError",
    "a formula is broken": "weave-error",
    "a page is no text": "Not text",
    "a template is broken": "theme/main.html:1: TemplateSyntaxError",
    "the configuration is no YAML": "This site cannot be built",
}


def test_a_server_survives_each_fault_and_recovers(site: Path):
    good = page("The page is whole.")
    plant(site, good)
    with serving(site) as server:
        for fault, shown in WHILE_SERVING.items():
            server.wait_for("The page is whole.", "p/")
            files, _ = FAULTS[fault]
            paths = {name: site / name for name in files}
            kept = {name: path.read_text() for name, path in paths.items() if path.exists()}
            plant(site, files)
            server.wait_for(shown, "p/")
            plant(site, {**good, **kept})
        server.wait_for("The page is whole.", "p/")
    assert "Traceback" not in server.log
    assert "theme/main.html:1: TemplateSyntaxError" in server.log


def test_a_port_in_use_is_one_sentence_with_one_that_is_free(site: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = mkdocs(site, "serve", "-a", f"127.0.0.1:{port}")
        output, _ = process.communicate(timeout=ENOUGH)
    assert process.returncode == 1
    told = re.search(
        rf"cannot serve on 127.0.0.1:{port}: Address .* in use; 127.0.0.1:(\d+) is free", output
    )
    assert told, output
    assert int(told[1]) > port
    assert "Traceback" not in output
