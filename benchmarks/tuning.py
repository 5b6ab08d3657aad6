"""The steps of the page "From readable to fast", timed one against the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

from benchmarks.race import Contender, race

with redirect_stdout(None):
    from docs.examples.faster import STEPS, problem

NETWORKS = {"paper": ([2, 2, 1], 1, "float64"), "digits": ([784, 30, 10], 10, "float32")}


def measure(rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Microseconds a step, and the same in units of the taught step: quartiles."""
    found: dict[str, Any] = {}
    for network, sizes in NETWORKS.items():
        made = {name: Contender(build(*problem(*sizes))[0]) for name, build in STEPS.items()}
        times = race(made, rounds)
        found[network] = {
            name: {
                "us": [1e6 * q for q in mine.quartiles],
                "of_taught": mine.over(times["as_taught"]),
            }
            for name, mine in times.items()
        }
        for name, figure in found[network].items():
            tell(f"  {network:<8}{name:<18}{figure['us'][1]:8.1f} us")
    return found
