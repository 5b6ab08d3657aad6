"""Training steps: forward, loss, backward, update, of five networks in one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from benchmarks import ours, peers
from benchmarks.problems import Problem, sizes
from benchmarks.race import (
    TOLERANCES,
    Contender,
    Quartiles,
    Times,
    moved,
    race,
    those_that_agree,
)

FEW = ("taught", "tuned", "tuned_scipy", "bare", "pytorch", "pytorch_products")


def events() -> list[tuple[Problem, Iterable[str]]]:
    """The networks, and who trains them: everybody once, few of them in the other precision."""
    double, single = sizes("float64"), sizes("float32")
    everybody = [*ours.OURS, *peers.PEERS]
    paper, others = double[0], double[1:]
    squares = replace(paper, key="squares", loss_name="squared_error")
    return [
        (paper, everybody),
        *((problem, everybody) for problem in single[1:]),
        (squares, FEW),
        *((replace(problem, key=f"{problem.key}_double"), FEW) for problem in others),
    ]


def measure(rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """What each event has found, by its key."""
    found: dict[str, Any] = {}
    for problem, names in events():
        found[problem.key] = event(problem, contenders(problem, names), rounds)
        tell(line(found[problem.key]))
    return found


def contenders(problem: Problem, names: Iterable[str]) -> dict[str, Contender]:
    """Those of these names that can be raced here: installed, and with such a network."""
    made: dict[str, Contender] = {}
    for name in names:
        if name in ours.OURS and find_spec(ours.NEEDED.get(name, "numpy")):
            made[name] = ours.OURS[name](problem)
        elif name in peers.PEERS:
            package, build = peers.PEERS[name]
            contender = build(problem) if find_spec(package) else None
            if contender is not None:
                made[name] = contender
    return made


def event(problem: Problem, made: Mapping[str, Contender], rounds: int) -> dict[str, Any]:
    """The times of those that train as the taught code does in double precision."""
    expected = moved(ours.taught(replace(problem, dtype="float64")))
    agreeing, refused = those_that_agree(made, expected, TOLERANCES[problem.dtype])
    return {
        "network": problem.name,
        "batch": problem.batch_size,
        "hidden": problem.hidden,
        "loss": problem.loss_name,
        "dtype": problem.dtype,
        "refused": refused,
        "times": figures(race(agreeing, rounds)),
    }


def figures(times: Mapping[str, Times]) -> dict[str, dict[str, Quartiles]]:
    """Microseconds a step, and the same in units of PyTorch's and of the bare products."""
    units = {"of_pytorch": "pytorch", "of_bare": "bare"}
    return {
        name: {
            "us": tuple(1e6 * q for q in mine.quartiles),
            **{unit: mine.over(times[of]) for unit, of in units.items() if of in times},
        }
        for name, mine in times.items()
    }  # type: ignore[return-value]


def line(found: Mapping[str, Any]) -> str:
    """An event in a few lines for the terminal."""
    rows = [f"{found['network']}, batch of {found['batch']}, {found['dtype']}, {found['loss']}"]
    for name, figure in found["times"].items():
        lower, median, upper = figure["us"]
        row = f"  {name:<18}{median:10.1f} us ({lower:.1f} to {upper:.1f})"
        if "of_pytorch" in figure:
            row += f"{1 / figure['of_pytorch'][1]:9.2f} times as fast as PyTorch"
        if "of_bare" in figure:
            row += f"{figure['of_bare'][1]:9.2f} of the bare products"
        rows.append(row)
    rows += [f"  {name:<18} refused: off by {off:.0e}" for name, off in found["refused"].items()]
    return "\n".join(rows)
