"""What the reference code says about the quantities of each page.

Every witness is a function of `src/chainrule` in the arguments of a derivation, in their order.
`chainrule.network.backward` returns the gradients of parameters only. To hear of the other slopes
a layer that changes nothing is put in their place: the slope in its bias is the slope in what
passes through it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule import (
    ACTIVATIONS,
    LOSSES,
    Affine,
    Layer,
    backward,
    complex_step,
    forward,
    sgd,
)
from chainrule.activations import Array, sigmoid, sigmoid_slope, softplus
from chainrule.training import gradients

from .checking import Reference

LOSS = LOSSES["half_squared_error"]
BACKWARD = "chainrule.network.backward"


def one_by_one(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers as a function of arrays of them."""
    return np.vectorize(function, otypes=[float])


def changes_nothing(width: int) -> Layer:
    return Layer(
        Affine(np.eye(width), np.zeros(width)), ACTIVATIONS["identity"]
    )


def column(row: Array) -> Array:
    return row[:, np.newaxis]


# Activations.


def activation_slope(name: str) -> Reference:
    """The slope of an activation, and the activation itself."""
    activation = ACTIVATIONS[name]
    return Reference(
        f"chainrule.activations.{name}_slope",
        lambda z: activation.df(z, activation.f(z)),
        before=activation.f,
    )


# One neuron: w, b, x, t.


def neuron(name: str) -> Reference:
    """The slope of the loss of one sigmoid neuron in its weight or its bias."""

    def slope(w: float, b: float, x: float, t: float) -> float:
        unit = Layer(
            Affine(np.array([[w]]), np.array([b])), ACTIVATIONS["sigmoid"]
        )
        x_row, t_row = np.array([[x]]), np.array([[t]])
        [found] = gradients([unit], x_row, t_row, LOSS, reduction="sum")
        return {"w": found.W, "b": found.b}[name].item()

    return Reference(BACKWARD, one_by_one(slope))


# The 2-2-1 network: x1, x2, t, then w11, w12, w21, w22, b1, b2, w31, w32, b3.


def two_two_one(name: str) -> Reference:
    """The slope of the loss in any quantity of the 2-2-1 network."""
    return Reference(
        BACKWARD,
        one_by_one(lambda *at: _two_two_one_slopes(*at)[name]),
        before=one_by_one(_two_two_one_loss),
    )


def _two_two_one_layers(*parameters: float) -> list[Layer]:
    w11, w12, w21, w22, b1, b2, w31, w32, b3 = parameters
    hidden = Affine(
        W=np.array([[w11, w12], [w21, w22]]), b=np.array([b1, b2])
    )
    output = Affine(W=np.array([[w31, w32]]), b=np.array([b3]))
    return [
        changes_nothing(2),
        Layer(hidden, ACTIVATIONS["sigmoid"]),
        changes_nothing(2),
        Layer(output, ACTIVATIONS["sigmoid"]),
        changes_nothing(1),
    ]


def _two_two_one_loss(
    x1: float, x2: float, t: float, *parameters: float
) -> float:
    y = forward(_two_two_one_layers(*parameters), np.array([[x1, x2]]))[
        -1
    ].a
    return float(LOSS.value(y, np.array([[t]]), reduction="sum"))


def _two_two_one_slopes(
    x1: float, x2: float, t: float, *parameters: float
) -> dict[str, float]:
    layers, x_row, t_row = (
        _two_two_one_layers(*parameters),
        np.array([[x1, x2]]),
        np.array([[t]]),
    )
    below, hidden, between, output, above = gradients(
        layers, x_row, t_row, LOSS, reduction="sum"
    )
    in_order = {
        "x1 x2": below.b,
        "w11 w12 w21 w22": hidden.W,
        "b1 b2": hidden.b,
        "z1 z2": hidden.b,
        "h1 h2": between.b,
        "w31 w32": output.W,
        "b3": output.b,
        "z3": output.b,
        "y": above.b,
    }
    return {
        name: slope.item()
        for names, slopes in in_order.items()
        for name, slope in zip(names.split(), slopes.ravel(), strict=True)
    }


# One layer and one example, as columns.


def error_below(activation: str) -> Reference:
    """dL/dz of a layer from the weights and the error above and its own z.

    With the identity for an activation this is dL/da.
    """

    def error(W_above: Array, delta_above: Array, z: Array) -> Array:
        n_above, n_out = W_above.shape
        layers = [
            Layer(
                Affine(np.eye(n_out), np.zeros(n_out)),
                ACTIVATIONS[activation],
            ),
            Layer(
                Affine(W_above, np.zeros(n_above)), ACTIVATIONS["identity"]
            ),
        ]
        return column(
            backward(layers, forward(layers, z.T), delta_above.T)[0].b
        )

    return Reference(BACKWARD, error)


def layer_weights() -> Reference:
    return Reference(
        BACKWARD, lambda delta, a_below: _layer(delta, a_below).W
    )


def layer_biases() -> Reference:
    return Reference(
        BACKWARD, lambda delta, a_below: column(_layer(delta, a_below).b)
    )


