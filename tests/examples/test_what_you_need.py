"""The numbers of the test at the beginning, each found without calculus or by plain counting."""

import runpy

import pytest


@pytest.fixture(scope="module")
def numbers():
    return runpy.run_path("docs/examples/what_you_need.py")


def test_a_measured_slope_is_the_one_of_the_rule(numbers):
    assert numbers["slope"] == pytest.approx(2 * 3)
    assert numbers["slope_of_cube"] == pytest.approx(3 * 2**2)


def test_each_input_has_a_slope_of_its_own(numbers):
    assert numbers["partial_u"] == pytest.approx(2 * 3 * 4)
    assert numbers["partial_v"] == pytest.approx(3**2)


def test_a_matrix_and_its_transpose_go_opposite_ways(numbers):
    assert numbers["z"].tolist() == [1 * 10 + 2 * 1, 3 * 10 + 4 * 1, 5 * 10 + 6 * 1]
    assert numbers["back"].tolist() == [1 * 1 + 5 * 2, 2 * 1 + 6 * 2]


def test_the_answers_to_choose_from_are_all_different(numbers):
    assert round(numbers["cube"]) != round(numbers["slope_of_cube"])
    answers = [round(numbers[name]) for name in ("partial_u", "partial_v", "both_at_once")]
    assert len(set(answers)) == 3
