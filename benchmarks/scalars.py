"""One training step on a graph of single numbers. Our peer is micrograd.

Both sides build the graph of a multilayer perceptron with ReLU inside, sum its squared
errors, ask for all gradients and update. They must agree on the gradients first.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

from benchmarks.race import Step
from chainrule.scalar import Value, gradient, variables

LEARNING_RATE = 1e-4
TOLERANCE = 1e-12

Rows = list[list[float]]


def output(
    parameters: Sequence[Value], layer_sizes: Sequence[int], x: Sequence[float]
) -> list[Value]:
    """The network's output; the parameters stand neuron by neuron, weights before the bias."""
    unread = iter(parameters)
    a: list[Value] | Sequence[float] = x
    for depth, n_out in enumerate(layer_sizes[1:], start=2):
        neurons = [([next(unread) for _ in a], next(unread)) for _ in range(n_out)]
        z = [sum((w * a_j for w, a_j in zip(row, a, strict=True)), b) for row, b in neurons]
        a = [z_i.relu() for z_i in z] if depth < len(layer_sizes) else z
    return list(a)


def loss_and_gradient(
    weights: Sequence[float], layer_sizes: Sequence[int], x: Rows, t: Rows
) -> tuple[float, list[float]]:
    parameters = variables(*weights)
    errors = [
        (y_i - t_i) ** 2
        for x_row, t_row in zip(x, t, strict=True)
        for y_i, t_i in zip(output(parameters, layer_sizes, x_row), t_row, strict=True)
    ]
    loss = sum(errors[1:], errors[0])
    return loss.data, gradient(loss, parameters)


def contenders(layer_sizes: Sequence[int], batch_size: int) -> dict[str, Step]:
    """The steps to be timed."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch_size, layer_sizes[0])).tolist()
    t = rng.standard_normal((batch_size, layer_sizes[-1])).tolist()
    shapes = zip(layer_sizes[1:], layer_sizes, strict=False)
    count = sum(n_out * (n_in + 1) for n_out, n_in in shapes)
    weights = rng.uniform(-1, 1, count).tolist()
    _, expected = loss_and_gradient(weights, layer_sizes, x, t)
    start = list(weights)

    def step() -> None:
        nonlocal weights
        _, slopes = loss_and_gradient(weights, layer_sizes, x, t)
        weights = [w - LEARNING_RATE * slope for w, slope in zip(weights, slopes, strict=True)]

    steps: dict[str, Step] = {"chainrule": step}
    if find_spec("micrograd"):
        steps["micrograd"] = micrograd_step(start, layer_sizes, x, t, expected)
    return steps


def micrograd_step(
    weights: Sequence[float],
    layer_sizes: Sequence[int],
    x: Rows,
    t: Rows,
    expected: Sequence[float],
) -> Step:
    """The same step as micrograd's demo writes it."""
    from micrograd.nn import MLP

    model = MLP(layer_sizes[0], layer_sizes[1:])
    for parameter, weight in zip(model.parameters(), weights, strict=True):
        parameter.data = weight

    def outputs(x_row: list[float]) -> list:
        y = model(x_row)
        return y if isinstance(y, list) else [y]

    def step() -> None:
        errors = [
            (y_i - t_i) ** 2
            for x_row, t_row in zip(x, t, strict=True)
            for y_i, t_i in zip(outputs(x_row), t_row, strict=True)
        ]
        loss = sum(errors[1:], errors[0])
        model.zero_grad()
        loss.backward()
        for parameter in model.parameters():
            parameter.data -= LEARNING_RATE * parameter.grad

    step()
    found = [parameter.grad for parameter in model.parameters()]
    np.testing.assert_allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)
    return step
