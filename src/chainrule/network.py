"""A dense network of any depth: forward, and backward.

    x, a_in (B, n_in)      one example a row
    W (n_out, n_in)        weights, b (n_out,) biases
    z (B, n_out)           pre-activation, a (B, n_out) activation
    delta (B, n_out)       dL/dz, the error of a layer
    dL_da (B, n_out)       what comes down from above

One example reads z = W a + b; a batch of rows is Z = A W^T + b, the same formula
laid on its side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .activations import Activation, Array


@dataclass(eq=False, slots=True)
class Affine:
    """The parameters of one layer, or the gradient with respect to them."""

    W: Array
    b: Array


@dataclass(eq=False, slots=True)
class Layer:
    """An affine map, then an elementwise activation."""

    affine: Affine
    activation: Activation


@dataclass(eq=False, slots=True)
class Record:
    """What a layer saw and did: all that its backward step needs."""

    a_in: Array
    z: Array
    a: Array


def forward(network: Sequence[Layer], x: Array) -> list[Record]:
    """One record a layer, first layer first; the output y is the last a."""
    tape: list[Record] = []
    a = x
    for layer in network:
        a_in = a
        z = a_in.dot(layer.affine.W.T) + layer.affine.b
        a = layer.activation.f(z)
        tape.append(Record(a_in, z, a))
    return tape


def backward(
    network: Sequence[Layer],
    tape: Sequence[Record],
    dL_da: Array,
) -> list[Affine]:
    """The gradient for every layer, first layer first, from dL/dy at the end."""
    gradients: list[Affine] = []
    for layer, record in zip(reversed(network), reversed(tape), strict=True):
        delta = dL_da * layer.activation.df(record.z, record.a)
        gradients.append(Affine(delta.T.dot(record.a_in), delta.sum(axis=0)))
        if record is not tape[0]:  # nothing asks for the gradient of the data
            dL_da = delta.dot(layer.affine.W)
    return gradients[::-1]
