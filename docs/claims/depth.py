"""Claims about gradients in deep networks, decided by measuring them."""

from __future__ import annotations

import numpy as np

from chainrule import ACTIVATIONS, Affine, Layer, backward, forward
from chainrule.activations import sigmoid, sigmoid_slope
from chainrule.scalar import gradient, variables
from docs.claims._claim import claim, verdict
from docs.claims.backward_pass import EIGENVUE
from docs.experiments.depth import (
    DEPTH,
    SEEDS,
    WIDTH,
    error_sizes,
    layer_factors,
    typical,
)

CS231N_1 = "https://cs231n.github.io/neural-networks-1/"
CS231N_RNN = "https://cs231n.github.io/rnn/"
NIELSEN_5 = "http://neuralnetworksanddeeplearning.com/chap5.html"


@claim(
    wording="""When using sigmoid or tanh activations, gradients shrink exponentially as they
        propagate backward through many layers.""",
    source=f"[Eigenvue, Backpropagation]({EIGENVUE}), and many others",
    right="At the sizes in which networks are usually started, they do shrink.",
    correct="""With sigmoid or tanh activations, gradients shrink exponentially *if the weights
        are small enough*, and explode if they are large.""",
    finding="""In {{ depth }} layers of {{ width }} neurons, over {{ seeds }} random starts,
        one sigmoid layer multiplies the error by {{ sigmoid | .3g }} at the gains
        {{ sigmoid_gains | g }}, and one tanh layer by {{ tanh | .3g }} at the gains
        {{ tanh_gains | g }}. Wherever the factor is above one, the gradient grows with
        depth.""",
)
def C12():
    gains = {
        "sigmoid": [0.5, 1.0, 4.0, 8.0, 16.0],
        "tanh": [0.5, 1.0, 1.5, 2.0],
    }
    factors = {
        name: [
            typical(layer_factors(error_sizes(name, gain)))
            for gain in gains[name]
        ]
        for name in gains
    }
    all_factors = [*factors["sigmoid"], *factors["tanh"]]
    return verdict(factor < 1 for factor in all_factors), {
        "depth": DEPTH,
        "width": WIDTH,
        "seeds": SEEDS,
        "sigmoid_gains": gains["sigmoid"],
        "tanh_gains": gains["tanh"],
        **factors,
    }


@claim(
    wording="The rectified linear activation function overcomes the vanishing gradient problem.",
    source="""[Codeinu](https://codeinu.net/language/whatever/c146552-advantage-of-relu-activation-function),
        after a tutorial that many have copied""",
    right="""An active ReLU has slope 1, at any size of its input. That removes one of the two
        causes of vanishing.""",
    correct="""ReLU overcomes the small slopes of saturated neurons. With weights of the wrong size
        the gradient still vanishes, or explodes.""",
    finding="""{{ layers }} ReLU layers of {{ units }} neurons, {{ seeds }} random starts. The
        first error is {{ xavier | sci }} of the last with weights of variance $1/n$, and
        {{ he | .2f }} with He's $2/n$. In {{ few }} layers it is {{ small | sci }}
        with weights of a hundredth, and {{ large | sci }} with twice the weights of variance
        $1/n$.""",
)
def C25():
    units, seeds, layers, few = 100, 3, 100, 30

    def first_over_last(scale, layers):
        ratios = []
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            shape = layers, units, units
            network = [
                Layer(Affine(scale * W, np.zeros(units)), ReLU)
                for W in rng.standard_normal(shape)
            ]
            tape = forward(network, rng.standard_normal((1, units)))
            dL_dy = rng.standard_normal((1, units))
            slopes = backward(network, tape, dL_dy)
            ratios.append(
                np.linalg.norm(slopes[0].b) / np.linalg.norm(slopes[-1].b)
            )
        return typical(np.array(ratios))

    ReLU = ACTIVATIONS["relu"]
    xavier = first_over_last(units**-0.5, layers)
    he = first_over_last((2 / units) ** 0.5, layers)
    small = first_over_last(0.01, few)
    large = first_over_last(2 * units**-0.5, few)
    return verdict(share > 0.01 for share in (xavier, he, small)), {
        "layers": layers,
        "units": units,
        "seeds": seeds,
        "few": few,
        "xavier": xavier,
        "he": he,
        "small": small,
        "large": large,
        "theory": 2 ** -((layers - 1) / 2),
    }


