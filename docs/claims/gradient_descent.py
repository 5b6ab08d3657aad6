"""Claims about gradient descent: its direction, its steps, its batches."""

from __future__ import annotations

import numpy as np

from chainrule import LOSSES
from docs.claims._claim import claim, verdict
from docs.experiments.batches import variance_by_batch_size
from docs.experiments.bowls import widest_angle


@claim(
    wording="The average gradient points towards the minimum.",
    source="Commonly said, when mini-batches and their noise are explained",
    right="""The gradient of a batch is right on average, and it does point downhill: along
        $-\\nabla L$ the loss falls fastest, at first.""",
    correct="""The negative gradient points straight downhill; to the minimum only in a
        round bowl, or along one of the axes of a long one.""",
    finding="""In a bowl that is {{ conditions | g }} times as steep one way as the other,
        the negative gradient can be {{ angles | .1f }} degrees off the direction of the
        minimum. The widest angle is
        $\\arccos\\frac{2\\sqrt\\kappa}{1+\\kappa}$, with $\\kappa$ the ratio of the
        curvatures.""",
)
def C36():
    conditions = np.array([1.0, 10.0, 100.0, 1000.0])
    angles = [widest_angle(kappa) for kappa in conditions]
    cosines = 2 * np.sqrt(conditions) / (1 + conditions)
    law = np.degrees(np.arccos(np.minimum(cosines, 1)))
    assert np.allclose(angles, law, atol=1e-3)
    return verdict(angle < 1e-3 for angle in angles), {
        "conditions": conditions,
        "angles": angles,
    }


def steps_taken(slope, x, learning_rate, steps=200):
    """The sizes of all steps of gradient descent, while they are finite."""
    sizes = []
    for _ in range(steps):
        step = learning_rate * slope(x)
        if abs(step) > 1e100:
            break
        x -= step
        sizes.append(abs(step))
    return sizes


@claim(
    wording="""The closer we get to the local minimum, the derivative of the cost function
        is smaller (closer to 0) […] and the step we take is going to be smaller.""",
    source="""[Code Maven, slides on gradient
        descent](https://code-maven.com/slides/python/ml-gradient-descent)""",
    right="""For a loss with a smooth round bottom and a small enough learning rate it is
        true, and it is why a fixed rate can converge.""",
    correct="""Steps shrink near a smooth minimum if the learning rate is below 2 over the
        curvature there; at a sharper one they do not.""",
    finding="""With learning rate {{ rate }}, from 3: on $x^2$ the last of two hundred steps
        is {{ last[0] | sci }}. On $|x|$ every step is {{ last[1] | g }}, for ever. On
        $|x|^{1.5}$ the steps settle at {{ last[2] | .5g }}, to and fro between
        $\\pm${{ turning | .6f }}, which is $0.075^2$. On $x^4$ it never gets near: after
        {{ quartic_steps }} steps the numbers are too large to go on.""",
)
def C37():
    slopes = [
        lambda x: 2 * x,
        np.sign,
        lambda x: 1.5 * np.sign(x) * np.sqrt(abs(x)),
        lambda x: 4 * x**3,
    ]
    rate = 0.1
    walks = [steps_taken(slope, 3.0, rate) for slope in slopes]
    last = [walk[-1] for walk in walks]
    return verdict(walk[-1] < 1e-6 for walk in walks), {
        "rate": rate,
        "last": last,
        "turning": last[2] / 2,
        "quartic_steps": len(walks[3]),
    }


softmax_loss = LOSSES["softmax_cross_entropy"]


def softmax_gradient(x, t, W):
    """The gradient in W of the mean loss of softmax regression."""
    delta = softmax_loss.gradient(x @ W.T, t, reduction="mean")
    return delta.T @ x


