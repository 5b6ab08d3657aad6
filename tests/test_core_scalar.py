"""The scalar engine: its rules, its forks, and its agreement with the arrays."""

from __future__ import annotations

import ast
import inspect
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule import (
    ACTIVATIONS,
    LOSSES,
    REDUCTIONS,
    Affine,
    Layer,
    Loss,
    complex_step,
    gradients,
    relative_error,
    scalar,
)
from chainrule.activations import GELU_CUBIC, GELU_SCALE, LEAK, Array
from chainrule.neuron import weighted_sum
from chainrule.scalar import Value, gradient, variables
from tests.random_networks import random_case

numbers = st.floats(-5, 5)
DOCUMENTED = ast.Module, ast.ClassDef, ast.FunctionDef

# Arithmetic is spelt the same on values of the engine and on NumPy's complex numbers.
ARITHMETIC: dict[str, Callable[..., Any]] = {
    "sum": lambda x, y: x + y + 2.0 + y,
    "difference": lambda x, y: 3.0 - x - y - 1.0,
    "product": lambda x, y: x * y * x * 3.0,
    "negation": lambda x, y: -x * -y,
    "power": lambda x, y: x**3 + y**2,
    "quotient": lambda x, y: x / (y * y + 1.0) + 2.0 / (x * x + 1.0) + y / 4.0,
}
EXPRESSIONS: dict[str, tuple[Callable[..., Value], Callable[..., complex]]] = {
    **{name: (f, f) for name, f in ARITHMETIC.items()},
    "exp and log": (
        lambda x, y: (x.exp() + y.exp()).log(),
        lambda x, y: np.log(np.exp(x) + np.exp(y)),
    ),
    "tanh": (lambda x, y: (x * y).tanh(), lambda x, y: np.tanh(x * y)),
    "sigmoid": (lambda x, y: (x - y).sigmoid(), lambda x, y: 1 / (1 + np.exp(y - x))),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
@given(x=numbers, y=numbers)
def test_value_and_slopes_agree_with_a_complex_step(name: str, x: float, y: float):
    engine, plain = EXPRESSIONS[name]
    inputs = variables(x, y)
    output = engine(*inputs)
    assert output.data == pytest.approx(np.real(plain(x, y)), rel=1e-12, abs=1e-12)
    expected = complex_step(lambda w: plain(*w), np.array([x, y]))
    assert gradient(output, inputs) == pytest.approx(expected, rel=1e-12, abs=1e-12)


ENGINE_ACTIVATIONS: dict[str, Callable[[Value], Value]] = {
    "identity": lambda z: z,
    "sigmoid": Value.sigmoid,
    "tanh": Value.tanh,
    "relu": Value.relu,
    "leaky_relu": lambda z: z.relu() - LEAK * (-z).relu(),
    "softplus": lambda z: (1 + z.exp()).log(),
    "gelu_tanh": lambda z: 0.5 * z * (1 + (GELU_SCALE * (z + GELU_CUBIC * z**3)).tanh()),
}


def squared(y: list[Value], t: list[float]) -> Value:
    return sum(((y_i - t_i) ** 2 for y_i, t_i in zip(y, t, strict=True)), start=0 * y[0])


def binary_cross_entropy(y: list[Value], t: list[float]) -> Value:
    terms = ((1 + y_i.exp()).log() - t_i * y_i for y_i, t_i in zip(y, t, strict=True))
    return sum(terms, start=0 * y[0])


def softmax_cross_entropy(y: list[Value], t: list[float]) -> Value:
    log_sum_exp = sum((y_i.exp() for y_i in y), start=0 * y[0]).log()
    terms = (t_i * (log_sum_exp - y_i) for y_i, t_i in zip(y, t, strict=True))
    return sum(terms, start=0 * y[0])


ENGINE_LOSSES: dict[str, Callable[[list[Value], list[float]], Value]] = {
    "half_squared_error": lambda y, t: squared(y, t) / 2,
    "squared_error": squared,
    "mean_squared_error": lambda y, t: squared(y, t) / len(y),
    "binary_cross_entropy": binary_cross_entropy,
    "softmax_cross_entropy": softmax_cross_entropy,
}


def by_the_engine(
    network: Sequence[Layer], x: Array, t: Array, loss: Loss, *, reduction: str
) -> list[Affine]:
    """The gradient of a network, every number of it a value on the tape."""
    shapes = [part.shape for one in network for part in (one.affine.W, one.affine.b)]
    flat = [w for one in network for part in (one.affine.W, one.affine.b) for w in part.flat]
    parameters = variables(*flat)
    total = 0 * parameters[0]
    for a, target in zip(x.tolist(), t.tolist(), strict=True):
        unread = iter(parameters)
        for layer in network:
            f, n_out = ENGINE_ACTIVATIONS[layer.activation.name], len(layer.affine.b)
            rows = [[next(unread) for _ in a] for _ in range(n_out)]
            biases = [next(unread) for _ in range(n_out)]
            a = [
                f(sum((w * a_j for w, a_j in zip(row, a, strict=True)), start=b))
                for row, b in zip(rows, biases, strict=True)
            ]
        total = total + ENGINE_LOSSES[loss.name](a, target)
    slopes = iter(gradient(REDUCTIONS[reduction](total, len(x)), parameters))
    parts = (np.reshape([next(slopes) for _ in range(np.prod(s))], s) for s in shapes)
    return [Affine(W, b) for W, b in zip(parts, parts, strict=True)]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_engine_agrees_with_the_arrays_on_a_network(activation: str, loss: str):
    last = "identity" if LOSSES[loss].takes_logits else activation
    for depth, reduction in [(1, "sum"), (2, "mean"), (3, "sum")]:
        case = random_case(
            ACTIVATIONS[activation], ACTIVATIONS[last], LOSSES[loss], depth, seed=depth
        )
        batch = case.network, case.x, case.t, case.loss
        found = by_the_engine(*batch, reduction=reduction)
        expected = gradients(*batch, reduction=reduction)
        assert relative_error(found, expected) <= 1e-12, f"depth {depth}"


def test_slopes_add_where_a_value_forks():
    (x,) = variables(3.0)
    assert gradient(x * x + x, [x]) == [7.0]
    assert gradient(x + x + x, [x]) == [3.0]


def test_asking_twice_gives_the_same_answer():
    x, y = variables(2.0, 3.0)
    output = x * y + x
    first = gradient(output, [x, y])
    assert gradient(output, [x, y]) == first == [4.0, 2.0]


def test_any_value_can_be_asked_about_not_only_the_last():
    x, y = variables(2.0, 3.0)
    product = x * y
    later = product * product
    assert gradient(product, [x, y]) == [3.0, 2.0]
    assert gradient(later, [product]) == [12.0]
    assert gradient(product, [later]) == [0.0]


def test_a_chain_of_a_hundred_thousand_links_is_not_too_long():
    (x,) = variables(1.0)
    output = x
    for _ in range(100_000):
        output = output * 1.00001
    assert gradient(output, [x]) == [pytest.approx(math.exp(1), rel=1e-5)]


def test_the_slope_of_relu_at_zero_is_zero():
    for z, slope in [(-1.0, 0.0), (0.0, 0.0), (1.0, 1.0)]:
        (x,) = variables(z)
        assert gradient(x.relu(), [x]) == [slope]


@pytest.mark.parametrize("z", [-1000.0, 1000.0])
def test_huge_numbers_do_not_overflow_the_sigmoid(z: float):
    (x,) = variables(z)
    output = x.sigmoid()
    assert output.data == (z > 0)
    assert gradient(output, [x]) == [0.0]


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_values_of_two_tapes_are_refused(operation):
    (a,), (b,) = variables(2.0), variables(3.0)
    with pytest.raises(ValueError, match=r"^values of two tapes met"):
        operation(a, b)


@pytest.mark.parametrize("foreign", ["weight", "input", "bias"])
def test_values_of_two_tapes_are_refused_in_a_neuron_too(foreign: str):
    given = dict(zip(["weight", "input", "bias"], variables(1.0, 2.0, 3.0), strict=True))
    given[foreign] = variables(4.0)[0]
    with pytest.raises(ValueError, match=r"^values of two tapes met"):
        weighted_sum([given["weight"]], [given["input"]], given["bias"])


def test_a_neuron_has_as_many_weights_as_inputs():
    w1, w2, a, b = variables(1.0, 2.0, 3.0, 4.0)
    with pytest.raises(ValueError, match=r"zip\(\)"):
        weighted_sum([w1, w2], [a], b)
    with pytest.raises(ValueError, match=r"zip\(\)"):
        weighted_sum([w1], [a, a], b)


@given(st.lists(st.tuples(numbers, numbers, st.booleans()), max_size=6), numbers)
def test_a_neuron_in_one_entry_is_its_products_and_sums(pairs, bias: float):
    """Inputs may be values or plain numbers, and there may be none."""
    places = [place for place, (_, _, is_value) in enumerate(pairs) if is_value]

    def slopes(pre_activation) -> tuple[float, list[float]]:
        b, *given = variables(bias, *(w for w, _, _ in pairs), *(pairs[k][1] for k in places))
        w, on_tape = given[: len(pairs)], iter(given[len(pairs) :])
        a = [next(on_tape) if is_value else number for _, number, is_value in pairs]
        z = pre_activation(w, a, b)
        return z.data, gradient(z.tanh(), [b, *given])

    def product_by_product(w, a, b):
        return sum((w_j * a_j for w_j, a_j in zip(w, a, strict=True)), b)

    data, found = slopes(weighted_sum)
    expected_data, expected = slopes(product_by_product)
    assert data == pytest.approx(expected_data)
    assert found == pytest.approx(expected)


def test_a_value_that_is_both_weight_and_input_collects_both_slopes():
    w, b = variables(3.0, 1.0)
    assert gradient(weighted_sum([w], [w], b), [w, b]) == [6.0, 1.0]


def test_the_engine_stays_a_page_long():
    source = inspect.getsource(scalar)
    parts = [node for node in ast.walk(ast.parse(source)) if isinstance(node, DOCUMENTED)]
    told = sum(len((ast.get_docstring(part, clean=False) or "").splitlines()) for part in parts)
    assert len([line for line in source.splitlines() if line.strip()]) - told <= 60


def test_the_slope_of_a_constant_power_is_zero_even_at_zero():
    (x,) = variables(0.0)
    assert gradient(x**0, [x]) == [0.0]
