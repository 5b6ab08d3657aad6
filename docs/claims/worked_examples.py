"""Claims of printed worked examples, worked again."""

from __future__ import annotations

import numpy as np

from chainrule import (
    ACTIVATIONS,
    LOSSES,
    Affine,
    Layer,
    dense_network,
    forward,
    gradients,
    sgd,
    slips,
)
from chainrule.initializers import normal
from docs.claims._claim import claim, verdict
from docs.experiments import symmetry
from docs.experiments.small_runs import MAZUR, MAZUR_T, MAZUR_X

sigmoid, half_squared = ACTIVATIONS["sigmoid"], LOSSES["half_squared_error"]


def errors_of(network, x, t):
    """Half the squared error of each output."""
    return (forward(network, x)[-1].a - t)[0] ** 2 / 2


def weights_only(found):
    """The gradient for a step that leaves the biases where they are."""
    return [Affine(g.W, 0 * g.b) for g in found]


@claim(
    wording="""Experience with many tasks shows that the network very rarely gets stuck in poor
        local minima that are significantly worse than the global minimum.""",
    source="""[Rumelhart, Hinton and Williams 1986](https://doi.org/10.1038/323533a0)""",
    right="""“Very rarely” comes true with a smaller learning rate. And the network of their first
        figure learns what they print: weights as 1 : 2 : 4.""",
    correct="""Their network can come to a standstill at a poor error. Here it was the length of the
        steps that brought it there, and shorter steps did not.""",
    finding="""Their network for symmetry, their settings (learning rate {{ rates[0] }}, momentum
        $0.9$), {{ starts }} random starts, six thousand sweeps each: {{ solved[0] }} solve it,
        after a median of {{ median[0] | .0f }} sweeps. The others stand at an error of
        {{ standstill | .3f }}: they say “not symmetric” to everything, and are wrong about
        the {{ symmetric }} rows that are. With learning rate {{ rates[1] }} and the same
        starts, {{ solved[1] }} solve it, after a median of {{ median[1] | .0f }}.""",
)
def C59():
    found = symmetry.runs()
    rates = [symmetry.RULE.learning_rate, 0.03]
    sweeps = [found["sweeps"], symmetry.solved_at(rates[1])]
    stuck = [1 - len(one) / symmetry.SEEDS for one in sweeps]
    return verdict(share < 0.05 for share in stuck), {
        "rates": rates,
        "starts": symmetry.SEEDS,
        "solved": [len(one) for one in sweeps],
        "median": [np.median(one) for one in sweeps],
        "standstill": max(found["stuck"]),
        "symmetric": int(symmetry.T.sum()),
    }


@claim(
    wording="""After this first round of backpropagation, the total error is now down to
        0.291027924.""",
    source="""[Matt Mazur, A Step by Step Backpropagation
        Example](https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/)""",
    right="""Everything printed before it is right to all nine digits, the new weights as well.
        He found the slip in his code himself, and mended it there.""",
    correct="""After this first round the total error is down to {{ right | .9f }}.""",
    finding="""His printed weights give {{ right | .12f }}. The printed error
        comes out, {{ mixed | .9f }}, if the error goes back through the output weights
        *after* they have been updated. So it seems to come from an earlier version of his
        program. Many others have been tested against it.""",
)
def C61():
    setting = MAZUR, MAZUR_X, MAZUR_T, half_squared
    rate, printed = 0.5, 0.291027924
    right = gradients(*setting, reduction="sum")
    mixed = slips.gradients(
        ["updated_weights"], *setting, reduction="sum", learning_rate=rate
    )
    after = {
        name: errors_of(
            sgd(MAZUR, weights_only(found), rate), MAZUR_X, MAZUR_T
        ).sum()
        for name, found in [("right", right), ("mixed", mixed)]
    }
    return verdict(bool(abs(after["right"] - printed) < 5e-10)), after


