"""Timing contenders against each other so that a busy machine is unfair to none of them."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Arrays = list[np.ndarray]
Quartiles = tuple[float, float, float]

TURN_SECONDS = 0.04
COMPARED = 10  # steps after which the parameters of all contenders must be the same
TOLERANCES = {"float64": 1e-9, "float32": 1e-4}


@dataclass(frozen=True)
class Contender:
    """Something that takes a training step.

    `parameters` are W and b of each layer, first layer first, as the book lays them out; without
    it there is nothing to compare. `steps` is how many steps a call of `step` takes.
    """

    step: Callable[[], object]
    parameters: Callable[[], Arrays] | None = None
    steps: int = 1


@dataclass(frozen=True)
class Times:
    """Seconds of processor time a step, one figure a round."""

    rounds: list[float]

    @property
    def quartiles(self) -> Quartiles:
        return quartiles(self.rounds)

    def over(self, other: Times) -> Quartiles:
        """The quartiles of this time in units of the other's, round by round."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return quartiles([mine / theirs for mine, theirs in pairs])


def quartiles(numbers: list[float]) -> Quartiles:
    """Half of the numbers lie between the first and the last; the median is in the middle."""
    if len(numbers) == 1:
        return (numbers[0],) * 3
    lower, median, upper = statistics.quantiles(numbers, n=4, method="inclusive")
    return lower, median, upper


# The same numbers first ---------------------------------------------------------------------


def moved(contender: Contender) -> Arrays:
    """By how much `COMPARED` steps move each parameter."""
    assert contender.parameters
    before = [np.array(p, dtype=np.float64) for p in contender.parameters()]
    for _ in range(COMPARED // contender.steps):
        contender.step()
    after = [np.array(p, dtype=np.float64) for p in contender.parameters()]
    return [new - old for new, old in zip(after, before, strict=True)]


def distance(found: Arrays, expected: Arrays) -> float:
    """The length of the difference over the length of what is expected, all arrays as one vector.

    Infinite if shapes differ.
    """
    if [a.shape for a in found] != [a.shape for a in expected]:
        return float("inf")
    off = sum(float(((a - b) ** 2).sum()) for a, b in zip(found, expected, strict=True))
    return (off / sum(float((b**2).sum()) for b in expected)) ** 0.5


def those_that_agree(
    contenders: Mapping[str, Contender], expected: Arrays, tolerance: float
) -> tuple[dict[str, Contender], dict[str, float]]:
    """The contenders that move their parameters as expected, and how far off the others are."""
    agreeing: dict[str, Contender] = {}
    refused: dict[str, float] = {}
    for name, contender in contenders.items():
        off = distance(moved(contender), expected) if contender.parameters else 0.0
        if off < tolerance:
            agreeing[name] = contender
        else:
            refused[name] = off
    return agreeing, refused


# Then the clock -----------------------------------------------------------------------------


def seconds(contender: Contender, calls: int) -> float:
    """Processor time of one step, all threads together."""
    start = time.process_time()
    for _ in range(calls):
        contender.step()
    return (time.process_time() - start) / (calls * contender.steps)


def calls_for_a_turn(contender: Contender, turn: float) -> int:
    """Enough calls to fill a turn of so many seconds; the trials double as the warm-up."""
    calls = 1
    while seconds(contender, calls) * calls * contender.steps < turn / 2:
        calls *= 2
    return calls


def race(
    contenders: Mapping[str, Contender], rounds: int, turn: float = TURN_SECONDS
) -> dict[str, Times]:
    """Every contender runs in every round, so that a slow moment slows all of them."""
    gc.collect()
    calls = {name: calls_for_a_turn(contender, turn) for name, contender in contenders.items()}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            times[name].append(seconds(contender, calls[name]))
    return {name: Times(figures) for name, figures in times.items()}
