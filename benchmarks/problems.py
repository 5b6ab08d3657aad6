"""The networks that are trained: what every contender is given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chainrule import ACTIVATIONS, INITIALIZERS, LOSSES, Affine, Layer, Loss, dense_network

REDUCTION = "mean"
LEARNING_RATE = 0.01


@dataclass(frozen=True)
class Problem:
    """A network, one batch, and a loss: `squares` or `cross_entropy` over the last layer.

    Squares are half the sum over the outputs; both are the mean over the batch.
    """

    key: str
    name: str
    layer_sizes: tuple[int, ...]
    batch_size: int
    hidden: str
    dtype: str
    loss_name: str = "half_squared_error"

    @property
    def loss(self) -> Loss:
        return LOSSES[self.loss_name]

    @property
    def activations(self) -> list[str]:
        """The last one is the hidden one too, unless the loss takes logits."""
        layers = len(self.layer_sizes) - 1
        last = "identity" if self.loss.takes_logits else self.hidden
        return [self.hidden] * (layers - 1) + [last]

    def network(self) -> list[Layer]:
        """The network before the first step, the same one at every call."""
        return [
            Layer(Affine(W.astype(self.dtype), b.astype(self.dtype)), ACTIVATIONS[name])
            for (W, b), name in zip(self._drawn, self.activations, strict=True)
        ]

    @property
    def x(self) -> np.ndarray:
        return self._batch[0]

    @property
    def t(self) -> np.ndarray:
        """Targets, one example a row; for cross-entropy one 1 in each row."""
        return self._batch[1]

    @cached_property
    def _drawn(self) -> list[tuple[np.ndarray, np.ndarray]]:
        functions = [ACTIVATIONS[name] for name in self.activations]
        initializer = INITIALIZERS["he" if self.hidden == "relu" else "xavier"]
        network = dense_network(self.layer_sizes, functions, initializer, np.random.default_rng(0))
        return [(layer.affine.W, layer.affine.b) for layer in network]

    @cached_property
    def _batch(self) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(1)
        x = rng.standard_normal((self.batch_size, self.layer_sizes[0]))
        n_out = self.layer_sizes[-1]
        if self.loss.takes_logits:
            t = np.eye(n_out)[rng.integers(n_out, size=self.batch_size)]
        else:
            t = rng.random((self.batch_size, n_out))
        return x.astype(self.dtype), t.astype(self.dtype)


def sizes(dtype: str) -> list[Problem]:
    """The five networks, from the one on paper to a wide one."""
    cross_entropy = "softmax_cross_entropy"
    return [
        Problem("paper", "2-2-1", (2, 2, 1), 1, "sigmoid", dtype),
        Problem("digits", "784-30-10", (784, 30, 10), 10, "sigmoid", dtype),
        Problem("middle", "784-128-64-10", (784, 128, 64, 10), 64, "relu", dtype, cross_entropy),
        Problem("deep", "20 × 64", (64,) * 21, 32, "tanh", dtype),
        Problem("wide", "784-512-512-10", (784, 512, 512, 10), 128, "relu", dtype, cross_entropy),
    ]
