"""Initializers: the variance each promises, and where the numbers come from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from chainrule import ACTIVATIONS, INITIALIZERS, dense_network

VARIANCES: dict[str, Callable[[int, int], float]] = {
    "normal": lambda n_out, n_in: 1.0,
    "xavier": lambda n_out, n_in: 2 / (n_in + n_out),
    "he": lambda n_out, n_in: 2 / n_in,
}


@pytest.mark.parametrize("shape", [(400, 100), (100, 400)])
@pytest.mark.parametrize("name", VARIANCES)
def test_the_variance_is_the_one_in_the_paper(name: str, shape: tuple[int, int]):
    W = INITIALIZERS[name](shape, np.random.default_rng(0))
    # Of 40,000 draws the variance is off by 0.7 %, one time in three; the wrong fan by 60 %.
    assert W.var() == pytest.approx(VARIANCES[name](*shape), rel=0.03)
    assert abs(W.mean()) < 0.02 * W.std()


@pytest.mark.parametrize("shape", [(3, 7), (7, 3), (5, 5)])
def test_orthogonal_weights_have_orthonormal_rows_or_columns(shape: tuple[int, int]):
    W = INITIALIZERS["orthogonal"](shape, np.random.default_rng(1))
    fewer = W if shape[0] <= shape[1] else W.T
    np.testing.assert_allclose(fewer @ fewer.T, np.eye(min(shape)), atol=1e-14)


def test_orthogonal_weights_prefer_no_direction():
    rng = np.random.default_rng(2)
    W = np.array([INITIALIZERS["orthogonal"]((3, 3), rng) for _ in range(2000)])
    # Uniform over all rotations and reflections: mean 0, and each square 1/3 on average.
    np.testing.assert_allclose(W.mean(axis=0), 0, atol=0.06)
    np.testing.assert_allclose((W**2).mean(axis=0), 1 / 3, atol=0.03)


def test_the_two_that_draw_nothing_leave_the_generator_alone():
    rng = np.random.default_rng(3)
    before = rng.bit_generator.state
    assert np.all(INITIALIZERS["zeros"]((2, 3), rng) == 0)
    assert np.all(INITIALIZERS["constant"]((2, 3), rng) == 0.5)
    assert rng.bit_generator.state == before


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_shape_is_outputs_by_inputs(name: str):
    assert INITIALIZERS[name]((2, 5), np.random.default_rng(4)).shape == (2, 5)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_network_is_drawn_first_layer_first_with_zero_biases(name: str):
    activations = [ACTIVATIONS["tanh"], ACTIVATIONS["identity"]]
    network = dense_network([4, 3, 2], activations, INITIALIZERS[name], np.random.default_rng(5))
    rng = np.random.default_rng(5)
    for layer, shape, activation in zip(network, [(3, 4), (2, 3)], activations, strict=True):
        np.testing.assert_array_equal(layer.affine.W, INITIALIZERS[name](shape, rng))
        np.testing.assert_array_equal(layer.affine.b, np.zeros(shape[0]))
        assert layer.activation is activation


def test_a_network_wants_one_activation_for_each_layer():
    activations = [ACTIVATIONS["tanh"]] * 3
    with pytest.raises(ValueError, match="longer"):
        dense_network([4, 3, 2], activations, INITIALIZERS["he"], np.random.default_rng(6))