@claim(
    wording="""If you multiplied all input data examples $x_i$ by 1000 during
        preprocessing, then the gradient on the weights will be 1000 times larger, and
        you'd have to lower the learning rate by that factor to compensate.""",
    source="""[CS231n, Optimization
        2](https://cs231n.github.io/optimization-2/#unintuitive-effects-and-their-consequences)""",
    right="""That the scale of the data matters, and why: the gradient of a weight is the
        error times the input.""",
    correct="""The gradient is the error times the input, and the error changes as well;
        where it does not, the learning rate has to be lowered by the *square* of the
        factor.""",
    finding="""Softmax regression, three classes, ten features. With weights zero the
        gradient is {{ at_zero | .1f }} times as large; with random weights of size
        {{ sizes | g }} it is {{ growth | .0f }} times as large. And a rate lowered by
        {{ factor }} does not compensate: after a step from zero weights the outputs have
        moved {{ thousand | .0f }} times as far as before. Lowered by the square of it,
        they move by the same, to {{ million | .0sci }}: a weight meets its input twice,
        once in the gradient and once in the output.""",
)
def C41():
    factor, rate = 1000, 0.1
    rng = np.random.default_rng(0)
    x = rng.standard_normal((200, 10))
    t = np.eye(3)[(x[:, :3] + rng.standard_normal((200, 3))).argmax(axis=1)]
    direction = rng.standard_normal((3, 10))
    sizes = [0.0, 0.01, 0.1, 1.0]
    growth = []
    for W in [size * direction for size in sizes]:
        near = softmax_gradient(x, t, W)
        far = softmax_gradient(factor * x, t, W)
        growth.append(np.linalg.norm(far) / np.linalg.norm(near))

    def moved(x, rate):
        """The outputs after a step from weights zero, where they were 0."""
        gradient = softmax_gradient(x, t, np.zeros((3, 10)))
        return x @ (-rate * gradient).T

    plain = moved(x, rate)
    thousand = np.linalg.norm(moved(factor * x, rate / factor))
    million = np.abs(moved(factor * x, rate / factor**2) / plain - 1)
    return verdict(abs(ratio / factor - 1) < 0.01 for ratio in growth), {
        "factor": factor,
        "at_zero": growth[0],
        "sizes": sizes[1:],
        "growth": growth[1:],
        "thousand": thousand / np.linalg.norm(plain),
        "million": million.max(),
    }


def one_sign(gradients, axes):
    """The share of arrays whose numbers along the axes have one sign."""
    positive = (gradients > 0).all(axis=axes)
    negative = (gradients < 0).all(axis=axes)
    return (positive | negative).mean()


@claim(
    wording="""If the data coming into a neuron is always positive […], then the gradient on
        the weights $w$ will during backpropagation become either all be positive, or all
        negative.""",
    source="""[CS231n, Neural Networks
        1](https://cs231n.github.io/neural-networks-1/#actfun)""",
    right="""For one neuron and one example it holds always: the gradient is one error times
        positive inputs. The notes add that a batch mends it.""",
    correct="""For one example, the slopes of the weights *into one neuron* have one sign if
        its inputs are positive.""",
    finding="""{{ trials }} random errors, six positive inputs. One neuron, one example: one
        sign in {{ neuron | pct }} of the cases. A batch of eight: {{ batch | .0pct }}.
        A whole layer of five neurons, one example: {{ layer | .1pct }}, near
        $2 \\cdot 2^{-5}$. The last is often left out, as in “the gradients w.r.t. a
        layer's weights all share the same sign”
        ([datarekha](https://datarekha.com/interview/deep-learning/sigmoid-saturation-vanishing-gradients/)).""",
)
def C42():
    trials, inputs, neurons, examples = 10_000, 6, 5, 8
    rng = np.random.default_rng(0)
    delta = rng.standard_normal((trials, examples, neurons))
    x = rng.uniform(size=(trials, examples, inputs))
    each = delta[..., None] * x[:, :, None, :]  # one gradient an example
    mean = each.mean(axis=1)
    shares = {
        "neuron": one_sign(each[:, 0, 0], 1),
        "batch": one_sign(mean[:, 0], 1),
        "layer": one_sign(each[:, 0], (1, 2)),
    }
    return verdict(share == 1 for share in shares.values()), {
        "trials": trials,
        **shares,
    }


