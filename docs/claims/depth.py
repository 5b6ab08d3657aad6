"""Claims about gradients in deep networks, decided by measuring them."""

from __future__ import annotations

import numpy as np

from chainrule import ACTIVATIONS, Affine, Layer, backward, forward
from docs.claims._claim import Claim, verdict
from docs.figures.depth import DEPTH, SEEDS, WIDTH, error_sizes, layer_factors, typical

# C12: a sigmoid network, the same random matrices at five sizes.
GAINS = (0.5, 1, 4, 8, 16)
factors = {gain: float(typical(layer_factors(error_sizes("sigmoid", gain)))) for gain in GAINS}
shrinking = {gain: factor < 1 for gain, factor in factors.items()}

C12 = Claim(
    wording="In deep networks with sigmoid activations, gradients shrink exponentially "
    "as they are backpropagated through many layers.",
    source="[Click4AI, exercise 135](https://click4ai.perfionixai.com/problems/vanishing-gradient-problem),"
    " and many others",
    verdict=verdict(always=all(shrinking.values()), sometimes=any(shrinking.values())),
    because="the weights are small enough. "
    f"In {DEPTH} layers of {WIDTH} units, over {SEEDS} random starts, one layer multiplies "
    "the error by "
    + ", ".join(f"{factor:.3g} at gain {gain:g}" for gain, factor in factors.items())
    + ". With the largest of these weights the gradient of a sigmoid network grows with depth. "
    "The sentence is right for the sizes in which networks are usually started.",
)

# C27: twenty layers; the product of slopes alone, and the gradient with the weights counted in.
LAYERS, UNITS = 20, 100


def product_and_truth(gain: float) -> tuple[float, float]:
    """The product of the layers' mean slopes, and the first error over the gradient sent in."""
    products, ratios = [], []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        network = [
            Layer(
                Affine(
                    W=gain * rng.standard_normal((UNITS, UNITS)) / np.sqrt(UNITS),
                    b=np.zeros(UNITS),
                ),
                ACTIVATIONS["sigmoid"],
            )
            for _ in range(LAYERS)
        ]
        tape = forward(network, rng.standard_normal((1, UNITS)))
        slopes = [(r.a * (1 - r.a)).mean() for r in tape]
        dL_dy = rng.standard_normal((1, UNITS))
        errors = backward(network, tape, dL_dy)
        products.append(np.log(slopes).sum())
        ratios.append(np.log(np.linalg.norm(errors[0].b) / np.linalg.norm(dL_dy)))
    return float(np.exp(np.mean(products))), float(np.exp(np.mean(ratios)))


measured = {gain: product_and_truth(gain) for gain in (1, 4, 8)}
agrees = {gain: 0.1 < truth / product < 10 for gain, (product, truth) in measured.items()}


def in_words(number: float) -> str:
    """A number as 1.2 × 10⁻⁹, in TeX."""
    mantissa, exponent = f"{number:.1e}".split("e")
    return rf"${mantissa} \times 10^{{{int(exponent)}}}$"


C27 = Claim(
    wording="Multiplying twenty derivatives each around 0.05 gives 0.05^20 ≈ 10^-26 — the gradient "
    "signal reaching the first layer is numerically zero.",
    source="[datarekha, interview question on sigmoid saturation]"
    "(https://datarekha.com/interview/deep-learning/sigmoid-saturation-vanishing-gradients/)",
    verdict=verdict(always=all(agrees.values()), sometimes=agrees[4] or agrees[8]),
    because="The arithmetic is right, and the step from it to the gradient is not: the weights are "
    "missing. Slopes only become that small when weights are large, and large weights multiply the "
    f"gradient too. In {LAYERS} layers of {UNITS} units the product of the mean slopes and the "
    "gradient that really arrives are "
    + "; ".join(
        f"{in_words(product)} and {in_words(truth)} at gain {gain:g}"
        for gain, (product, truth) in measured.items()
    )
    + ". What the author says of saturated units is true: their slope is tiny.",
)
