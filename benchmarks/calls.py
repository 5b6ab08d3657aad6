"""What a call costs before it computes anything, and from which size on the numbers matter.

Also which calls a tuned step spends its time in.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.problems import LEARNING_RATE, REDUCTION, sizes
from benchmarks.race import Contender, race
from chainrule.tuned import Tuned

SIZES = [2**k for k in range(11)]  # of square matrices
STEPS_A_ROUND = 200


def measure(rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Nanoseconds of single calls on two numbers, and of products of growing matrices."""
    found: dict[str, Any] = {
        "nanoseconds": small_calls(rounds),
        "products": products(rounds // 3 or 1),
        "tuned_step": tuned_step(STEPS_A_ROUND * rounds),
    }
    for name, nanoseconds in found["nanoseconds"].items():
        tell(f"  {name:<18}{nanoseconds:8.0f} ns")
    for name, microseconds in found["products"]["us"].items():
        tell(f"  products, {name}: " + " ".join(f"{us:.3g}" for us in microseconds))
    for kind, spent in found["tuned_step"].items():
        tell(f"  tuned 784-30-10, {kind}: {spent}")
    return found


def timed(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Seconds of each call, the median of the rounds."""
    times = race({name: Contender(call) for name, call in calls.items()}, rounds)
    return {name: figure.quartiles[1] for name, figure in times.items()}


def small_calls(rounds: int) -> dict[str, float]:
    """On arrays so small that nearly all of the time is the call itself."""
    W, a, z = np.ones((2, 2)), np.ones((1, 2)), np.ones((1, 2))
    x, y = 0.3, 0.7
    calls: dict[str, Callable[[], object]] = {
        "nothing": lambda: None,
        "python_product": lambda: x * y,
        "numpy_product": lambda: a @ W,
        "numpy_dot_out": lambda: np.dot(a, W, out=z),
        "numpy_sum": lambda: a + z,
        "numpy_tanh": lambda: np.tanh(a),
        "numpy_column_sum": lambda: a.sum(axis=0),
    }
    if find_spec("torch"):
        import torch

        torch.set_num_threads(1)
        W_t, a_t = torch.ones(2, 2, dtype=torch.float64), torch.ones(1, 2, dtype=torch.float64)
        followed = W_t.clone().requires_grad_()
        calls["pytorch_product"] = lambda: a_t @ W_t
        calls["pytorch_sum"] = lambda: a_t + a_t
        calls["pytorch_followed"] = lambda: a_t @ followed
    return {name: 1e9 * seconds for name, seconds in timed(calls, rounds).items()}


def products(rounds: int) -> dict[str, Any]:
    """Microseconds of one product of two square matrices, by size."""
    us: dict[str, list[float]] = {}
    for n in SIZES:
        a, out = np.ones((n, n), np.float32), np.empty((n, n), np.float32)
        calls: dict[str, Callable[[], object]] = {
            "numpy": lambda a=a, out=out: np.dot(a, a, out=out)
        }
        if find_spec("torch"):
            import torch

            torch.set_num_threads(1)
            a_t, out_t = torch.from_numpy(a), torch.empty(n, n)
            calls["pytorch"] = lambda a=a_t, out=out_t: torch.mm(a, a, out=out)
        for name, seconds in timed(calls, rounds).items():
            us.setdefault(name, []).append(1e6 * seconds)
    return {"sizes": SIZES, "dtype": "float32", "us": us}


def tuned_step(steps: int) -> dict[str, dict[str, float]]:
    """Where a step of 784-30-10 spends its microseconds, call by call in its place in the step.

    The update reads both its vectors and writes one: these are its `bytes`.
    """
    problem = sizes("float32")[1]
    assert problem.key == "digits"
    it = Tuned(
        problem.network(), problem.batch_size, problem.loss,
        reduction=REDUCTION, learning_rate=LEARNING_RATE, scipy=False,
    )  # fmt: skip
    it.x[...], it.t[...] = problem.x, problem.t
    clock = time.perf_counter
    spent: list[list[float]] = [[] for _ in it.plan]
    reading: list[float] = []
    for _ in range(steps):
        for call, each in zip(it.plan, spent, strict=True):
            start = clock()
            call()
            each.append(clock() - start)
        start = clock()
        reading.append(clock() - start)
    own = statistics.median(reading)
    us = [1e6 * (statistics.median(each) - own) for each in spent]
    kinds = ["products" if call.func.__name__ == "dot" else "others" for call in it.plan]
    kinds[-1] = "update"
    found: dict[str, dict[str, float]] = {
        kind: {
            "calls": kinds.count(kind),
            "us": sum(u for u, its_kind in zip(us, kinds, strict=True) if its_kind == kind),
        }
        for kind in set(kinds)
    }
    found["update"]["bytes"] = sum(vector.nbytes for vector in it.plan[-1].args)
    return found
