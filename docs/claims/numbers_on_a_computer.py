"""Claims about gradient checks and about floating point."""

from __future__ import annotations

import numpy as np

from chainrule import (
    ACTIVATIONS,
    LOSSES,
    Affine,
    Layer,
    dense_network,
    numerical_gradients,
    relative_error,
)
from chainrule.activations import relu
from chainrule.gradient_check import central_difference, complex_step
from chainrule.initializers import xavier
from chainrule.losses import softmax
from chainrule.training import gradients
from docs.claims._claim import claim, verdict
from docs.experiments.finite_differences import best_step, errors


@claim(
    wording="""The first formula has an error on order of $O(h)$, while the second formula
        only has error terms on order of $O(h^2)$.""",
    source="""[CS231n, Neural Networks
        3](https://cs231n.github.io/neural-networks-3/#gradcheck), on the one-sided and the
        centred difference""",
    right="Both orders are right, and so is the advice to use the centred difference.",
    correct="",
    finding="""For $e^{\\sin x}$ at $x = 1$ and steps from $10^{-1}$ to $10^{-3}$ the errors
        fall as $h^{ {{ order_forward | .2f }} }$ and $h^{ {{ order_centred | .2f }} }$. At
        $h = 10^{-5}$ they are {{ forward | .1sci }} and {{ centred | .1sci }}.""",
)
def C50():
    steps = np.array([1e-1, 1e-2, 1e-3])
    orders = [
        np.polyfit(np.log(steps), np.log(found), 1)[0]
        for found in errors(steps)
    ]
    forward, centred = errors(np.array([1e-5]))
    right = [
        abs(order - expected) < 0.1
        for order, expected in zip(orders, (1, 2), strict=True)
    ]
    return verdict(right), {
        "order_forward": orders[0],
        "order_centred": orders[1],
        "forward": forward.item(),
        "centred": centred.item(),
    }


@claim(
    wording="The smaller $h$ is, the better the difference quotient agrees with the slope.",
    source="""Commonly said, and true of the limit; [CS231n](https://cs231n.github.io/neural-networks-3/#gradcheck)
        warns: “It is not necessarily the case that smaller is better”""",
    right="In exact arithmetic it is true, and on a computer down to a certain step.",
    correct="""A smaller $h$ is better down to about $10^{-5}$, in double precision and with
        the centred difference; below that, rounding takes over.""",
    finding="""For $e^{\\sin x}$ at $x = 1$ and $h = 10^{-2}, 10^{-4}, \\dots, 10^{-14}$ the
        errors are {{ errors | .0sci }}. Cutting off the curve costs $|f'''|h^2/6$, rounding
        about $\\varepsilon/h$. The sum is least at
        $\\sqrt[3]{3\\varepsilon/|f'''|}$ = {{ best | .2sci }}.""",
)
def C51():
    steps = 10.0 ** -np.arange(2, 15, 2)
    _, found = errors(steps)
    return verdict(found[1:] < found[:-1]), {
        "steps": steps,
        "errors": found,
        "best": best_step(np.finfo(float).eps),
    }


def relu_differences(x, h):
    """The one-sided and the centred difference of the ReLU."""
    at = relu(np.array([x - h, x, x + h]))
    return (at[2] - at[1]) / h, (at[2] - at[0]) / (2 * h)


@claim(
    wording="""Consider gradient checking the ReLU function at $x = -1e6$. […] $f(x+h)$ might
        cross over the kink (e.g. if $h > 1e-6$).""",
    source="""[CS231n, Neural Networks
        3](https://cs231n.github.io/neural-networks-3/#gradcheck)""",
    right="""The point is right and important. What is wrong is one missing minus sign: meant
        is $x = -10^{-6}$.""",
    correct="""Consider the ReLU at $x = -10^{-6}$: with $h > 10^{-6}$ the value $f(x+h)$ is on
        the other side of the kink.""",
    finding="""With $h = 10^{-5}$, one-sided and centred: at $x = -10^6$ the differences are
        {{ printed | g }}, and nothing is crossed. At $x = -10^{-6}$ they are {{ meant | .2f }}
        instead of 0.""",
)
def C52():
    h = 1e-5
    printed, meant = relu_differences(-1e6, h), relu_differences(-1e-6, h)
    return verdict(any(printed)), {
        "printed": printed,
        "meant": meant,
    }


def check(precision, h):
    """The relative error of a gradient check, all in one precision."""
    rng = np.random.default_rng(0)
    tanh, identity = ACTIVATIONS["tanh"], ACTIVATIONS["identity"]
    drawn = dense_network([8, 6, 3], [tanh, identity], xavier, rng)
    network = [
        Layer(
            Affine(
                layer.affine.W.astype(precision),
                layer.affine.b.astype(precision),
            ),
            layer.activation,
        )
        for layer in drawn
    ]
    x = rng.standard_normal((10, 8)).astype(precision)
    t = np.eye(3, dtype=precision)[rng.integers(0, 3, 10)]
    setting = network, x, t, LOSSES["softmax_cross_entropy"]
    return relative_error(
        numerical_gradients(
            *setting,
            reduction="mean",
            method=lambda f, w: central_difference(f, w, h),
        ),
        gradients(*setting, reduction="mean"),
    )


