"""Worked steps: every line with numbers on both sides of an equals sign must be true."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from chainrule import ACTIVATIONS, LOSSES, REDUCTIONS
from chainrule.notation import WRITTEN_ACTIVATIONS, WRITTEN_LOSSES, Names, number, total
from chainrule.trace import text, trace
from chainrule.worked import PROBABILITIES
from tests.test_trace import D1, DRAWN, MAZUR, WITHOUT_BIASES, Data, a_case, spec_of

# Reading what was written: the reverse of chainrule.notation, for Python to compute.

GELU = ACTIVATIONS["gelu_tanh"]
WORDS = {
    "σ": lambda z: 1 / (1 + math.exp(-z)),
    "ln": math.log,
    "tanh": math.tanh,
    "max": max,
    "GELU": lambda z: float(GELU.f(np.array(z))),
    "GELU′": lambda z: float(GELU.df(np.array(z), GELU.f(np.array(z)))),
}
IN_PYTHON = {
    "GELU′": "GELU_slope", "½": "0.5", "·": "*", "−": "-", "²": "**2", "^": "**",
}  # fmt: skip
FUNCTIONS = {IN_PYTHON.get(name, name): function for name, function in WORDS.items()}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def value(written: str) -> float | None:
    """What an expression comes to, or None if it is written with letters or is a vector."""
    python = re.sub(r"10([⁻⁰¹²³⁴-⁹]+)", lambda m: f"10**({m[1].translate(SUPERSCRIPTS)})", written)
    for sign, operator in IN_PYTHON.items():
        python = python.replace(sign, operator)
    names = re.findall(r"[^\W\d]\w*", python)
    if not set(names) <= {*FUNCTIONS, "e"}:
        return None
    result = eval(python, {"__builtins__": {}, "e": math.e, **FUNCTIONS})
    return None if isinstance(result, tuple) else float(result)


def equations(worked: str) -> Iterator[list[str]]:
    """The sides of every chain of equalities in the lines."""
    for line in worked.splitlines():
        for statement in re.split(r"(?<=\S) {3,}(?=[^ =←])", line):
            _, *sides = re.split(r" *[=←] +", statement)
            if sides and line.startswith("  "):
                yield [side.strip() for side in sides]


def check(worked: str) -> int:
    """How many equalities between numbers were found; each of them must hold."""
    found = 0
    for sides in equations(worked):
        written = [side for side in sides if value(side) is not None]
        for left, right in pairwise(written):
            size = value(left.replace("−", "+"))
            assert size is not None
            assert value(left) == pytest.approx(
                value(right), rel=0, abs=1e-5 * abs(size) + 1e-12
            ), f"{left} = {right}"
            found += 1
    return found


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_equation_of_a_worked_batch_is_true(activation: str, loss: str, reduction: str):
    spec = {
        **DRAWN,
        "activation": activation,
        "output_activation": "identity" if LOSSES[loss].takes_logits else activation,
        "loss": loss,
        "reduction": reduction,
        "x": DRAWN["x"][:2],
        "target": DRAWN["target"][2:],
        "update_biases": True,
    }
    worked = text(trace({**spec, "steps": 2}))
    assert check(worked) > 150
    assert "example 2:" in worked


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_equation_of_a_worked_example_is_true(activation: str, loss: str):
    case = a_case(activation, loss, seed=3)
    spec = spec_of(case, x=case.x[0].tolist(), target=case.t[0].tolist())
    spec["layers"] = spec["layers"][-1:]
    spec["x"] = spec["x"][:1] * len(spec["layers"][0]["W"][0])
    assert check(text(trace(spec))) > 10


@pytest.mark.parametrize("spec", [D1, MAZUR, WITHOUT_BIASES], ids=["plain", "fixed", "no biases"])
def test_every_equation_of_a_worked_network_is_true(spec: Data):
    assert check(text(trace(spec))) >= 18


def test_a_false_equation_would_be_found():
    worked = text(trace(D1))
    assert check(worked)
    with pytest.raises(AssertionError, match=r"0\.642317"):
        check(worked.replace("σ(0.585) = 0.642217", "σ(0.585) = 0.642317"))


def test_the_demonstration_network_is_worked_as_on_paper():
    worked = text(trace(D1))
    for line in [
        "  z⁽¹⁾₁ = 0.15·0.5 + 0.2·0.8 + 0.35 = 0.585   a⁽¹⁾₁ = σ(0.585) = 0.642217",
        "  L = ½·(0.761163 − 1)² = 0.0285216",
        "  ∂L/∂y = 0.761163 − 1 = −0.238837",
        "  f′(z⁽²⁾) = 0.761163·(1 − 0.761163) = 0.181794",
        "  δ⁽²⁾ = ∂L/∂y·f′(z⁽²⁾) = −0.238837·0.181794 = −0.0434192",
        "  ∂L/∂a⁽¹⁾₁ = δ⁽²⁾·w⁽²⁾₁₁ = −0.0434192·0.4  = −0.0173677",
        "  δ⁽¹⁾₁ = ∂L/∂a⁽¹⁾₁·f′(z⁽¹⁾₁) = −0.0173677·0.229774 = −0.00399065",
        "  ∂L/∂w⁽¹⁾₁₁ = δ⁽¹⁾₁·x₁   = −0.00399065·0.5     = −0.00199532",
        "  w⁽²⁾₁₁ ← 0.4 − 0.5·(−0.0278846)   = 0.413942",
        "  L = 0.0267783, down from 0.0285216",
    ]:
        assert line in worked.splitlines()


def test_an_error_is_a_sum_over_the_paths_to_the_outputs():
    line = next(line for line in text(trace(MAZUR)).splitlines() if "∂L/∂a⁽¹⁾₁ =" in line)
    assert "= δ⁽²⁾₁·w⁽²⁾₁₁ + δ⁽²⁾₂·w⁽²⁾₂₁ =" in line


def test_what_is_not_updated_has_no_update():
    worked = text(trace(MAZUR))
    assert "the biases stay" in worked
    assert "∂L/∂b⁽¹⁾₁" in worked
    assert not [line for line in worked.splitlines() if line.strip().startswith("b")]
    assert "∂L/∂b⁽" not in text(trace(WITHOUT_BIASES))


def test_a_rising_loss_is_said_to_rise():
    spec = {**D1, "target": [0.5], "learning_rate": 100}
    assert ", up from " in text(trace(spec))
    assert "from" not in text(trace({**D1, "learning_rate": 0})).splitlines()[-1]


@pytest.mark.parametrize(("steps", "in_full"), [(1, 1), (3, 3), (4, 3), (200, 3)])
def test_of_many_steps_the_first_two_and_the_last_are_worked(steps: int, in_full: int):
    lines = text(trace({**D1, "steps": steps})).splitlines()
    worked = [line for line in lines if re.fullmatch(rf"Step \d+ of {steps}", line)]
    assert len(worked) == in_full
    assert f"Step {steps} of {steps}" in worked
    between = [line for line in lines if line.startswith("  step ")]
    assert (len(between) > 0) == (steps > 3)
    assert len(between) <= 10


def test_no_step_shows_the_outcome_alone():
    assert text(trace({**D1, "steps": 0})).endswith("  y = 0.761163\n  L = 0.0285216")


@pytest.mark.parametrize(
    "change",
    [
        {"layer_sizes": [3, 40, 2]},
        {"x": DRAWN["x"] * 5, "target": DRAWN["target"] * 5},
        {"layer_sizes": [3, 40, 2], "update_biases": True, "steps": 9},
    ],
    ids=["wide", "many examples", "many steps"],
)
def test_what_is_too_large_for_the_hand_is_shown_by_its_matrices(change: dict[str, Any]):
    spec = {**DRAWN, "steps": 1, **change}
    worked = text(trace(spec))
    n = spec["layer_sizes"][1]
    assert f"W⁽¹⁾    ({n} × 3)" in worked
    assert f"Δ⁽¹⁾ = (Δ⁽²⁾·W⁽²⁾) ⊙ f′(Z⁽¹⁾)    ({len(spec['x'])} × {n})" in worked
    assert "…" in worked
    assert max(map(len, worked.splitlines())) < 120


def test_everything_that_can_be_asked_for_can_be_written():
    assert WRITTEN_ACTIVATIONS.keys() == ACTIVATIONS.keys()
    assert WRITTEN_LOSSES.keys() == LOSSES.keys()
    assert PROBABILITIES.keys() == {name for name, loss in LOSSES.items() if loss.takes_logits}


@pytest.mark.parametrize(
    ("given", "written"),
    [(0.1 + 0.2, "0.3"), (-2.0, "−2"), (-0.0, "0"), (1.5e-9, "1.5·10⁻⁹"), (1e300, "1·10³⁰⁰")],
)
def test_a_number_is_written_as_on_paper(given: float, written: str):
    assert number(given) == written


def test_a_negative_term_is_subtracted():
    assert total(["−1·2", "3", "−4·5"]) == "−1·2 + 3 − 4·5"


def test_neurons_are_counted_from_one_and_told_apart_when_there_are_many():
    names = Names([12, 1, 11])
    assert names.weight(1, 0, 11) == "w⁽¹⁾₁,₁₂"
    assert names.neuron("z", 1, 0) == "z⁽¹⁾"
    assert names.a(2, 10) == "y₁₁"
    assert Names([1, 1]).a(1, 0) == "y"
