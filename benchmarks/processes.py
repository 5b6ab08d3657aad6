"""Whole processes: start Python, import the library, train the worked network, end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from benchmarks import ours, peers
from benchmarks.race import quartiles

STEPS = 5_000
PACKAGES = {"taught": "chainrule", "tuned": "chainrule.tuned", "pytorch": "torch", "jax": "jax"}
PROGRAM = f"""
import sys
from benchmarks import ours, peers
from benchmarks.problems import sizes
builders = ours.OURS | {{name: build for name, (_, build) in peers.PEERS.items()}}
step = builders[sys.argv[1]](sizes("float64")[0]).step
for _ in range({STEPS}):
    step()
"""


def measure(rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Seconds of processor time by contender, children of the process included."""
    known = {*ours.OURS, *peers.PEERS}
    raced = [name for name, package in PACKAGES.items() if name in known and find_spec(package)]
    seconds: dict[str, list[float]] = {name: [] for name in raced}
    for _ in range(max(1, rounds // 3)):  # a process takes seconds
        for name in raced:
            seconds[name].append(whole(name))
    found = {
        name: {
            "seconds": quartiles(mine),
            "of_taught": quartiles([m / o for m, o in zip(mine, seconds["taught"], strict=True)]),
        }
        for name, mine in seconds.items()
    }
    for name, figure in found.items():
        lower, median, upper = figure["seconds"]
        times = figure["of_taught"][1]
        tell(f"  {name:<18}{median:8.2f} s ({lower:.2f} to {upper:.2f}){times:8.1f} of ours")
    return {"steps": STEPS, "times": found}


def whole(name: str) -> float:
    """Processor time of one process, from its start to its end."""
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, name])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{name} ended with status {process.returncode}")
    return usage.ru_utime + usage.ru_stime
