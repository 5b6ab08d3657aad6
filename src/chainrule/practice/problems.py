"""A network with one example or a batch, and everything the reference can say about it.

The numbers a reader is given are rounded to two decimals before anything is computed from
them, so that the key belongs to the numbers on the page and not to longer ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from chainrule import slips
from chainrule.activations import ACTIVATIONS, Array
from chainrule.gradient_check import central_difference, numerical_gradients
from chainrule.losses import LOSSES, Loss
from chainrule.network import Affine, Layer, Record, forward
from chainrule.optimizers import sgd
from chainrule.training import gradients

CENTRAL = "central differences"


@dataclass(frozen=True, eq=False)
class Problem:
    """A network, its inputs (B, n_in) and targets (B, n_out), and how the loss is taken."""

    network: list[Layer]
    x: Array
    t: Array
    loss: Loss
    reduction: str = "sum"

    @cached_property
    def tape(self) -> list[Record]:
        return forward(self.network, self.x)

    @property
    def y(self) -> Array:
        return self.tape[-1].a

    @cached_property
    def loss_value(self) -> float:
        return self.loss.value(self.y, self.t, reduction=self.reduction).item()

    @cached_property
    def gradients(self) -> list[Affine]:
        return gradients(self.network, self.x, self.t, self.loss, reduction=self.reduction)

    @cached_property
    def numerical(self) -> list[Affine]:
        """The gradients by central differences, which know nothing of the chain rule."""
        return numerical_gradients(
            self.network, self.x, self.t, self.loss, reduction=self.reduction
        )

    @cached_property
    def deltas(self) -> list[Array]:
        """The error of every layer for a single example: the gradient of its biases."""
        return [gradient.b for gradient in self.gradients]

    def loss_from(self, layer: int, a: Array) -> float:
        """The loss when the activation that enters this layer is set to a."""
        y = forward(self.network[layer:], a)[-1].a
        return self.loss.value(y, self.t, reduction=self.reduction).item()

    def after(self, learning_rate: float) -> Problem:
        """The same problem after one step of gradient descent."""
        return replace(self, network=sgd(self.network, self.gradients, learning_rate))

    def slipped_forward(self, name: str) -> list[Record]:
        """The records of the layers when this mistake is made."""
        return slips.forward([name], self.network, self.x)

    def slipped_loss(self, name: str) -> float:
        return slips.loss_value(
            [name], self.network, self.x, self.t, self.loss, reduction=self.reduction
        )

    def slipped(self, name: str, learning_rate: float | None = None) -> list[Affine]:
        """The gradients when this mistake is made."""
        return slips.gradients(
            [name],
            self.network,
            self.x,
            self.t,
            self.loss,
            reduction=self.reduction,
            learning_rate=learning_rate,
        )

    def slipped_after(self, name: str, learning_rate: float) -> list[Layer]:
        """The network after one step with this mistake in the gradient or in the update."""
        wrong = self.slipped(name, learning_rate)
        return slips.update([name], self.network, wrong, learning_rate)


def slope(f: Callable[[float], float], at: float) -> float:
    """The slope of f at a point, by central difference."""
    return central_difference(lambda v: np.array(f(v.item())), np.array([float(at)])).item()


def lowest(f: Callable[[float], float], low: float, high: float) -> float:
    """Where f, which falls and then rises, is lowest: the interval is narrowed by thirds."""
    for _ in range(200):
        third = (high - low) / 3
        if f(low + third) < f(high - third):
            high -= third
        else:
            low += third
    return (low + high) / 2


def two_decimals(
    rng: Generator, low: float, high: float, shape: tuple[int, ...] = (), *, signed: bool = False
) -> Array:
    """Numbers of two decimals from low to high; signed, half of them are negative."""
    drawn = rng.uniform(low, high, shape)
    if signed:
        drawn = drawn * rng.choice([-1.0, 1.0], shape)
    return np.round(drawn, 2)


def one(rng: Generator, low: float, high: float, *, signed: bool = False) -> float:
    """One such number."""
    return two_decimals(rng, low, high, signed=signed).item()


def sigmoid_neuron(rng: Generator) -> Problem:
    """One sigmoid neuron with one input, its target at the end it is farther from."""
    w, b = one(rng, 0.3, 2, signed=True), one(rng, 0.1, 1, signed=True)
    x = one(rng, 0.3, 2)
    neuron = Layer(Affine(W=np.array([[w]]), b=np.array([b])), ACTIVATIONS["sigmoid"])
    t = float(forward([neuron], np.array([[x]]))[-1].a.item() < 0.5)
    return Problem([neuron], np.array([[x]]), np.array([[t]]), LOSSES["half_squared_error"])


def dense(
    rng: Generator,
    sizes: Sequence[int],
    *,
    activation: str = "sigmoid",
    batch_size: int = 1,
    signed: bool = True,
    reduction: str = "sum",
) -> Problem:
    """A network of these sizes on a batch, targets 0 or 1 drawn at random."""
    network = [
        Layer(
            Affine(
                W=two_decimals(rng, 0.1, 1.5, (n_out, n_in), signed=signed),
                b=two_decimals(rng, 0.1, 0.6, (n_out,), signed=signed),
            ),
            ACTIVATIONS[activation],
        )
        for n_in, n_out in pairwise(sizes)
    ]
    x = two_decimals(rng, 0.2, 1.5, (batch_size, sizes[0]))
    t = rng.integers(0, 2, (batch_size, sizes[-1])).astype(float)
    return Problem(network, x, t, LOSSES["half_squared_error"], reduction)
