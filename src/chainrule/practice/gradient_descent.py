"""Gradient descent: the step, its size, and what backpropagation has to do with it."""

# ruff: noqa: E501
from __future__ import annotations

from math import acos, ceil, comb, cos, degrees, hypot, pi, sin, sqrt

import numpy as np
from numpy.random import Generator

from chainrule.activations import Array
from chainrule.training import minibatches

from .problems import CENTRAL, dense, lowest, one, slope
from .question import Bank, Question, Saying, choice, mistake, number, sentence

BANK = Bank("gradient-descent", "Gradient descent")

BOWL = r"A loss is a bowl, $\loss{L} = \tfrac{1}{2}(<small>\,\w{w_1}^2 + <large>\,\w{w_2}^2)$. "


def descend(curvatures: Array, start: Array, learning_rate: float, steps: int) -> Array:
    """Where gradient descent is after some steps in the bowl with these curvatures."""
    w = start
    for _ in range(steps):
        w = w - learning_rate * curvatures * w
    return w


def shrink(curvatures: Array, learning_rate: float) -> float:
    """The factor by which the slowest coordinate shrinks in one step, found by taking steps."""
    after = descend(curvatures, np.ones_like(curvatures), learning_rate, 1)
    return np.abs(after).max().item()


def edge_of_stability(curvatures: Array) -> float:
    """The learning rate at which descent stops shrinking, found by halving an interval."""
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if shrink(curvatures, middle) < 1 else (low, middle)
    return low


def fastest(curvatures: Array) -> float:
    """The learning rate with the smallest factor, found by trying."""
    return lowest(lambda rate: shrink(curvatures, rate), 0.0, edge_of_stability(curvatures))


@BANK.template("largest-step", "The largest stable learning rate")
def largest_step(rng: Generator) -> Question:
    small, large = one(rng, 0.5, 2), one(rng, 3, 12)
    return number(
        BOWL + r"Below which learning rate does gradient descent get closer to the bottom with every step?",
        values={"small": small, "large": large},
        key=2 / large,
        check=("trying learning rates", edge_of_stability(np.array([small, large]))),
        wrong=[
            mistake("one_over_curvature", 1 / large,
                    r"stop at $1/<large>$", r"There one step lands on the bottom of the steep direction. Up to twice that it still comes closer, from alternating sides."),
            mistake("flattest_direction", 2 / small,
                    "look at the flat direction", r"The steep direction breaks first: $2/<large>$."),
            mistake("mean_curvature", 4 / (small + large),
                    "take the mean of the curvatures", "Each direction goes its own way. The steepest one decides."),
        ],
        explanation=r"One step multiplies $w_2$ by $1 - <large>\,\eta$. That is between $-1$ and $1$ as long as $\eta < 2/<large> = <key>$.",
    )  # fmt: skip


@BANK.template("after-steps", "After five steps")
def after_steps(rng: Generator) -> Question:
    curvature, learning_rate = one(rng, 0.8, 2.5), round(0.05 * int(rng.integers(2, 9)), 2)
    factor = 1 - learning_rate * curvature
    return number(
        r"A loss is $\loss{L} = \tfrac{1}{2} \cdot <curvature>\,\w{w}^2$. Gradient descent starts at $\w{w} = 1$ with learning rate $\eta = <eta>$. Where is it after five steps?",
        values={"curvature": curvature, "eta": learning_rate, "factor": factor},
        key=factor**5,
        check=("five steps taken", descend(np.array([curvature]), np.ones(1), learning_rate, 5).item()),
        wrong=[
            mistake("steps_added", 1 - 5 * learning_rate * curvature,
                    "take five equal steps", "The slope shrinks with $w$, and the step with it. Each step multiplies by the same factor."),
            mistake("step_uphill", (1 + learning_rate * curvature) ** 5,
                    "go uphill", r"Each step multiplies by $1 - \eta \cdot <curvature>$."),
            mistake("one_step_only", factor,
                    "take one step", "There are five."),
        ],
        explanation=r"Each step multiplies $w$ by $1 - <eta> \cdot <curvature> = <factor>$. The fifth power is $<key>$.",
    )  # fmt: skip


@BANK.template("best-step", "The best fixed learning rate", needs=["gradient-descent.largest-step"])
def best_step(rng: Generator) -> Question:
    small, large = one(rng, 0.5, 2), one(rng, 3, 12)
    return number(
        BOWL + r"Which fixed learning rate brings gradient descent to the bottom fastest, from a general start?",
        values={"small": small, "large": large},
        key=2 / (small + large),
        check=("trying learning rates", fastest(np.array([small, large]))),
        wrong=[
            mistake("one_over_curvature", 1 / large,
                    r"take $1/<large>$", "That is best for the steep direction alone. The flat one crawls."),
            mistake("edge_of_stability", 2 / large,
                    "go to the limit of stability", "There the steep direction does not shrink any more."),
            mistake("mean_of_best_steps", (1 / small + 1 / large) / 2,
                    "take the mean of what is best for each direction", r"Both directions must shrink alike: $1 - \eta \cdot <small> = \eta \cdot <large> - 1$."),
        ],
        explanation=r"Best is where both directions shrink alike: $1 - \eta \cdot <small> = \eta \cdot <large> - 1$. So $\eta = 2/(<small> + <large>) = <key>$.",
    )  # fmt: skip