@claim(
    wording="""Then the gradient flowing through the unit will forever be zero from that point
        on. That is, the ReLU units can irreversibly die during training.""",
    source=f"[CS231n, Neural Networks Part 1]({CS231N_1})",
    right="""A dead neuron's own weights get no slope at all, so it cannot save itself. And in
        practice few come back.""",
    correct="""A dead neuron does not move. But the layers below it do, if the gradient has
        another way to them, and what they send may wake it.""",
    finding="""One ReLU neuron with a shortcut around it, two examples. At the start it is dead on
        both, and its weights have no slope. The weight below learns through the
        shortcut. At step {{ alive_at }} the neuron is active again.""",
)
def C26():
    examples = [(1.0, -0.9), (2.0, -0.95)]
    numbers = [1.0, -1.0, 0.5, 1.0]
    active, slopes = [], []
    for _ in range(20):
        parameters = w1, w2, b2, v = variables(*numbers)
        loss, alive = 0.0, False
        for x, t in examples:
            h = (w1 * x).tanh()
            z = w2 * h + b2
            y = v * z.relu() + h
            loss = loss + 0.25 * (y - t) ** 2  # the mean of two halves
            alive = alive or z.data > 0
        active.append(alive)
        slopes.append(gradient(loss, parameters))
        numbers = [
            number - 0.1 * slope
            for number, slope in zip(numbers, slopes[-1], strict=True)
        ]
    return verdict(not any(active)), {
        "dead_at_first": not active[0],
        "slopes_at_first": slopes[0],
        "alive_at": active.index(True),
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
    right="The arithmetic is right, and the slope of a saturated neuron is as tiny as it says.",
    correct="""The gradient is multiplied by slopes *and* weights; slopes only become that
        small where weights are large.""",
    finding="""In twenty layers of a hundred neurons, the product of the mean slopes and the
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


@claim(
    wording=r"""The terms $w_j \sigma'(z_j)$ will usually satisfy
        $|w_j \sigma'(z_j)| < 1/4$.""",
    source=f"[Nielsen, chapter 5]({NIELSEN_5})",
    right="""It says “usually”, for weights below 1, and there it holds. The chapter itself
        goes on to say when it fails, and its numbers are right.""",
    correct="""The bound holds for $|w| < 1$. With $|w| > 4$ there is a window of inputs in which
        one sigmoid neuron amplifies.""",
    finding="""With $|w| < 1$ the largest factor is {{ small | .4f }}. At $w$ = {{ large | g }}
        it is {{ at_large | g }}, for an input that puts the neuron at its middle. The window
        in which a neuron amplifies is widest at $w$ = {{ widest | .4f }}, where it is
        {{ width | .5f }} wide; the chapter has about {{ printed[1] }} and
        {{ printed[0] }}.""",
)
def C28():
    z = np.linspace(-8, 8, 1601)
    steepest = sigmoid_slope(z, sigmoid(z)).max()
    small, large = 0.99, 100.0
    # sigmoid'(z) = 1/w is a quadratic in exp(z); z = w x + b.
    w = np.linspace(4.0001, 40, 400_000)
    widths = 2 / w * np.log(w * (1 + np.sqrt(1 - 4 / w)) / 2 - 1)
    factors = small * steepest, large * steepest
    return verdict(factor < 0.25 for factor in factors), {
        "small": factors[0],
        "large": large,
        "at_large": factors[1],
        "width": widths.max(),
        "widest": w[widths.argmax()],
        "printed": [0.45, 6.9],
    }


@claim(
    wording=r"""$\tanh'$ will almost always be less than 1 because tanh is always between
        negative one and one.""",
    source=f"[CS231n, Recurrent Neural Networks]({CS231N_RNN})",
    right="The slope of tanh is below 1 everywhere but at 0.",
    correct=r"""$\tanh'(z) = 1 - \tanh^2(z)$, and a square is never negative. That tanh is
        between −1 and 1 is not the reason.""",
    finding=r"""A function between −1 and 1 may have any slope: $\tanh(5z)$ is between them
        too, and its slope at 0 is {{ steeper | g }}. The slope of tanh itself is
        {{ slopes[0] | g }} at 0 and {{ slopes[1] | .4f }} at 2.""",
)
def C29():
    tanh = ACTIVATIONS["tanh"]
    z = np.array([0.0, 2.0])
    slopes = tanh.df(z, tanh.f(z))
    # Another function between -1 and 1: does its slope stay below 1?
    steeper = 5 * slopes[0]
    return verdict(steeper < 1), {"slopes": slopes, "steeper": steeper}


@claim(
    wording="""If the largest singular value of $W_{hh}$ is greater than 1, then the gradients
        will blow up … If the largest singular value of $W_{hh}$ is smaller than 1, then we will
        have [vanishing gradients].""",
    source=f"[CS231n, Recurrent Neural Networks]({CS231N_RNN})",
    right="""The second half is a theorem: with the largest singular value below 1, they
        vanish.""",
    correct="""Below 1 the powers vanish. Above 1 they *may* grow; what decides in the long run
        is the largest eigenvalue.""",
    finding="""The matrix (0, 2; 0, 0) has the largest singular value {{ norms[0] | g }}, and
        its square is zero. (½, 10; 0, ½) has {{ norms[1] | .2f }}; its power
        {{ power }} has the size {{ sizes[1] | sci }}. A rotation times {{ norms[2] | g }}
        has {{ sizes[2] | .5f }} at that power.""",
)
def C30():
    power = 50
    angle = np.array([[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]])
    matrices = [
        np.array([[0.0, 2.0], [0.0, 0.0]]),
        np.array([[0.5, 10.0], [0.0, 0.5]]),
        0.9 * angle,
    ]
    norms = [np.linalg.norm(W, 2) for W in matrices]
    sizes = [
        np.linalg.norm(np.linalg.matrix_power(W, power), 2)
        for W in matrices
    ]
    as_said = [
        (size > 1) == (norm > 1)
        for norm, size in zip(norms, sizes, strict=True)
    ]
    return verdict(as_said), {
        "power": power,
        "norms": norms,
        "sizes": sizes,
    }
