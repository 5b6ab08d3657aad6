"""Linear regression on measured data by gradient descent: the bowl is known exactly."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, forward, gradients, sgd
from docs.experiments import _data
from docs.experiments._memo import memo

STEPS = 500


@memo
def sweep(shares: list[float]) -> dict[str, Any]:
    """The loss after STEPS steps from zero, for learning rates given as shares of the limit.

    The data are the breast cancer measurements of scikit-learn, each column with mean 0 and
    deviation 1; the loss is the mean of half squares. Its steepest curvature is `steepest`.
    """
    columns, t = _data.breast_cancer()
    x = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    with_ones = np.hstack([x, np.ones((len(x), 1))])
    steepest = float(np.linalg.eigvalsh(with_ones.T @ with_ones / len(x))[-1])
    best = np.linalg.lstsq(with_ones, t, rcond=None)[0]
    loss, identity = LOSSES["half_squared_error"], ACTIVATIONS["identity"]

    def loss_after(learning_rate: float) -> float:
        network = [Layer(Affine(np.zeros((1, x.shape[1])), np.zeros(1)), identity)]
        for _ in range(STEPS):
            slopes = gradients(network, x, t, loss, reduction="mean")
            network = sgd(network, slopes, learning_rate)
        return float(loss.value(forward(network, x)[-1].a, t, reduction="mean"))

    return {
        "steepest": steepest,
        "limit": 2 / steepest,
        "least": float(((with_ones @ best - t) ** 2).mean() / 2),
        "losses": [loss_after(share * 2 / steepest) for share in shares],
    }
