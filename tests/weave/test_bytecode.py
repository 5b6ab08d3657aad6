"""Compiled modules are used, and never in place of newer text."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from weave import bytecode


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "number.py"
    path.write_text("x = 1\n")
    bytecode.refresh([path])
    return path


def imported(path: Path) -> tuple[int, bool]:
    """The x of a module in a new process, and whether its compiled form was good enough."""
    program = "import sys, number; print(number.x)"
    done = subprocess.run(
        [sys.executable, "-B", "-v", "-c", program],
        env={"PYTHONPATH": str(path.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout), "number.cpython" in done.stderr and "matches" in done.stderr


def test_a_compiled_module_is_used(module: Path):
    assert imported(module) == (1, True)


def test_an_edit_of_the_same_length_at_the_same_time_is_seen(module: Path):
    before = module.stat()
    module.write_text("x = 2\n")
    os.utime(module, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert imported(module)[0] == 2


def test_what_has_not_changed_is_not_compiled_again(module: Path):
    compiled = Path(importlib.util.cache_from_source(str(module)))
    made = compiled.stat().st_mtime_ns, compiled.stat().st_ino
    bytecode.refresh([module])
    assert (compiled.stat().st_mtime_ns, compiled.stat().st_ino) == made
    module.write_text("x = 3\n")
    bytecode.refresh([module])
    assert (compiled.stat().st_mtime_ns, compiled.stat().st_ino) != made


@pytest.mark.parametrize("text", ["x = (", "x = '\0'"])
def test_a_module_that_cannot_be_compiled_is_left_to_its_importer(module: Path, text: str):
    module.write_text(text)
    bytecode.refresh([module])
