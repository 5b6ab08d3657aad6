"""The blocks of larger networks: each backward pass against a complex step through the forward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from chainrule.activations import Array
from chainrule.blocks import (
    attention,
    batch_norm,
    convolution,
    dropout,
    layer_norm,
    recurrent,
    softmax,
)
from chainrule.gradient_check import complex_step

EXACT = 1e-12


@dataclass(frozen=True)
class Block:
    """A block at one size: what goes in, its output, and its gradients from dL/doutput."""

    inputs: tuple[Array, ...]
    output: Callable[..., Array]
    gradients: Callable[..., tuple[Array, ...]]


def a_softmax(rng: np.random.Generator) -> Block:
    B, n = rng.integers(1, 6, 2)
    return Block(
        (rng.normal(size=(B, n)),),
        softmax.forward,
        lambda g, z: (softmax.backward(softmax.forward(z), g),),
    )


def a_dropout(rng: np.random.Generator) -> Block:
    a = rng.normal(size=rng.integers(1, 6, 2))
    mask = dropout.mask_for(a, 0.4, rng)
    return Block(
        (a,), lambda a: dropout.forward(a, mask), lambda g, a: (dropout.backward(mask, g),)
    )


def a_norm(rng: np.random.Generator, module: Any, kind: Any) -> Block:
    B, n = rng.integers(2, 6, 2)

    def gradients(g: Array, gamma: Array, beta: Array, x: Array) -> tuple[Array, ...]:
        norm = kind(gamma, beta)
        found, dL_dx = module.backward(norm, module.forward(norm, x), g)
        return (found.gamma, found.beta, dL_dx)

    return Block(
        (rng.normal(size=n), rng.normal(size=n), rng.normal(size=(B, n))),
        lambda gamma, beta, x: module.forward(kind(gamma, beta), x).y,
        gradients,
    )


def a_recurrent(rng: np.random.Generator) -> Block:
    T, B, n_in, n_out = rng.integers(1, 5, 4)
    shapes = [(n_out, n_in), (n_out, n_out), (n_out,), (T, B, n_in), (B, n_out)]

    def output(W_in: Array, W: Array, b: Array, x: Array, h_0: Array) -> Array:
        return recurrent.forward(recurrent.Recurrent(W_in, W, b), x, h_0)[1:]

    def gradients(g: Array, W_in: Array, W: Array, b: Array, x: Array, h_0: Array) -> Any:
        layer = recurrent.Recurrent(W_in, W, b)
        found, *rest = recurrent.backward(layer, x, recurrent.forward(layer, x, h_0), g)
        return (found.W_in, found.W, found.b, *rest)

    return Block(tuple(rng.normal(size=shape) for shape in shapes), output, gradients)


def a_convolution(rng: np.random.Generator) -> Block:
    B, c_in, c_out, k, more = rng.integers(1, 4, 5)

    def gradients(g: Array, w: Array, b: Array, x: Array) -> tuple[Array, ...]:
        found, dL_dx = convolution.backward(convolution.Convolution(w, b), x, g)
        return (found.w, found.b, dL_dx)

    return Block(
        (rng.normal(size=(c_out, c_in, k)), rng.normal(size=c_out),
         rng.normal(size=(B, c_in, k + more - 1))),
        lambda w, b, x: convolution.forward(convolution.Convolution(w, b), x),
        gradients,
    )  # fmt: skip


def an_attention(rng: np.random.Generator) -> Block:
    n, m, d, d_v = rng.integers(1, 5, 4)

    def gradients(g: Array, *inputs: Array) -> tuple[Array, ...]:
        given = attention.Inputs(*inputs)
        found = attention.backward(given, attention.forward(given), g)
        return (found.Q, found.K, found.V)

    return Block(
        tuple(rng.normal(size=shape) for shape in [(n, d), (m, d), (m, d_v)]),
        lambda *inputs: attention.forward(attention.Inputs(*inputs)).Y,
        gradients,
    )


BLOCKS: dict[str, Callable[[np.random.Generator], Block]] = {
    "softmax": a_softmax,
    "dropout": a_dropout,
    "layer_norm": lambda rng: a_norm(rng, layer_norm, layer_norm.LayerNorm),
    "batch_norm": lambda rng: a_norm(rng, batch_norm, batch_norm.BatchNorm),
    "recurrent": a_recurrent,
    "convolution": a_convolution,
    "attention": an_attention,
}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", BLOCKS)
def test_a_backward_pass_is_the_slope_of_its_forward_pass(name: str, seed: int):
    rng = np.random.default_rng(seed)
    block = BLOCKS[name](rng)
    g = rng.normal(size=block.output(*block.inputs).shape)
    found = block.gradients(g, *block.inputs)
    for place, (gradient, value) in enumerate(zip(found, block.inputs, strict=True)):

        def loss(nudged: Array, place: int = place) -> Array:
            inputs = [*block.inputs[:place], nudged, *block.inputs[place + 1 :]]
            return (g * block.output(*inputs)).sum()

        assert gradient.shape == value.shape
        np.testing.assert_allclose(gradient, complex_step(loss, value), rtol=EXACT, atol=EXACT)


def test_chances_sum_to_one_and_their_slopes_to_zero():
    z = np.random.default_rng(0).normal(size=(3, 4))
    p = softmax.forward(z)
    assert p.sum(axis=1) == pytest.approx(np.ones(3))
    assert softmax.backward(p, z**2).sum(axis=1) == pytest.approx(np.zeros(3), abs=1e-15)


def test_dropout_leaves_the_mean_as_it_is():
    a, rng = np.ones((1000, 50)), np.random.default_rng(0)
    kept = dropout.forward(a, dropout.mask_for(a, 0.3, rng))
    assert set(np.unique(kept)) == {0, 1 / 0.7}
    assert kept.mean() == pytest.approx(1, abs=0.01)


def test_nothing_is_dropped_at_a_rate_of_zero():
    a = np.random.default_rng(0).normal(size=(2, 3))
    assert (dropout.mask_for(a, 0.0, np.random.default_rng(1)) == 1).all()


@pytest.mark.parametrize(("norm", "axis"), [(layer_norm, 1), (batch_norm, 0)])
def test_a_norm_gives_mean_zero_and_variance_one_along_its_own_axis(norm: Any, axis: int):
    x = np.random.default_rng(0).normal(3, 5, size=(4, 6))
    ones, zeros = np.ones(6), np.zeros(6)
    kind = layer_norm.LayerNorm if axis else batch_norm.BatchNorm
    y = norm.forward(kind(ones, zeros), x, eps=0.0).y
    assert y.mean(axis=axis) == pytest.approx(0, abs=1e-14)
    assert (y**2).mean(axis=axis) == pytest.approx(1)


def test_a_row_of_equal_numbers_is_normalised_to_zero():
    norm = layer_norm.LayerNorm(np.ones(3), np.zeros(3))
    assert (layer_norm.forward(norm, np.full((1, 3), 7.0)).y == 0).all()


def test_a_convolution_is_a_correlation():
    x, w = np.arange(5.0), np.array([1.0, 0.0, -2.0])
    layer = convolution.Convolution(w[None, None], np.zeros(1))
    assert convolution.forward(layer, x[None, None])[0, 0] == pytest.approx(
        np.correlate(x, w, "valid")
    )


def test_a_query_that_fits_no_key_better_takes_the_plain_average():
    V = np.random.default_rng(0).normal(size=(4, 2))
    record = attention.forward(attention.Inputs(np.zeros((1, 3)), np.ones((4, 3)), V))
    assert record.Y[0] == pytest.approx(V.mean(axis=0))


def test_a_gradient_has_the_type_of_what_it_is_the_gradient_of():
    layer = recurrent.Recurrent(np.ones((2, 3)), np.ones((2, 2)), np.zeros(2))
    x, h_0 = np.ones((4, 1, 3)), np.zeros((1, 2))
    found, _, _ = recurrent.backward(layer, x, recurrent.forward(layer, x, h_0), np.ones((4, 1, 2)))
    assert is_dataclass(found)
    assert [field.name for field in fields(found)] == ["W_in", "W", "b"]
    assert [part.shape for part in astuple(found)] == [part.shape for part in astuple(layer)]
