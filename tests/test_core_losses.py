"""Losses one by one: their convention, their slope, and their limits at huge logits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from chainrule import LOSSES, central_difference, complex_step, softmax
from chainrule.activations import Array
from tests.random_networks import targets

Y = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])
T = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.0]])
P = np.exp(Y) / np.exp(Y).sum(axis=1, keepdims=True)
S = 1 / (1 + np.exp(-Y))

TEXTBOOK = {
    "half_squared_error": ((Y - T) ** 2).sum(axis=1) / 2,
    "squared_error": ((Y - T) ** 2).sum(axis=1),
    "mean_squared_error": ((Y - T) ** 2).sum(axis=1) / 3,
    "binary_cross_entropy": -(T * np.log(S) + (1 - T) * np.log(1 - S)).sum(axis=1),
    "softmax_cross_entropy": -(T * np.log(P)).sum(axis=1),
}

logits = arrays(np.float64, (2, 4), elements=st.floats(-1000, 1000))


@pytest.mark.parametrize("name", LOSSES)
def test_each_loss_is_the_one_in_the_textbook(name: str):
    np.testing.assert_allclose(LOSSES[name].f(Y, T), TEXTBOOK[name], rtol=1e-14)


@pytest.mark.parametrize("name", LOSSES)
def test_the_slope_agrees_with_both_ways_of_nudging(name: str):
    loss = LOSSES[name]
    rng = np.random.default_rng(1)
    y, t = 3 * rng.standard_normal((4, 5)), targets(loss, (4, 5), rng)
    found = loss.gradient(y, t, reduction="mean")

    def value(y: Array) -> Array:
        return loss.value(y, t, reduction="mean")

    np.testing.assert_allclose(found, complex_step(value, y), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found, central_difference(value, y), atol=1e-8)


def test_targets_of_the_softmax_need_not_sum_to_one():
    loss = LOSSES["softmax_cross_entropy"]
    t = np.array([[0.3, 0.1, 2.0]])
    y = Y[:1]
    expected = complex_step(lambda y: loss.value(y, t, reduction="sum"), y)
    np.testing.assert_allclose(loss.gradient(y, t, reduction="sum"), expected, rtol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_the_mean_over_the_batch_is_the_sum_divided_by_its_size(name: str):
    loss = LOSSES[name]
    assert loss.value(Y, T, reduction="sum") == pytest.approx(TEXTBOOK[name].sum(), rel=1e-14)
    assert loss.value(Y, T, reduction="mean") == pytest.approx(TEXTBOOK[name].mean(), rel=1e-14)
    half = loss.gradient(Y, T, reduction="sum") / 2
    np.testing.assert_allclose(loss.gradient(Y, T, reduction="mean"), half, rtol=1e-15)


CROSS_ENTROPIES = ["binary_cross_entropy", "softmax_cross_entropy"]


def test_the_cross_entropies_take_logits_and_the_others_outputs():
    assert [name for name, loss in LOSSES.items() if loss.takes_logits] == CROSS_ENTROPIES


@pytest.mark.parametrize("name", CROSS_ENTROPIES)
def test_logits_of_a_thousand_reach_the_limits_without_a_warning(name: str):
    loss = LOSSES[name]
    y = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]])
    t = np.array([[1.0, 0.0], [1.0, 0.0]])  # the first row is right, the second wrong
    np.testing.assert_array_equal(loss.f(y, t), [0, 2000])
    np.testing.assert_array_equal(loss.df(y, t), [[0, 0], [-1, 1]])


@given(logits)
def test_softmax_gives_probabilities(y: Array):
    p = softmax(y)
    assert np.all((p >= 0) & (p <= 1))
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)


@given(logits, st.floats(-1000, 1000))
def test_softmax_does_not_see_a_shift_of_all_logits(y: Array, shift: float):
    np.testing.assert_allclose(softmax(y + shift), softmax(y), rtol=1e-9, atol=1e-12)


@given(logits)
def test_the_slope_of_the_softmax_loss_sums_to_zero(y: Array):
    t = softmax(np.ones_like(y))
    slope = LOSSES["softmax_cross_entropy"].df(y, t)
    np.testing.assert_allclose(slope.sum(axis=1), 0, atol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_the_precision_of_the_input_is_kept(name: str):
    loss = LOSSES[name]
    y, t = Y.astype(np.float32), T.astype(np.float32)
    assert loss.value(y, t, reduction="mean").dtype == np.float32
    assert loss.gradient(y, t, reduction="mean").dtype == np.float32


@pytest.mark.parametrize("name", LOSSES)
def test_a_complex_number_stays_complex(name: str):
    assert np.iscomplexobj(LOSSES[name].value(Y + 1e-200j, T, reduction="sum"))


@pytest.mark.parametrize("name", LOSSES)
def test_each_loss_says_its_convention(name: str):
    assert LOSSES[name].name == name
    assert any(word in LOSSES[name].convention for word in ["half", "sum", "mean"])


def test_each_example_is_shifted_by_its_own_largest_logit():
    y, t = np.array([[1000.0, 999.0], [-1000.0, -1001.0]]), np.array([[0.0, 1.0], [0.0, 1.0]])
    found = LOSSES["softmax_cross_entropy"].f(y, t)
    np.testing.assert_allclose(found, np.log(1 + np.e), rtol=1e-12)
