"""Claims about gradient descent: does the loss fall, when, and when not?"""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_breast_cancer

from docs.claims._claim import claim, verdict
from docs.claims.backward_pass import EIGENVUE
from docs.experiments.plateau import half_way, losses_of_clouds, training
from docs.experiments.rising_steps import rising_share


@claim(
    wording="""Early epochs see large weight adjustments and significant loss reduction …
        later epochs focus on fine-tuning.""",
    source="Commonly said",
    right="""On many tasks it is what you see: from a random start the first steps gain the
        most.""",
    correct="""The loss falls when the slopes are large. That is early where a single
        straight border gains most, and late where the network has to cross a plateau.""",
    finding="""Two clouds of points, {{ clouds }} random starts: in {{ early }} of them
        half of the fall is done in the first half of the training. XOR with two hidden
        sigmoids, {{ starts }} random starts, trained until the loss is below
        {{ good_enough }}: {{ learned }} arrive. In {{ late }} of them half of the fall
        comes in the second half of the training. In the median it is done when
        {{ median | pct }} of the training are over.""",
)
def C04():
    starts, good_enough = 40, 0.05
    runs = [
        training(
            seed,
            learning_rate=0.5,
            good_enough=good_enough,
            patience=8000,
        )
        for seed in range(starts)
    ]
    halves = [half_way(losses) for losses in runs if losses is not None]
    late = sum(half > 0.5 for half in halves)
    clouds = [half_way(losses_of_clouds(seed)) for seed in range(1, 11)]
    early = sum(half < 0.5 for half in clouds)
    return verdict([early > len(clouds) / 2, late < len(halves) / 2]), {
        "clouds": len(clouds),
        "early": early,
        "starts": starts,
        "good_enough": good_enough,
        "learned": len(halves),
        "late": late,
        "median": np.median(halves),
        "earliest": min(halves),
    }


@claim(
    wording="""This process is repeated for each training example, gradually minimizing the
        loss function.""",
    source="Commonly said",
    right="""Over many steps the loss does fall, and for a small enough step on the whole of
        the data it falls every time.""",
    correct="""A step against the gradient of *some* examples lowers the loss of those
        examples, if it is small enough. The loss of all may rise.""",
    finding="""Digits, a 64-32-10 network, {{ steps }} steps, {{ seeds }} random starts: the
        share of steps that raise the loss of all examples is {{ shares[0] | pct }} with
        batches of {{ batches[0] }}, {{ shares[1] | pct }} with {{ batches[1] }},
        {{ shares[2] | pct }} with {{ batches[2] }}, and {{ shares[3] | pct }} with all
        {{ batches[3] | ,d }}. Too large a step can raise even the loss it was made for: in a
        bowl, one of {{ too_large }}/λ takes ½ to {{ after | .3f }}.""",
)
def C05():
    # The smallest batches want the smaller steps.
    settings = {1: 0.05, 8: 0.05, 32: 0.1, 1797: 0.1}
    steps, seeds, too_large = 400, 3, 2.5
    shares = [
        np.mean([rising_share(batch, rate, s, steps) for s in range(seeds)])
        for batch, rate in settings.items()
    ]
    after = 0.5 * (1 - too_large) ** 2  # of the loss w²/2, from w = 1
    cases = [*(share == 0 for share in shares), after < 0.5]
    return verdict(cases), {
        "steps": steps,
        "seeds": seeds,
        "batches": list(settings),
        "shares": shares,
        "too_large": too_large,
        "after": after,
    }


def descend(slope, w, learning_rate, steps):
    """Where plain descent is after so many steps."""
    for _ in range(steps):
        w = w - learning_rate * slope(w)
    return w


@claim(
    wording="""A learning rate that is too large causes weight updates to overshoot the
        minimum, potentially diverging.""",
    source=f"[Eigenvue, Backpropagation]({EIGENVUE})",
    right="""It says “potentially”, and rightly. For a bowl the limit is exact: 2/λ, with λ
        the largest curvature.""",
    correct="""Beyond 2/λ descent diverges on a quadratic loss. Where the slope is bounded it
        may only bounce.""",
    finding="""Linear regression on the breast cancer data: λ is {{ curvature | .4f }}, the
        limit {{ limit | .6f }}. After {{ steps }} steps the loss is {{ losses[0] | .4f }} at
        {{ shares[0] }} of the limit, {{ losses[1] | sci }} at {{ shares[1] }} and
        {{ losses[2] | sci }} at {{ shares[2] }}. But log cosh, at {{ bounded_share }} times
        its limit, ends in a cycle between ±{{ cycle | .3f }}, and stays there.""",
)
def C14():
    data = load_breast_cancer()
    x = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    x = np.hstack([x, np.ones((len(x), 1))])
    t, n = data.target, len(x)
    curvature = np.linalg.eigvalsh(x.T @ x / n)[-1]
    limit, steps = 2 / curvature, 500

    def loss_after(learning_rate):
        w = descend(
            lambda w: x.T @ (x @ w - t) / n,
            np.zeros(31),
            learning_rate,
            steps,
        )
        return 0.5 * ((x @ w - t) ** 2).mean()

    shares = [0.99, 1.01, 1.1]
    losses = [loss_after(share * limit) for share in shares]
    # The curvature of log cosh is at most 1, so its limit is 2.
    bounded_share = 1.25
    cycle = abs(descend(np.tanh, 1.0, bounded_share * 2, steps))
    start = 0.5 * (t**2).mean()
    diverges = [loss > start for loss in losses[1:]]
    return verdict([*diverges, cycle > 1]), {
        "curvature": curvature,
        "limit": limit,
        "steps": steps,
        "shares": shares,
        "losses": losses,
        "bounded_share": bounded_share,
        "cycle": cycle,
    }
