"""How much the gradient of a mini-batch differs from the gradient of all data."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.losses import softmax
from docs.experiments import _data
from docs.experiments._memo import memo


@memo
def variance_by_batch_size(sizes: list[int], *, draws: int) -> dict[str, Any]:
    """The variance of the gradient of a batch, relative to that of one example, by size.

    Softmax regression on scikit-learn's handwritten digits, with small random weights.
    A batch is drawn without replacement; the variance is the sum over all weights.
    """
    x, t = _data.digits()
    rng = np.random.default_rng(0)
    delta = softmax(x @ rng.normal(scale=0.1, size=(10, 64)).T) - t
    each = (delta[:, :, None] * x[:, None, :]).reshape(len(x), -1)  # one gradient an example
    each -= each.mean(axis=0)
    variance_of_one = (each**2).sum() / len(x)
    variances: list[float] = []
    for size in sizes:
        order = rng.random((draws, len(x))).argpartition(size, axis=1)[:, :size]
        chosen = np.zeros((draws, len(x)))
        np.put_along_axis(chosen, order, 1 / size, axis=1)
        variances.append(((chosen @ each) ** 2).sum() / draws / variance_of_one)
    return {"examples": len(x), "sizes": sizes, "variance": variances}
