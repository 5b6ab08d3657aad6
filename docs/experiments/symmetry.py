"""The first network of Rumelhart, Hinton and Williams (1986): is a row of six bits symmetric?

Six inputs, two hidden neurons, one output, all logistic; all 64 rows in one batch;
E = ½ Σ (y − t)²; learning rate 0.1, momentum 0.9; weights drawn evenly from −0.3 to 0.3.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, Momentum, backward, forward, update
from chainrule.activations import Array
from docs.experiments._memo import memo

SEEDS, MOST_SWEEPS, EVERY = 16, 6000, 20
RULE, SPREAD = Momentum(learning_rate=0.1, beta=0.9), 0.3
SOLVED = 0.05  # the error by which every row has long been answered right
X = np.array(list(product([0.0, 1.0], repeat=6)))
T = (X[:, ::-1] == X).all(axis=1, keepdims=True).astype(float)


def start(seed: int) -> list[Layer]:
    """Weights and biases drawn alike."""
    rng, logistic = np.random.default_rng(seed), ACTIVATIONS["sigmoid"]

    def drawn(*shape: int) -> Array:
        return rng.uniform(-SPREAD, SPREAD, shape)

    return [
        Layer(Affine(drawn(2, 6), drawn(2)), logistic),
        Layer(Affine(drawn(1, 2), drawn(1)), logistic),
    ]


def run(seed: int, rule: Momentum = RULE) -> dict[str, Any]:
    """One start: the error every EVERY sweeps, when all rows were right, and the last weights."""
    loss, network = LOSSES["half_squared_error"], start(seed)
    errors, states, solved = [], None, None
    for sweep in range(MOST_SWEEPS + 1):
        tape = forward(network, X)
        y = tape[-1].a
        error = float(loss.value(y, T, reduction="sum"))
        if sweep % EVERY == 0:
            errors.append(error)
        if solved is None and ((y > 0.5) == (T > 0.5)).all():
            solved = sweep
        if error < SOLVED:
            break
        slopes = backward(network, tape, loss.gradient(y, T, reduction="sum"))
        network, states = update(rule, network, slopes, states)
    return {"errors": errors, "solved": solved, "W": network[0].affine.W}


@memo
def runs() -> dict[str, Any]:
    """All starts, and what the first that succeeded has learned.

    `ratios` are its weights from the outside in, without their signs, over the least of them;
    `mirror` is how far a weight is from minus that of its mirror image, over the largest.
    """
    found = [run(seed) for seed in range(SEEDS)]
    solved = [one for one in found if one["solved"] is not None]
    W = solved[0]["W"]
    sizes = np.sort(np.abs(W[0, :3]))
    return {
        "seeds": SEEDS,
        "sweeps": [one["solved"] for one in solved],
        "stuck": [one["errors"][-1] for one in found if one["solved"] is None],
        "curves": [one["errors"] for one in found],
        "weights": W,
        "ratios": sizes / sizes[0],
        "mirror": np.abs(W + W[:, ::-1]).max() / np.abs(W).max(),
    }


@memo
def solved_at(learning_rate: float) -> list[int]:
    """The sweeps that the starts needed which solved it, with another learning rate."""
    rule = Momentum(learning_rate, RULE.beta)
    found = [run(seed, rule)["solved"] for seed in range(SEEDS)]
    return [sweeps for sweeps in found if sweeps is not None]
