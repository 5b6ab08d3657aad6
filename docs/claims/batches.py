"""Claims about batches."""

from __future__ import annotations

import numpy as np

import chainrule as cr
from docs.claims._claim import claim, verdict


@claim(
    wording=r"The gradients of layer $l$ are $\nabla_{W^{(l)}} L = \delta^{(l)} "
    r"(a^{(l-1)})^{\mathsf T}$.",
    source="""Commonly said; see [Nielsen, chapter
        2](http://neuralnetworksanddeeplearning.com/chap2.html), who averages over a batch
        afterwards, as one must""",
    right="For one example it is exact.",
    correct=r"""For a batch with examples as rows it is $\Delta^{\mathsf T} A$ for the sum of
        the losses, and that divided by the number of examples for their mean.""",
    finding="""For a batch of {{ batch_size }} the sum is {{ sum_over_mean | .1f }} times the
        slope of the mean. The outer product of its first example alone misses
        the slope of the mean by {{ one_example | .1f }} times its size. For a batch of one
        all three agree.""",
)
def C16():
    loss, rng = (
        cr.LOSSES["half_squared_error"],
        np.random.default_rng(0),
    )
    network = cr.dense_network(
        [5, 3],
        [cr.ACTIVATIONS["tanh"]],
        cr.INITIALIZERS["xavier"],
        rng,
    )

    def slopes(batch_size):
        """By nudging the mean, by summing, and by one example alone."""
        x = rng.standard_normal((batch_size, 5))
        t = rng.standard_normal((batch_size, 3))
        mean = cr.numerical_gradients(network, x, t, loss, reduction="mean")
        total = cr.gradients(network, x, t, loss, reduction="sum")
        one = cr.gradients(network, x[:1], t[:1], loss, reduction="sum")
        return mean, total, one

    mean, total, one = slopes(batch_size := 64)
    mean_of_one, _, alone = slopes(1)
    cases = [
        np.allclose(alone[0].W, mean_of_one[0].W),
        np.allclose(one[0].W, mean[0].W),
    ]
    size = np.linalg.norm(mean[0].W)
    return verdict(cases), {
        "batch_size": batch_size,
        "sum_over_mean": np.linalg.norm(total[0].W) / size,
        "one_example": cr.relative_error(one, mean),
    }
