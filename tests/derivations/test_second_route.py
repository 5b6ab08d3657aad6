"""Every equation by another route, to thirty digits, and that a mistake in one shows there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import sympy as sp

from derivations.calculus import Derivation
from derivations.nodes import Between
from tests.derivations.mutants import mutants
from tests.derivations.second_route import AGREES, SecondRoute
from tests.derivations.test_derivations import ALL

# Moments of random numbers, a loss that may be any, a norm: there is no number to compare. Their
# own pages hold them against samples and against the reference.
WITHOUT_A_VALUE = {
    "initial_variance.size_of_z",
    "initial_variance.size_of_a",
    "quadratic_descent.after_a_step",
    "vanishing_bound.bound",
}
BOUNDS = {"vanishing_bound.largest_slope"}
EQUATIONS = sorted(ALL.keys() - WITHOUT_A_VALUE - BOUNDS)


@cache
def second_route(name: str) -> SecondRoute:
    return SecondRoute(ALL[name])


def wrong_versions(derivation: Derivation) -> set[Any]:
    given: Any = derivation.given
    names = [name for name in (*given.arguments, *given.definitions) if name != derivation.lhs]
    return {*mutants(derivation.result, names)} - {derivation.result}


def is_equal(derivation: Derivation, other: Any) -> bool:
    """Whether another result says the same, which makes it no mistake."""
    pairs = [(derivation.result, other)]
    if isinstance(other, Between):
        pairs = list(zip(derivation.result.args, other.args, strict=True))
    given = derivation.given
    return all(given.equal(*map(given.worked_out, pair)) for pair in pairs)


@pytest.mark.parametrize("name", EQUATIONS)
def test_an_equation_holds_to_thirty_digits(name: str):
    assert second_route(name).error(ALL[name].result) <= AGREES


def test_only_bounds_and_what_has_no_value_are_left_out():
    assert {name for name, one in ALL.items() if one.relation == r"\le"} <= WITHOUT_A_VALUE | BOUNDS
    for name in WITHOUT_A_VALUE:
        derivation = ALL[name]
        assert not derivation.given.has_a_value(derivation.given.worked_out(derivation.lhs))


@pytest.mark.parametrize("name", ["sigmoid.slope", "momentum.complex_range", "batch.dL_dW"])
def test_a_mistake_in_an_equation_shows(name: str):
    for wrong in wrong_versions(ALL[name]):
        assert second_route(name).error(wrong) > AGREES or is_equal(ALL[name], wrong), wrong


@pytest.mark.long
def test_no_mistake_in_any_equation_gets_through(record: Callable[..., None]):
    """One sign, factor, exponent or name changed at a time, some 2,600 of them."""
    through, tried = [], 0
    for name in EQUATIONS:
        for wrong in wrong_versions(ALL[name]):
            tried += 1
            if second_route(name).error(wrong) <= AGREES:
                through.append((name, wrong))
    equal = [pair for pair in through if is_equal(ALL[pair[0]], pair[1])]
    noticed = tried - len(through)
    record("equations", held=len(EQUATIONS), tried=tried, noticed=noticed, equal=len(equal))
    assert [pair for pair in through if pair not in equal] == []
    assert noticed >= 0.99 * tried


def test_two_conditions_are_told_apart_though_they_share_a_boundary():
    derivation = ALL["momentum.complex_range"]
    _, middle, high = derivation.result.args
    assert second_route("momentum.complex_range").error(Between(high, middle, high)) > AGREES
    assert second_route("momentum.complex_range").error(Between(sp.S(0), middle, high)) > AGREES
