"""Nobody is timed who computes something else, and the page finds what it asks for."""

from __future__ import annotations

import json
import runpy
from dataclasses import replace
from math import isfinite
from pathlib import Path

import numpy as np
import pytest

from benchmarks import ours, peers, scalars, steps
from benchmarks.__main__ import PARTS, RESULTS
from benchmarks.problems import LEARNING_RATE, Problem, sizes
from benchmarks.race import (
    TOLERANCES,
    Contender,
    Times,
    distance,
    moved,
    race,
    those_that_agree,
)

SMALL = [problem for problem in [*sizes("float64"), *sizes("float32")] if problem.key != "wide"]
TASTE = 1  # rounds: enough to see that everything runs


def wrong(problem: Problem) -> Contender:
    """The taught step, but the first bias is forgotten."""
    right = ours.taught(problem)
    assert right.parameters
    first = right.parameters()[1]
    arrays = right.parameters

    def parameters() -> list[np.ndarray]:
        W, _, *others = arrays()
        return [W, first, *others]

    return Contender(right.step, parameters)


@pytest.mark.parametrize("problem", SMALL, ids=lambda p: f"{p.key} {p.dtype}")
def test_who_moves_its_parameters_otherwise_is_refused(problem: Problem):
    made = {"taught": ours.taught(problem), "planted": wrong(problem)}
    expected = moved(ours.taught(replace(problem, dtype="float64")))
    agreeing, refused = those_that_agree(made, expected, TOLERANCES[problem.dtype])
    assert list(agreeing) == ["taught"]
    assert refused["planted"] > 10 * TOLERANCES[problem.dtype]


@pytest.mark.parametrize("problem", SMALL, ids=lambda p: f"{p.key} {p.dtype}")
def test_the_tuned_steps_are_the_taught_ones(problem: Problem):
    made = {name: ours.OURS[name](problem) for name in ("tuned", "tuned_scipy")}
    expected = moved(ours.taught(replace(problem, dtype="float64")))
    agreeing, refused = those_that_agree(made, expected, TOLERANCES[problem.dtype])
    assert list(agreeing) == list(made)
    assert refused == {}


@pytest.mark.parametrize("problem", SMALL, ids=lambda p: f"{p.key} {p.dtype}")
def test_autograd_takes_the_same_steps(problem: Problem):
    expected = moved(ours.taught(replace(problem, dtype="float64")))
    assert distance(moved(peers.hips_autograd(problem)), expected) < TOLERANCES[problem.dtype]


def test_scikit_learn_takes_the_same_steps_where_its_loss_is_ours():
    raced = [p.key for p in SMALL if peers.scikit_learn(p) is not None]
    assert raced == ["middle", "middle"]
    (problem,) = [p for p in SMALL if p.key == "middle" and p.dtype == "float64"]
    contender = peers.scikit_learn(problem)
    assert contender
    assert distance(moved(contender), moved(ours.taught(problem))) < TOLERANCES["float64"]


@pytest.mark.parametrize("name", peers.PEERS)
def test_a_peer_that_is_installed_takes_the_same_steps(name: str):
    package, build = peers.PEERS[name]
    pytest.importorskip(package)
    problem = sizes("float64")[0]
    contender = build(problem)
    if contender is None or contender.parameters is None:
        pytest.skip("it takes no part in this, or does not tell its parameters")
    assert distance(moved(contender), moved(ours.taught(problem))) < TOLERANCES["float64"]


def test_the_refused_are_named_and_not_timed():
    problem = sizes("float64")[0]
    made = {"taught": ours.taught(problem), "planted": wrong(problem)}
    found = steps.event(problem, made, TASTE)
    assert list(found["times"]) == ["taught"]
    assert "planted" in steps.line(found)


def test_other_shapes_are_infinitely_far():
    assert distance([np.ones((2, 3))], [np.ones((3, 2))]) == float("inf")


def test_the_step_of_the_book_is_the_learning_rate_times_the_gradient():
    problem = sizes("float64")[0]
    contender = ours.taught(problem)
    assert contender.parameters
    before = contender.parameters()
    contender.step()
    from chainrule import gradients

    slopes = gradients(problem.network(), problem.x, problem.t, problem.loss, reduction="mean")
    expected = [-LEARNING_RATE * part for affine in slopes for part in (affine.W, affine.b)]
    found = [new - old for new, old in zip(contender.parameters(), before, strict=True)]
    assert distance(found, expected) < 1e-12


def test_every_contender_runs_in_every_round():
    times = race({"a": Contender(lambda: None), "b": Contender(lambda: None, steps=4)}, rounds=3)
    assert [len(mine.rounds) for mine in times.values()] == [3, 3]


def test_a_ratio_is_taken_within_a_round():
    ours, theirs = Times([1.0, 10.0, 1.0]), Times([2.0, 20.0, 2.0])
    assert theirs.over(ours) == (2, 2, 2)
    assert ours.quartiles[1] == 1


def test_the_engine_on_single_numbers_is_held_to_the_same_rule():
    problem = scalars.PROBLEMS[0]
    right = scalars.tape(problem, scalars.weighted_sum)
    half = Contender(right.step, lambda: [0.5 * p for p in right.parameters()])  # type: ignore
    found = scalars.event(problem, {"taught": right, "planted": half}, TASTE)
    assert list(found["times"]) == ["taught"]
    assert found["times"]["taught"]["peak_bytes"] > 0


# What was recorded ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded() -> dict:
    return json.loads(RESULTS.read_text(encoding="utf-8"))


def test_every_part_was_recorded_with_the_machine_and_the_day(recorded: dict):
    assert set(recorded) == set(PARTS)
    for part in recorded.values():
        about = part["about"]
        assert about["processor"]
        assert about["cores"]
        assert about["versions"]["numpy"]
        assert about["day"]
        assert about["commit"]


def test_nobody_was_refused_when_it_was_recorded(recorded: dict):
    for part in ("steps", "scalars"):
        events = [event for event in recorded[part]["found"].values() if "times" in event]
        assert events
        assert [event["refused"] for event in events] == [{}] * len(events)


def test_the_page_shows_a_number_for_everything_it_compares():
    values = runpy.run_path("docs/examples/how_fast_goals.py")["goals"]
    missing = [name for name, goal in values.items() if not isfinite(goal["reached"])]
    assert missing == []


def test_the_page_says_how_to_repeat_it_with_commands_that_exist():
    page = Path("docs/reference/how-fast.md").read_text(encoding="utf-8")
    targets = Path("Makefile").read_text(encoding="utf-8")
    for command in ("bench", "bench-peers"):
        assert f"make {command}\n" in page
        assert f"\n{command}: " in targets
