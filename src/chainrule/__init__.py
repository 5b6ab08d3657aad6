"""Backpropagation, as the Chainrule book teaches it.

Read the modules in this order: activations, losses, network, initializers, optimizers,
training, gradient_check, scalar. Then catalogue, slips and diagnose: what goes wrong with them.
The blocks of larger networks stand by themselves, in `blocks`.
"""

from importlib import import_module
from typing import Any

from .activations import ACTIVATIONS, Activation
from .diagnose import Finding, Report, diagnose
from .gradient_check import central_difference, complex_step, numerical_gradients, relative_error
from .initializers import INITIALIZERS, dense_network
from .losses import LOSSES, REDUCTIONS, Loss, softmax
from .network import Affine, Layer, Record, backward, forward
from .optimizers import Adam, Momentum, sgd, update
from .training import gradients, minibatches, train

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "REDUCTIONS",
    "Activation",
    "Adam",
    "Affine",
    "Finding",
    "Layer",
    "Loss",
    "Momentum",
    "Record",
    "Report",
    "backward",
    "central_difference",
    "complex_step",
    "dense_network",
    "diagnose",
    "forward",
    "gradients",
    "minibatches",
    "numerical_gradients",
    "relative_error",
    "sgd",
    "softmax",
    "train",
    "update",
]


def __getattr__(name: str) -> Any:
    """`chainrule.show`, loaded when somebody asks for it: the core does not need it."""
    if name == "show":
        return import_module(".explorers.show", __name__).show
    raise AttributeError(f"module 'chainrule' has no attribute {name!r}")
