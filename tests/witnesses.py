"""Other people's automatic differentiation, asked for the same gradients.

Each witness writes the network and its loss in its own library's words, from the textbook
formulas, and shares none of the reference's code. PyTorch and JAX testify where installed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import autograd
import autograd.numpy
from numpy import asarray

from chainrule import Affine, Layer, Loss
from chainrule.activations import Array

Witness = Callable[..., list[Affine]]
Parameters = list[tuple[Array, Array]]


def activations(np: Any) -> dict[str, Callable[[Any], Any]]:
    """In the words of whichever NumPy is to be differentiated."""
    return {
        "identity": lambda z: z,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
        "leaky_relu": lambda z: np.maximum(z, 0.01 * z),
        "softplus": lambda z: np.log(1 + np.exp(z)),
        "gelu_tanh": lambda z: (
            z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z * z * z))) / 2
        ),
    }


def losses(np: Any) -> dict[str, Callable[[Any, Any], Any]]:
    return {
        "half_squared_error": lambda y, t: np.sum((y - t) ** 2, axis=1) / 2,
        "squared_error": lambda y, t: np.sum((y - t) ** 2, axis=1),
        "mean_squared_error": lambda y, t: np.mean((y - t) ** 2, axis=1),
        "binary_cross_entropy": lambda y, t: np.sum(
            t * np.log(1 + np.exp(-y)) + (1 - t) * np.log(1 + np.exp(y)), axis=1
        ),
        "softmax_cross_entropy": lambda y, t: (
            -np.sum(t * np.log(np.exp(y) / np.sum(np.exp(y), axis=1, keepdims=True)), axis=1)
        ),
    }


def by_differentiating(np: Any, grad: Callable[..., Any]) -> Witness:
    """A library that records or traces NumPy itself."""

    def witness(
        network: Sequence[Layer], x: Array, t: Array, loss: Loss, *, reduction: str
    ) -> list[Affine]:
        def batch_loss(parameters: Parameters) -> Any:
            a = x
            for (W, b), layer in zip(parameters, network, strict=True):
                a = activations(np)[layer.activation.name](np.dot(a, np.transpose(W)) + b)
            each = losses(np)[loss.name](a, t)
            return np.sum(each) if reduction == "sum" else np.mean(each)

        parameters = [(layer.affine.W, layer.affine.b) for layer in network]
        return [Affine(asarray(W), asarray(b)) for W, b in grad(batch_loss)(parameters)]

    return witness


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


WITNESSES: dict[str, Witness] = {"autograd": by_differentiating(autograd.numpy, autograd.grad)}
if find_spec("jax"):
    import jax

    jax.config.update("jax_enable_x64", True)
    WITNESSES["jax"] = by_differentiating(jax.numpy, jax.grad)
if find_spec("torch"):
    WITNESSES["torch"] = by_torch
