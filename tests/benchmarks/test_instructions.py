"""How many instructions a step of the worked network takes: the same number on every run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from benchmarks import ours
from benchmarks.problems import sizes
step = ours.OURS[sys.argv[1]](sizes("float64")[0]).step
for _ in range(int(sys.argv[2])):
    step()
"""
FEW, MANY = 100, 600
AT_MOST = {"taught": 300_000}


def instructions(name: str, steps: int) -> int:
    """Of the whole process, from its start to its end."""
    surroundings = {
        **os.environ,
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    callgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}"]
    ended = subprocess.run(
        [*callgrind, sys.executable, "-c", PROGRAM, name, str(steps)],
        env=surroundings, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r"Collected : (\d+)", ended.stderr)
    assert found, ended.stderr
    return int(found[1])


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("valgrind"), reason="valgrind is not there")
@pytest.mark.parametrize("name", AT_MOST)
def test_a_step_takes_no_more_instructions_than_it_did(name: str):
    step = (instructions(name, MANY) - instructions(name, FEW)) / (MANY - FEW)
    assert step < AT_MOST[name]
