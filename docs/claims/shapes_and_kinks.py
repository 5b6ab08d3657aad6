"""Claims about shapes, kinks, and the two squashing functions."""

from __future__ import annotations

from itertools import product

import numpy as np
import sympy as sp

from chainrule import central_difference
from docs.claims._claim import claim, verdict


def shape_legal(W, dD, X):
    """All products of dD and X, transposed or not, of the shape of W."""
    for first, second in [(dD, X), (X, dD)]:
        for left, right in product([first, first.T], [second, second.T]):
            fits = left.shape[1] == right.shape[0]
            if fits and (len(left), right.shape[1]) == W.shape:
                yield left @ right


def gradient(W, dD, X):
    """The slopes by nudging each weight; the loss has slopes dD in W X."""
    return central_difference(lambda W: (dD * (W @ X)).sum(), W)


@claim(
    wording="""It must depend on matrix multiplication of `X` and `dD` […]. There is always
        exactly one way of achieving this so that the dimensions work out.""",
    source="""[CS231n, Optimization 2](https://cs231n.github.io/optimization-2/#mat)""",
    right="""With three different sizes, as in the example there, it works, and it is a good
        way to remember the formula.""",
    correct="""There is exactly one way if all the sizes differ; where two are equal, a wrong
        product can have the right shape.""",
    finding="""With $W$ of {{ shapes[0] }} and $X$ of {{ shapes[1] }}, {{ legal[0] }} product has
        the shape of $W$. With both of {{ shapes[2] }} there are {{ legal[1] }}, and
        {{ correct[1] }} of them is the gradient. The others are off by {{ nearest | .0pct }}
        to {{ farthest | .0pct }}, and pass every test of shapes.""",
)
def C46():
    rng = np.random.default_rng(0)
    shapes, legal, correct, wrong = [], [], [], []
    for n_out, n_in, examples in [(5, 10, 3), (3, 3, 3)]:
        W = rng.standard_normal((n_out, n_in))
        X = rng.standard_normal((n_in, examples))
        dD = rng.standard_normal((n_out, examples))
        truth = gradient(W, dD, X)
        errors = [
            np.linalg.norm(found - truth) / np.linalg.norm(truth)
            for found in shape_legal(W, dD, X)
        ]
        shapes += [f"{n_out} × {n_in}", f"{n_in} × {examples}"]
        legal.append(len(errors))
        correct.append(sum(error < 1e-6 for error in errors))
        wrong += [error for error in errors if error > 1e-6]
    return verdict(count == 1 for count in legal), {
        "shapes": shapes,
        "legal": legal,
        "correct": correct,
        "nearest": min(wrong),
        "farthest": max(wrong),
    }


def max_slopes(x, y):
    """The slopes of max(x, y) as the notes write them."""
    return float(x >= y), float(y >= x)


@claim(
    wording="""The max gate distributes the gradient (unchanged) to exactly one of its inputs
        (the input that had the highest value during the forward pass).""",
    source="""[CS231n, Optimization
        2](https://cs231n.github.io/optimization-2/#patterns)""",
    right="Wherever the inputs differ this is exactly what happens, and they nearly always do.",
    correct="""The max gate sends the gradient to the larger input; at a tie there is no slope,
        and somebody has to choose.""",
    finding="""The slopes given there are $1(x \\ge y)$ and $1(y \\ge x)$. At
        {{ points[0] | g }} they are {{ slopes[0] | g }}. At the tie {{ points[1] | g }} they
        are {{ slopes[1] | g }}: both inputs get all of the gradient. Moving both together
        changes the maximum by {{ together | .0f }} for 1, not by
        {{ promised | .0f }}. Nudged alone to both sides, each has a slope of
        {{ central | .1f }}. Libraries choose:
        [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.amax.html) shares the
        gradient evenly in `amax`, and gives it to a single index in `max` along an axis.""",
)
def C47():
    points = [(3.0, -1.0), (2.0, 2.0)]
    slopes = [max_slopes(x, y) for x, y in points]
    x, y = points[1]
    h = 1e-6
    together = (max(x + h, y + h) - max(x - h, y - h)) / (2 * h)
    central = (max(x + h, y) - max(x - h, y)) / (2 * h)
    return verdict(sum(pair) == 1 for pair in slopes), {
        "points": points,
        "slopes": slopes,
        "together": together,
        "promised": sum(slopes[1]),
        "central": central,
    }


@claim(
    wording="""The tanh neuron is simply a scaled sigmoid neuron, in particular the following
        holds: $\\tanh(x) = 2 \\sigma(2x) - 1$.""",
    source="""[CS231n, Neural Networks
        1](https://cs231n.github.io/neural-networks-1/#actfun)""",
    right="It is an identity, and it explains why the two have so much in common.",
    correct="",
    finding="""SymPy writes both sides with exponentials and finds their difference:
        {{ difference }}. So a tanh network *is* a sigmoid network with other weights and
        biases. The slope of the sigmoid has its maximum {{ largest }} at $x$ =
        {{ at }}; that of tanh is four times as large there, which is the 2 outside times
        the 2 inside.""",
)
def C48():
    x = sp.symbols("x", real=True)
    sigmoid = 1 / (1 + sp.exp(-x))
    difference = sp.simplify(
        sp.tanh(x).rewrite(sp.exp) - (2 * sigmoid.subs(x, 2 * x) - 1)
    )
    slope = sigmoid.diff(x)
    [at] = sp.solveset(slope.diff(x), x, sp.S.Reals)
    assert slope.diff(x, 2).subs(x, at) < 0
    return verdict(difference == 0), {
        "difference": str(difference),
        "largest": str(slope.subs(x, at)),
        "at": str(at),
    }


def sigmoid_derivative(x):
    return x * (1 - x)


@claim(
    wording="`def sigmoid_derivative(self, x): return x * (1 - x)`",
    source="""[GeeksforGeeks, Backpropagation in Neural
        Network](https://www.geeksforgeeks.org/machine-learning/backpropagation-in-neural-network/),
        the code for XOR; the same function is in countless others""",
    right="The code there always calls it with activations, so its gradients are right.",
    correct="""`x * (1 - x)` is the slope of the sigmoid if `x` is the *activation*; of a
        pre-activation it is not. A better name for the argument is `a`.""",
    finding="""At the pre-activation $z$ = {{ z | g }} the activation is {{ a | .6f }} and the
        slope {{ truth | .6f }}. Given the activation, the function returns
        {{ of_activation | .6f }}. Given $z$, it returns {{ of_preactivation | g }}, and a
        sigmoid never falls.""",
)
def C49():
    z, h = 2.0, 1e-5

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    truth = (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)
    found = {
        "of_activation": sigmoid_derivative(sigmoid(z)),
        "of_preactivation": sigmoid_derivative(z),
    }
    return verdict(abs(slope - truth) < 1e-9 for slope in found.values()), {
        "z": z,
        "a": sigmoid(z),
        "truth": truth,
        **found,
    }
