"""Claims about the rules that turn a gradient into a step."""

from __future__ import annotations

import numpy as np

from chainrule import Adam
from docs.claims._claim import claim, verdict
from docs.experiments.bowls import steps_by_rule


@claim(
    wording="""**Momentum update** is another approach that almost always enjoys better
        converge rates on deep networks.""",
    source="""[CS231n, Neural Networks 3](https://cs231n.github.io/neural-networks-3/#sgd)""",
    right="""It is said of deep networks, whose losses are long narrow valleys; in those
        momentum is many times faster.""",
    correct="""Momentum is faster in long narrow valleys; in a nearly round bowl, with the
        usual $\\beta = 0.9$, it is slower.""",
    finding="""Steps to within $10^{-6}$ of the minimum in bowls with curvatures in the
        ratio {{ conditions | g }}. Gradient descent with its best learning rate:
        {{ plain }}. Momentum with $\\beta = 0.9$ and its best rate: {{ usual }}. With the
        best $\\beta$ as well: {{ best }}. With $\\beta = 0.9$ there is a floor: about
        $\\sqrt{0.9}$ of the distance is left after each step, whatever the bowl.""",
)
def C38():
    conditions = [1.0, 2.0, 10.0, 100.0, 1000.0]
    steps = steps_by_rule(np.array(conditions))
    pairs = zip(steps["usual"], steps["plain"], strict=True)
    return verdict(usual < plain for usual, plain in pairs), {
        "conditions": conditions,
        **steps,
    }


def adam_steps(gradients):
    """The sizes of Adam's steps, in learning rates."""
    rule, w, sizes = Adam(learning_rate=1.0), np.zeros(1), []
    state = rule.start(w)
    for g in gradients:
        after, state = rule.step(w, np.array([g]), state)
        sizes.append(abs(after - w).item())
        w = after
    return sizes


@claim(
    wording="""The effective magnitude of the steps taken in parameter space at each
        timestep are approximately bounded by the stepsize setting $\\alpha$.""",
    source="""[Kingma and Ba 2015, section 2.1](https://arxiv.org/abs/1412.6980)""",
    right="""“Approximately” is meant: the paper itself gives the larger bound
        $\\alpha(1-\\beta_1)/\\sqrt{1-\\beta_2}$ for the sparsest case. Retold, both are
        often lost.""",
    correct="""Adam's step is about the learning rate when gradients are steady; after a
        lone spike it can be {{ limit | .2f }} learning rates long, with the usual
        settings, and after growing gradients {{ longest | .2f }}.""",
    finding="""In learning rates: the first step is {{ first | .9f }}. A single gradient
        after {{ quiet }} zeros makes a step of {{ spike | .4f }}; the paper's bound is
        {{ limit | .4f }}. That is for one gradient. If they grow after the zeros, each
        {{ growth | .2f }} times the last, the step comes to {{ grown | .4f }}; no gradients
        can bring it above {{ longest | .4f }}. With gradients of $10^{-9}$, below
        $\\varepsilon$, the step is only {{ tiny | .3f }}.""",
)
def C39():
    first = adam_steps([1.0])[0]
    quiet = 4999
    spike = adam_steps([0.0] * quiet + [1.0])[-1]
    tiny = adam_steps([1e-9])[0]
    rule = Adam(learning_rate=1.0)
    limit = (1 - rule.beta1) / np.sqrt(1 - rule.beta2)
    assert spike < limit
    # The worst case by Cauchy and Schwarz: gradients that grow by beta2 / beta1.
    growth = rule.beta2 / rule.beta1
    grown = adam_steps([0.0] * quiet + [growth**k for k in range(100)])[-1]
    longest = limit / np.sqrt(1 - rule.beta1**2 / rule.beta2)
    assert limit < grown < longest
    return verdict(step < 1.01 for step in (first, spike, grown, tiny)), {
        "first": first,
        "quiet": quiet,
        "spike": spike,
        "limit": limit,
        "growth": growth,
        "grown": grown,
        "longest": longest,
        "tiny": tiny,
    }


class Descent:
    """Plain gradient descent, in the form of a rule."""

    learning_rate = 0.01

    def start(self, w):
        return None

    def step(self, w, g, state):
        return w - self.learning_rate * g, state


def trained(rule, curvature, *, penalty=0.0, decay=0.0, steps=6000):
    """Two weights, drawn to 1 and kept small by a penalty or by decay."""
    w = np.zeros(2)
    state = rule.start(w)
    for _ in range(steps):
        shrunk = w - rule.learning_rate * decay * w
        gradient = curvature * (w - 1) + penalty * w
        step, state = rule.step(w, gradient, state)
        w = shrunk + (step - w)
    return w


@claim(
    wording="""L2 regularization, also known as weight decay, is a technique used to prevent
        overfitting in machine learning models by adding a penalty term to the loss
        function.""",
    source="""[Fiveable, Deep Learning
        Systems](https://library.fiveable.me/key-terms/deep-learning-systems/l2-regularization)""",
    right="For gradient descent the two are the same thing, to the last digit.",
    correct="""An L2 penalty and weight decay are the same for gradient descent; for Adam
        they are two methods with two results
        ([Loshchilov and Hutter 2019](https://arxiv.org/abs/1711.05101)).""",
    finding="""Two weights, both drawn to 1, one loss a hundred times as steep as the other,
        strength {{ strength | g }}. Gradient descent with the penalty ends at
        {{ sgd_penalty | .4f }}, with decay at {{ sgd_decay | .4f }}; the difference is
        {{ sgd_gap | .0sci }}. Adam with the penalty ends at {{ adam_penalty | .4f }}, with
        decay at {{ adam_decay | .4f }}. With the penalty both rules find the minimum of the
        penalised loss. With decay Adam stops where its step, one learning rate for either
        weight, balances the shrinking: at one over the strength.""",
)
def C40():
    curvature, strength = np.array([0.1, 10.0]), 2.0
    found = {}
    for name, rule in [("sgd", Descent()), ("adam", Adam(0.01))]:
        penalty = trained(rule, curvature, penalty=strength)
        decay = trained(rule, curvature, decay=strength)
        found[f"{name}_penalty"], found[f"{name}_decay"] = penalty, decay
        found[f"{name}_gap"] = np.abs(penalty - decay).max()
    same = [found[f"{name}_gap"] < 1e-9 for name in ("sgd", "adam")]
    return verdict(same), {"strength": strength, **found}
