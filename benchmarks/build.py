"""Building a book: cold, warm, after an edit, at one, two and four times the content.

The book is made for the purpose. Each chapter has a page with thirty formulas, a program and a
figure, and a derivation. To see how the time grows all have the same one: twice the chapters are
twice the work.

With the derivations of this book, all of them, it is built as notebooks too: by mkdocs-jupyter and
by Jupyter Book, which run each in a kernel. And this book itself is built, with nothing changed.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from mkdocs.utils.yaml import yaml_load

from benchmarks.race import quartiles
from weave import compress, maths

type Derivations = dict[str, Path]

ROOT = Path(__file__).parent.parent
CHAPTERS = 6
JUPYTER_BOOK = ROOT / ".venv-bench/bin/jupyter-book"

PROGRAM = """\
import numpy as np

from chainrule import ACTIVATIONS, LOSSES, dense_network, train
from chainrule.initializers import xavier

rng = np.random.default_rng({k})
network = dense_network([2, 3, 1], [ACTIVATIONS["tanh"]] * 2, xavier, rng)
x, t = rng.standard_normal((8, 2)), rng.standard_normal((8, 1))
loss = float(np.square(x).mean())
print(f"chapter {k}: {{loss:.6f}}")
"""
CURVE = """\
import numpy as np

from docs.figures import _style as style


def curve():
    def draw(axes):
        z = np.linspace(-6, 6, 200)
        axes.plot(z, np.tanh(z / {k}), color=style.ACTIVATION)
        axes.set(xlabel="z", ylabel="a")

    return style.plot(draw)
"""
CELL = """\
import matplotlib.pyplot as plt
import numpy as np

