"""Claims about the first weights, decided by starting networks from them."""

from __future__ import annotations

import numpy as np

import chainrule as cr
from docs.claims._claim import claim, verdict

FORUM = (
    "https://community.deeplearning.ai/t/"
    "week-1-programming-assignment-initialization-exercise-1-initialize-parameters-zeros/121049"
)
ONE_CADEMY = (
    "https://1cademy.com/node/"
    "zero-weight-initialization-in-feed-forward-networks/pHPydtjdj60q5JZHIHBm"
)
CS231N_2 = "https://cs231n.github.io/neural-networks-2/"
D2L = "https://d2l.ai/chapter_multilayer-perceptrons/numerical-stability-and-init.html"


def start(sizes, hidden, initializer, seed=0):
    """A network with these hidden neurons and one sigmoid at the end."""
    activations = [hidden] * (len(sizes) - 2) + ["sigmoid"]
    return cr.dense_network(
        sizes,
        [cr.ACTIVATIONS[name] for name in activations],
        cr.INITIALIZERS[initializer],
        np.random.default_rng(seed),
    )


def trained(network, x, t, steps, learning_rate=0.5):
    """The network after so many steps on all examples."""
    loss = cr.LOSSES["half_squared_error"]
    for _ in range(steps):
        slopes = cr.gradients(network, x, t, loss, reduction="mean")
        network = cr.sgd(network, slopes, learning_rate)
    return network


def examples(n_in, count=32):
    """Random inputs; the target is 1 where they sum to more than zero."""
    x = np.random.default_rng(1).standard_normal((count, n_in))
    return x, (x.sum(axis=1, keepdims=True) > 0).astype(float)


@claim(
    wording="""Because the weights are zero, the gradients propagated backward to earlier
        layers are multiplied by zero, immediately contributing to the vanishing gradient
        problem.""",
    source=f"[1cademy, Zero Weight Initialization]({ONE_CADEMY})",
    right="""On the first step it is so: no error passes through weights of zero. For tanh and
        ReLU it stays so.""",
    correct="""All weights zero stops a network for good if its activation is zero at zero;
        only the last bias learns. With sigmoids the last layer moves first, and the others
        follow, all neurons alike.""",
    finding="""A 3-4-4-1 network from zero, {{ steps }} steps. The size of its first weights is
        then {{ sizes[0] | g }} with tanh, {{ sizes[1] | g }} with ReLU and
        {{ sizes[2] | sci }} with sigmoids, but of rank {{ rank }}: four copies of one neuron. A
        single neuron has no such trouble: from zero it gets {{ correct_share | pct }} of
        the examples right.""",
)
def C20():
    steps, sizes = 200, []
    x, t = examples(3)
    for hidden in ("tanh", "relu", "sigmoid"):
        network = start([3, 4, 4, 1], hidden, "zeros")
        W1 = trained(network, x, t, steps, 5.0)[0].affine.W
        sizes.append(np.linalg.norm(W1))
    neuron = trained(start([3, 1], "tanh", "zeros"), x, t, steps, 5.0)
    y = cr.forward(neuron, x)[-1].a
    return verdict(size == 0 for size in sizes), {
        "steps": steps,
        "sizes": sizes,
        "rank": int(np.linalg.matrix_rank(W1)),
        "correct_share": ((y > 0.5) == t).mean(),
    }


@claim(
    wording="""Whether the actual value is 1 or 0 you get the same loss value for both, so none
        of the weights get adjusted.""",
    source=f"[deeplearning.ai, assignment on initialisation, quoted in its forum]({FORUM})",
    right="""The loss is the same for both labels, and the ReLU network of the assignment does
        stay where it is.""",
    correct="""None of the weights get adjusted because every hidden activation is zero, and
        so is every weight that an error would pass through. Equal losses are no obstacle.""",
    finding="""A single sigmoid neuron from zero has the same loss for both labels,
        {{ losses | .4f }}, but the slopes of its bias are {{ slopes | .1f }}. It is
        adjusted: after {{ steps }} steps its weights have the size {{ size | .2f }}.""",
)
def C21():
    steps = 50
    x, t = examples(3)
    neuron = start([3, 1], "relu", "zeros")
    # The loss takes the logit; at zero it is zero for every example.
    loss, logit = cr.LOSSES["binary_cross_entropy"], np.zeros((2, 1))
    labels = np.array([[1.0], [0.0]])
    size = np.linalg.norm(trained(neuron, x, t, steps)[0].affine.W)
    return verdict(size == 0), {
        "losses": loss.f(logit, labels),
        "slopes": loss.df(logit, labels)[:, 0],
        "steps": steps,
        "size": size,
    }