@BANK.template("overshoot", "One step in a valley")
def overshoot(rng: Generator) -> Question:
    curvature, w = one(rng, 1, 4), one(rng, 0.5, 2, signed=True)
    learning_rate = round(one(rng, 1.2, 1.8) / curvature, 2)
    return number(
        r"A loss is $\loss{L} = \tfrac{1}{2} \cdot <curvature>\,\w{w}^2$. Gradient descent stands at $\w{w} = <w>$ with learning rate $\eta = <eta>$. Where is it after one step?",
        values={"curvature": curvature, "w": w, "eta": learning_rate, "gradient": curvature * w},
        key=w - learning_rate * curvature * w,
        check=(CENTRAL, w - learning_rate * slope(lambda w: curvature * w * w / 2, w)),
        wrong=[
            mistake("step_uphill", w + learning_rate * curvature * w,
                    "add the step", r"Downhill is against the slope: $w - \eta\,\partial L/\partial w$."),
            mistake("loss_for_slope", w - learning_rate * curvature * w * w / 2,
                    "step by the loss", r"The step uses the slope $<curvature>\,w$, not the loss."),
            mistake("learning_rate_forgotten", w - curvature * w,
                    "forget the learning rate", r"The step is $\eta$ times the slope."),
        ],
        explanation=r"The slope is $<curvature> \cdot <(w)> = <gradient>$. The step leads to $<w> - <eta> \cdot <(gradient)> = <key>$, beyond the bottom but lower than before.",
    )  # fmt: skip


@BANK.template("adam", "The first step of Adam")
def adam(rng: Generator) -> Question:
    learning_rate = 0.01 * int(rng.integers(1, 6))
    g = one(rng, 1.5, 6, signed=True)
    beta1, beta2 = 0.9, 0.999
    m, v = (1 - beta1) * g, (1 - beta2) * g * g
    return choice(
        rng,
        r"Adam starts with zero averages, learning rate $<eta>$, $\beta_1 = 0.9$ and $\beta_2 = 0.999$, and corrects its averages for the start. The first gradient is $<g>$. How long is its first step?",
        values={"eta": round(learning_rate, 2), "g": g},
        key=learning_rate,
        check=("the update written out", abs(learning_rate * (m / (1 - beta1)) / np.sqrt(v / (1 - beta2)))),
        wrong=[
            mistake("no_bias_correction", learning_rate * abs(m) / v**0.5,
                    "leave out the correction", r"Uncorrected averages are $0.1\,g$ and $0.001\,g^2$. Their quotient is not 1 but $0.1/\sqrt{0.001}$."),
            mistake("sgd_thinking", learning_rate * abs(g),
                    "multiply by the gradient, as plain descent does", "Adam divides the gradient by its own size. In the first step nothing is left but the sign."),
            mistake("first_average_only", learning_rate * (1 - beta1),
                    "correct the second average only", "Both averages start at zero, and both are corrected."),
        ],
        explanation=r"Corrected, the averages are $g$ and $g^2$. The step is $<eta> \cdot |g|/\sqrt{g^2} = <key>$, whatever the gradient.",
    )  # fmt: skip


@BANK.template("worst-angle", "How far the slope points past the bottom")
def worst_angle(rng: Generator) -> Question:
    condition = int(rng.integers(5, 120))

    def cosine(direction: float) -> float:
        """Between the way down and the way to the bottom, from a point in this direction."""
        w1, w2 = cos(direction), sin(direction)
        return (w1 * w1 + condition * w2 * w2) / hypot(w1, condition * w2)

    return choice(
        rng,
        r"A bowl is $<kappa>$ times as steep in one direction as in the other. Descent goes against the gradient. What is the largest angle, in degrees, between that way and the straight way to the bottom?",
        values={"kappa": condition},
        key=degrees(acos(2 * condition**0.5 / (1 + condition))),
        check=("trying directions", degrees(acos(cosine(lowest(cosine, 0.0, pi / 2))))),
        wrong=[
            mistake("points_at_minimum", 0,
                    "think that the gradient points away from the bottom", "It does so only in a round bowl, or on one of its axes."),
            mistake("half_right_angle", 45,
                    "guess half a right angle", r"The cosine at worst is $2\sqrt{\kappa}/(1 + \kappa)$."),
            mistake("right_angle", 90,
                    "expect it to miss altogether", r"A right angle is never reached: the cosine at worst is $2\sqrt{\kappa}/(1 + \kappa)$."),
        ],
        explanation=r"The cosine of the angle at worst is $2\sqrt{\kappa}/(1 + \kappa)$, so the angle is $<key>$ degrees. A long valley is left sideways.",
    )  # fmt: skip


