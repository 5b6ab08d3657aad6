"""Claims about batch normalisation and dropout."""

from __future__ import annotations

from itertools import product

import numpy as np

from chainrule import complex_step
from docs.claims._claim import claim, verdict


def normalised(z):
    """Each column with mean 0 and variance 1; no scale and shift after."""
    centred = z - z.mean(axis=0)
    return centred / np.sqrt((centred**2).mean(axis=0))


@claim(
    wording="""[…] by explicitly forcing the activations throughout a network to take on a unit
        gaussian distribution at the beginning of the training.""",
    source="""[CS231n, Neural Networks 2](https://cs231n.github.io/neural-networks-2/#batchnorm)""",
    right="Their mean and their variance are indeed forced to 0 and 1.",
    correct="""Batch normalisation forces mean 0 and variance 1; the shape of the distribution
        stays what it was.""",
    finding="""Of {{ examples | , }} numbers drawn from an exponential distribution, the normalised
        ones have mean {{ exponential[0] | .1f }} and standard deviation
        {{ exponential[1] | .1f }}, skewness {{ exponential[2] | .2f }} and excess kurtosis
        {{ exponential[3] | .2f }}. A Gaussian has 0 and 0 for the last two; drawn from one,
        they are {{ gaussian[2] | .2f }} and {{ gaussian[3] | .2f }}. What it does bring is
        another thing: the loss no longer depends on the size of $W$. So the gradient is at
        right angles to $W$ (their product is {{ radial | .0sci }}), and ten times the
        weights have {{ shrunk | .3f }} times the gradient.""",
)
def C54():
    examples = 100_000
    rng = np.random.default_rng(0)

    def moments(draws):
        z = normalised(draws)
        return [z.mean(), z.std(), (z**3).mean(), (z**4).mean() - 3]

    exponential = moments(rng.exponential(size=examples))
    gaussian = moments(rng.standard_normal(examples))

    x, t = rng.standard_normal((20, 4)), rng.standard_normal((20, 3))
    W = rng.standard_normal((3, 4))

    def gradient(W):
        def loss(W):
            return ((np.tanh(normalised(x @ W.T)) - t) ** 2).sum() / 2

        return complex_step(loss, W)

    g = gradient(W)
    unchanged = [
        np.allclose(found, [0, 1, 0, 0], atol=0.05)
        for found in (exponential, gaussian)
    ]
    return verdict(unchanged), {
        "examples": examples,
        "exponential": exponential,
        "gaussian": gaussian,
        "radial": (g * W).sum(),
        "shrunk": np.linalg.norm(gradient(10 * W)) / np.linalg.norm(g),
    }


@claim(
    wording="""This rescaling step, performed during training, preserves the expected value of
        the activations and eliminates the need for scaling adjustments during the test
        phase.""",
    source="""[1Cademy, Inverted Dropout
        Technique](https://1cademy.com/node/inverted-dropout-technique/ODXyKIgeHldyE7JpBxdv)""",
    right="""For the activations that are dropped it is exactly true, and for everything linear
        after them. No rescaling is needed when testing.""",
    correct="""Inverted dropout keeps the mean of the activations it drops, and of linear
        functions of them; after a bend the means differ a little.""",
    finding="""Four units, each dropped with probability a half: all {{ masks }} masks, so
        nothing is left to chance. The mean of the next pre-activation is
        {{ z_trained | .6f }} in training and {{ z_tested | .6f }} in testing. After tanh it
        is {{ a_trained | .4f }} and {{ a_tested | .4f }}.""",
)
def C55():
    rng = np.random.default_rng(0)
    h, w, keep = rng.uniform(size=4), rng.standard_normal(4), 0.5
    masks = np.array(list(product([0, 1], repeat=4)))
    z = (masks * h / keep) @ w  # one for each mask, all equally likely
    found = {
        "z_trained": z.mean(),
        "z_tested": h @ w,
        "a_trained": np.tanh(z).mean(),
        "a_tested": np.tanh(h @ w),
    }
    kept = [
        np.isclose(found["z_trained"], found["z_tested"]),
        np.isclose(found["a_trained"], found["a_tested"]),
    ]
    return verdict(kept), {"masks": len(masks), **found}