@claim(
    wording="""Differentiating the output unit with respect to parameters $W^{(1)}$ gives a
        gradient all of whose elements take the same value.""",
    source=f"[Dive into Deep Learning, Numerical Stability and Initialization]({D2L})",
    right="""The conclusion stands: equal neurons stay equal, and symmetry has to be broken by a
        random start.""",
    correct="""All *rows* of the gradient are the same, one for each neuron. Along a row it
        varies with the input.""",
    finding="""With every weight {{ value }} and tanh units, the slopes into the two hidden
        neurons are {{ rows[0] | .5f }} and {{ rows[1] | .5f }}: the same three
        numbers for both units, in proportion to the inputs {{ inputs | g }}.""",
)
def C22():
    x, t = np.array([[0.74, 0.5, 0.717]]), np.array([[1.0]])
    network = start([3, 2, 1], "tanh", "constant")
    slopes = cr.gradients(
        network, x, t, cr.LOSSES["half_squared_error"], reduction="sum"
    )
    W = slopes[0].W
    return verdict(np.allclose(W, W[0, 0])), {
        "value": network[0].affine.W[0, 0],
        "inputs": x[0],
        "rows": W,
        "rows_apart": np.abs(W[0] - W[1]).max(),
    }


XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_T = np.array([[0.0], [1.0], [1.0], [0.0]])


@claim(
    wording="""Every neuron in each layer will learn the same thing … and the network is no
        more powerful than a linear classifier such as logistic regression.""",
    source="""Commonly said, after a programming assignment on initialisation by deeplearning.ai
        that many have published""",
    right="""Equal neurons do stay equal, and with activations that only rise, one neuron a layer
        can draw but one straight border.""",
    correct="""A network of equal neurons has the power of one neuron a layer. That is a linear
        classifier if the activation is monotone, and more if it is not.""",
    finding="""Started with all weights equal, from {{ constants }} different constants, a
        2-4-1 sigmoid network never gets more than {{ best | pct }} of XOR right, and its
        neurons differ by {{ apart | g }}. A single GELU neuron, which dips below zero before it
        rises, separates XOR at {{ separating }} of {{ grid | ,d }} settings.""",
)
def C23():
    rights, apart = [], 0.0
    for constant in np.linspace(-2, 2, constants := 21):
        network = [
            cr.Layer(
                cr.Affine(0 * layer.affine.W + constant, layer.affine.b),
                layer.activation,
            )
            for layer in start([2, 4, 1], "sigmoid", "zeros")
        ]
        network = trained(network, XOR_X, XOR_T, 300, 2.0)
        y = cr.forward(network, XOR_X)[-1].a
        rights.append(((y > 0.5) == XOR_T).mean())
        W1 = network[0].affine.W
        apart = max(apart, np.abs(W1 - W1[0]).max())

    # How many settings separate XOR depends on the grid and on the margin.
    gelu = cr.ACTIVATIONS["gelu_tanh"].f
    w, b = np.meshgrid(np.linspace(-4, 4, 81), np.linspace(-4, 4, 81))
    none, one, both = gelu(b), gelu(w + b), gelu(2 * w + b)
    below = np.minimum(none, both) - one
    above = one - np.maximum(none, both)
    separates = np.maximum(below, above) > 0.01
    cases = [max(rights) <= 0.75, not separates.any()]
    return verdict(cases), {
        "constants": constants,
        "best": max(rights),
        "apart": apart,
        "separating": int(separates.sum()),
        "grid": separates.size,
    }


@claim(
    wording="""`w = np.random.randn(n) / sqrt(n)` … ensures that all neurons in the network
        initially have approximately the same output distribution.""",
    source=f"[CS231n, Neural Networks Part 2]({CS231N_2})",
    right="""Before any activation it is exact, and the notes go on to the factor 2 that ReLU
        needs.""",
    correct="""Dividing by $\\sqrt n$ keeps the variance of a *linear* layer. Each activation
        needs its own factor; for ReLU it is $\\sqrt{2/n}$.""",
    finding="""{{ units }} neurons a layer, {{ seeds }} random starts. From the first
        pre-activations to those of layer {{ depth }} the variance goes from
        {{ relu[0] | .2f }} to {{ relu[1] | sci }} with ReLU, and from {{ tanh[0] | .2f }} to
        {{ tanh[1] | .3f }} with tanh. Without activations it goes from
        {{ identity[0] | .2f }} to {{ identity[1] | .2f }}, and with ReLU and He's factor
        from {{ he[0] | .2f }} to {{ he[1] | .2f }}.""",
)
def C24():
    units, depth, seeds = 256, 20, 3

    def variances(activation, gain=1.0):
        """Of the pre-activations, in the first and the last layer."""
        found = []
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            scale = gain / np.sqrt(units)
            W = scale * rng.standard_normal((depth, units, units))
            network = [
                cr.Layer(
                    cr.Affine(W[k], np.zeros(units)),
                    cr.ACTIVATIONS[activation],
                )
                for k in range(depth)
            ]
            tape = cr.forward(network, rng.standard_normal((64, units)))
            found.append([tape[0].z.var(), tape[-1].z.var()])
        return np.mean(found, axis=0)

    relu, tanh = variances("relu"), variances("tanh")
    identity, he = variances("identity"), variances("relu", 2**0.5)
    kept = [0.5 < v[1] / v[0] < 2 for v in (identity, relu, tanh)]
    return verdict(kept), {
        "units": units,
        "depth": depth,
        "seeds": seeds,
        "identity": identity,
        "relu": relu,
        "tanh": tanh,
        "he": he,
    }