def _layer(delta: Array, a_below: Array) -> Affine:
    n_out, n_in = len(delta), len(a_below)
    layer = Layer(
        Affine(np.zeros((n_out, n_in)), np.zeros(n_out)),
        ACTIVATIONS["identity"],
    )
    return backward([layer], forward([layer], a_below.T), delta.T)[0]


# A batch, one example a row: Delta, A, W.


def batch_weights() -> Reference:
    return Reference(BACKWARD, lambda Delta, A, W: _batch(Delta, A, W)[1].W)


def batch_biases() -> Reference:
    return Reference(
        BACKWARD, lambda Delta, A, W: column(_batch(Delta, A, W)[1].b)
    )


def batch_below() -> Reference:
    """dL/dA. A bias gradient is a sum over rows, so it is asked for one row at a time."""

    def rows(Delta: Array, A: Array, W: Array) -> Array:
        each = zip(Delta[:, np.newaxis], A[:, np.newaxis], strict=True)
        return np.array([_batch(delta, a, W)[0].b for delta, a in each])

    return Reference(BACKWARD, rows)


def three_examples() -> Reference:
    """The gradient of the weights from three errors and three activations, as columns."""

    def weights(*columns: Array) -> Array:
        Delta, A = np.hstack(columns[:3]).T, np.hstack(columns[3:]).T
        return _batch(Delta, A, np.zeros((Delta.shape[1], A.shape[1])))[1].W

    return Reference(BACKWARD, weights)


def _batch(Delta: Array, A: Array, W: Array) -> list[Affine]:
    n_out, n_in = W.shape
    layer = Layer(Affine(W, np.zeros(n_out)), ACTIVATIONS["identity"])
    layers = [changes_nothing(n_in), layer]
    return backward(layers, forward(layers, A), Delta)


# Gradient descent on a parabola: one weight, no activation, target 0, input sqrt(curvature).


def descent(function: Callable[..., Any]) -> Reference:
    """What `function` makes of the weights that gradient descent finds."""
    return Reference("chainrule.sgd", one_by_one(function))


def descended(
    w: float, curvature: float, learning_rate: float, steps: float = 1
) -> float:
    """The weight after so many steps."""
    x, t = np.array([[np.sqrt(curvature)]]), np.array([[0.0]])
    network = [
        Layer(Affine(np.array([[w]]), np.zeros(1)), ACTIVATIONS["identity"])
    ]
    for _ in range(int(steps)):
        [found] = gradients(network, x, t, LOSS, reduction="sum")
        network = sgd(
            network, [Affine(found.W, np.zeros(1))], learning_rate
        )  # no bias
    return network[0].affine.W.item()


def loss_of_bounded_curvature() -> Reference:
    """The loss after one step, of a loss made of softplus, whose own curvature is at most 1/4."""

    def after(
        L: Array, g: Array, curvature: Array, learning_rate: Array
    ) -> Array:
        d = -learning_rate * g
        return (
            L
            + g * d
            + 4
            * curvature
            * (softplus(d) - softplus(np.zeros_like(d)) - d / 2)
        )

    return Reference("chainrule.activations.softplus", after)


# Depth.


def chain_of_units() -> Reference:
    """The slope of the output of single sigmoid neurons in the input: a0, then each w and b."""

    def slope(a0: float, *parameters: float) -> float:
        layers = [changes_nothing(1)] + [
            Layer(
                Affine(np.array([[w]]), np.array([b])),
                ACTIVATIONS["sigmoid"],
            )
            for w, b in zip(parameters[::2], parameters[1::2], strict=True)
        ]
        tape = forward(layers, np.array([[a0]]))
        return backward(layers, tape, np.ones((1, 1)))[0].b.item()

    return Reference(BACKWARD, one_by_one(slope))


def jacobian_norm() -> Reference:
    """The norm of the Jacobian of a random network: norm of each weight matrix, layers."""

    def norm(norm_W: float, n: float) -> float:
        rng, width = np.random.default_rng(int(n)), 3
        layers: list[Layer] = []
        for _ in range(int(n)):
            direction = rng.normal(size=(width, width))
            W = norm_W * direction / np.linalg.norm(direction, 2)
            layers.append(
                Layer(
                    Affine(W, rng.normal(size=width)),
                    ACTIVATIONS["sigmoid"],
                )
            )

        def output(i: int) -> Callable[[Array], Array]:
            return lambda a: forward(layers, a[np.newaxis])[-1].a[0, i]

        start = rng.normal(size=width)
        jacobian = np.array(
            [complex_step(output(i), start) for i in range(width)]
        )
        return float(np.linalg.norm(jacobian, 2))

    return Reference("chainrule.network.forward", one_by_one(norm))


def amplifying_window() -> Reference:
    """By bisection, how wide the range of a is in which w times the slope at w a is above 1."""

    def width(w: float) -> float:
        inside, outside = 0.0, 60.0 / w
        for _ in range(60):
            middle = (inside + outside) / 2
            z = np.array(w * middle)
            above_one = w * sigmoid_slope(z, sigmoid(z)) >= 1
            inside, outside = (
                (middle, outside) if above_one else (inside, middle)
            )
        return 2 * inside

    return Reference(
        "chainrule.activations.sigmoid_slope", one_by_one(width)
    )
