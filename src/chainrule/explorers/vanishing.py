"""How the gradient fares on its way down a deep network: the reference of one explorer.

    settings = Settings(depth=20, activation="sigmoid", gain=4.0)
    measure(settings)    the size of the error and of the gradient in every layer

Every layer has as many neurons as the next. Weights have variance gain² / n_in, biases are zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..activations import ACTIVATIONS, Array
from ..network import Affine, Layer, Record, backward, forward
from .generator import generator, uniform


@dataclass(frozen=True)
class Settings:
    """What the reader can set; `residual` adds the input of each layer to its output."""

    depth: int = 20
    width: int = 24
    activation: str = "sigmoid"
    gain: float = 1.0
    residual: bool = False
    seed: int = 1


def start(settings: Settings) -> tuple[list[Layer], Array, Array]:
    """The network, an input (1, n) and a gradient (1, n) to send back, all drawn from the seed."""
    draw = generator(settings.seed)
    n, reach = settings.width, np.sqrt(3)  # uniform up to √3 has variance 1
    x, dL_dy = uniform((1, n), reach, draw), uniform((1, n), reach, draw)
    network = [
        Layer(
            Affine(W=uniform((n, n), settings.gain * reach / np.sqrt(n), draw), b=np.zeros(n)),
            ACTIVATIONS[settings.activation],
        )
        for _ in range(settings.depth)
    ]
    return network, x, dL_dy


def measure(settings: Settings) -> dict[str, list[float]]:
    """One pass up and back down: the length of `delta` and of `dW` in each layer, in order."""
    network, x, dL_dy = start(settings)
    if settings.residual:
        gradients = residual_backward(network, residual_forward(network, x), dL_dy)
    else:
        gradients = backward(network, forward(network, x), dL_dy)
    return {  # with one example the gradient of the biases is delta itself
        "delta": [float(np.linalg.norm(gradient.b)) for gradient in gradients],
        "dW": [float(np.linalg.norm(gradient.W)) for gradient in gradients],
    }


def residual_forward(network: Sequence[Layer], x: Array) -> list[Record]:
    """As `forward`, but a layer adds what it computes to what it was given: a + f(W a + b)."""
    tape: list[Record] = []
    a = x
    for layer in network:
        (record,) = forward([layer], a)
        tape.append(record)
        a = a + record.a
    return tape


def residual_backward(
    network: Sequence[Layer], tape: Sequence[Record], dL_da: Array
) -> list[Affine]:
    """As `backward`, but the gradient also goes down past each layer, unchanged."""
    gradients: list[Affine] = []
    for layer, record in zip(reversed(network), reversed(tape), strict=True):
        delta = dL_da * layer.activation.df(record.z, record.a)
        gradients.append(Affine(delta.T.dot(record.a_in), delta.sum(axis=0)))
        dL_da = dL_da + delta.dot(layer.affine.W)
    return gradients[::-1]


def reference(settings: dict[str, Any]) -> dict[str, list[float]]:
    """What `measure` finds for the settings of the module."""
    return measure(Settings(**settings))
