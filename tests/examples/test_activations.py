"""Slopes of the activations, the choice at a kink, and a dead unit that comes back."""

import runpy

import numpy as np
import pytest

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, gradients, slips


@pytest.fixture(scope="module")
def slopes():
    return runpy.run_path("docs/examples/seven_slopes.py")


@pytest.fixture(scope="module")
def at_zero():
    return runpy.run_path("docs/examples/at_zero.py")


def test_tanh_is_steeper_only_near_zero(slopes):
    assert slopes["crossing"] == pytest.approx(1.66288589, abs=1e-6)


def test_only_gelu_leaves_the_range_from_zero_to_one(slopes):
    outside = {
        name
        for name, steepest in slopes["steepest"].items()
        if steepest["slope"] > 1 or min(slopes["slopes"][name]) < 0
    }
    assert outside == {"gelu_tanh"}


def test_at_a_tie_the_slopes_add_up_to_one_whichever_way_it_is_written(at_zero):
    assert at_zero["first_way"] == [0, 1]
    assert at_zero["second_way"] == [1, 0]
    assert sum(at_zero["claimed"]) == 2
    assert at_zero["together"] == pytest.approx(1)


def test_nudging_at_the_kink_measures_the_mean_of_both_sides(at_zero):
    sides = at_zero["from_left"], at_zero["from_right"]
    assert sides == (0, 1)
    assert at_zero["both_sides"] == pytest.approx(sum(sides) / 2)


def test_a_dead_unit_comes_back_when_the_layer_below_moves(at_zero):
    after = at_zero["revived_after"]
    assert at_zero["alive"][:after] == [0] * after
    assert at_zero["own_slopes"][:after] == [0] * after
    assert after == 7


def test_a_hidden_layer_of_zeros_learns_with_the_choice_of_one_and_not_with_zero():
    network = [
        Layer(Affine(np.zeros((3, 2)), np.zeros(3)), ACTIVATIONS["relu"]),
        Layer(Affine(np.array([[0.4, -0.3, 0.5]]), np.zeros(1)), ACTIVATIONS["identity"]),
    ]
    batch = network, np.array([[0.5, 0.8]]), np.ones((1, 1)), LOSSES["half_squared_error"]
    assert not gradients(*batch, reduction="sum")[0].W.any()
    assert slips.gradients(["relu_slope_one"], *batch, reduction="sum")[0].W.all()
