"""Six ways to the same nine slopes."""

import runpy

import pytest


@pytest.fixture(scope="module")
def six_ways():
    return runpy.run_path("docs/examples/six_ways.py")


def test_there_are_six_of_them(six_ways):
    assert six_ways["ways"] == 6


@pytest.mark.parametrize("way", ["plain numbers", "SymPy derivation", "tape", "complex step"])
def test_the_exact_ways_agree_to_all_digits(six_ways, way):
    assert six_ways["distances"][way] < 1e-15


def test_differences_agree_as_far_as_differences_can(six_ways):
    assert 0 < six_ways["distances"]["central difference"] < 1e-10