z = np.linspace(-6, 6, 200)
figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(z, np.tanh(z / {k}))
axes.set(xlabel="z", ylabel="a")
plt.show()
"""
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
PRINTED = ("chapter 1: ", "central differences: ")  # by the programs, once they have run
FORMULA = r"$$\frac{{\partial L}}{{\partial w_{{{n}}}}} = (y - t)\,\sigma'(z_{{{n}}})\,x_{{{k}}}$$"


def alike(chapters: int) -> Derivations:
    """Return a derivation for each of so many chapters, the same one under other names."""
    return {f"sigmoid_{k}": ROOT / "derivations/sigmoid.py" for k in range(1, chapters + 1)}


def of_this_book() -> Derivations:
    """Return the derivations of this book by name."""
    return {path.stem: path for path in sorted(ROOT.glob("derivations/*.py")) if is_notebook(path)}


def book(root: Path, derivations: Derivations) -> None:
    """Write a book with a chapter for each derivation."""
    leave = shutil.ignore_patterns("__pycache__", "explorers")
    code(root, derivations)
    shutil.copytree(ROOT / "docs/assets", root / "docs/assets", ignore=leave)
    for shared in ROOT.glob("docs/figures/_*.py"):
        written(root / "docs/figures" / shared.name, shared.read_text("utf-8"))
    shutil.copytree(ROOT / "docs/figures/fonts", root / "docs/figures/fonts")
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    settings = re.sub(r"^nav:\n(?:  .*\n|\n)*", "", settings, flags=re.MULTILINE)
    settings = settings.replace("src/weave/theme", str(ROOT / "src/weave/theme"))
    written(root / "mkdocs.yml", settings.replace("omitted_files: warn", "omitted_files: ignore"))
    written(root / "docs/index.md", "# A book\n\nMade to be built.\n")
    for k in range(1, len(derivations) + 1):
        formulas = "\n\n".join(FORMULA.format(n=n, k=k) for n in range(30))
        page = (
            f"# Chapter {k}\n\nThe loss is {{{{ value program_{k}.loss | .6f }}}}.\n\n"
            f"{{{{ example program_{k} }}}}\n\n"
            f"{{{{ figure figure_{k}.curve | A curve that rises from minus one to one. }}}}\n\n"
            f"{formulas}\n"
        )
        written(root / f"docs/chapter-{k}.md", page)
        written(root / f"docs/examples/program_{k}.py", PROGRAM.format(k=k))
        written(root / f"docs/figures/figure_{k}.py", CURVE.format(k=k))


def code(root: Path, derivations: Derivations) -> None:
    """Write the reference, the rules of calculus and the derivations, as programs import them."""
    leave = shutil.ignore_patterns("__pycache__", "explorers")
    shutil.copytree(ROOT / "src/chainrule", root / "src/chainrule", ignore=leave)
    for tool in ROOT.glob("derivations/*.py"):
        if not is_notebook(tool):
            written(root / "derivations" / tool.name, tool.read_text("utf-8"))
    for name, derivation in derivations.items():
        shutil.copy(derivation, root / f"derivations/{name}.py")


def is_notebook(program: Path) -> bool:
    return program.read_text("utf-8").startswith("# %%")


def notebooks(root: Path, derivations: Derivations) -> None:
    """Write the pages and derivations of that book as notebooks for mkdocs-jupyter."""
    code(root, derivations)
    settings = {
        "site_name": "Notebooks",
        "theme": {"name": "material", "font": False},
        "plugins": [{"mkdocs-jupyter": {"execute": True, "allow_errors": False}}],
    }
    written(root / "mkdocs.yml", json.dumps(settings))
    written(root / "docs/index.md", "# Notebooks\n")
    for k, derivation in enumerate(derivations.values(), 1):
        formulas = "\n\n".join(FORMULA.format(n=n, k=k) for n in range(30))
        sources = (PROGRAM.format(k=k), CELL.format(k=k))
        page = [
            nbformat.v4.new_markdown_cell(f"# Chapter {k}\n\n{formulas}"),
            *(nbformat.v4.new_code_cell(source) for source in sources),
        ]
        proof = jupytext.read(derivation, fmt="py:percent")["cells"]
        for name, cells in {"chapter": page, "derivation": proof}.items():
            notebook = nbformat.v4.new_notebook(cells=cells, metadata=KERNEL)
            written(root / f"docs/{name}-{k}.ipynb", nbformat.writes(notebook))


def jupyter_book(root: Path, derivations: Derivations) -> None:
    """Write the same notebooks for Jupyter Book."""
    notebooks(root, derivations)
    running = {"execute_notebooks": "force", "timeout": 60, "stderr_output": "error"}
    written(root / "docs/_config.yml", json.dumps({"title": "Notebooks", "execute": running}))
    pages = [
        {"file": f"{name}-{k}"}
        for name in ("chapter", "derivation")
        for k in range(1, len(derivations) + 1)
    ]
    written(
        root / "docs/_toc.yml",
        json.dumps({"format": "jb-book", "root": "index", "chapters": pages}),
    )


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def built(root: Path, *options: str) -> dict[str, float]:
    """Build a book; return seconds of the clock and of the processor, children included."""
    return timed([sys.executable, "-m", "mkdocs", "build", "--quiet", *options], root)


def timed(command: list[str], root: Path) -> dict[str, float]:
    here = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"}  # for the kernels
    before, start = processor(), time.perf_counter()
    ended = subprocess.run(command, cwd=root, env=here, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"the book did not build: {ended.stderr or ended.stdout}")
    return {"clock": time.perf_counter() - start, "processor": processor() - before}


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Seconds for each kind of build, and the same pages built in every way there is here."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            "whole": whole(Path(folder), rounds, tell),
            **growth(Path(folder), rounds, tell),
            "ways": compared(Path(folder), rounds, tell),
        }


def whole(folder: Path, rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """This book with nothing changed, and the same pages as Material builds them by itself.

    It has nothing to put in the places of what is woven; a derivation is its text and its listings.
    """
    settings = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    extensions = [e for e in settings["markdown_extensions"] if not str(e).startswith("weave.")]
    root = folder / "material"
    material = {"site_name": "Material", "theme": {"name": "material", "font": False}}
    written(root / "mkdocs.yml", json.dumps({**material, "markdown_extensions": extensions}))
    for page in ROOT.glob("docs/**/*.md"):
        written(root / page.relative_to(ROOT), page.read_text("utf-8"))
    for program in ROOT.glob("derivations/*.py"):
        if is_notebook(program):
            notebook = jupytext.read(program, fmt="py:percent")
            written(
                root / f"docs/derivations/{program.stem}.md", jupytext.writes(notebook, fmt="md")
            )
    books = {"ours": ROOT, "material": root}
    took: dict[str, list[dict[str, float]]] = {name: [] for name in books}
    for _ in range(min(rounds, 3) + 1):  # the first time, what is not kept yet is made
        for name, book in books.items():
            took[name].append(built(book, "--site-dir", str(folder / f"site-{name}")))
    found = {
        name: {kind: quartiles([one[kind] for one in runs[1:]])[1] for kind in runs[0]}
        for name, runs in took.items()
    }
    tell(f"  this book, nothing changed {found}")
    return found


def growth(folder: Path, rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Cold by size; warm and after edits, of which a warm one is repeated, three times at most."""
    found: dict[str, Any] = {"chapters": CHAPTERS, "cold": {}}
    for times in (1, 2, 4):
        root = folder / f"cold-{times}"
        book(root, alike(times * CHAPTERS))
        found["cold"][str(times)] = built(root)
        tell(f"  {times * CHAPTERS} chapters, cold {found['cold'][str(times)]}")
    root = folder / "cold-1"
    built(root)  # the first after a cold one keeps what could only now be kept
    warm = [built(root) for _ in range(min(rounds, 3))]
    found["warm"] = min(warm, key=lambda one: one["processor"])
    page, code = root / "docs/chapter-1.md", root / "src/chainrule/initializers.py"
    page.write_text(page.read_text("utf-8") + "\nOne more line.\n", encoding="utf-8")
    found["edited page"] = built(root)
    code.write_text(code.read_text("utf-8") + "\nMORE = 1\n", encoding="utf-8")
    found["edited source"] = built(root)
    for name in ("warm", "edited page", "edited source"):
        tell(f"  {name} {found[name]}")
    return found


