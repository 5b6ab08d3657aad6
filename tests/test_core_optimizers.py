"""Momentum and Adam, against closed forms that do not step."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import ACTIVATIONS, LOSSES, Adam, Momentum, gradients, sgd, update
from chainrule.optimizers import Rule
from tests.random_networks import random_case

CASE = random_case(ACTIVATIONS["tanh"], ACTIVATIONS["identity"], LOSSES["squared_error"], 3, seed=0)
STEP = gradients(CASE.network, CASE.x, CASE.t, CASE.loss, reduction="mean")
RULES = [Momentum(0.1, beta=0.8), Adam(0.1, beta1=0.7, beta2=0.9)]


def path(rule: Rule, slopes: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Where w is after each step, for gradients that are given and do not depend on it."""
    state, places = rule.start(w), [w]
    for g in slopes:
        w, state = rule.step(w, g, state)
        places.append(w)
    return np.array(places)


def test_momentum_on_a_parabola_is_a_power_of_its_matrix():
    curvature, beta, learning_rate = 3.0, 0.8, 0.2
    rule, w = Momentum(learning_rate, beta), np.array(1.5)
    state = rule.start(w)
    for _ in range(25):
        w, state = rule.step(w, curvature * w, state)
    matrix = np.array([[1 - learning_rate * curvature, -learning_rate * beta], [curvature, beta]])
    expected = np.linalg.matrix_power(matrix, 25) @ [1.5, 0]
    np.testing.assert_allclose([w, state], expected, rtol=1e-12)


def test_momentum_without_memory_is_plain_descent():
    moved, _ = update(Momentum(0.3, beta=0), CASE.network, STEP)
    for layer, plain in zip(moved, sgd(CASE.network, STEP, 0.3), strict=True):
        np.testing.assert_array_equal(layer.affine.W, plain.affine.W)
        np.testing.assert_array_equal(layer.affine.b, plain.affine.b)


def test_adam_is_its_sums_written_out():
    beta1, beta2, epsilon, learning_rate = 0.7, 0.9, 1e-3, 0.05
    slopes = np.random.default_rng(0).standard_normal((12, 4))
    expected = [np.zeros(4)]
    for t in range(1, 13):
        age = np.arange(t)[::-1, np.newaxis]
        mean = (beta1**age * slopes[:t]).sum(axis=0) / (beta1**age).sum()
        square = (beta2**age * slopes[:t] ** 2).sum(axis=0) / (beta2**age).sum()
        expected.append(expected[-1] - learning_rate * mean / (np.sqrt(square) + epsilon))
    found = path(Adam(learning_rate, beta1, beta2, epsilon), slopes, np.zeros(4))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e5])
def test_adam_takes_a_first_step_of_the_learning_rate_whatever_the_gradient(size: float):
    first = path(Adam(0.01), np.array([[size, -size]]), np.zeros(2))[1]
    np.testing.assert_allclose(first, [-0.01, 0.01], rtol=2e-5)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_a_network_moves_as_each_of_its_arrays_would(rule: Rule):
    network, states = CASE.network, None
    for _ in range(3):
        network, states = update(rule, network, STEP, states)
    for layer, old, gradient in zip(network, CASE.network, STEP, strict=True):
        for name in ("W", "b"):
            slopes = np.array([getattr(gradient, name)] * 3)
            alone = path(rule, slopes, getattr(old.affine, name))[-1]
            np.testing.assert_array_equal(getattr(layer.affine, name), alone)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_a_state_begins_with_a_zero_for_every_parameter(rule: Rule):
    w = np.ones((2, 3), dtype=np.float32)
    state = rule.start(w)
    parts = state if isinstance(state, tuple) else (state,)
    arrays = [part for part in parts if not isinstance(part, int)]  # Adam also counts steps
    assert arrays
    for part in arrays:
        assert (part.shape, part.dtype, part.any()) == (w.shape, w.dtype, False)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_a_network_keeps_its_activations_and_the_shape_of_its_states(rule: Rule):
    moved, states = update(rule, CASE.network, STEP)
    assert [layer.activation for layer in moved] == [layer.activation for layer in CASE.network]
    again, _ = update(rule, moved, STEP, states)
    for layer, g in zip(again, STEP, strict=True):
        assert (layer.affine.W.shape, layer.affine.W.dtype) == (g.W.shape, g.W.dtype)
        assert (layer.affine.b.shape, layer.affine.b.dtype) == (g.b.shape, g.b.dtype)


@pytest.mark.parametrize("n", [1, 2])
def test_as_many_gradients_and_states_as_layers(n: int):
    _, states = update(Momentum(0.1), CASE.network, STEP)
    with pytest.raises(ValueError, match=r"zip\(\)"):
        update(Momentum(0.1), CASE.network, STEP[:n])
    with pytest.raises(ValueError, match=r"zip\(\)"):
        update(Momentum(0.1), CASE.network, STEP, states[:n])


class Noting:
    """A rule that moves nothing, and remembers the shape it was started with."""

    def start(self, w: np.ndarray) -> tuple[int, ...]:
        return w.shape

    def step(self, w, g, state):
        assert state == w.shape == g.shape
        return w, state


def test_every_array_of_parameters_has_a_state_of_its_own():
    _, states = update(Noting(), CASE.network, STEP)
    assert states == [(g.W.shape, g.b.shape) for g in STEP]