@BANK.template("who-moves", "Who moves the weights")
def who_moves(rng: Generator) -> Question:
    problem = dense(rng, [2, 3, 1])
    before = [layer.affine.W.copy() for layer in problem.network]
    computed = problem.gradients
    moved = any(
        (layer.affine.W != W).any() for layer, W in zip(problem.network, before, strict=True)
    )
    slopes = all(g.W.shape == W.shape for g, W in zip(computed, before, strict=True))
    return sentence(
        rng,
        "A network has just run forward and backward. What is different now?",
        sayings=[
            Saying((False, True), "", "There is a slope for every weight. The weights are as before.", ""),
            Saying((True, True), "backpropagation_is_descent", "Every weight has moved a little, against its slope.",
                   "That is the update, a step of its own. Backpropagation only finds the slopes."),
            Saying((True, False), "backpropagation_corrects", "The weights that were at fault have been corrected.",
                   "Nothing has moved yet, and a slope is not a fault. It says what a small change of the weight would do."),
            Saying((False, False), "backpropagation_predicts", "The output is nearer to the target. The weights are as before.",
                   "With the same weights and the same input the output is the same. Only the slopes are new."),
        ],
        key=(False, True),
        check=("the network before and after", (moved, slopes)),
        explanation="Backpropagation computes the gradient and leaves the network alone. Gradient descent uses the gradient to move the weights.",
    )  # fmt: skip


@BANK.template("what-for", "Replace one, keep the other")
def what_for(rng: Generator) -> Question:
    problem = dense(rng, [2, 3, 1])
    apart = max(
        np.abs(p.W - q.W).max() for p, q in zip(problem.gradients, problem.numerical, strict=True)
    )
    return sentence(
        rng,
        "Which of these could take the place of backpropagation, and give the same training, only slower?",
        sayings=[
            Saying("gradient", "", "Nudging each weight up and down, and watching the loss.", ""),
            Saying("optimizer", "optimizer_for_gradient", "Momentum or Adam in place of gradient descent.",
                   "They say what to do with a gradient. Something has to find it first."),
            Saying("rate", "rate_for_gradient", "A smaller learning rate and more steps.",
                   "That changes the use of the gradient. Something has to find it first."),
            Saying("forward", "forward_for_gradient", "Running the forward pass more often.",
                   "The same weights give the same loss again. Slopes appear only if something is changed in between."),
        ],
        key="gradient",
        check=(CENTRAL, "gradient" if apart < 1e-8 else "none"),
        explanation="Nudging finds the same gradient, at the price of two forward passes for every weight.",
    )  # fmt: skip


@BANK.template("small-batch", "A step that goes up")
def small_batch(rng: Generator) -> Question:
    """Two examples pull a bias in opposite directions; a step for one is uphill for both."""
    near, far = one(rng, 0.2, 0.6), one(rng, 1.5, 3)
    learning_rate = 0.1 * int(rng.integers(2, 8))

    def whole(b: float) -> float:
        return ((b - near) ** 2 + (b + far) ** 2) / 4

    b = 0.0
    moved = b - learning_rate * (b - near)
    return number(
        r"A model has one parameter $\w{b} = 0$ and two examples. Their losses are $\tfrac{1}{2}(b - <near>)^2$ and $\tfrac{1}{2}(b + <far>)^2$, and the loss of both is the mean. "
        r"You step with learning rate $\eta = <eta>$ for the *first* example alone. By how much does the loss of both change?",
        values={"near": near, "far": far, "eta": round(learning_rate, 1), "moved": moved},
        key=whole(moved) - whole(b),
        check=("the slope of the whole loss, and its curvature", ((far - near) / 2) * moved + moved**2 / 2),
        wrong=[
            mistake("own_example_only", ((moved - near) ** 2 - near**2) / 2,
                    "look at the first example alone", "Its loss falls. The loss of the other one rises by more."),
            mistake("sum_for_mean", 2 * (whole(moved) - whole(b)),
                    "add the two losses", "The loss of both is their mean."),
            mistake("first_order_only", (far - near) / 2 * moved,
                    "use the slope and leave out the curvature", r"The step is not small. The change is $\tfrac{1}{2}(\text{both losses after}) - \tfrac{1}{2}(\text{both before})$."),
        ],
        explanation=r"The step leads to $b = <eta> \cdot <near> = <moved>$. There the mean of the two losses is higher by $<key>$. A step for a part of the data may well go up for the whole.",
    )  # fmt: skip


