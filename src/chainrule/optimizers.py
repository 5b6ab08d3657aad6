"""Optimizers: what is done with a gradient once backpropagation has found it.

A rule moves one array of parameters w against its gradient g, and may keep a state
from step to step. `sgd` is the plainest rule, written out for a whole network;
`update` lets any rule move a whole network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from .activations import Array
from .network import Affine, Layer


def sgd(
    network: Sequence[Layer],
    gradients: Sequence[Affine],
    learning_rate: float,
) -> list[Layer]:
    """The network after one step against its gradient; the old one is unchanged."""
    return [
        Layer(
            Affine(
                layer.affine.W - learning_rate * gradient.W,
                layer.affine.b - learning_rate * gradient.b,
            ),
            layer.activation,
        )
        for layer, gradient in zip(network, gradients, strict=True)
    ]


class Rule(Protocol):
    """How one array of parameters is moved; the state is whatever the rule remembers."""

    def start(self, w: Array) -> Any:
        """The state before the first step."""
        ...

    def step(self, w: Array, g: Array, state: Any, /) -> tuple[Array, Any]:
        """The parameters and the state after a step with gradient g."""
        ...


@dataclass
class Momentum:
    """A heavy ball: the step is a decaying sum of all gradients so far (Polyak 1964)."""

    learning_rate: float
    beta: float = 0.9

    def start(self, w: Array) -> Array:
        return np.zeros_like(w)

    def step(self, w: Array, g: Array, v: Array) -> tuple[Array, Array]:
        v = self.beta * v + g
        return w - self.learning_rate * v, v


@dataclass
class Adam:
    """A step of about the learning rate for every weight (Kingma and Ba 2015, arXiv:1412.6980).

    m and s are decaying means of g and of its square. Both start at zero and are too
    small at first: dividing by 1 - beta^t undoes that exactly for a constant gradient.
    """

    learning_rate: float
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def start(self, w: Array) -> tuple[Array, Array, int]:
        return np.zeros_like(w), np.zeros_like(w), 0

    def step(
        self, w: Array, g: Array, state: tuple[Array, Array, int]
    ) -> tuple[Array, tuple[Array, Array, int]]:
        m, s, t = state
        t += 1
        m = self.beta1 * m + (1 - self.beta1) * g
        s = self.beta2 * s + (1 - self.beta2) * g**2
        m_hat = m / (1 - self.beta1**t)
        s_hat = s / (1 - self.beta2**t)
        return w - self.learning_rate * m_hat / (np.sqrt(s_hat) + self.epsilon), (m, s, t)


def update(
    rule: Rule,
    network: Sequence[Layer],
    gradients: Sequence[Affine],
    states: Sequence[tuple[Any, Any]] | None = None,
) -> tuple[list[Layer], list[tuple[Any, Any]]]:
    """The network and the states of its parameters after one step; no states, no step yet."""
    if states is None:
        states = [(rule.start(layer.affine.W), rule.start(layer.affine.b)) for layer in network]
    moved: list[Layer] = []
    remembered: list[tuple[Any, Any]] = []
    for layer, gradient, (state_W, state_b) in zip(network, gradients, states, strict=True):
        W, state_W = rule.step(layer.affine.W, gradient.W, state_W)
        b, state_b = rule.step(layer.affine.b, gradient.b, state_b)
        moved.append(Layer(Affine(W, b), layer.activation))
        remembered.append((state_W, state_b))
    return moved, remembered
