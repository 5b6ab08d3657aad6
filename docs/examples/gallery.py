"""Every slip of the catalogue, made on purpose, and what notices it."""

from contextlib import redirect_stdout

import numpy as np

import chainrule as cr
from chainrule import slips, spec

with redirect_stdout(None):  # what they print belongs on their own pages
    from docs.examples import one_step, two_three_two

RATE, STEPS, NOTICED = 0.5, 60, 1e-6
SETTINGS = [  # hidden activation, last activation, loss, reduction
    ("sigmoid", "sigmoid", "half_squared_error", "sum"),
    ("sigmoid", "sigmoid", "half_squared_error", "mean"),
    ("relu", "identity", "half_squared_error", "mean"),
    ("tanh", "identity", "squared_error", "mean"),
    ("tanh", "identity", "mean_squared_error", "mean"),
    ("leaky_relu", "identity", "half_squared_error", "mean"),
    ("gelu_tanh", "identity", "half_squared_error", "mean"),
    ("tanh", "identity", "binary_cross_entropy", "mean"),
    ("tanh", "identity", "softmax_cross_entropy", "mean"),
]
worked = spec.check_spec(one_step.specification)
worked_problem = (worked.network, worked.x, worked.t, worked.loss, "sum")


def two_three_two_with(hidden, last, loss, reduction):
    """The 2-3-2 network in another setting; targets that suit the loss."""
    first, second = (layer.affine for layer in two_three_two.network)
    network = [
        cr.Layer(first, cr.ACTIVATIONS[hidden]),
        cr.Layer(second, cr.ACTIVATIONS[last]),
    ]
    t = two_three_two.t
    if loss == "softmax_cross_entropy":
        t = t / t.sum(axis=1, keepdims=True)
    return network, two_three_two.x, t, cr.LOSSES[loss], reduction


def gradients(mistakes, problem, memory=None):
    """The gradient with these mistakes; None where shapes do not fit."""
    try:
        return slips.gradients(
            mistakes,
            *problem[:4],
            reduction=problem[4],
            learning_rate=RATE,
            memory=memory,
        )
    except ValueError:
        return None


def shapes(affines):
    return [(np.shape(a.W), np.shape(a.b)) for a in affines]


def off(found, right):
    """The relative error of a gradient; None if its shapes are wrong."""
    if found is None or shapes(found) != shapes(right):
        return None
    return cr.relative_error(found, right)


def curve(mistakes, problem):
    """The true loss in training with these mistakes, until they crash."""
    network, x, t, loss, reduction = problem
    memory, losses = slips.Memory(), []
    for _ in range(STEPS + 1):
        y = cr.forward(network, x)[-1].a
        losses.append(float(loss.value(y, t, reduction=reduction)))
        step = gradients(mistakes, (network, x, t, loss, reduction), memory)
        if step is None or shapes(step) != shapes(
            [a.affine for a in network]
        ):
            break
        network = slips.update(mistakes, network, step, RATE)
    return losses


def repeated(mistakes, problem):
    """The gradient of a second call: in the first, nothing can be stale."""
    memory = slips.Memory()
    gradients(
        mistakes, (problem[0], problem[1][::-1], *problem[2:]), memory
    )
    return gradients(mistakes, problem, memory)


def changes(mistakes, problem):
    """Whether the gradient comes out different, or not at all."""
    error = off(repeated(mistakes, problem), gradients([], problem))
    return error is None or error > NOTICED


def effect(mistakes, problem):
    """What one slip does to one problem, and which checks notice."""
    right, found = gradients([], problem), repeated(mistakes, problem)
    error, losses = off(found, right), curve(mistakes, problem)
    if error is None:
        first = np.nan
    else:
        first = found[0].W[0, 0] / right[0].W[0, 0] - 1
    return {
        "error": error,
        "curve": losses,
        "shapes": error is None,
        "loss": len(losses) <= STEPS or not losses[-1] < losses[0],
        "one": not abs(first) <= NOTICED,
        "all": error is None or error > NOTICED,
    }


def row(slip):
    """What one slip does to the worked network and to 2-3-2."""
    setting = next(
        (s for s in SETTINGS if changes([slip.id], two_three_two_with(*s))),
        SETTINGS[0],
    )
    problem = two_three_two_with(*setting)
    return {
        "id": slip.id,
        "statement": slip.statement,
        "why": slip.why,
        "symptom": slip.symptom,
        "part": sorted(slip.changes)[0],
        "right": slip.right,
        "wrong": slip.wrong,
        "seen": [{"who": seen.who, "url": seen.url} for seen in slip.seen],
        "setting": setting,
        "worked": effect([slip.id], worked_problem),
        "two_three_two": effect([slip.id], problem),
        "reference_curve": curve([], problem),
    }


with np.errstate(
    all="ignore"
):  # some of them overflow, and that is the point
    rows = [row(slip) for slip in slips.SLIPS.values()]
in_gradient = [
    row["two_three_two"] for row in rows if row["two_three_two"]["all"]
]
checks = ("shapes", "loss", "one", "all")
caught = {
    check: sum(found[check] for found in in_gradient) for check in checks
}
count, gradient_count = len(rows), len(in_gradient)
print(f"{count} slips, {gradient_count} of them change the gradient")
for check, number in caught.items():
    print(f"noticed by {check:7} {number:3}")
