"""The error of each layer of a deep network, measured with the weights counted in.

All networks here start from the same random matrices, scaled by a gain: W = gain · N(0, 1/n_in).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from chainrule import ACTIVATIONS, Affine, Layer, backward, forward
from chainrule.activations import Array
from docs.experiments._memo import memo

DEPTH, WIDTH, SEEDS = 30, 128, 5


@cache
def start(seed: int) -> tuple[list[Array], Array, Array]:
    """Random matrices of variance 1 / n_in, an input, and a gradient to send back."""
    rng = np.random.default_rng(seed)
    matrices = list(rng.standard_normal((DEPTH, WIDTH, WIDTH)) / np.sqrt(WIDTH))
    return matrices, rng.standard_normal((1, WIDTH)), rng.standard_normal((1, WIDTH))


def error_sizes(activation: str, gain: float) -> Array:
    """The norm of delta in every layer, shape (SEEDS, DEPTH), first layer first."""
    sizes = []
    for seed in range(SEEDS):
        matrices, x, dL_dy = start(seed)
        network = [
            Layer(Affine(W=gain * W, b=np.zeros(WIDTH)), ACTIVATIONS[activation]) for W in matrices
        ]
        gradients = backward(network, forward(network, x), dL_dy)
        sizes.append([np.linalg.norm(gradient.b) for gradient in gradients])  # db is delta here
    return np.array(sizes)


def typical(sizes: Array) -> Array:
    """The geometric mean over the seeds, which are the rows."""
    return np.exp(np.log(sizes).mean(axis=0))


def layer_factors(sizes: Array) -> Array:
    """What one layer multiplies the error by, on average over the layers, for each seed."""
    return (sizes[:, 0] / sizes[:, -1]) ** (1 / (DEPTH - 1))


@memo
def sweep(activation: str, gains: list[float]) -> list[Array]:
    """The error sizes at several gains: (SEEDS, DEPTH) each."""
    return [error_sizes(activation, gain) for gain in gains]