@claim(
    wording="""It has variance proportional to $1/|B|$. Bigger batches → less noisy
        estimates.""",
    source="""[Learn Tinker, Batches, Stochastic, and the Noise
        Ball](https://learntinker.com/lessons/batches-and-noise)""",
    right="""It is exact when examples are drawn with replacement, and close for batches
        that are small next to the data.""",
    correct="""Drawn without replacement, as one does, the variance is
        $\\frac1B\\,\\frac{N-B}{N-1}$ of that of one example; the size of the noise is its
        root.""",
    finding="""Softmax regression on {{ examples }} handwritten digits, {{ draws }} batches
        of each size. For batches of {{ sizes }} the variance times the size, relative to
        one example, is {{ measured | .3f }}. The law says {{ law | .3f }}. A batch sixteen
        times as large is only four times as precise.""",
)
def C43():
    found = variance_by_batch_size([4, 16, 64, 256, 1024], draws=1000)
    sizes, examples = np.array(found["sizes"]), found["examples"]
    law = (examples - sizes) / (examples - 1)
    measured = np.array(found["variance"]) * sizes
    assert np.allclose(measured, law, atol=0.05)
    return verdict(abs(measured - 1) < 0.05), {
        "examples": examples,
        "draws": 1000,
        "sizes": sizes,
        "measured": measured,
        "law": law,
    }


def degrees_between(a, b):
    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    return np.degrees(np.arccos(min(cosine, 1.0)))


@claim(
    wording="""If we clip the gradient we still go in the right direction, but we wont make
        an too large step.""",
    source="""[n1o, study notes on gradient
        clipping](https://n1o.github.io/study_notes/notes/gradient_clipping.html)""",
    right="The notes clip the norm, and for that it is true.",
    correct="""Clipping the *norm* of the gradient keeps its direction; clipping each value
        by itself does not.""",
    finding="""The gradient {{ gradient | g }} with limit 1: its norm clipped, it is
        {{ by_norm | .3f }}, {{ angle_norm | .1f }} degrees off. Its values clipped, it is
        {{ by_value | g }}, {{ angle_value | .1f }} degrees off.""",
)
def C44():
    gradient, limit = np.array([10.0, 0.5]), 1.0
    by_norm = gradient * min(1.0, limit / np.linalg.norm(gradient))
    by_value = np.clip(gradient, -limit, limit)
    angles = [degrees_between(gradient, g) for g in (by_norm, by_value)]
    return verdict(angle < 1e-3 for angle in angles), {
        "gradient": gradient,
        "by_norm": by_norm,
        "by_value": by_value,
        "angle_norm": angles[0],
        "angle_value": angles[1],
    }


def steps_on_the_saddle(y, learning_rate, limit):
    """Steps of gradient descent on x² - y² from (1, y) until |y| > 1."""
    x = 1.0
    for step in range(limit):
        if abs(y) > 1:
            return step
        x, y = x - learning_rate * 2 * x, y + learning_rate * 2 * y
    return limit


@claim(
    wording="I believe GD will be stuck in saddle points, while stochastic methods do not.",
    source="""[Cross Validated, a comment on question
        182738](https://stats.stackexchange.com/questions/182738/why-doesnt-gradient-descent-terminate-on-saddle-point);
        said in many places""",
    right="""Started exactly on the ridge it does stay, and near a saddle it is slow. Noise
        helps it to leave earlier.""",
    correct="""Gradient descent is held up at a saddle for as long as it takes the smallest
        distance to grow; stuck it is only if it starts exactly on the ridge.""",
    finding="""On $x^2 - y^2$ with learning rate {{ rate }}, from $y$ = {{ starts[0] | .0sci }},
        {{ starts[1] | .0sci }} and {{ starts[2] | .0sci }}, it leaves after
        {{ steps[0] }}, {{ steps[1] }} and {{ steps[2] }} steps. From $y = 0$ exactly it
        has not left after {{ steps[3] }}. The distance grows by {{ growth }} a step, so the
        middle one should take {{ theory | .1f }}.""",
)
def C45():
    starts, rate, limit = [1e-3, 1e-6, 1e-12, 0.0], 0.1, 10_000
    steps = [steps_on_the_saddle(y, rate, limit) for y in starts]
    growth = 1 + 2 * rate
    return verdict(count == limit for count in steps), {
        "rate": rate,
        "starts": starts,
        "steps": steps,
        "growth": growth,
        "theory": np.log(1 / starts[1]) / np.log(growth),
    }
