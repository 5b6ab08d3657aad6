"""Products of random matrices, and of the layers of plain and residual networks.

What backpropagation multiplies an error by, on its way through many layers, is a product of
matrices. These functions measure such products.
"""

from __future__ import annotations

import numpy as np

from chainrule.activations import Array


def gaussian_growth(sigma: float, *, factors: int = 100, size: int = 4, seeds: int = 20) -> Array:
    """log10 of the norm of a product of Gaussian matrices, one number a seed.

    The product is rescaled after every factor, so that nothing overflows.
    """
    logs = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        product, log = np.eye(size), 0.0
        for _ in range(factors):
            product = sigma * rng.standard_normal((size, size)) @ product
            norm = np.linalg.norm(product)
            product, log = product / norm, log + np.log10(norm)
        logs.append(log)
    return np.array(logs)


def least_passed_on(gain: float, *, blocks: int = 50, size: int = 64, seeds: int = 5) -> Array:
    """The smallest singular value of a product of I + gain J, one number a seed.

    J is a random matrix of variance 1 / size: a residual block whose inner layer is linear.
    The value is taken from the product of the inverses, whose largest it is upside down:
    next to the product's own largest it can be too small for double precision.
    """
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        undone = np.eye(size)
        for _ in range(blocks):
            J = rng.standard_normal((size, size)) / np.sqrt(size)
            undone = np.linalg.solve(np.eye(size) + gain * J, undone)
        found.append(1 / np.linalg.norm(undone, ord=2))
    return np.array(found)


def tanh_gradient_ratio(
    gain: float, layers: int, *, residual: bool, size: int = 64, seeds: int = 5
) -> Array:
    """|dL/dx| / |dL/dy| through tanh layers a + tanh(W a), or tanh(W a), one number a seed."""
    ratios = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        a, tape = rng.standard_normal(size), []
        for _ in range(layers):
            W = gain * rng.standard_normal((size, size)) / np.sqrt(size)
            f = np.tanh(W @ a)
            tape.append((W, f))
            a = a + f if residual else f
        dL_dy = dL_da = rng.standard_normal(size)
        for W, f in reversed(tape):
            through = W.T @ (dL_da * (1 - f**2))
            dL_da = dL_da + through if residual else through
        ratios.append(np.linalg.norm(dL_da) / np.linalg.norm(dL_dy))
    return np.array(ratios)
