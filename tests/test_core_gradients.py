"""The gradient of backpropagation, held against witnesses that do not know the chain rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from chainrule import (
    ACTIVATIONS,
    LOSSES,
    REDUCTIONS,
    Affine,
    Layer,
    Loss,
    backward,
    complex_step,
    forward,
    gradients,
    numerical_gradients,
    relative_error,
)
from chainrule.activations import Array
from tests.random_networks import Case, random_case
from tests.witnesses import WITNESSES

EXACT = 1e-12
NEARLY = 1e-8
DEPTHS = range(1, 7)


def the_case(activation: str, loss: str, depth: int, seed: int = 0) -> Case:
    """A loss on logits has its squashing inside: its last layer is the identity."""
    output = "identity" if LOSSES[loss].takes_logits else activation
    return random_case(ACTIVATIONS[activation], ACTIVATIONS[output], LOSSES[loss], depth, seed)


def worst_relative_error(found: Sequence[Affine], expected: Sequence[Affine]) -> float:
    """The worst of all weight matrices and bias vectors, so that a small one cannot hide."""
    errors = [
        np.linalg.norm(found_part - part) / max(np.linalg.norm(part), np.finfo(float).tiny)
        for found_affine, affine in zip(found, expected, strict=True)
        for found_part, part in [(found_affine.W, affine.W), (found_affine.b, affine.b)]
    ]
    return float(np.max(errors))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_backward_agrees_with_two_ways_of_nudging(activation: str, loss: str, depth: int):
    case = the_case(activation, loss, depth)
    batch = case.network, case.x, case.t, case.loss
    found = gradients(*batch, reduction="mean")
    by_complex_step = numerical_gradients(*batch, reduction="mean", method=complex_step)
    by_difference = numerical_gradients(*batch, reduction="mean")
    assert worst_relative_error(found, by_complex_step) <= EXACT
    assert relative_error(found, by_difference) <= NEARLY


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("witness", WITNESSES)
def test_backward_agrees_with_automatic_differentiation(
    witness: str, activation: str, loss: str, reduction: str
):
    for depth in DEPTHS:
        case = the_case(activation, loss, depth, seed=depth)
        batch = case.network, case.x, case.t, case.loss
        found = gradients(*batch, reduction=reduction)
        expected = WITNESSES[witness](*batch, reduction=reduction)
        assert worst_relative_error(found, expected) <= EXACT, f"depth {depth}"


def along(upstream: Array) -> Loss:
    """The loss whose slope in the outputs is `upstream`, whatever they are."""
    return Loss(
        "along",
        f=lambda y, t: (upstream * y).sum(axis=1),
        df=lambda y, t: upstream,
        convention="the sum over the outputs, each times a given number",
    )


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_backward_carries_any_gradient_from_above(activation: str, depth: int):
    case = the_case(activation, "half_squared_error", depth, seed=10)
    upstream = np.random.default_rng(depth).standard_normal(case.t.shape)
    found = backward(case.network, forward(case.network, case.x), upstream)
    expected = numerical_gradients(
        case.network, case.x, case.t, along(upstream), reduction="sum", method=complex_step
    )
    assert worst_relative_error(found, expected) <= EXACT


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_layers_may_have_different_activations(activation: str):
    names = ["tanh", activation, "sigmoid"]
    case = the_case("tanh", "half_squared_error", depth=3, seed=3)
    network = [
        Layer(layer.affine, ACTIVATIONS[name])
        for layer, name in zip(case.network, names, strict=True)
    ]
    batch = network, case.x, case.t, case.loss
    expected = numerical_gradients(*batch, reduction="sum", method=complex_step)
    assert worst_relative_error(gradients(*batch, reduction="sum"), expected) <= EXACT


def test_the_gradient_of_a_batch_is_the_sum_over_its_examples():
    case = the_case("tanh", "squared_error", depth=3, seed=4)
    whole = gradients(case.network, case.x, case.t, case.loss, reduction="sum")
    single = [
        gradients(case.network, case.x[[i]], case.t[[i]], case.loss, reduction="sum")
        for i in range(len(case.x))
    ]
    added = [
        Affine(sum(part.W for part in layer), sum(part.b for part in layer))
        for layer in zip(*single, strict=True)
    ]
    assert worst_relative_error(whole, added) <= EXACT


def test_the_mean_over_a_batch_is_its_sum_divided_by_its_size():
    case = the_case("sigmoid", "binary_cross_entropy", depth=2, seed=5)
    batch = case.network, case.x, case.t, case.loss
    divided = [Affine(g.W / 3, g.b / 3) for g in gradients(*batch, reduction="sum")]
    assert worst_relative_error(gradients(*batch, reduction="mean"), divided) <= EXACT


def test_backward_is_linear_in_the_gradient_from_above():
    case = the_case("gelu_tanh", "squared_error", depth=4, seed=6)
    tape = forward(case.network, case.x)
    rng = np.random.default_rng(6)
    one, two = rng.standard_normal((2, *case.t.shape))
    mixed = backward(case.network, tape, 2 * one - 3 * two)
    separate = [
        Affine(2 * p.W - 3 * q.W, 2 * p.b - 3 * q.b)
        for p, q in zip(
            backward(case.network, tape, one), backward(case.network, tape, two), strict=True
        )
    ]
    assert relative_error(mixed, separate) <= EXACT


def test_a_gradient_has_the_shapes_of_its_parameters():
    case = the_case("relu", "squared_error", depth=5, seed=7)
    found = gradients(case.network, case.x, case.t, case.loss, reduction="sum")
    for gradient, layer in zip(found, case.network, strict=True):
        assert gradient.W.shape == layer.affine.W.shape
        assert gradient.b.shape == layer.affine.b.shape


def test_neither_pass_touches_the_network_or_the_data():
    case = the_case("relu", "squared_error", depth=3, seed=8)
    parameters = [part for layer in case.network for part in (layer.affine.W, layer.affine.b)]
    for array in [case.x, case.t, *parameters]:
        array.flags.writeable = False  # writing would now raise
    gradients(case.network, case.x, case.t, case.loss, reduction="sum")


def test_a_layer_used_twice_is_given_the_gradient_of_each_use():
    rng = np.random.default_rng(0)
    layer = Layer(Affine(rng.standard_normal((3, 3)), rng.standard_normal(3)), ACTIVATIONS["tanh"])
    twice, apart = [layer, layer], [layer, Layer(layer.affine, layer.activation)]
    x, dL_dy = rng.standard_normal((2, 4, 3))
    found = backward(twice, forward(twice, x), dL_dy)
    for gradient, expected in zip(found, backward(apart, forward(apart, x), dL_dy), strict=True):
        np.testing.assert_array_equal(gradient.W, expected.W)
    assert not np.allclose(found[0].W, found[1].W)
