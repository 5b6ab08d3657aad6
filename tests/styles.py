"""Correct backward passes in many styles, none of which uses the reference.

People loop over examples, over units, or use matrices; keep examples in rows or columns and
weights in either layout; take slopes from z or from a; divide by the batch size early, late
or in between; fill their lists forwards or backwards. A style chooses one way for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

import numpy as np

Batch = Literal["matrix", "examples", "units"]
Slope = Literal["of z", "of a"]
Reduce = Literal["in the loss", "in the gradients", "in the errors"]
Fill = Literal["insert", "assign to a tuple", "assign"]
Biases = Literal["flat", "kept", "dot ones"]
Squash = Literal["exp", "tanh form", "where"]


@dataclass(frozen=True)
class Style:
    """One way of writing a backward pass, for one setting."""

    activation: str
    loss: str
    reduction: str
    layout: str
    weight_layout: str
    batch: Batch
    slope: Slope
    reduce: Reduce
    fill: Fill
    biases: Biases
    squash: Squash
    upright_biases: bool
    two_layers_only: bool
    single_precision: bool

    @property
    def options(self) -> dict[str, Any]:
        """What `diagnose` must be told about this style."""
        names = ("activation", "loss", "reduction", "layout", "weight_layout")
        return {name: getattr(self, name) for name in names}

    def gradients(self, weights: Any, biases: Any, x: Any, target: Any) -> Any:
        """The gradients, in the layouts that the options promise."""
        if self.two_layers_only:
            _, _ = weights
        if self.weight_layout == "in_out":
            weights = [W.T for W in weights]
        if self.layout == "columns":
            x, target = x.T, target.T
            assert all((b.ndim == 2) == self.upright_biases or b.ndim == 2 for b in biases)
        biases = [np.reshape(b, -1) for b in biases]
        if self.single_precision:
            weights = [W.astype(np.float32) for W in weights]
            biases = [b.astype(np.float32) for b in biases]
            x, target = x.astype(np.float32), target.astype(np.float32)
        if self.batch == "matrix":
            dWs, dbs = self._matrix(weights, biases, x, target)
        else:
            dWs, dbs = self._summed(weights, biases, x, target)
        if self.weight_layout == "in_out":
            dWs = [dW.T for dW in dWs]
        if self.layout == "columns" and self.upright_biases:
            dbs = [db.reshape(-1, 1) for db in dbs]
        return dWs, dbs

    # One example or one matrix at a time

    def _matrix(self, weights: Any, biases: Any, x: Any, target: Any) -> Any:
        zs, activations = [], [x]
        for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
            zs.append(np.dot(activations[-1], W.T) + b)
            activations.append(self._activate(zs[-1], k == len(weights) - 1))
        scale = 1 / len(x) if self.reduction == "mean" else 1.0
        error = self._slope_of_loss(activations[-1], target)
        if self.reduce == "in the loss":
            error = error * scale
        dWs, dbs = [None] * len(weights), [None] * len(weights)
        inserted: list[Any] = []
        delta = error * self._slope(zs[-1], activations[-1], True)
        for k in range(len(weights) - 1, -1, -1):
            shown = delta * scale if self.reduce == "in the errors" else delta
            dW = shown.T @ activations[k]
            db = self._bias_gradient(shown)
            if self.reduce == "in the gradients":
                dW, db = dW * scale, db * scale
            dWs[k], dbs[k] = dW, db
            inserted.insert(0, (dW, db))
            if k > 0:
                delta = np.matmul(delta, weights[k]) * self._slope(zs[k - 1], activations[k], False)
        if self.fill == "insert":
            return [dW for dW, _ in inserted], [db for _, db in inserted]
        if self.fill == "assign to a tuple":
            return tuple(dWs), tuple(dbs)
        return dWs, dbs

    def _summed(self, weights: Any, biases: Any, x: Any, target: Any) -> Any:
        one = self._one_example if self.batch == "examples" else self._one_example_by_units
        dWs = [np.zeros_like(W) for W in weights]
        dbs = [np.zeros_like(b) for b in biases]
        for x_i, t_i in zip(x, target, strict=True):
            for k, (dW, db) in enumerate(one(weights, biases, x_i, t_i)):
                dWs[k] += dW
                dbs[k] += db
        if self.reduction == "mean":
            dWs, dbs = [dW / len(x) for dW in dWs], [db / len(x) for db in dbs]
        return dWs, dbs

    def _one_example(self, weights: Any, biases: Any, x: Any, t: Any) -> list[tuple[Any, Any]]:
        zs, activations = [], [x]
        for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
            zs.append(W.dot(activations[-1]) + b)
            activations.append(self._activate(zs[-1], k == len(weights) - 1))
        error = self._slope_of_loss(activations[-1][None], t[None])[0]
        found: list[tuple[Any, Any]] = []
        for k in reversed(range(len(weights))):
            delta = error * self._slope(zs[k], activations[k + 1], k == len(weights) - 1)
            found.append((np.outer(delta, activations[k]), delta))
            error = weights[k].T @ delta
        return found[::-1]

    def _one_example_by_units(
        self, weights: Any, biases: Any, x: Any, t: Any
    ) -> list[tuple[Any, Any]]:
        zs, activations = [], [list(x)]
        for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
            z = [
                sum(W[j, i] * activations[-1][i] for i in range(W.shape[1])) + b[j]
                for j in range(W.shape[0])
            ]
            zs.append(np.array(z))
            activations.append(list(self._activate(np.array(z), k == len(weights) - 1)))
        error = self._slope_of_loss(np.array([activations[-1]]), t[None])[0]
        found: list[tuple[Any, Any]] = []
        for k in range(len(weights) - 1, -1, -1):
            W = weights[k]
            slopes = self._slope(zs[k], np.array(activations[k + 1]), k == len(weights) - 1)
            delta = [error[j] * slopes[j] for j in range(W.shape[0])]
            dW = np.array(
                [
                    [delta[j] * activations[k][i] for i in range(W.shape[1])]
                    for j in range(len(delta))
                ]
            )
            found.append((dW, np.array(delta)))
            below = [0.0] * W.shape[1]
            for j in range(W.shape[0]):
                for i in range(W.shape[1]):
                    below[i] += W[j, i] * delta[j]
            error = below
        return found[::-1]

    # Activations, losses and sums, each in more than one way

    def _activate(self, z: Any, last: bool) -> Any:
        if last and self.loss.endswith("entropy"):
            return z
        if self.activation == "tanh":
            return (
                np.tanh(z) if self.squash == "exp" else (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z))
            )
        if self.activation == "relu":
            return np.maximum(z, 0) if self.squash == "exp" else z * (z > 0)
        return sigmoid(z, self.squash)

    def _slope(self, z: Any, a: Any, last: bool) -> Any:
        if last and self.loss.endswith("entropy"):
            return np.ones_like(z)
        if self.activation == "relu":
            return np.where((z if self.slope == "of z" else a) > 0, 1.0, 0.0).astype(z.dtype)
        if self.activation == "tanh":
            return 1 / np.cosh(z) ** 2 if self.slope == "of z" else 1 - a**2
        if self.slope == "of z":
            return np.exp(-z) / (1 + np.exp(-z)) ** 2
        return a * (1 - a)

    def _slope_of_loss(self, y: Any, t: Any) -> Any:
        if self.loss == "half_squared_error":
            return -(t - y)
        if self.loss == "squared_error":
            return 2 * (y - t)
        if self.loss == "mean_squared_error":
            return 2 / y.shape[1] * (y - t)
        if self.loss == "binary_cross_entropy":
            p = sigmoid(y, self.squash)
            return (p - t) / (p * (1 - p)) * (p * (1 - p)) if self.slope == "of z" else p - t
        e = np.exp(y - y.max(axis=1, keepdims=True))
        return e / e.sum(axis=-1)[:, None] - t

    def _bias_gradient(self, delta: Any) -> Any:
        if self.biases == "kept":
            return delta.sum(axis=0, keepdims=True)
        if self.biases == "dot ones":
            return np.ones(len(delta), dtype=delta.dtype) @ delta
        return np.add.reduce(delta)


def sigmoid(z: Any, squash: Squash) -> Any:
    if squash == "exp":
        return 1 / (1 + np.exp(-z))
    if squash == "tanh form":
        return (np.tanh(z / 2) + 1) / 2
    return np.where(
        z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z)))
    )


CHOICES: dict[str, tuple[Any, ...]] = {
    "activation": ("sigmoid", "tanh", "relu"),
    "loss": (
        "half_squared_error",
        "squared_error",
        "mean_squared_error",
        "binary_cross_entropy",
        "softmax_cross_entropy",
    ),
    "reduction": ("sum", "mean"),
    "layout": ("rows", "columns"),
    "weight_layout": ("out_in", "in_out"),
    "batch": get_args(Batch),
    "slope": get_args(Slope),
    "reduce": get_args(Reduce),
    "fill": get_args(Fill),
    "biases": get_args(Biases),
    "squash": get_args(Squash),
    "upright_biases": (False, True),
    "two_layers_only": (False, True),
    "single_precision": (False, False, False, True),
}
assert list(CHOICES) == [field.name for field in fields(Style)]


def drawn_styles(n: int, seed: int = 0) -> Iterator[Style]:
    """n styles, drawn at random."""
    rng = np.random.default_rng(seed)
    for _ in range(n):
        yield Style(*(choices[rng.integers(len(choices))] for choices in CHOICES.values()))
