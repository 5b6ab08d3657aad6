"""The verdicts on claims about depth, and the measurements they rest on."""

import pytest

from docs.claims import depth
from docs.claims._claim import Claim, verdict
from docs.figures.depth import error_sizes, layer_factors


def test_sigmoid_gradients_shrink_only_if_the_weights_are_small():
    assert depth.C12.verdict == "true only if"
    assert [factor < 1 for factor in depth.factors.values()] == [True, True, True, True, False]


@pytest.mark.parametrize(("gain", "factor"), [(0.5, 0.123), (1, 0.2345), (4, 0.620), (8, 0.876)])
def test_the_factor_of_one_layer_is_that_of_the_pilot_runs(gain, factor):
    assert depth.factors[gain] == pytest.approx(factor, rel=0.03)  # other seeds, same law


def test_saturated_layers_vary_by_seed_and_the_pilot_run_is_among_them(monkeypatch):
    monkeypatch.setattr("docs.figures.depth.SEEDS", 25)
    factors = layer_factors(error_sizes("sigmoid", 16))
    assert 1 < factors.min() < 1.235 < factors.max()


def test_the_product_of_slopes_is_not_the_gradient():
    assert depth.C27.verdict == "false"
    product, truth = depth.measured[8]
    assert product < 1e-20
    assert truth > 1e-3


def test_with_weights_of_gain_one_the_product_happens_to_be_right():
    product, truth = depth.measured[1]
    assert truth / product == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    ("always", "sometimes", "expected"),
    [(True, True, "true"), (False, True, "true only if"), (False, False, "false")],
)
def test_a_verdict_follows_from_the_cases(always, sometimes, expected):
    assert verdict(always=always, sometimes=sometimes) == expected


def test_a_verdict_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="got perhaps"):
        Claim("w", "s", "perhaps", "b")
