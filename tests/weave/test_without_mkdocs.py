"""What is not named plugin* does its work, and is tested, where MkDocs is not installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEED_MKDOCS = ("plugin", "site", "faults", "unbreakable", "reproducible", "without_mkdocs")
MODULES = sorted(
    f"weave.{path.stem}"
    for path in (ROOT / "src/weave").glob("[!_]*.py")
    if not path.stem.startswith("plugin")
)

# Makes every form of importing MkDocs, its themes and its plugins fail.
FORBIDDEN = """\
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0].startswith(("mkdocs", "material", "properdocs")):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
"""


def without_mkdocs(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "sitecustomize.py").write_text(FORBIDDEN)
    path = os.pathsep.join([str(folder), str(ROOT / "src"), str(ROOT)])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )


def test_every_module_but_the_plugin_can_be_imported(tmp_path: Path):
    names = "; ".join(f"import {name}" for name in MODULES)
    answer = without_mkdocs(tmp_path, "-c", names)
    assert answer.returncode == 0, answer.stderr


def test_the_plugin_cannot(tmp_path: Path):
    """The test above can fail."""
    answer = without_mkdocs(tmp_path, "-c", "import weave.plugin")
    assert "No module named 'mkdocs" in answer.stderr


@pytest.mark.long
def test_their_tests_pass(tmp_path: Path):
    tests = [
        str(path)
        for path in sorted((ROOT / "tests/weave").glob("test_*.py"))
        if not path.stem.removeprefix("test_").startswith(NEED_MKDOCS)
    ]
    answer = without_mkdocs(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    print(answer.stdout.splitlines()[-1])
    assert answer.returncode == 0, answer.stdout
