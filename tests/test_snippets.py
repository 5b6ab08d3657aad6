"""Code of the package that a page shows is run by the tests: every line, both ways at a fork.

A program of the book is run whenever the book is built.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from weave.sources import find, roots

ROOT = Path(__file__).parents[1]
SHOWN = sorted(
    {
        name
        for page in (ROOT / "docs").rglob("*.md")
        for name in re.findall(r"^\{\{ source ([\w.]+)", page.read_text("utf-8"), re.MULTILINE)
    }
)
ALSO = ("test_blocks.py", "test_tuned.py")


@pytest.fixture(scope="module")
def missed(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, set[int]]:
    """For every file of the package the lines that no test ran, or left in one direction only."""
    folder = tmp_path_factory.mktemp("coverage")
    data, report = folder / "data", folder / "report.json"
    tests = [*ROOT.glob("tests/test_core_*.py"), *(ROOT / "tests" / name for name in ALSO)]
    coverage = [sys.executable, "-m", "coverage"]
    ran = [*coverage, "run", "--branch", "--source=chainrule", f"--data-file={data}", "-m"]
    for command in (
        [*ran, "pytest", "-q", "-p", "no:cacheprovider", *map(str, tests)],
        [*coverage, "json", f"--data-file={data}", "-o", str(report)],
    ):
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stdout[-2000:]
    files = json.loads(report.read_text("utf-8"))["files"]
    return {
        (ROOT / name).resolve(): {
            *found["missing_lines"],
            *(line for fork in found["missing_branches"] for line in fork[:1]),
        }
        for name, found in files.items()
    }


def test_pages_show_code():
    assert len(SHOWN) > 30


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in SHOWN if name.startswith("chainrule.")])
def test_every_line_that_a_page_shows_is_run(
    missed: dict[Path, set[int]], name: str, record: Callable[..., None]
):
    source = find(name, roots(ROOT))
    lines = range(source.line, source.line + source.text.count("\n") + 1)
    found = missed[source.path.resolve()] & {*lines}
    record("snippets", shown=1, lines=len(lines), missed=len(found))
    assert found == set()
