"""One training step on a graph of single numbers, in time and in memory, beside micrograd.

Both sides build the graph of a multilayer perceptron with ReLU inside, sum its squared
errors, ask for all gradients and update. They must agree on the new parameters first.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.race import TOLERANCES, Contender, moved, race, those_that_agree
from chainrule import neuron
from chainrule.scalar import Value, gradient, variables

LEARNING_RATE = 1e-4
LINKS = 100_000
TURN_SECONDS = 0.2  # long enough for every collection of garbage to fall into every turn

type Rows = list[list[float]]


@dataclass(frozen=True)
class Problem:
    """A perceptron, a batch, and where the parameters start."""

    key: str
    name: str
    layer_sizes: tuple[int, ...]
    batch_size: int

    @cached_property
    def batch(self) -> tuple[Rows, Rows]:
        rng = np.random.default_rng(0)
        shapes = (self.batch_size, self.layer_sizes[0]), (self.batch_size, self.layer_sizes[-1])
        x, t = (rng.standard_normal(shape).tolist() for shape in shapes)
        return x, t

    @cached_property
    def start(self) -> list[float]:
        """Neuron by neuron, weights before the bias, as micrograd lists its parameters."""
        shapes = zip(self.layer_sizes[1:], self.layer_sizes, strict=False)
        count = sum(n_out * (n_in + 1) for n_out, n_in in shapes)
        return np.random.default_rng(1).uniform(-1, 1, count).tolist()


PROBLEMS = [
    Problem("small", "2-2-1", (2, 2, 1), 1),
    Problem("larger", "2-16-16-1", (2, 16, 16, 1), 10),
]


def weighted_sum(w: Sequence[Value], a: Sequence[Value | float], b: Value) -> Value:
    """The pre-activation of a neuron, one entry of the tape for each product and each sum."""
    return sum((w_j * a_j for w_j, a_j in zip(w, a, strict=True)), b)


def tape(problem: Problem, pre_activation: Callable[..., Value]) -> Contender:
    """The engine of the book."""
    x, t = problem.batch
    weights = problem.start

    def output(parameters: Sequence[Value], x: Sequence[float]) -> Sequence[Value | float]:
        unread = iter(parameters)
        a: Sequence[Value | float] = x
        for depth, n_out in enumerate(problem.layer_sizes[1:], start=2):
            z = [pre_activation([next(unread) for _ in a], a, next(unread)) for _ in range(n_out)]
            a = [z_i.relu() for z_i in z] if depth < len(problem.layer_sizes) else z
        return a

    def step() -> None:
        nonlocal weights
        parameters = variables(*weights)
        errors = [
            (y_i - t_i) ** 2
            for x_row, t_row in zip(x, t, strict=True)
            for y_i, t_i in zip(output(parameters, x_row), t_row, strict=True)
        ]
        slopes = gradient(sum(errors[1:], errors[0]), parameters)
        weights = [w - LEARNING_RATE * slope for w, slope in zip(weights, slopes, strict=True)]

    return Contender(step, lambda: [np.array(weights)])


def micrograd(problem: Problem) -> Contender:
    """The same step as micrograd's demo writes it."""
    from micrograd.nn import MLP

    x, t = problem.batch
    model = MLP(problem.layer_sizes[0], list(problem.layer_sizes[1:]))
    for parameter, weight in zip(model.parameters(), problem.start, strict=True):
        parameter.data = weight

    def outputs(x_row: list[float]) -> list[Any]:
        y = model(x_row)
        return y if isinstance(y, list) else [y]

    def step() -> None:
        errors = [
            (y_i - t_i) ** 2
            for x_row, t_row in zip(x, t, strict=True)
            for y_i, t_i in zip(outputs(x_row), t_row, strict=True)
        ]
        loss = sum(errors[1:], errors[0])
        model.zero_grad()
        loss.backward()
        for parameter in model.parameters():
            parameter.data -= LEARNING_RATE * parameter.grad

    return Contender(step, lambda: [np.array([p.data for p in model.parameters()])])


def contenders(problem: Problem) -> dict[str, Contender]:
    """Those that can be raced here."""
    made = {
        "taught": tape(problem, weighted_sum),
        "neuron": tape(problem, neuron.weighted_sum),
    }
    if find_spec("micrograd"):
        made["micrograd"] = micrograd(problem)
    return made


def peak(contender: Contender) -> int:
    """The most bytes that one step holds at once, beyond what was there before."""
    gc.collect()
    tracemalloc.start()
    contender.step()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def measure(rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Time and memory by problem and contender, and how a long chain goes."""
    found: dict[str, Any] = {}
    for problem in PROBLEMS:
        found[problem.key] = event(problem, contenders(problem), rounds)
        tell(line(found[problem.key]))
    found["chain"] = chain()
    tell(f"a chain of {LINKS} values: {found['chain']}")
    return found


def event(problem: Problem, made: Mapping[str, Contender], rounds: int) -> dict[str, Any]:
    expected = moved(tape(problem, weighted_sum))
    agreeing, refused = those_that_agree(made, expected, TOLERANCES["float64"])
    times = race(agreeing, rounds, TURN_SECONDS)
    bytes_held = {name: peak(contender) for name, contender in agreeing.items()}
    figures: dict[str, Any] = {}
    for name, mine in times.items():
        figures[name] = {"us": [1e6 * q for q in mine.quartiles], "peak_bytes": bytes_held[name]}
        if "micrograd" in times:
            figures[name]["of_micrograd"] = mine.over(times["micrograd"])
            figures[name]["peak_of_micrograd"] = bytes_held[name] / bytes_held["micrograd"]
    return {
        "network": problem.name,
        "batch": problem.batch_size,
        "refused": refused,
        "times": figures,
    }


def chain() -> dict[str, Any]:
    """Seconds for a chain of additions and its gradient, or why there are none."""

    def ours() -> None:
        (x,) = variables(1.0)
        y = x
        for _ in range(LINKS):
            y = y + 1.0
        assert gradient(y, [x]) == [1.0]

    def theirs() -> None:
        from micrograd.engine import Value

        y = Value(1.0)
        for _ in range(LINKS):
            y = y + 1.0
        y.backward()

    found: dict[str, Any] = {"links": LINKS}
    for name, run in {"taught": ours, "micrograd": theirs}.items():
        if name == "micrograd" and not find_spec(name):
            continue
        start = time.process_time()
        try:
            run()
            found[name] = time.process_time() - start
        except RecursionError as error:
            found[name] = type(error).__name__
    return found


def line(found: Mapping[str, Any]) -> str:
    """A problem in a few lines for the terminal."""
    rows = [f"{found['network']}, batch of {found['batch']}, one number at a time"]
    for name, figure in found["times"].items():
        lower, median, upper = figure["us"]
        row = f"  {name:<18}{median:10.1f} us ({lower:.1f} to {upper:.1f})"
        row += f"{figure['peak_bytes'] / 1024:10.1f} KiB"
        if "of_micrograd" in figure:
            row += f"{1 / figure['of_micrograd'][1]:9.2f} times as fast as micrograd"
            row += f"{figure['peak_of_micrograd']:9.3f} of its memory"
        rows.append(row)
    rows += [f"  {name:<18} refused: off by {off:.0e}" for name, off in found["refused"].items()]
    return "\n".join(rows)
