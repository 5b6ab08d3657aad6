"""The slope of one weight in the conventions of other texts."""

import runpy

import pytest


@pytest.fixture(scope="module")
def found():
    return runpy.run_path("docs/examples/notations.py")


@pytest.fixture(scope="module")
def by_hand():
    return runpy.run_path("docs/examples/by_hand.py")


def test_all_conventions_differ_by_a_plain_factor(found, by_hand):
    slope = by_hand["dL_dw12"]
    assert found["half"] == pytest.approx(slope)
    assert found["whole"] == pytest.approx(2 * slope)
    assert found["added"] == pytest.approx(-slope)


def test_with_examples_as_rows_the_entry_is_on_the_other_side(found, by_hand):
    assert found["transposed"] == pytest.approx(by_hand["dL_dw12"])
    assert found["dW"][0, 1] == pytest.approx(by_hand["dL_dw21"])


def test_the_other_numbers_on_the_page_are_those_of_the_worked_network(found, by_hand):
    assert found["error"] == pytest.approx(by_hand["dL_dz1"])
    assert found["h"][0] == pytest.approx(by_hand["h1"])
    assert found["w_after"] == pytest.approx(by_hand["w12"] - 0.5 * by_hand["dL_dw12"])
