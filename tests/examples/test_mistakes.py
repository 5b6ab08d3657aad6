"""The mistaken slopes are the ones a person gets who makes the mistake with a pencil."""

import runpy

import pytest


@pytest.fixture(scope="module")
def found():
    return runpy.run_path("docs/examples/mistakes.py")


@pytest.fixture(scope="module")
def by_hand():
    return runpy.run_path("docs/examples/by_hand.py")


def test_without_the_output_slope_everything_is_too_large_by_one_factor(found, by_hand):
    y = by_hand["y"]
    assert found["no_output_slope_factor"] == pytest.approx(1 / (y * (1 - y)), rel=1e-12)


def test_without_the_hidden_slope_one_slope_stands_in_for_the_other(found, by_hand):
    expected = by_hand["dL_dh1"] * by_hand["x1"]
    assert found["no_hidden_slope"] == pytest.approx(expected, rel=1e-12)


def test_through_updated_weights_the_error_is_off_by_the_step_of_one_weight(found, by_hand):
    step = -0.5 * by_hand["dL_dw31"]
    assert found["updated_too_large"] == pytest.approx(step / by_hand["w31"], rel=1e-9)


def test_swapping_two_weights_changes_both_hidden_activations(found, by_hand):
    assert found["swapped_h1"] == pytest.approx(by_hand["sigmoid"](0.15 * 0.5 + 0.25 * 0.8 + 0.35))
    assert found["swapped_h2"] == pytest.approx(by_hand["sigmoid"](0.20 * 0.5 + 0.30 * 0.8 + 0.35))


def test_the_mean_of_squares_over_one_output_is_twice_the_half(found, by_hand):
    assert found["mean_squared_error"] == pytest.approx(2 * by_hand["L"], rel=1e-12)
