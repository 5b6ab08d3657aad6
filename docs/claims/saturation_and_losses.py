"""Claims about saturated units, and about the losses and rules that are to help."""

from __future__ import annotations

import numpy as np

from chainrule import (
    ACTIVATIONS,
    LOSSES,
    Adam,
    Affine,
    Layer,
    backward,
    dense_network,
    forward,
    sgd,
    update,
)
from chainrule.initializers import xavier
from docs.claims._claim import claim, verdict

half_squared = LOSSES["half_squared_error"]
cross_entropy = LOSSES["binary_cross_entropy"]
sigmoid, identity = ACTIVATIONS["sigmoid"], ACTIVATIONS["identity"]
zero = np.array([[0.0]])


def error_at(z, loss, activation):
    """The error of an output neuron with pre-activation z and target 0."""
    unit = [Layer(Affine(W=np.array([[z]]), b=np.zeros(1)), activation)]
    tape = forward(unit, np.array([[1.0]]))
    dL_dy = loss.gradient(tape[-1].a, zero, reduction="sum")
    return backward(unit, tape, dL_dy)[0].b.item()


def hidden_error_at(z):
    """The error of a sigmoid neuron under an output with cross-entropy."""
    network = [
        Layer(Affine(W=np.array([[z]]), b=np.zeros(1)), sigmoid),
        Layer(Affine(W=np.array([[2.0]]), b=np.zeros(1)), identity),
    ]
    tape = forward(network, np.array([[1.0]]))
    dL_dy = cross_entropy.gradient(tape[-1].a, zero, reduction="sum")
    return backward(network, tape, dL_dy)[0].b.item()


@claim(
    wording="""Cross-entropy is the proper log-likelihood loss for categorical
        distributions; it keeps gradients large and informative even when the network is
        very wrong.""",
    source="""[datarekha, cross-entropy versus mean squared
        error](https://datarekha.com/interview/deep-learning/cross-entropy-vs-mse/)""",
    right="""For the output neuron it does exactly what it says: the slope of the sigmoid
        cancels.""",
    correct="""Cross-entropy keeps the error of the *output* large when it is very wrong; a
        saturated hidden neuron still blocks it.""",
    finding="""The target is 0. At $z$ = {{ outputs | g }} the error of the output is
        {{ squared | .2g }} with half the squared error and {{ entropic | .3g }} with
        cross-entropy. Now put a sigmoid neuron below it: at {{ hiddens | g }} its error is
        {{ hidden | .2g }}, in spite of cross-entropy. There is one more gain: for a
        single neuron cross-entropy is convex in the weight. Its second derivative at
        $w = 1$ is {{ curvature_entropy | .4f }}, that of half the squared error
        {{ curvature_squared | .4f }}.""",
)
def C33():
    outputs, hiddens = [2.0, 5.0, 10.0], [0.0, 5.0, 10.0]
    squared = [error_at(z, half_squared, sigmoid) for z in outputs]
    entropic = [error_at(z, cross_entropy, identity) for z in outputs]
    hidden = [hidden_error_at(z) for z in hiddens]
    kept = [error > 0.5 for error in entropic]
    blocked = [error > 0.1 for error in hidden]
    p = 1 / (1 + np.exp(-1.0))
    return verdict([*kept, *blocked]), {
        "outputs": outputs,
        "squared": squared,
        "entropic": entropic,
        "hiddens": hiddens,
        "hidden": hidden,
        "curvature_entropy": p * (1 - p),
        "curvature_squared": p**2 * (1 - p) * (2 - 3 * p),
    }


@claim(
    wording="Tanh function provided stronger gradients.",
    source="""[Cross Validated, question
        401489](https://stats.stackexchange.com/questions/401489/what-does-having-a-stronger-gradient-mean-intuitively-when-talking-about-various),
        quoting a common piece of advice""",
    right="""Around zero, where a well-started network works, the slope of tanh is up to
        four times as large. An answer there says so: “around 0”.""",
    correct="""The slope of tanh is larger than that of the sigmoid for
        $|z| <$ {{ crossing | .4f }}, and smaller beyond.""",
    finding="""At $z$ = {{ points | g }} the slope of tanh is {{ tanhs | .3g }} and that of
        the sigmoid {{ sigmoids | .3g }}. They cross at
        $2\\,\\mathrm{arcosh}\\frac{1+\\sqrt3}{2}$ = {{ crossing | .8f }}, where both
        are {{ slope_there | .4f }}.""",
)
def C34():
    points = np.array([0.0, 1.0, 2.0, 3.0])
    crossing = 2 * np.arccosh((1 + np.sqrt(3)) / 2)

    def slopes(name, z):
        activation = ACTIVATIONS[name]
        return activation.df(z, activation.f(z))

    tanhs, sigmoids = slopes("tanh", points), slopes("sigmoid", points)
    there = [slopes(name, crossing) for name in ("tanh", "sigmoid")]
    assert np.isclose(*there, rtol=1e-12)
    return verdict(tanhs > sigmoids), {
        "points": points,
        "tanhs": tanhs,
        "sigmoids": sigmoids,
        "crossing": crossing,
        "slope_there": there[0],
    }


def typical_size(array):
    return np.sqrt((array**2).mean())


def typical_step(before, after):
    return typical_size(after.affine.W - before.affine.W)


@claim(
    wording="""The first few layers get no useful signal and learn nothing. You can stack
        as many layers as you like — the early ones are frozen by mathematical
        coincidence.""",
    source="""[Arun Prakash, The Vanishing
        Act](https://arunprakaash.github.io/lab/neural-nets/lesson-07-depth-problem/)""",
    right="""Under plain gradient descent that is what happens, and the page goes on to
        the remedies.""",
    correct="""Under plain gradient descent the early layers hardly move; a rule that
        rescales each slope, as Adam does, moves them like the others.""",
    finding="""In {{ layers }} sigmoid layers of {{ units }} neurons, the slopes of the first
        layer are {{ gradient | sci }} of those of the last. A step of gradient descent
        moves its weights as much less. Adam's first step moves them by
        {{ adam | .3f }} of what the last layer moves. It cannot tell a small slope from
        noise, though: once slopes are near its $\\varepsilon = 10^{-8}$, its steps shrink
        too.""",
)
def C35():
    layers, units = 8, 32
    rng = np.random.default_rng(0)
    sizes = [units] * (layers + 1)
    network = dense_network(sizes, [sigmoid] * layers, xavier, rng)
    x, t = rng.standard_normal((2, 64, units))
    tape = forward(network, x)
    dL_dy = half_squared.gradient(tape[-1].a, t, reduction="mean")
    gradients = backward(network, tape, dL_dy)
    small, large = (typical_size(gradients[k].W) for k in (0, -1))
    moved = {
        "sgd": sgd(network, gradients, learning_rate=0.1),
        "adam": update(Adam(learning_rate=0.01), network, gradients)[0],
    }
    ratios = {
        rule: typical_step(network[0], after[0])
        / typical_step(network[-1], after[-1])
        for rule, after in moved.items()
    }
    return verdict(ratio < 0.01 for ratio in ratios.values()), {
        "layers": layers,
        "units": units,
        "gradient": small / large,
        "small": small,
        **ratios,
    }
