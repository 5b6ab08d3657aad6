"""Claims about what many layers multiply a gradient by."""

from __future__ import annotations

import numpy as np

from docs.claims._claim import claim, verdict
from docs.experiments.products import (
    gaussian_growth,
    least_passed_on,
    tanh_gradient_ratio,
)


@claim(
    wording="""The gradient reaching layer 0 is at worst 1 plus small stuff — it cannot
        collapse to zero.""",
    source="""[Interactive Primer, residual
        connections](https://interactiveprimer.com/concepts/computer-science/deep-learning/training-deep-networks/residual-connections.html);
        “prevents vanishing gradients regardless of depth”,
        [math.awsome.icu](https://math.awsome.icu/subjects/17-05-residual-connections)""",
    right="""A block $a + F(a)$ passes the gradient on through $I + F'$, and this does
        rescue networks that would vanish without it.""",
    correct="""A residual network keeps its gradient as long as the slopes $F'$ of its
        blocks are small; where $F'$ is near $-I$ it can lose it.""",
    finding="""One block with $F' = -1$ multiplies by {{ opposed }}. Fifty random blocks
        shrink the gradient in their worst direction to {{ smallest[0] | .2f }} of its
        size when the slopes have size {{ gains[0] }}, to {{ smallest[1] | sci }} at
        {{ gains[1] }} and to {{ smallest[2] | sci }} at {{ gains[2] | g }}. And the
        rescue: through {{ layers }} tanh layers of gain {{ gain }} a plain network
        leaves {{ plain | sci }} of the gradient. A residual one multiplies it by
        {{ residual | .3g }}. It grows.""",
)
def C31():
    opposed = 1 + (-1)  # a + F(a) with F(a) = -a
    gains = [0.1, 0.5, 1.0]
    smallest = [np.median(least_passed_on(gain)) for gain in gains]
    gain, layers = 0.5, 100
    plain = tanh_gradient_ratio(gain, layers, residual=False)
    residual = tanh_gradient_ratio(gain, layers, residual=True)
    left = [opposed, *smallest, np.median(residual)]
    return verdict(size > 0.1 for size in left), {
        "opposed": opposed,
        "gains": gains,
        "smallest": smallest,
        "gain": gain,
        "layers": layers,
        "plain": np.median(plain),
        "residual": np.median(residual),
    }


@claim(
    wording="""For the scale that we picked (the choice of the variance $\\sigma^2=1$), the
        matrix product explodes.""",
    source="""[Dive into Deep Learning, on a hundred Gaussian 4 × 4
        matrices](https://d2l.ai/chapter_multilayer-perceptrons/numerical-stability-and-init.html)""",
    right="It does, and the book says that the scale decides.",
    correct="""A product of Gaussian 4 × 4 matrices explodes if their standard deviation is
        above {{ critical | .4f }}, and vanishes below it.""",
    finding="""Over {{ seeds }} seeds the norm of the product of a hundred matrices is
        typically $10^{ {{ powers[2] | .1f }} }$ at $\\sigma = 1$ and
        $10^{ {{ powers[0] | .1f }} }$ at $\\sigma = 0.5$. One factor multiplies it by
        $e^{ {{ law | .5f }} }$ on average; the exact number is
        $\\tfrac12(\\ln 2 + \\psi(2))$, with the digamma function. At the critical size
        the power measured is {{ powers[1] | .1f }}: neither.""",
)
def C32():
    law = (np.log(2) + 1 - np.euler_gamma) / 2  # digamma(2) = 1 - gamma
    critical = np.exp(-law)
    sigmas, seeds = [0.5, critical, 1.0], 50
    powers = [
        np.median(gaussian_growth(sigma, seeds=seeds)) for sigma in sigmas
    ]
    return verdict(power > 3 for power in powers), {
        "seeds": seeds,
        "sigmas": sigmas,
        "powers": powers,
        "law": law,
        "critical": critical,
    }
