"""Optimizers: what is done with a gradient once backpropagation has found it."""

from __future__ import annotations

from collections.abc import Sequence

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
                W=layer.affine.W - learning_rate * gradient.W,
                b=layer.affine.b - learning_rate * gradient.b,
            ),
            layer.activation,
        )
        for layer, gradient in zip(network, gradients, strict=True)
    ]
