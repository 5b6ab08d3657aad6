"""`make bench`: a training step, timed against the peers that are installed.

Prints a table, and the same figures as JSON on the last line.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from benchmarks import arrays, scalars
from benchmarks.race import Step, Times, race

PEERS = ["torch", "micrograd"]
COLUMNS = [32, 28, 42, 20, 8]


@dataclass(frozen=True)
class Event:
    """What is timed, and how many times a peer's speed is wanted."""

    name: str
    contenders: Callable[[Sequence[int], int], dict[str, Step]]
    layer_sizes: list[int]
    batch_size: int
    goal: float


EVENTS = [
    Event("arrays 2-2-1, 1 example", arrays.contenders, [2, 2, 1], 1, goal=5),
    Event("arrays 784-30-10, 10 examples", arrays.contenders, [784, 30, 10], 10, goal=3.5),
    Event("scalars 2-2-1, 1 example", scalars.contenders, [2, 2, 1], 1, goal=2),
    Event("scalars 2-16-16-1, 10 examples", scalars.contenders, [2, 16, 16, 1], 10, goal=2),
]


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def figures(event: Event, times: dict[str, Times]) -> dict[str, object]:
    ours = times["chainrule"]
    return {
        "event": event.name,
        "goal": event.goal,
        "microseconds": {name: 1e6 * figure.median for name, figure in times.items()},
        "quartiles": {name: [1e6 * q for q in f.spread] for name, f in times.items()},
        "speed": {n: ours.times_as_fast_as(f) for n, f in times.items() if n != "chainrule"},
    }


def microseconds(times: Times) -> str:
    lower, upper = times.spread
    return f"{1e6 * times.median:.1f} ({1e6 * lower:.1f} to {1e6 * upper:.1f})"


def row(event: Event, times: dict[str, Times]) -> str:
    ours = times["chainrule"]
    cells = [event.name, microseconds(ours)]
    for name, figure in times.items():
        if name != "chainrule":
            speed = f"{ours.times_as_fast_as(figure):.1f} times as fast"
            cells += [f"{name} {microseconds(figure)}", speed, f"goal {event.goal:g}"]
    return "".join(f"{cell:<{w}}" for cell, w in zip(cells, COLUMNS, strict=False)).rstrip()


def main() -> None:
    versions = {package: installed(package) for package in ["numpy", *PEERS]}
    print("Microseconds of processor time for a training step: median (quartiles).")
    print("Double precision, one thread.\n")
    results = []
    for event in EVENTS:
        times = race(event.contenders(event.layer_sizes, event.batch_size))
        print(row(event, times), flush=True)
        results.append(figures(event, times))
    missing = [package for package in PEERS if not versions[package]]
    if missing:
        print(f"\nNot installed, so not timed: {', '.join(missing)}.")
        print(f"To time them too: .venv/bin/python -m pip install {' '.join(missing)}")
    print()
    print(
        json.dumps({"python": platform.python_version(), "versions": versions, "events": results})
    )


if __name__ == "__main__":
    main()
