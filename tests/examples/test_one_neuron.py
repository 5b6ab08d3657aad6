"""The one-neuron program prints what a person with a calculator gets."""

import math
import runpy

import pytest


@pytest.fixture(scope="module")
def program():
    return runpy.run_path("docs/examples/one_neuron.py", run_name="__main__")


def test_the_forward_pass_is_the_formula(program):
    assert program["z"] == pytest.approx(0.8 * 1.5 - 0.4, abs=1e-15)
    assert program["y"] == pytest.approx(1 / (1 + math.exp(-0.8)), abs=1e-15)


def test_the_gradient_is_the_product_of_three_slopes(program):
    y = 1 / (1 + math.exp(-0.8))
    assert program["dL_dw"] == pytest.approx(y * y * (1 - y) * 1.5, abs=1e-15)
    assert program["dL_db"] == pytest.approx(y * y * (1 - y), abs=1e-15)


def test_nudging_the_weight_finds_the_same_slope(program):
    assert program["slope_by_nudging"] == pytest.approx(program["dL_dw"], rel=1e-3)


def test_one_step_lowers_the_loss(program):
    assert program["L_after"] < program["L"]
