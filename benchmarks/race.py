"""Timing contenders against each other so that a busy machine is unfair to none of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Step = Callable[[], object]

ROUNDS = 15
ROUND_SECONDS = 0.04


@dataclass(frozen=True)
class Times:
    """Seconds of processor time a step, one figure a round."""

    rounds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles: half of the rounds lie between them."""
        lower, _, upper = statistics.quantiles(self.rounds, n=4)
        return lower, upper

    def times_as_fast_as(self, other: Times) -> float:
        """The median over the rounds of the other's time in units of this one's."""
        pairs = zip(other.rounds, self.rounds, strict=True)
        return statistics.median(theirs / ours for theirs, ours in pairs)


def seconds(step: Step, repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        step()
    return time.process_time() - start


def repeats_for_a_round(step: Step) -> int:
    """Enough repeats to fill a round; the trials double as the warm-up."""
    repeats = 1
    while seconds(step, repeats) < ROUND_SECONDS / 2:
        repeats *= 2
    return repeats


def race(contenders: dict[str, Step]) -> dict[str, Times]:
    """Every contender runs in every round, so that a slow moment slows all of them."""
    repeats = {name: repeats_for_a_round(step) for name, step in contenders.items()}
    rounds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, step in contenders.items():
            rounds[name].append(seconds(step, repeats[name]) / repeats[name])
    return {name: Times(figures) for name, figures in rounds.items()}