@claim(
    wording="""Use double precision. […] I've sometimes seen my relative errors plummet from
        1e-2 to 1e-8 by switching to double precision.""",
    source="""[CS231n, Neural Networks
        3](https://cs231n.github.io/neural-networks-3/#gradcheck)""",
    right="Good advice, and the sizes it gives are typical.",
    correct="",
    finding="""An 8-6-3 network with a correct gradient, steps
        $10^{-1}, 10^{-2}, \\dots, 10^{-7}$. In single precision the relative errors are
        {{ single | .0sci }}; in double precision {{ double | .0sci }}. At the usual
        $h = 10^{-5}$ the single one looks like a bug. The best that single precision can
        do is {{ best_single | .0sci }}.""",
)
def C53():
    steps = 10.0 ** -np.arange(1, 8)
    single, double = (
        np.array([check(precision, h) for h in steps])
        for precision in (np.float32, np.float64)
    )
    plummets = single.min() > 1e3 * double.min()
    return verdict(bool(plummets)), {
        "single": single,
        "double": double,
        "best_single": single.min(),
        "best_double": double.min(),
    }


@claim(
    wording="`np.exp(x) / np.exp(x).sum()`",
    source="""[Stack Overflow, question
        61567597](https://stackoverflow.com/questions/61567597/how-is-log-softmax-implemented-to-compute-its-value-and-gradient-with-better),
        where it is the warning; the softmax of many tutorials""",
    right="As mathematics it is the definition, and for small logits it computes it.",
    correct="""Take the largest logit out before `exp`; the quotient stays the same, and nothing
        can overflow.""",
    finding="""For {{ small | g }} it gives {{ small_naive }}, as it should. For {{ large | g }}
        it gives {{ large_naive }}. With the largest taken out it is {{ large_stable | .4f }}
        both times. `exp` overflows above {{ limits | .2f }} in half, single and double
        precision. The loss has the same trouble: $-\\log(1 - \\sigma(z))$ at $z$ =
        {{ z | g }} comes out as {{ naive_loss }}. Written as softplus it is
        {{ stable_loss | .2f }}.""",
)
def C58():
    def naive(x):
        return np.exp(x) / np.exp(x).sum()

    small = np.array([0.0, 1.0, 2.0])
    large, z = small + 1000, 37.0
    with np.errstate(all="ignore"):
        found = [naive(small), naive(large)]
        naive_loss = -np.log(1 - 1 / (1 + np.exp(-z)))
    stable = softmax(large[None])[0]
    stable_loss = LOSSES["binary_cross_entropy"].f(
        np.array([[z]]), np.array([[0.0]])
    )
    limits = [
        np.log(np.finfo(precision).max.astype(float))
        for precision in (np.float16, np.float32, np.float64)
    ]
    return verdict(np.allclose(p, stable) for p in found), {
        "small": small,
        "large": large,
        "small_naive": "(" + ", ".join(f"{p:.4f}" for p in found[0]) + ")",
        "large_naive": "(" + ", ".join(f"{p:.4f}" for p in found[1]) + ")",
        "large_stable": stable,
        "limits": limits,
        "z": z,
        "naive_loss": str(naive_loss),
        "stable_loss": stable_loss.item(),
    }


@claim(
    wording="""`def tanh(x): y = np.exp(-x); return (1.0 - y) / (1.0 + y)` […]
        `grad_tanh(1.0)` […] `0.39322386648296376`""",
    source="""an early README of [HIPS/autograd](https://github.com/HIPS/autograd), still found
        in forks and lecture notes""",
    right="""The library differentiates the function to the last digit, and the README has been
        mended: it now says `np.exp(-2.0 * x)`.""",
    correct="""`(1 - y) / (1 + y)` with $y = e^{-x}$ is $\\tanh(x/2)$; for tanh, take
        $y = e^{-2x}$.""",
    finding="""The slope of the printed function at 1 is {{ printed | .15g }}, as the README
        said. That of tanh is {{ truth | .15g }}. The slope of $\\tanh(x/2)$ is
        {{ half | .15g }}. A check by finite differences could not notice: it
        differentiates the same wrong function.""",
)
def C60():
    def printed(x):
        y = np.exp(-x)
        return (1.0 - y) / (1.0 + y)

    def slope(f):
        return complex_step(f, np.array(1.0)).item()

    found = {
        "printed": slope(printed),
        "truth": slope(np.tanh),
        "half": slope(lambda x: np.tanh(x / 2)),
    }
    return verdict(
        bool(np.isclose(found["printed"], found["truth"]))
    ), found