@claim(
    wording="""$\\delta_4 = \\dots = -0.0819$ […] This process is said to be continued until the
        actual output is gained by the neural network.""",
    source="""[GeeksforGeeks, Backpropagation in Neural
        Network](https://www.geeksforgeeks.org/machine-learning/backpropagation-in-neural-network/)""",
    right="""The forward pass is right to the digits shown, and so are $\\delta_3$ and, nearly,
        $\\delta_5$. The formulas are right too.""",
    correct="""$\\delta_4 = {{ delta[1] | .4f }}$. The output comes ever closer to its target;
        it does not reach it.""",
    finding="""The page counts errors with the sign of $t - y$. So counted, $\\delta_5$ =
        {{ delta_out | .4f }} and $\\delta_3$, $\\delta_4$ = {{ delta | .4f }}: the printed
        one is {{ times | .1f }} times too large, a slipped decimal point. After the step
        $w_{11}$ is {{ w11 | .6f }} (printed {{ printed_w11 }}: it moved the wrong way) and
        the output {{ y_after | .4f }} (printed {{ printed_y }}). With right steps the output
        is within $10^{-2}$ of the target after {{ steps[0] }} of them, and within
        $10^{-8}$ after {{ steps[1] }}.""",
)
def C62():
    x, t, rate = np.array([[0.35, 0.7]]), np.array([[0.5]]), 1.0
    network = [
        Layer(Affine(np.array(W), np.zeros(len(W))), sigmoid)
        for W in ([[0.2, 0.2], [0.3, 0.3]], [[0.3, 0.9]])
    ]
    first = gradients(network, x, t, half_squared, reduction="sum")
    delta, delta_out = -first[0].b, -first[1].b.item()  # db is delta here
    outputs, weights = [], []
    for _ in range(500):
        found = gradients(network, x, t, half_squared, reduction="sum")
        network = sgd(network, weights_only(found), rate)
        outputs.append(forward(network, x)[-1].a.item())
        weights.append(network[0].affine.W[0, 0])
    distance = abs(np.array(outputs) - t.item())
    printed = {"delta": -0.0819, "w11": 0.200945, "y": 0.61}
    as_printed = [
        abs(delta[1] - printed["delta"]) < 5e-5,
        abs(weights[0] - printed["w11"]) < 5e-7,
        abs(outputs[0] - printed["y"]) < 5e-3,
        (distance == 0).any(),
    ]
    return verdict(as_printed), {
        "delta": delta,
        "delta_out": delta_out,
        "times": printed["delta"] / delta[1],
        "w11": weights[0],
        "printed_w11": printed["w11"],
        "y_after": outputs[0],
        "printed_y": printed["y"],
        "steps": [1 + (distance < near).argmax() for near in (1e-2, 1e-8)],
    }


def improved(network, x, t, rate=0.5):
    """Which outputs have a smaller error after a step, and has the loss."""
    found = gradients(network, x, t, half_squared, reduction="sum")
    before = errors_of(network, x, t)
    after = errors_of(sgd(network, found, rate), x, t)
    return after < before, after.sum() < before.sum()


@claim(
    wording="""Our goal with backpropagation is to update each of the weights […], thereby
        minimizing the error for each output neuron and the network as a whole.""",
    source="""[Matt Mazur, A Step by Step Backpropagation
        Example](https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/)""",
    right="""The error of the network as a whole is what goes down, if the step is short enough.
        In his example both outputs improve as well.""",
    correct="""A step lowers the *total* error, if it is short enough; a single output may get
        worse for the good of the others.""",
    finding="""His own network, but with one bias shared by each layer, as in his drawing, and
        that bias trained: the total falls from {{ before[2] | .6f }} to
        {{ after[2] | .6f }}, while the error of the second output *rises* from
        {{ before[1] | .6f }} to {{ after[1] | .6f }}. Of {{ networks }} random 2-2-2 networks
        with one step each, the total fell in {{ total | .1pct }}, and in
        {{ some | .1pct }} some output got worse.""",
)
def C63():
    setting = MAZUR, MAZUR_X, MAZUR_T
    found = gradients(*setting, half_squared, reduction="sum")
    shared = [Affine(g.W, g.b.sum() + 0 * g.b) for g in found]
    before = errors_of(*setting)
    his, after = (
        errors_of(sgd(MAZUR, step, 0.5), MAZUR_X, MAZUR_T)
        for step in (weights_only(found), shared)
    )

    rng = np.random.default_rng(0)
    networks, each, total = 2000, [], []
    for _ in range(networks):
        network = dense_network([2, 2, 2], [sigmoid] * 2, normal, rng)
        x, t = rng.uniform(size=(2, 1, 2))
        outputs, whole = improved(network, x, t)
        each.append(outputs.all())
        total.append(whole)
    cases = [*(his < before), *(after < before), *each]
    return verdict(cases), {
        "his": his,
        "before": [*before, before.sum()],
        "after": [*after, after.sum()],
        "networks": networks,
        "total": np.mean(total),
        "some": 1 - np.mean(each),
    }
