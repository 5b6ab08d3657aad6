"""What the book's code was meant to reach, and what it reached."""

from contextlib import redirect_stdout
from math import isnan, nan

with redirect_stdout(None):
    from docs.examples.how_fast import (
        at,
        book,
        over_bare,
        speed,
        tape,
        ways,
        whole,
    )

deep, larger = speed["deep"], tape["larger"]
AT_LEAST = {
    "paper_taught": (speed["paper"]["taught"], 7),
    "paper_tuned": (speed["paper"]["tuned"], 12),
    "digits_taught": (speed["digits"]["taught"], 5.5),
    "digits_tuned": (speed["digits"]["tuned"], 7),
    "middle_taught": (speed["middle"]["taught"], 1.9),
    "deep_taught": (deep["taught"], 3.2),
    "deep_tuned": (deep["tuned"], 4.4),
    "deep_tuned_jax": (deep["tuned"] / deep["jax"], 0.95),
    "process_pytorch": (whole["pytorch"]["of_taught"], 15),
    "process_jax": (whole["jax"]["of_taught"], 4),
    "tape_speed": (larger["taught"]["speed"], 2.5),
    "neuron_speed": (larger["neuron"]["speed"], 8),
    "mkdocs_jupyter": (ways["mkdocs_jupyter"]["clock"]["of_woven"], 8),
    "jupyter_book": (ways["jupyter_book"]["clock"]["of_woven"], 8),
}
without = at("programs", "found", "without_a_reason")
unexplained = len(without) if isinstance(without, list) else nan
cold, stated_long = (
    at("programs", "found", name)
    for name in ("cold_seconds", "stated_long_seconds")
)
AT_MOST = {
    "digits_taught_bare": (over_bare["digits"]["taught"], 1.9),
    "digits_tuned_bare": (over_bare["digits"]["tuned"], 1.45),
    "digits_scipy_bare": (over_bare["digits"]["tuned_scipy"], 1.35),
    "middle_tuned_bare": (over_bare["middle"]["tuned"], 1.2),
    "tape_memory": (larger["taught"]["memory"], 0.25),
    "neuron_memory": (larger["neuron"]["memory"], 0.05),
    "cold": (cold - stated_long, 6),
    "warm": (at("programs", "found", "warm_seconds", 1), 0.1),
    "reasons": (unexplained, 0),
    "book": (book["ours"], 4),
    "over_material": (book["ours"] - book["material"], 1.5),
}


def verdict(reached: float, met: bool) -> str:
    if isnan(reached):
        return "not measured"
    return "reached" if met else "missed"


goals = {
    name: {
        "wanted": wanted,
        "reached": reached,
        "verdict": verdict(reached, reached >= wanted),
    }
    for name, (reached, wanted) in AT_LEAST.items()
} | {
    name: {
        "wanted": wanted,
        "reached": reached,
        "verdict": verdict(reached, reached <= wanted),
    }
    for name, (reached, wanted) in AT_MOST.items()
}
for name, goal in goals.items():
    print(f"{name:20}{goal['reached']:8.2f}  {goal['verdict']}")