def compared(folder: Path, rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """The derivations of this book and as many chapters from nothing, in turn.

    Medians, and over ours round by round.
    """
    derivations = of_this_book()
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    ways: dict[str, tuple[Callable[[Path, Derivations], None], list[str]]] = {
        "woven": (book, mkdocs),
        "mkdocs-jupyter": (notebooks, mkdocs),
        "jupyter-book": (jupyter_book, [str(JUPYTER_BOOK), "build", "docs", "--all", "--quiet"]),
    }
    if not JUPYTER_BOOK.exists():
        del ways["jupyter-book"]
    took: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for turn in range(min(rounds, 3)):
        for way, (write, command) in ways.items():
            root = folder / f"{way}-{turn}"
            write(root, derivations)
            took[way].append(timed(command, root))
            pages = [path.read_text("utf-8") for path in root.rglob("*.html")]
            if not all(any(words in page for page in pages) for words in PRINTED):
                raise RuntimeError(f"{way} has not run the programs of its pages")
    found: dict[str, Any] = {
        "chapters": len(derivations),
        "only_here": only_here(folder / "woven-0", folder / "again"),
    }
    for way, runs in took.items():
        pairs = list(zip(runs, took["woven"], strict=True))
        found[way] = {
            kind: {
                "seconds": quartiles([mine[kind] for mine in runs])[1],
                "of_woven": quartiles([mine[kind] / ours[kind] for mine, ours in pairs])[1],
            }
            for kind in ("clock", "processor")
        }
        tell(f"  {len(derivations)} chapters, {way} {found[way]}")
    tell(f"  of that, by this site's way only: {found['only_here']}")
    return found


def only_here(root: Path, again: Path) -> dict[str, float]:
    """Do again what notebooks leave to others; return its seconds of the processor.

    How long a formula takes is found with those of one chapter, and counts for all.
    """
    written = [(FORMULA.format(n=n, k=0).strip("$"), True) for n in range(30)]
    formulas = len(list((root / ".cache/weave/maths").iterdir()))
    maths.CACHE = again / "maths"
    maths.engine()
    start = time.process_time()
    maths.render_ahead(written)
    one = (time.process_time() - start) / len(written)
    start = time.process_time()
    compress.compress(sorted((root / "site").rglob("*")), again / "compressed")
    compressing = time.process_time() - start
    return {"formulas": formulas, "setting": formulas * one, "compressing": compressing}
