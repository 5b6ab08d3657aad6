"""Other people's automatic differentiation, asked for the same gradients.

Each witness writes the network and its loss in its own library's words, from the textbook
formulas, and shares none of the reference's code. PyTorch testifies where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import autograd.numpy as anp
from autograd import grad

from chainrule import Affine, Layer, Loss
from chainrule.activations import Array

Witness = Callable[..., list[Affine]]
Parameters = list[tuple[Array, Array]]

AUTOGRAD_ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.maximum(z, 0),
    "leaky_relu": lambda z: anp.maximum(z, 0.01 * z),
    "softplus": lambda z: anp.log(1 + anp.exp(z)),
    "gelu_tanh": lambda z: (
        z * (1 + anp.tanh(anp.sqrt(2 / anp.pi) * (z + 0.044715 * z * z * z))) / 2
    ),
}

AUTOGRAD_LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "half_squared_error": lambda y, t: anp.sum((y - t) ** 2, axis=1) / 2,
    "squared_error": lambda y, t: anp.sum((y - t) ** 2, axis=1),
    "mean_squared_error": lambda y, t: anp.mean((y - t) ** 2, axis=1),
    "binary_cross_entropy": lambda y, t: anp.sum(
        t * anp.log(1 + anp.exp(-y)) + (1 - t) * anp.log(1 + anp.exp(y)), axis=1
    ),
    "softmax_cross_entropy": lambda y, t: (
        -anp.sum(t * anp.log(anp.exp(y) / anp.sum(anp.exp(y), axis=1, keepdims=True)), axis=1)
    ),
}


def by_autograd(
    network: Sequence[Layer], x: Array, t: Array, loss: Loss, *, reduction: str
) -> list[Affine]:
    """Maclaurin, Duvenaud and Adams's autograd: it records NumPy itself."""

    def batch_loss(parameters: Parameters) -> Any:
        a = x
        for (W, b), layer in zip(parameters, network, strict=True):
            a = AUTOGRAD_ACTIVATIONS[layer.activation.name](anp.dot(a, anp.transpose(W)) + b)
        each = AUTOGRAD_LOSSES[loss.name](a, t)
        return anp.sum(each) if reduction == "sum" else anp.mean(each)

    parameters = [(layer.affine.W, layer.affine.b) for layer in network]
    return [Affine(W, b) for W, b in grad(batch_loss)(parameters)]


def by_torch(
    network: Sequence[Layer], x: Array, t: Array, loss: Loss, *, reduction: str
) -> list[Affine]:
    """PyTorch, with its own activations and losses wherever it has them."""
    import torch
    from torch.nn import functional

    activations: dict[str, Callable[[Any], Any]] = {
        "identity": lambda z: z,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": functional.relu,
        "leaky_relu": functional.leaky_relu,
        "softplus": functional.softplus,
        "gelu_tanh": lambda z: functional.gelu(z, approximate="tanh"),
    }
    losses: dict[str, Callable[[Any, Any], Any]] = {
        "half_squared_error": lambda y, t: functional.mse_loss(y, t, reduction="sum") / 2,
        "squared_error": lambda y, t: functional.mse_loss(y, t, reduction="sum"),
        "mean_squared_error": lambda y, t: functional.mse_loss(y, t) * len(y),
        "binary_cross_entropy": lambda y, t: functional.binary_cross_entropy_with_logits(
            y, t, reduction="sum"
        ),
        "softmax_cross_entropy": lambda y, t: functional.cross_entropy(y, t, reduction="sum"),
    }
    parameters = [
        (torch.tensor(layer.affine.W, requires_grad=True),
         torch.tensor(layer.affine.b, requires_grad=True))
        for layer in network
    ]  # fmt: skip
    a = torch.tensor(x)
    for (W, b), layer in zip(parameters, network, strict=True):
        a = activations[layer.activation.name](functional.linear(a, W, b))
    batch_loss = losses[loss.name](a, torch.tensor(t))
    (batch_loss if reduction == "sum" else batch_loss / len(x)).backward()
    return [Affine(W.grad.numpy(), b.grad.numpy()) for W, b in parameters]


WITNESSES: dict[str, Witness] = {"autograd": by_autograd}
if find_spec("torch"):
    WITNESSES["torch"] = by_torch
