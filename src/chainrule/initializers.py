"""Initializers: the first weights of a layer.

Each takes the shape (n_out, n_in) and a NumPy random generator, and returns W.
Biases start at zero, whatever the initializer.

Numbers are drawn with `standard_normal`, in this order: the first layer's, then the second's;
within a layer row by row, all weights into one neuron before those into the next. Only
`orthogonal` draws the rows of the transpose instead where W has fewer rows than columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .activations import Activation, Array
from .network import Affine, Layer

type Initializer = Callable[[tuple[int, int], np.random.Generator], Array]


def zeros(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """All weights 0. Nothing is drawn."""
    return np.zeros(shape)


def constant(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """All weights 0.5. Nothing is drawn."""
    return np.full(shape, 0.5)


def normal(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Standard normal, variance 1."""
    return rng.standard_normal(shape)


def xavier(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Normal, variance 2 / (n_in + n_out) (Glorot and Bengio 2010, equation 12)."""
    n_out, n_in = shape
    return rng.standard_normal(shape) * np.sqrt(2 / (n_in + n_out))


def he(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Normal, variance 2 / n_in (He, Zhang, Ren and Sun 2015, equation 10)."""
    n_in = shape[1]
    return rng.standard_normal(shape) * np.sqrt(2 / n_in)


def orthogonal(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Orthonormal rows or columns, whichever are fewer, from the Q of a normal matrix.

    (Saxe, McClelland and Ganguli 2014, section 3)
    """
    n_out, n_in = shape
    tall = rng.standard_normal((max(shape), min(shape)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diag(r))  # else the signs are those the factorisation prefers
    return q if n_out >= n_in else q.T


INITIALIZERS: dict[str, Initializer] = {
    initializer.__name__: initializer
    for initializer in (zeros, constant, normal, xavier, he, orthogonal)
}


def dense_network(
    layer_sizes: Sequence[int],
    activations: Sequence[Activation],
    initializer: Initializer,
    rng: np.random.Generator,
) -> list[Layer]:
    """A network of these sizes: weights drawn layer by layer, first layer first, biases zero."""
    shapes = zip(layer_sizes[1:], layer_sizes[:-1], strict=True)
    return [
        Layer(Affine(W=initializer(shape, rng), b=np.zeros(shape[0])), activation)
        for shape, activation in zip(shapes, activations, strict=True)
    ]
