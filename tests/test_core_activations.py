"""Activations one by one: their slopes, their limits, and what they leave alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule import ACTIVATIONS, central_difference, complex_step
from chainrule.activations import LEAK

AWAY_FROM_THE_KINK = np.concatenate([np.linspace(-30, -0.01, 200), np.linspace(0.01, 30, 200)])

# f and its slope at z = -1000 and at z = 1000
LIMITS = {
    "identity": [(-1000, 1), (1000, 1)],
    "sigmoid": [(0, 0), (1, 0)],
    "tanh": [(-1, 0), (1, 0)],
    "relu": [(0, 0), (1000, 1)],
    "leaky_relu": [(-1000 * LEAK, LEAK), (1000, 1)],
    "softplus": [(0, 0), (1000, 1)],
    "gelu_tanh": [(0, 0), (1000, 1)],
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_agrees_with_a_complex_step(name: str):
    activation = ACTIVATIONS[name]
    z = AWAY_FROM_THE_KINK
    expected = complex_step(lambda z: activation.f(z).sum(), z)
    slope = activation.df(z, activation.f(z))
    # 1 - a a is a small difference of large numbers where a is near 1: so digits, not ratios.
    np.testing.assert_allclose(slope, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_agrees_with_a_central_difference(name: str):
    activation = ACTIVATIONS[name]
    z = np.concatenate([np.linspace(-4, -0.01, 50), np.linspace(0.01, 4, 50)])
    expected = central_difference(lambda z: activation.f(z).sum(), z)
    np.testing.assert_allclose(activation.df(z, activation.f(z)), expected, atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_huge_numbers_reach_the_limits_without_a_warning(name: str):
    activation = ACTIVATIONS[name]
    z = np.array([-1000.0, 1000.0])
    a = activation.f(z)
    found = np.stack([a, activation.df(z, a)], axis=1)
    np.testing.assert_allclose(found, LIMITS[name], rtol=1e-15, atol=1e-300)


@pytest.mark.parametrize(
    ("name", "slope"), [("relu", 0), ("leaky_relu", LEAK)], ids=["relu", "leaky_relu"]
)
def test_the_slope_chosen_at_the_kink_is_the_left_one(name: str, slope: float):
    activation = ACTIVATIONS[name]
    kink = np.zeros(1)
    assert activation.df(kink, activation.f(kink)) == slope
    assert complex_step(lambda z: activation.f(z).sum(), kink) == slope


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_precision_of_the_input_is_kept(name: str, dtype: type):
    activation = ACTIVATIONS[name]
    z = np.linspace(-3, 3, 12, dtype=dtype).reshape(3, 4)
    a = activation.f(z)
    assert a.dtype == dtype
    assert activation.df(z, a).dtype == dtype
    assert a.shape == activation.df(z, a).shape == z.shape


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_complex_number_stays_complex(name: str):
    z = np.array([-2.0, 0.5]) + 1e-200j
    assert np.iscomplexobj(ACTIVATIONS[name].f(z))


@given(st.floats(-700, 700))
def test_the_stable_sigmoid_is_the_textbook_one(z: float):
    found = ACTIVATIONS["sigmoid"].f(np.array(z))
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-z)), rtol=1e-12, atol=1e-16)


@given(st.floats(-700, 700))
def test_the_stable_softplus_is_the_textbook_one(z: float):
    found = ACTIVATIONS["softplus"].f(np.array(z))
    np.testing.assert_allclose(found, np.log1p(np.exp(z)), rtol=1e-12)


def test_every_activation_is_registered_under_its_own_name():
    assert all(name == activation.name for name, activation in ACTIVATIONS.items())
    assert set(LIMITS) == set(ACTIVATIONS)