# A whole run ----------------------------------------------------------------------------------


@BANK.template("epoch", "Steps in an epoch")
def steps_in_epochs(rng: Generator) -> Question:
    size = int(rng.integers(16, 40))
    examples = size * int(rng.integers(2, 5)) + int(rng.integers(3, size - 3))
    epochs = int(rng.integers(3, 9))
    data = np.zeros((examples, 1))
    made = sum(1 for _ in range(epochs) for _ in minibatches(data, data, size, rng))
    return number(
        r"You train on $<examples>$ examples with minibatches of $<size>$, for $<epochs>$ epochs. The last minibatch of an epoch may be smaller. How many steps are made?",
        values={"examples": examples, "size": size, "epochs": epochs, "each": ceil(examples / size)},
        key=ceil(examples / size) * epochs,
        check=("counting minibatches as they come", made),
        wrong=[
            mistake("last_batch_dropped", examples // size * epochs,
                    "leave out the last, smaller minibatch", "It makes a step too."),
            mistake("epoch_is_a_step", epochs,
                    "take an epoch for a step", "An epoch is one pass over all examples. Each minibatch makes a step."),
            mistake("step_for_each_example", examples * epochs,
                    "make a step for each example", "A minibatch makes one step for all of its examples together."),
        ],
        explanation=r"$<examples>/<size>$, rounded up, is $<each>$. In $<epochs>$ epochs that makes $<key>$.",
    )  # fmt: skip


@BANK.template("batch-noise", "A larger batch")
def batch_noise(rng: Generator) -> Question:
    times = int(rng.integers(5, 60))

    def spread(size: int) -> float:
        """Of the mean of so many numbers, each 0 or 1 with equal chance."""
        return sqrt(sum(comb(size, k) / 2**size * (k / size - 0.5) ** 2 for k in range(size + 1)))

    return number(
        r"You make the minibatch $<times>$ times as large. All examples together are far more than that. By which factor does the spread of its gradient become *smaller*?",
        values={"times": times},
        key=times**0.5,
        check=("the spread of a mean, summed over all outcomes", spread(4) / spread(4 * times)),
        wrong=[
            mistake("spread_for_variance", times,
                    "give the factor of the variance", "The variance falls like this. The spread is its root."),
            mistake("noise_does_not_change", 1,
                    "think that the noise stays", "Chance differences partly cancel in a mean."),
            mistake("half_for_root", times / 2,
                    "take half where the root is meant", r"The spread of a mean falls with the root of the number: $\sqrt{<times>}$."),
        ],
        explanation=r"$\sqrt{<times>} = <key>$. The work grows by the full factor of $<times>$.",
    )  # fmt: skip


@BANK.template("which-epoch", "Which network to keep")
def which_epoch(rng: Generator) -> Question:
    best, patience = int(rng.integers(3, 6)), int(rng.integers(2, 4))
    fall = 0.98 - np.cumsum(rng.uniform(0.04, 0.12, best))
    rise = fall[-1] + np.cumsum(rng.uniform(0.02, 0.06, patience + 2))
    held = np.concatenate([fall, rise]).round(2).tolist()
    trained = (0.9 - np.cumsum(rng.uniform(0.04, 0.09, len(held)))).round(2).tolist()

    def kept() -> int:
        lowest, of, waited = float("inf"), 0, 0
        for epoch, loss in enumerate(held, 1):
            if loss < lowest:
                lowest, of, waited = loss, epoch, 0
            else:
                waited += 1
            if waited == patience:
                break
        return of

    return number(
        r"After each epoch, from the first on, the loss on held-out examples is $<held>$. On the examples trained on it is $<trained>$. Training stops when the held-out loss has not improved for $<patience>$ epochs. The network of which epoch is kept?",
        values={
            "held": ", ".join(f"{loss:.2f}" for loss in held),
            "trained": ", ".join(f"{loss:.2f}" for loss in trained),
            "patience": patience,
            "stopped": best + patience,
        },
        key=best,
        check=("running the rule", kept()),
        wrong=[
            mistake("last_network_kept", best + patience,
                    "keep the network at which it stops", "It stops there, but the best one came before."),
            mistake("training_loss_watched", len(held),
                    "look at the loss of the examples trained on", "That one falls and falls. The held-out loss is what counts."),
            mistake("first_rise_kept", best + 1,
                    "keep the first that is worse", "Patience waits, it does not keep."),
        ],
        explanation=r"The held-out loss is lowest after epoch $<key>$. Training goes on until epoch $<stopped>$, and then goes back.",
    )  # fmt: skip
