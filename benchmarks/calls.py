"""What a call costs before it computes anything, and from which size on the numbers matter."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.race import Contender, race

SIZES = [2**k for k in range(11)]  # of square matrices


def measure(rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Nanoseconds of single calls on two numbers, and of products of growing matrices."""
    found: dict[str, Any] = {
        "nanoseconds": small_calls(rounds),
        "products": products(rounds // 3 or 1),
    }
    for name, nanoseconds in found["nanoseconds"].items():
        tell(f"  {name:<18}{nanoseconds:8.0f} ns")
    for name, microseconds in found["products"]["us"].items():
        tell(f"  products, {name}: " + " ".join(f"{us:.3g}" for us in microseconds))
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
