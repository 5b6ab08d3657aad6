"""The networks the figures show: those of the examples beside them."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import dataclass

import numpy as np

from chainrule import Affine, Layer, Loss, Record, backward, forward
from chainrule.activations import Array

with redirect_stdout(None):  # what the examples print belongs on their pages
    from docs.examples import demo as worked
    from docs.examples import two_three_two as wider


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
    return walk(worked.network, np.atleast_2d(worked.x), np.atleast_2d(worked.t), worked.error)


def two_three_two() -> Pass:
    """The 2-3-2 network, on which a wrong transpose cannot hide, with its first example."""
    return walk(wider.network, wider.x[:1], wider.t[:1], wider.error)
