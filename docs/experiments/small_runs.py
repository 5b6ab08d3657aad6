"""Long runs of small networks: XOR, Mazur's four conventions, and the spiral of CS231n."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    Affine,
    Layer,
    backward,
    dense_network,
    forward,
    gradients,
    sgd,
    slips,
)
from chainrule.activations import Array
from docs.experiments._memo import memo

SIGMOID, HALF_SQUARES = ACTIVATIONS["sigmoid"], LOSSES["half_squared_error"]
MAZUR = [
    Layer(Affine(np.array([[0.15, 0.20], [0.25, 0.30]]), np.full(2, 0.35)), SIGMOID),
    Layer(Affine(np.array([[0.40, 0.45], [0.50, 0.55]]), np.full(2, 0.60)), SIGMOID),
]
MAZUR_X, MAZUR_T = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
MAZUR_STEPS = 10_000
XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_T = np.array([[0.0], [1.0], [1.0], [0.0]])
SPIRAL_SEEDS, ARM, CLASSES = 5, 100, 3


@memo
def mazur() -> dict[str, list[float]]:
    """The loss before each step and after the last, for four ways to make the same step."""
    x, t, rate = MAZUR_X, MAZUR_T, 0.5

    def slopes(network: list[Layer], made: list[str]) -> list[Affine]:
        return slips.gradients(
            made, network, x, t, HALF_SQUARES, reduction="sum", learning_rate=rate
        )

    biases = {
        "stay": lambda b: 0 * b,
        "move": lambda b: b,
        "shared": lambda b: np.full_like(b, b.sum()),
    }
    ways = {
        "right order": ("stay", []),
        "weights updated first": ("stay", ["updated_weights"]),
        "own biases": ("move", []),
        "shared biases": ("shared", []),
    }
    curves: dict[str, list[float]] = {}
    for name, (bias, made) in ways.items():
        network, curve = MAZUR, []
        for _ in range(MAZUR_STEPS + 1):
            y = forward(network, x)[-1].a
            curve.append(float(HALF_SQUARES.value(y, t, reduction="sum")))
            steps = [Affine(g.W, biases[bias](g.b)) for g in slopes(network, made)]
            network = sgd(network, steps, rate)
        curves[name] = curve
    return curves


@memo
def xor(seeds: int, rounds: int, learning_rate: float) -> list[list[float]]:
    """The loss of a 2-2-1 sigmoid network before each round of learning XOR, for every seed."""

    def uniform(shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return rng.uniform(-1, 1, shape)

    def curve(seed: int) -> list[float]:
        network = dense_network([2, 2, 1], [SIGMOID] * 2, uniform, np.random.default_rng(seed))
        seen: list[float] = []
        for _ in range(rounds):
            tape = forward(network, XOR_X)
            y = tape[-1].a
            seen.append(float(HALF_SQUARES.value(y, XOR_T, reduction="sum")))
            dL_dy = HALF_SQUARES.gradient(y, XOR_T, reduction="sum")
            network = sgd(network, backward(network, tape, dL_dy), learning_rate)
        return seen

    return [curve(seed) for seed in range(seeds)]


def spiral_points(rng: np.random.Generator) -> tuple[Array, Array]:
    """Three arms of a hundred points each, and their classes, as CS231n makes them."""
    radius = np.tile(np.linspace(0, 1, ARM), CLASSES)
    turn = np.concatenate([np.linspace(4 * k, 4 * k + 4, ARM) for k in range(CLASSES)])
    turn = turn + 0.2 * rng.standard_normal(len(turn))
    points = np.column_stack([radius * np.sin(turn), radius * np.cos(turn)])
    return points, np.repeat(np.eye(CLASSES), ARM, axis=0)


@memo
def spiral() -> dict[str, Any]:
    """Accuracy of a linear and of a 100-neuron ReLU network; classes over a grid for one seed."""
    loss, identity = LOSSES["softmax_cross_entropy"], ACTIVATIONS["identity"]
    kinds = {"linear": ([2, 3], [identity]), "ReLU": ([2, 100, 3], [ACTIVATIONS["relu"], identity])}
    side = np.linspace(-1.15, 1.15, 70)
    grid = np.array([[x, y] for y in side for x in side])
    found: dict[str, Any] = {"side": side}
    for name, (sizes, layers) in kinds.items():
        accuracies = []
        for seed in range(SPIRAL_SEEDS):
            rng = np.random.default_rng(seed)
            points, t = spiral_points(rng)
            network = dense_network(sizes, layers, INITIALIZERS["he"], rng)
            for _ in range(1000):
                slopes = gradients(network, points, t, loss, reduction="mean")
                network = sgd(network, slopes, 1.0)
            y = forward(network, points)[-1].a
            accuracies.append(float((y.argmax(axis=1) == t.argmax(axis=1)).mean()))
            if seed == 0:
                regions = forward(network, grid)[-1].a.argmax(axis=1)
                found["points"] = points
        found[name] = {"accuracy": accuracies, "regions": regions}
    return found
