"""Networks on which a wrong gradient shows.

What hides a mistake is left out: square layers and widths of one (a wrong transpose fits),
a batch of one (a forgotten sum is a sum of one), zero weights (nothing reaches the layers
below), and pre-activations at a kink (two slopes are right there).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chainrule import Activation, Affine, Layer, Loss, forward, softmax
from chainrule.activations import Array

KINKED = {"relu", "leaky_relu"}
KINK_DISTANCE = 1e-3


@dataclass(frozen=True)
class Case:
    """A network, a batch for it, and targets that suit the loss."""

    network: list[Layer]
    x: Array
    t: Array
    loss: Loss


def targets(loss: Loss, shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Numbers for a squared error, probabilities for a cross-entropy."""
    t = rng.standard_normal(shape)
    if loss.name == "softmax_cross_entropy":
        return softmax(t)
    if loss.name == "binary_cross_entropy":
        return rng.random(shape)
    return t


def network_of(
    widths: Sequence[int], activations: Sequence[Activation], rng: np.random.Generator
) -> list[Layer]:
    """Weights of variance 1 / n_in, so that no depth saturates, and biases that are not zero."""
    return [
        Layer(
            Affine(
                W=rng.standard_normal((n_out, n_in)) / np.sqrt(n_in),
                b=0.5 * rng.standard_normal(n_out),
            ),
            activation,
        )
        for n_in, n_out, activation in zip(widths, widths[1:], activations, strict=False)
    ]


def near_a_kink(network: Sequence[Layer], x: Array) -> bool:
    return any(
        layer.activation.name in KINKED and np.abs(record.z).min() < KINK_DISTANCE
        for layer, record in zip(network, forward(network, x), strict=True)
    )


def random_case(
    hidden: Activation, output: Activation, loss: Loss, depth: int, seed: int, batch_size: int = 3
) -> Case:
    """A network of `depth` layers, no two neighbours equally wide, away from every kink."""
    rng = np.random.default_rng(seed)
    activations = [*[hidden] * (depth - 1), output]
    while True:
        widths = rng.permutation(np.arange(2, 9))[: depth + 1].tolist()
        network = network_of(widths, activations, rng)
        x = rng.standard_normal((batch_size, widths[0]))
        if not near_a_kink(network, x):
            return Case(network, x, targets(loss, (batch_size, widths[-1]), rng), loss)
