"""The measurements that claims about depth rest on."""

import pytest

from docs.experiments.depth import error_sizes, layer_factors


def test_sigmoid_gradients_shrink_only_if_the_weights_are_small(numbers):
    factors = numbers("C12")["sigmoid"]
    assert [factor < 1 for factor in factors] == [True, True, True, True, False]
    pilot = [0.123, 0.2345, 0.620, 0.876]  # other seeds, same law
    assert factors[:4] == pytest.approx(pilot, rel=0.03)


def test_saturated_layers_vary_by_seed_and_the_pilot_run_is_among_them(monkeypatch):
    monkeypatch.setattr("docs.experiments.depth.SEEDS", 25)
    factors = layer_factors(error_sizes("sigmoid", 16))
    assert 1 < factors.min() < 1.235 < factors.max()


def test_the_product_of_slopes_is_not_the_gradient(numbers):
    found = numbers("C27")
    assert found["products"][2] < 1e-20
    assert found["truths"][2] > 1e-3
    assert found["truths"][0] / found["products"][0] == pytest.approx(1, abs=0.1)


def test_tanh_too_can_explode(numbers):
    factors = numbers("C12")["tanh"]
    assert factors == pytest.approx([0.495, 0.937, 1.056, 1.162], rel=0.03)


def test_relu_vanishes_with_weights_of_the_wrong_size(numbers):
    found = numbers("C25")
    assert 0.1 < found["xavier"] / found["theory"] < 10
    assert 0.05 < found["he"] < 20
    assert found["small"] < 1e-30
    assert found["large"] > 1e3


def test_a_dead_unit_can_wake(numbers):
    found = numbers("C26")
    assert found["dead_at_first"]
    assert found["slopes_at_first"][1:] == [0, 0, 0]
    assert found["alive_at"] == 7


def test_the_window_is_as_wide_as_printed(numbers):
    found = numbers("C28")
    assert found["width"] == pytest.approx(0.447743, abs=1e-6)
    assert found["widest"] == pytest.approx(6.894152, abs=1e-3)
    assert found["at_large"] == pytest.approx(25)


def test_a_bounded_function_may_be_steep(numbers):
    assert numbers("C29")["slopes"] == pytest.approx([1, 0.0707], abs=1e-4)


def test_singular_values_above_one_do_not_make_powers_grow(numbers):
    found = numbers("C30")
    assert found["norms"] == pytest.approx([2, 10.02, 0.9], abs=0.01)
    assert found["sizes"] == pytest.approx([0, 8.9e-13, 0.9**50], rel=0.01)
