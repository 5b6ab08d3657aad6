"""The checker that browsers' makers and the W3C use finds nothing wrong with any page."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "vnu-jar@26.9.27"  # Nu Html Checker; wants Java 17 or newer
FOLDER = ROOT / ".cache/tools"
JAR = FOLDER / "node_modules/vnu-jar/build/dist/vnu.jar"


@pytest.fixture(scope="module")
def checker() -> list[str]:
    if not shutil.which("java") or not (JAR.exists() or shutil.which("npm")):
        pytest.skip("the checker of HTML wants Java and npm")
    if not JAR.exists():
        command = ["npm", "install", "--silent", "--no-save", "--prefix", str(FOLDER), PACKAGE]
        subprocess.run(command, check=True, timeout=300)
    return ["java", "-jar", str(JAR), "--format", "json", "--errors-only", "--skip-non-html"]


def errors(checker: list[str], folder: Path) -> list[str]:
    answer = subprocess.run([*checker, str(folder)], capture_output=True, text=True, timeout=600)
    return [
        f"{Path(found['url']).relative_to(f'file:{folder}')}:{found.get('lastLine')}: "
        f"{found['message']} {found.get('extract', '')}"
        for found in json.loads(answer.stderr)["messages"]
    ]


@pytest.mark.long
def test_no_page_breaks_the_standard(checker: list[str], built: Path, record: Any) -> None:
    found = errors(checker, built)
    record("html", pages=len(list(built.rglob("*.html"))), errors=len(found), checker=PACKAGE)
    assert found == [], f"{len(found)} errors"


@pytest.mark.long
def test_a_page_that_breaks_it_is_found(checker: list[str], tmp_path: Path, record: Any) -> None:
    page = '<!doctype html><html lang="en"><title>x</title><p id="a"><p id="a"><b><i></b></i>'
    (tmp_path / "page.html").write_text(page)
    found = errors(checker, tmp_path)
    assert len(found) >= 3
    record("html", planted=len(found))
