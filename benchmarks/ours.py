"""The book's own training steps, and the matrix products that none can do without."""

from __future__ import annotations

import numpy as np

from benchmarks.problems import LEARNING_RATE, REDUCTION, Problem
from benchmarks.race import Contender
from chainrule import gradients, sgd


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


OURS = {"taught": taught, "bare": bare_products}
