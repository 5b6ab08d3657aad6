"""The training step of `network` and `optimizers`, for speed: the same numbers, other habits.

- Nothing is made in a step. Every array is there before, and operations write into it.
- A bias is a weight whose input is always 1. It stands in a last column of W, so the products
  do for it what they do for the weights. For that, examples are columns here, and below the
  activations of a layer lies a row of ones.
- All W stand in one vector, the steps they take in another, so the update of the whole network
  is one subtraction.
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

Calls = Iterator[partial[object]]

LARGE = 10_000  # weights, from which on SciPy's product saves more than its call costs
SQUARES = {"half_squared_error": 1.0, "squared_error": 2.0}  # their slopes over y - t


@dataclass(eq=False, slots=True)
class Prepared:
    """A layer, and the arrays that a step reads and writes.

    W (n_out, n_in + 1)       weights, the last column is b
    step (n_out, n_in + 1)    learning rate times gradient; None if SciPy's product moves W
    a_in (n_in + 1, B)        the last row is 1
    z (n_out, B)
    a, slope (n_out + 1, B)   the last row of a is 1
    delta (n_out + 1, B)      learning rate times error; nobody reads the last row
    """

    activation: Activation
    W: Array
    step: Array | None
    a_in: Array
    z: Array
    a: Array
    slope: Array
    delta: Array


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
        Ws = [np.column_stack([layer.affine.W, layer.affine.b]) for layer in network]
        dtype, n_outs = Ws[0].dtype, [len(W) for W in Ws]
        gemm = scipy_product(dtype) if scipy and max(W.size for W in Ws) >= LARGE else None
        alone = [gemm is not None and W.size >= LARGE for W in Ws]

        together = [W[:0] if apart else W for W, apart in zip(Ws, alone, strict=True)]
        parameters, views = in_one_vector(together)
        steps, step_views = in_one_vector([np.zeros_like(part) for part in together])
        outputs = [np.ones((n_out + 1, batch_size), dtype) for n_out in n_outs]
        _, activations = in_one_vector(outputs)
        _, slopes = in_one_vector(outputs)

        x = np.ones((batch_size, Ws[0].shape[1]), dtype)
        t = np.zeros((n_outs[-1], batch_size), dtype)
        self.x, self.t = x[:, :-1], t.T
        self.layers = [
            Prepared(
                activation=layer.activation,
                W=Ws[k] if alone[k] else views[k],
                step=None if alone[k] else step_views[k],
                a_in=activations[k - 1] if k > 0 else x.T,
                z=np.zeros((n_outs[k], batch_size), dtype),
                a=activations[k],
                slope=slopes[k],
                delta=np.zeros_like(outputs[k]),
            )
            for k, layer in enumerate(network)
        ]

        rate = np.asarray(REDUCTIONS[reduction](np.array(learning_rate), batch_size), dtype)
        self.plan = [
            *forward(self.layers),
            *error(loss, self.layers[-1], t, rate),
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
            Layer(Affine(layer.W[:, :-1].copy(), layer.W[:, -1].copy()), layer.activation)
            for layer in self.layers
        ]


def in_one_vector(parts: Sequence[Array]) -> tuple[Array, list[Array]]:
    """A vector with a copy of all parts, one after the other, and the parts as views of it."""
    vector = np.concatenate([part.ravel() for part in parts])
    pieces = np.split(vector, np.cumsum([part.size for part in parts])[:-1])
    return vector, [piece.reshape(part.shape) for piece, part in zip(pieces, parts, strict=True)]


def forward(layers: Sequence[Prepared]) -> Calls:
    for layer in layers:
        yield partial(layer.W.dot, layer.a_in, layer.z)
        yield from activate(layer)


def activate(layer: Prepared) -> Calls:
    """What turns z into a; those that are not among the usual ones, as they are taught."""
    z, a = layer.z, layer.a[:-1]
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
            yield partial(write, a, layer.activation.f, z)


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
                z, a, slope = layer.z, layer.a[:-1], layer.slope[:-1]
                yield partial(write, slope, activation.df, z, a)


def spanning(views: Sequence[Array]) -> Array:
    """The part of their common vector that these neighbours take up."""
    vector: Any = views[0].base
    start = (views[0].ctypes.data - vector.ctypes.data) // vector.itemsize
    return vector[start : start + sum(view.size for view in views)]


def error(loss: Loss, layer: Prepared, t: Array, rate: Array) -> Calls:
    """The slope of the loss in the output times the learning rate, left where delta will be."""
    y, delta = layer.a[:-1], layer.delta[:-1]
    match loss.name:
        case "half_squared_error" | "squared_error":
            yield partial(np.subtract, y, t, delta)
            rate = np.asarray(rate * SQUARES[loss.name])
        case "softmax_cross_entropy":
            ones, row = np.ones((1, len(y)), y.dtype), np.zeros((1, y.shape[1]), y.dtype)
            targets = np.zeros_like(row)
            yield partial(np.maximum.reduce, y, axis=0, keepdims=True, out=row)
            yield partial(np.subtract, y, row, delta)
            yield partial(np.exp, delta, delta)
            yield partial(ones.dot, delta, row)
            yield partial(ones.dot, t, targets)
            yield partial(np.divide, targets, row, row)
            yield partial(np.multiply, delta, row, delta)
            yield partial(np.subtract, delta, t, delta)
        case _:
            yield partial(write, delta.T, loss.df, y.T, t.T)
    yield partial(np.multiply, delta, rate, delta)


def backward(layers: Sequence[Prepared], gemm: Any) -> Calls:
    for k, layer in reversed(list(enumerate(layers))):
        delta, a_in = layer.delta[:-1], layer.a_in
        if layer.activation.name != "identity":
            yield partial(np.multiply, delta, layer.slope[:-1], delta)
        if k > 0:  # before W is moved
            yield partial(layer.W.T.dot, delta, layers[k - 1].delta)
        if layer.step is not None:
            yield partial(delta.dot, a_in.T, layer.step)
        else:  # W -= delta @ a_in.T; BLAS counts by columns and sees the transpose of it
            by_columns = a_in.flags.f_contiguous  # and would copy what is not
            moved = {"beta": 1.0, "c": layer.W.T, "trans_a": not by_columns, "overwrite_c": True}
            yield partial(gemm, -1.0, a_in if by_columns else a_in.T, delta.T, **moved)


def write(out: Array, f: Callable[..., Array], *arguments: Array) -> None:
    """What is not among the usual, computed as it is taught."""
    np.copyto(out, f(*arguments))


def scipy_product(dtype: np.dtype[Any]) -> Any:
    """BLAS's gemm for these numbers, or None where SciPy is not installed."""
    try:
        blas = import_module("scipy.linalg.blas")
    except ImportError:
        return None
    return {"f": blas.sgemm, "d": blas.dgemm}.get(dtype.char)
