"""The training step of `network` and `optimizers`, for speed: the same numbers, other habits.

- Nothing is made in a step. Every array is there before, and operations write into it.
- The parameters stand in one vector, the steps they take in another. Matrices and biases are
  views of them, so the update of the whole network is one subtraction.
- The learning rate is multiplied into the error of the output. From there it reaches all.
- What remains is a list of calls, the same at every step: prepared once, arguments and all.

Where SciPy is installed, a large matrix is moved by the very product that would be its
gradient. The page "From readable to fast" leads from the taught code to this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import groupby
from typing import Any

import numpy as np

from .activations import Activation, Array
from .losses import REDUCTIONS, Loss
from .network import Affine, Layer

Calls = Iterator[Callable[[], object]]

LARGE = 10_000  # weights, from which on SciPy's product saves more than its call costs
SQUARES = {"half_squared_error": 1.0, "squared_error": 2.0}  # their slopes over y - t


@dataclass(eq=False, slots=True)
class Prepared:
    """A layer, and the arrays that a step writes."""

    activation: Activation
    W: Array
    b: Array
    step_W: Array | None  # learning rate times gradient; None if SciPy's product moves W
    step_b: Array
    a_in: Array
    z: Array
    a: Array
    slope: Array
    delta: Array  # learning rate times error


class Tuned:
    """A network in training. Put a batch into `x` and `t`, then call `step`.

    x (B, n_in)     the examples, one a row
    t (B, n_out)    their targets
    """

    def __init__(
        self,
        network: Sequence[Layer],
        batch_size: int,
        loss: Loss,
        *,
        reduction: str,
        learning_rate: float,
        scipy: bool = True,
    ):
        """The parameters are copied, and everything has their dtype.

        Without SciPy, or with `scipy=False`, NumPy does it all.
        """
        Ws = [layer.affine.W for layer in network]
        bs = [layer.affine.b for layer in network]
        gemm = scipy_product(Ws[0].dtype) if scipy and max(W.size for W in Ws) >= LARGE else None
        alone = [gemm is not None and W.size >= LARGE for W in Ws]

        parts = [W for W, apart in zip(Ws, alone, strict=True) if not apart] + bs
        parameters, views = in_one_vector(parts)
        steps, step_views = in_one_vector([np.zeros_like(part) for part in parts])
        zs = [np.zeros((batch_size, len(b)), b.dtype) for b in bs]
        _, activations = in_one_vector(zs)
        _, slopes = in_one_vector(zs)

        self.x = np.zeros((batch_size, Ws[0].shape[1]), Ws[0].dtype)
        self.t = np.zeros_like(zs[-1])
        self.layers: list[Prepared] = []
        a_in = self.x
        weights, weight_steps = iter(views), iter(step_views)
        biases, bias_steps = views[-len(bs) :], step_views[-len(bs) :]
        for k, layer in enumerate(network):
            step_b = bias_steps[k]
            self.layers.append(
                Prepared(
                    activation=layer.activation,
                    W=Ws[k].copy() if alone[k] else next(weights),
                    b=biases[k],
                    step_W=None if alone[k] else next(weight_steps),
                    step_b=step_b,
                    a_in=a_in,
                    z=zs[k],
                    a=activations[k],
                    slope=slopes[k],
                    # Over one example there is nothing to sum: the gradient of b is the error.
                    delta=step_b[np.newaxis] if batch_size == 1 else np.zeros_like(zs[k]),
                )
            )
            a_in = activations[k]

        rate = REDUCTIONS[reduction](np.array(learning_rate), batch_size).astype(Ws[0].dtype)
        self.plan = [
            *forward(self.layers),
            *error(loss, self.layers[-1], self.t, rate),
            *slopes_of_runs(self.layers),
            *backward(self.layers, gemm),
            partial(np.subtract, parameters, steps, parameters),
        ]

    def step(self) -> None:
        """Forward, loss, backward and update."""
        for call in self.plan:
            call()

    @property
    def network(self) -> list[Layer]:
        """The network as it is now, in arrays of its own."""
        return [
            Layer(Affine(layer.W.copy(), layer.b.copy()), layer.activation) for layer in self.layers
        ]


def in_one_vector(parts: Sequence[Array]) -> tuple[Array, list[Array]]:
    """A vector with a copy of all parts, one after the other, and the parts as views of it."""
    vector = np.concatenate([part.ravel() for part in parts])
    pieces = np.split(vector, np.cumsum([part.size for part in parts])[:-1])
    return vector, [piece.reshape(part.shape) for piece, part in zip(pieces, parts, strict=True)]


def forward(layers: Sequence[Prepared]) -> Calls:
    for layer in layers:
        yield partial(layer.a_in.dot, layer.W.T, layer.z)
        yield partial(np.add, layer.z, layer.b[np.newaxis], layer.z)
        yield from activate(layer)


def activate(layer: Prepared) -> Calls:
    """What turns z into a; those that are not among the usual ones, as they are taught."""
    z, a = layer.z, layer.a
    half, zeros = np.array(0.5, z.dtype), np.zeros_like(z)
    match layer.activation.name:
        case "sigmoid":
            yield partial(np.multiply, z, half, a)
            yield partial(np.tanh, a, a)
            yield partial(np.multiply, a, half, a)
            yield partial(np.add, a, half, a)
        case "tanh":
            yield partial(np.tanh, z, a)
        case "relu":
            yield partial(np.maximum, z, zeros, out=a)
        case _:
            yield lambda: np.copyto(a, layer.activation.f(z))


def slopes_of_runs(layers: Sequence[Prepared]) -> Calls:
    """The slopes of neighbours with one activation lie side by side: found in one go."""
    for activation, run in groupby(layers, lambda layer: layer.activation):
        yield from slopes_of(activation, list(run))


def slopes_of(activation: Activation, run: Sequence[Prepared]) -> Calls:
    a, slope = (spanning([getattr(layer, name) for layer in run]) for name in ("a", "slope"))
    one, zeros = np.array(1, a.dtype), np.zeros_like(a)
    match activation.name:
        case "sigmoid":
            yield partial(np.subtract, one, a, slope)
            yield partial(np.multiply, slope, a, slope)
        case "tanh":
            yield partial(np.multiply, a, a, slope)
            yield partial(np.subtract, one, slope, slope)
        case "relu":
            yield partial(np.greater, a, zeros, slope)
        case "identity":
            pass  # a slope of 1 is not multiplied with
        case _:
            for layer in run:
                yield lambda layer=layer: np.copyto(layer.slope, activation.df(layer.z, layer.a))


def spanning(views: Sequence[Array]) -> Array:
    """The part of their common vector that these neighbours take up."""
    vector: Any = views[0].base
    start = (views[0].ctypes.data - vector.ctypes.data) // vector.itemsize
    return vector[start : start + sum(view.size for view in views)]


def error(loss: Loss, layer: Prepared, t: Array, rate: Array) -> Calls:
    """The slope of the loss in the output times the learning rate, left where delta will be."""
    y, delta = layer.a, layer.delta
    match loss.name:
        case "half_squared_error" | "squared_error":
            yield partial(np.subtract, y, t, delta)
            rate = rate * np.array(SQUARES[loss.name], y.dtype)
        case "softmax_cross_entropy":
            column, ones = np.zeros((len(y), 1), y.dtype), np.ones((y.shape[1], 1), y.dtype)
            targets = np.zeros_like(column)
            yield partial(np.maximum.reduce, y, axis=1, keepdims=True, out=column)
            yield partial(np.subtract, y, column, delta)
            yield partial(np.exp, delta, delta)
            yield partial(delta.dot, ones, column)
            yield partial(t.dot, ones, targets)
            yield partial(np.divide, targets, column, column)
            yield partial(np.multiply, delta, column, delta)
            yield partial(np.subtract, delta, t, delta)
        case _:
            yield lambda: np.copyto(delta, loss.df(y, t))
    yield partial(np.multiply, delta, rate, delta)


def backward(layers: Sequence[Prepared], gemm: Any) -> Calls:
    ones = np.ones(len(layers[0].z), layers[0].z.dtype)
    for k, layer in reversed(list(enumerate(layers))):
        delta, a_in = layer.delta, layer.a_in
        if layer.activation.name != "identity":
            yield partial(np.multiply, delta, layer.slope, delta)
        if k > 0:  # before W is moved
            yield partial(delta.dot, layer.W, layers[k - 1].delta)
        if layer.step_W is not None:
            yield partial(delta.T.dot, a_in, layer.step_W)
        else:  # W -= delta.T @ a_in; BLAS counts by columns and sees the transpose of it
            moved = {"beta": 1.0, "c": layer.W.T, "trans_b": True, "overwrite_c": True}
            yield partial(gemm, -1.0, a_in.T, delta.T, **moved)
        if len(ones) > 1:
            yield partial(ones.dot, delta, layer.step_b)


def scipy_product(dtype: np.dtype[Any]) -> Any:
    """BLAS's gemm for these numbers, or None where SciPy is not installed."""
    try:
        blas = import_module("scipy.linalg.blas")
    except ImportError:
        return None
    return {"f": blas.sgemm, "d": blas.dgemm}.get(dtype.char)
