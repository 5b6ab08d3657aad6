"""The measurements that claims about depth rest on."""

import pytest

from docs.figures.depth import error_sizes, layer_factors


def test_sigmoid_gradients_shrink_only_if_the_weights_are_small(numbers):
    factors = numbers("C12")["factors"]
    assert [factor < 1 for factor in factors] == [True, True, True, True, False]
    pilot = [0.123, 0.2345, 0.620, 0.876]  # other seeds, same law
    assert factors[:4] == pytest.approx(pilot, rel=0.03)


def test_saturated_layers_vary_by_seed_and_the_pilot_run_is_among_them(monkeypatch):
    monkeypatch.setattr("docs.figures.depth.SEEDS", 25)
    factors = layer_factors(error_sizes("sigmoid", 16))
    assert 1 < factors.min() < 1.235 < factors.max()


def test_the_product_of_slopes_is_not_the_gradient(numbers):
    found = numbers("C27")
    assert found["products"][2] < 1e-20
    assert found["truths"][2] > 1e-3
    assert found["truths"][0] / found["products"][0] == pytest.approx(1, abs=0.1)
