"""Claims about gradients in deep networks, decided by measuring them."""

from __future__ import annotations

import numpy as np

from chainrule import ACTIVATIONS, Affine, Layer, backward, forward
from docs.claims._claim import claim, verdict
from docs.figures.depth import (
    DEPTH,
    SEEDS,
    WIDTH,
    error_sizes,
    layer_factors,
    typical,
)


@claim(
    wording="""In deep networks with sigmoid activations, gradients shrink exponentially
        as they are backpropagated through many layers.""",
    source="""[Click4AI, exercise
        135](https://click4ai.perfionixai.com/problems/vanishing-gradient-problem), and
        many others""",
    right="At the sizes in which networks are usually started, they do shrink.",
    correct="""In deep networks with sigmoid activations, gradients shrink exponentially
        as long as the weights are small enough.""",
    finding="""In {{ depth }} layers of {{ width }} units, over {{ seeds }} random starts,
        one layer multiplies the error by {{ factors | .3g }} at the gains {{ gains | g }}.
        With the largest of these weights the gradient of a sigmoid network grows with
        depth.""",
)
def C12():
    gains = [0.5, 1.0, 4.0, 8.0, 16.0]
    factors = [
        typical(layer_factors(error_sizes("sigmoid", gain)))
        for gain in gains
    ]
    return verdict(factor < 1 for factor in factors), {
        "depth": DEPTH,
        "width": WIDTH,
        "seeds": SEEDS,
        "gains": gains,
        "factors": factors,
    }


def product_and_truth(gain, layers=20, units=100, seeds=5):
    """The product of the layers' mean slopes, and first error / dL/dy."""
    products, ratios = [], []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        scale = gain / np.sqrt(units)
        network = [
            Layer(
                Affine(
                    W=scale * rng.standard_normal((units, units)),
                    b=np.zeros(units),
                ),
                ACTIVATIONS["sigmoid"],
            )
            for _ in range(layers)
        ]
        tape = forward(network, rng.standard_normal((1, units)))
        slopes = [(r.a * (1 - r.a)).mean() for r in tape]
        dL_dy = rng.standard_normal((1, units))
        first = backward(network, tape, dL_dy)[0].b
        products.append(np.prod(slopes))
        ratios.append(np.linalg.norm(first) / np.linalg.norm(dL_dy))
    return typical(np.array(products)), typical(np.array(ratios))


@claim(
    wording="""Multiplying twenty derivatives each around 0.05 gives 0.05^20 ≈ 10^-26 —
        the gradient signal reaching the first layer is numerically zero.""",
    source="""[datarekha, interview question on sigmoid
        saturation](https://datarekha.com/interview/deep-learning/sigmoid-saturation-vanishing-gradients/)""",
    right="The arithmetic is right, and the slope of a saturated unit is as tiny as it says.",
    correct="""The gradient is multiplied by slopes *and* weights; slopes only become that
        small where weights are large.""",
    finding="""In twenty layers of a hundred units, the product of the mean slopes and the
        gradient that really arrives are {{ products[1] | sci }} and {{ truths[1] | sci }}
        at gain {{ gains[1] | g }}, {{ products[2] | sci }} and {{ truths[2] | sci }} at
        gain {{ gains[2] | g }}. At gain {{ gains[0] | g }} the two happen to agree
        ({{ products[0] | sci }} and {{ truths[0] | sci }}), and there the slopes are not
        small at all.""",
)
def C27():
    gains = [1.0, 4.0, 8.0]
    products, truths = zip(*map(product_and_truth, gains), strict=True)
    saturated = zip(products[1:], truths[1:], strict=True)
    near = [0.1 < truth / product < 10 for product, truth in saturated]
    return verdict(near), {
        "gains": gains,
        "products": products,
        "truths": truths,
    }
