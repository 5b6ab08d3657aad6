"""The networks the figures show: those of the examples beside them."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import dataclass

import numpy as np

from chainrule import (
    ACTIVATIONS,
    LOSSES,
    Affine,
    Layer,
    Loss,
    Record,
    backward,
    forward,
)
from chainrule.activations import Array

with redirect_stdout(None):  # what the examples print belongs on their pages
    from docs.examples import by_hand


@dataclass(frozen=True)
class Pass:
    """One example on its way forward and back."""

    network: list[Layer]
    x: Array
    t: Array
    tape: list[Record]
    loss: float
    gradients: list[Affine]


def walk(network: list[Layer], x: Array, t: Array, loss: Loss) -> Pass:
    """Forward and backward with one example, a batch of one row."""
    tape = forward(network, x)
    y = tape[-1].a
    value = float(loss.value(y, t, reduction="sum"))
    gradients = backward(network, tape, loss.gradient(y, t, reduction="sum"))
    return Pass(network, x, t, tape, value, gradients)


def demo() -> Pass:
    """The 2-2-1 network of the book."""
    n, sigmoid = by_hand, ACTIVATIONS["sigmoid"]
    hidden = Affine(W=np.array([[n.w11, n.w12], [n.w21, n.w22]]), b=np.array([n.b1, n.b2]))
    output = Affine(W=np.array([[n.w31, n.w32]]), b=np.array([n.b3]))
    return walk(
        [Layer(hidden, sigmoid), Layer(output, sigmoid)],
        np.array([[n.x1, n.x2]]),
        np.array([[n.t]]),
        LOSSES["half_squared_error"],
    )


def two_three_two() -> Pass:
    """The 2-3-2 network, on which a wrong transpose cannot hide."""
    sigmoid = ACTIVATIONS["sigmoid"]
    hidden = Affine(
        W=np.array([[0.2, -0.4], [0.5, 0.1], [-0.3, 0.6]]), b=np.array([0.1, -0.2, 0.3])
    )
    output = Affine(W=np.array([[0.7, -0.5, 0.2], [-0.6, 0.4, 0.8]]), b=np.array([0.05, -0.1]))
    return walk(
        [Layer(hidden, sigmoid), Layer(output, sigmoid)],
        np.array([[0.5, 0.8]]),
        np.array([[1.0, 0.0]]),
        LOSSES["half_squared_error"],
    )


def rival(target: float) -> Pass:
    """The 2-2-1 network of a page on the web, whose loss is a plain square without a half."""
    sigmoid = ACTIVATIONS["sigmoid"]
    hidden = Affine(
        W=np.array(
            [
                [-0.7043063085678544, 1.0375733570462549],
                [-0.25599680372820793, 0.08681539438901478],
            ]
        ),
        b=np.array([0.01, 0.01]),
    )
    output = Affine(W=np.array([[-1.2451748644854759, -0.9366147282565256]]), b=np.array([0.01]))
    return walk(
        [Layer(hidden, sigmoid), Layer(output, sigmoid)],
        np.array([[0.5, 0.8]]),
        np.array([[target]]),
        LOSSES["mean_squared_error"],
    )
