"""Small networks trained on scikit-learn's handwritten digits, and what becomes of their units."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    Layer,
    backward,
    dense_network,
    forward,
    gradients,
    sgd,
)
from chainrule.activations import Array
from docs.experiments import _data
from docs.experiments._memo import memo

SEEDS, EXAMPLES = 5, 300


def digits() -> tuple[Array, Array]:
    """The first of them: pixels, one digit a row, and classes as rows of zeros with a one."""
    pixels, classes = _data.digits()
    return pixels[:EXAMPLES], classes[:EXAMPLES]


@memo
def dead_relus() -> dict[str, Any]:
    """Share of hidden ReLUs that answer no digit, and accuracy, after training at several rates."""
    rates, steps, (x, t) = [0.1, 0.5, 1, 2, 4, 8], 200, digits()
    loss, layers = LOSSES["softmax_cross_entropy"], [ACTIVATIONS["relu"], ACTIVATIONS["identity"]]

    def trained(rate: float, seed: int) -> tuple[float, float]:
        rng = np.random.default_rng(seed)
        network = dense_network([64, 32, 10], layers, INITIALIZERS["he"], rng)
        for _ in range(steps):
            network = sgd(network, gradients(network, x, t, loss, reduction="mean"), rate)
        hidden, output = forward(network, x)
        right = (output.a.argmax(axis=1) == t.argmax(axis=1)).mean()
        return float((hidden.a == 0).all(axis=0).mean()), float(right)

    found = np.array([[trained(rate, seed) for seed in range(SEEDS)] for rate in rates])
    return {
        "learning_rates": rates,
        "steps": steps,
        "dead": found[:, :, 0],
        "accuracy": found[:, :, 1],
    }


@memo
def rising_steps() -> dict[str, Any]:
    """The share of steps that raise the loss of all examples, by the size of the batch."""
    sizes, steps, (x, t) = [1, 8, 32, 128, EXAMPLES], 200, digits()
    loss, layers = LOSSES["softmax_cross_entropy"], [ACTIVATIONS["relu"], ACTIVATIONS["identity"]]

    def share(size: int, seed: int) -> float:
        rng = np.random.default_rng(seed)
        network = dense_network([64, 32, 10], layers, INITIALIZERS["he"], rng)
        losses = []
        for _ in range(steps + 1):
            losses.append(loss.value(forward(network, x)[-1].a, t, reduction="mean"))
            rows = rng.choice(len(x), size, replace=False)
            slopes = gradients(network, x[rows], t[rows], loss, reduction="mean")
            network = sgd(network, slopes, 0.05 if size == 1 else 0.1)
        return float((np.diff(losses) > 0).mean())

    return {
        "sizes": sizes,
        "steps": steps,
        "shares": [[share(size, seed) for seed in range(SEEDS)] for size in sizes],
    }


@memo
def ranks() -> dict[str, Any]:
    """Rank of the first weights of a 3-4-4-1 tanh network during training, for three starts."""
    tanh, loss = ACTIVATIONS["tanh"], LOSSES["half_squared_error"]
    starts = {"zero": "zeros", "constant": "constant", "random": "xavier"}
    steps, every = 200, 5

    def run(initializer: str, seed: int) -> list[int]:
        rng = np.random.default_rng(seed)
        x, t = rng.standard_normal((8, 3)), rng.uniform(-0.9, 0.9, (8, 1))
        network: list[Layer] = dense_network(
            [3, 4, 4, 1], [tanh] * 3, INITIALIZERS[initializer], rng
        )
        seen = []
        for step in range(steps + 1):
            if step % every == 0:
                seen.append(int(np.linalg.matrix_rank(network[0].affine.W, tol=1e-8)))
            network = sgd(network, gradients(network, x, t, loss, reduction="mean"), 0.3)
        return seen

    return {
        "steps": list(range(0, steps + 1, every)),
        "ranks": {
            name: [run(initializer, seed) for seed in range(SEEDS)]
            for name, initializer in starts.items()
        },
    }


@memo
def error_norms() -> dict[str, Any]:
    """Norm of the bias gradient of every hidden layer at the start, a list over the seeds each.

    As in Nielsen's chapter 5: sigmoid layers of 30, weights N(0, 1/n), biases N(0, 1),
    cross-entropy; but on these digits, not on MNIST.
    """
    x, t = digits()
    loss, sigmoid = LOSSES["binary_cross_entropy"], ACTIVATIONS["sigmoid"]

    def norms(hidden: int, seed: int) -> list[float]:
        rng = np.random.default_rng(seed)
        sizes = [64, *[30] * hidden, 10]
        layers = [*[sigmoid] * hidden, ACTIVATIONS["identity"]]

        def scaled(shape: tuple[int, int], rng: np.random.Generator) -> Array:
            return rng.standard_normal(shape) / np.sqrt(shape[1])

        network = dense_network(sizes, layers, scaled, rng)
        for layer in network:
            layer.affine.b[:] = rng.standard_normal(len(layer.affine.b))
        tape = forward(network, x)
        slopes = backward(network, tape, loss.gradient(tape[-1].a, t, reduction="mean"))
        return [float(np.linalg.norm(slope.b)) for slope in slopes[:-1]]

    return {
        name: np.transpose([norms(hidden, seed) for seed in range(2 * SEEDS)])
        for name, hidden in (("two", 2), ("three", 3), ("four", 4))
    }
