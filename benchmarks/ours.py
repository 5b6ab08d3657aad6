"""The book's own training steps, and the matrix products that none can do without."""

from __future__ import annotations

import numpy as np

from benchmarks.problems import LEARNING_RATE, REDUCTION, Problem
from benchmarks.race import Contender
from chainrule import gradients, sgd
from chainrule.tuned import Tuned


def taught(problem: Problem) -> Contender:
    """The code that the book teaches, as it stands."""
    network, x, t, loss = problem.network(), problem.x, problem.t, problem.loss

    def step() -> None:
        nonlocal network
        gradient = gradients(network, x, t, loss, reduction=REDUCTION)
        network = sgd(network, gradient, LEARNING_RATE)

    def parameters() -> list[np.ndarray]:
        return [part for layer in network for part in (layer.affine.W, layer.affine.b)]

    return Contender(step, parameters)


def tuned(problem: Problem, *, scipy: bool = False) -> Contender:
    """The same step, prepared: on a batch that is in memory already, as for all others."""
    it = Tuned(
        problem.network(), problem.batch_size, problem.loss,
        reduction=REDUCTION, learning_rate=LEARNING_RATE, scipy=scipy,
    )  # fmt: skip
    it.x[...], it.t[...] = problem.x, problem.t

    def parameters() -> list[np.ndarray]:
        return [part for layer in it.network for part in (layer.affine.W, layer.affine.b)]

    return Contender(it.step, parameters)


def bare_products(problem: Problem) -> Contender:
    """One product forward and two backward for each layer, into arrays that are there already.

    The first layer needs only one backward: nothing asks for the gradient of the data.
    """
    products: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for below, layer in zip([None, *problem.network()], problem.network(), strict=False):
        W = layer.affine.W
        a = np.ones((problem.batch_size, W.shape[1]), problem.dtype)
        delta = np.ones((problem.batch_size, W.shape[0]), problem.dtype)
        products.append((a, W.T, np.empty_like(delta)))
        products.append((delta.T, a, np.empty_like(W)))
        if below is not None:
            products.append((delta, W, np.empty_like(a)))

    def step() -> None:
        for left, right, out in products:
            np.dot(left, right, out=out)

    return Contender(step)


OURS = {
    "taught": taught,
    "tuned": tuned,
    "tuned_scipy": lambda problem: tuned(problem, scipy=True),
    "bare": bare_products,
}
NEEDED = {"tuned_scipy": "scipy"}  # without it the same as the one before
