"""Losses: what they measure, their slopes, and the conventions that hide in them."""

# ruff: noqa: E501
from __future__ import annotations

import numpy as np
from numpy.random import Generator

from chainrule import slips
from chainrule.activations import Array, sigmoid
from chainrule.losses import LOSSES, Loss, softmax
from chainrule.slips import SLIPS

from .problems import CENTRAL, one, slope, two_decimals
from .question import Bank, Question, Saying, choice, mistake, number, sentence, slip

BANK = Bank("losses", "Losses")

SOFTMAX = LOSSES["softmax_cross_entropy"]
BINARY = LOSSES["binary_cross_entropy"]


def loss_of(loss: Loss, y: Array, t: Array) -> float:
    """The loss of a single example."""
    return loss.value(y[None], t[None], reduction="sum").item()


def gradient_of(loss: Loss, y: Array, t: Array) -> Array:
    """Its slope in every output."""
    return loss.gradient(y[None], t[None], reduction="sum")[0]


def slope_with(name: str, loss: Loss, y: Array, t: Array) -> Array:
    """The same with a slip in it."""
    df = slips.function(f"losses.{loss.df.__name__}", [SLIPS[name]])
    return df(y[None], t[None])[0]


def nudged(loss: Loss, y: Array, t: Array, k: int) -> float:
    """The slope in output k by central difference."""

    def with_output(value: float) -> float:
        return loss_of(loss, np.where(np.arange(len(y)) == k, value, y), t)

    return slope(with_output, y[k].item())


def logits_and_class(rng: Generator) -> tuple[Array, int, Array, dict[str, float]]:
    """Three logits, the true class, its one-hot target, and letters for all of it."""
    z = two_decimals(rng, 0.2, 2, (3,), signed=True)
    c = int(rng.integers(3))
    p = softmax(z[None])[0]
    letters = {f"z{k}": value for k, value in enumerate(z.tolist(), 1)}
    letters |= {f"p{k}": value for k, value in enumerate(p.tolist(), 1)}
    return z, c, np.eye(3)[c], {**letters, "c": c + 1, "pc": p[c].item()}


LOGITS = r"A network ends in three logits, $\act{z} = (<z1>, <z2>, <z3>)$. A softmax turns them into probabilities $p$. "


@BANK.template("softmax-slope", "Softmax and cross-entropy")
def softmax_slope(rng: Generator) -> Question:
    z, c, t, letters = logits_and_class(rng)

    def slope_at_class(name: str) -> float:
        return slope_with(name, SOFTMAX, z, t)[c].item()

    return number(
        LOGITS + r"The true class is $<c>$ and the loss is the cross-entropy. What is $\g{\partial L/\partial z_{<c>}}$?",
        values=letters,
        key=gradient_of(SOFTMAX, z, t)[c].item(),
        check=(CENTRAL, nudged(SOFTMAX, z, t, c)),
        wrong=[
            slip("target_not_subtracted", slope_at_class,
                 "give the probability itself", r"The slope is $p - t$, and the target of the true class is 1."),
            mistake("softmax_elementwise", letters["pc"] * (1 - letters["pc"]),
                    r"give $p(1 - p)$, the slope of the softmax alone", r"The slope of the loss is $-1/p$ on top of it, and the product is $p - 1$."),
            slip("reversed_error", slope_at_class,
                 "turn the sign", r"The loss falls when the true class rises, so the slope is negative: $p - t$."),
        ],
        explanation=r"$p_{<c>} = <pc>$, and the slope is $p - t = <pc> - 1 = <key>$.",
    )  # fmt: skip


@BANK.template("cross-entropy", "The cross-entropy itself")
def cross_entropy(rng: Generator) -> Question:
    z, _, t, letters = logits_and_class(rng)

    def loss_with(name: str) -> float:
        f = slips.function("losses.softmax_cross_entropy", [SLIPS[name]])
        return float(f(z[None], t[None])[0])

    return number(
        LOGITS + r"The true class is $<c>$, and its probability is $<pc>$. What is the cross-entropy loss?",
        values=letters,
        key=loss_of(SOFTMAX, z, t),
        check=("minus the logarithm of the probability", -np.log(letters["pc"]).item()),
        wrong=[
            slip("common_logarithm", loss_with,
                 "take the logarithm to base 10", r"The loss is $-\ln p$, the natural logarithm."),
            slip("binary_logarithm", loss_with,
                 "take the logarithm to base 2", r"That is the loss in bits. The slope $p - t$ belongs to the natural logarithm."),
            mistake("distance_for_loss", 1 - letters["pc"],
                    "take what is missing to 1", r"That is the size of the slope. The loss is $-\ln p$."),
        ],
        explanation=r"$-\ln <pc> = <key>$.",
    )  # fmt: skip


@BANK.template("softmax-across", "One logit and another class")
def softmax_across(rng: Generator) -> Question:
    z, _, _, letters = logits_and_class(rng)
    p1, p2 = letters["p1"], letters["p2"]

    def p1_at(z2: float) -> float:
        return softmax(np.array([[z[0], z2, z[2]]]))[0, 0].item()

    return choice(
        rng,
        LOGITS + r"They are $p_1 = <p1>$, $p_2 = <p2>$ and $p_3 = <p3>$. What is $\partial p_1/\partial z_2$?",
        values=letters,
        key=-p1 * p2,
        check=(CENTRAL, slope(p1_at, z[1].item())),
        wrong=[
            mistake("softmax_elementwise", 0,
                    r"treat the softmax as elementwise", r"All logits stand in the denominator. Raise $z_2$, and $p_1$ falls: $-p_1p_2$."),
            mistake("own_logit", p1 * (1 - p1),
                    r"take the slope in $z_1$", r"Across two classes the slope is $-p_1p_2$."),
            mistake("sign_across_classes", p1 * p2,
                    "turn the sign", r"The probabilities sum to 1. When $p_2$ rises, $p_1$ must fall."),
        ],
        explanation=r"$\partial p_1/\partial z_2 = -p_1p_2 = -<p1> \cdot <p2> = <key>$.",
    )  # fmt: skip


@BANK.template("binary-error", "Sigmoid and cross-entropy")
def binary_error(rng: Generator) -> Question:
    z = one(rng, 0.4, 3, signed=True)
    t = float(z < 0)
    p = sigmoid(np.array(z)).item()

    def error_with(name: str) -> float:
        return slope_with(name, BINARY, np.array([z]), np.array([t])).item()

    return number(
        r"A sigmoid output has pre-activation $\act{z} = <z>$, so $p = <p>$. The target is $\act{t} = <t>$ and the loss is the binary cross-entropy. What is the error $\g{\delta} = \partial L/\partial z$?",
        values={"z": z, "p": p, "t": int(t)},
        key=gradient_of(BINARY, np.array([z]), np.array([t])).item(),
        check=(CENTRAL, nudged(BINARY, np.array([z]), np.array([t]), 0)),
        wrong=[
            slip("extra_slope_after_cross_entropy", error_with,
                 "multiply by the slope of the sigmoid once more", r"The logarithm in the loss has cancelled it: $\delta = p - t$."),
            slip("reversed_error", error_with,
                 r"take $t - p$", r"The error is $\delta = p - t$."),
            mistake("target_mixed_up", p - (1 - t),
                    "take the other target", r"Here the target is $<t>$."),
        ],
        explanation=r"$\delta = p - t = <p> - <t> = <key>$. The slope of the sigmoid does not appear: the loss cancels it.",
    )  # fmt: skip


@BANK.template("shifted-logits", "The same added to every logit")
def shifted_logits(rng: Generator) -> Question:
    z, _, t, letters = logits_and_class(rng)
    shift = int(rng.integers(3, 10))
    return choice(
        rng,
        LOGITS + r"You add $<shift>$ to every logit. By how much does the cross-entropy of the true class $<c>$ change?",
        values={**letters, "shift": shift},
        key=0,
        check=("the loss before and after", round(loss_of(SOFTMAX, z + shift, t) - loss_of(SOFTMAX, z, t), 9)),
        wrong=[
            mistake("absolute_logits", -shift,
                    "look at the true logit alone", "The other logits rise as well, and the denominator with them."),
            mistake("logarithm_of_shift", np.log(shift).item(),
                    "take the logarithm of what was added", "Numerator and denominator both grow by the same factor, and it cancels."),
            mistake("shift_spread", -shift / 3,
                    "spread the change over the classes", "Numerator and denominator both grow by the same factor, and it cancels."),
        ],
        explanation=r"Every $e^z$ is multiplied by $e^{<shift>}$, above and below the line. Only differences of logits matter, which is why the largest may be subtracted first.",
    )  # fmt: skip


@BANK.template("mean-over-outputs", "Half, sum or mean")
def mean_over_outputs(rng: Generator) -> Question:
    n = int(rng.integers(3, 7))
    t = rng.integers(0, 2, n).astype(float)
    y = two_decimals(rng, 0.1, 0.9, (n,))
    mean, total, half = (
        LOSSES[name] for name in ("mean_squared_error", "squared_error", "half_squared_error")
    )
    return number(
        r"The loss of one example is the mean of the squared differences over its $<n>$ outputs, without a half. The first output is $\act{y_1} = <y1>$, its target $\act{t_1} = <t1>$. What is $\g{\partial L/\partial y_1}$?",
        values={"n": n, "y1": y[0].item(), "t1": int(t[0])},
        key=gradient_of(mean, y, t)[0].item(),
        check=(CENTRAL, nudged(mean, y, t, 0)),
        wrong=[
            mistake("sum_over_outputs", gradient_of(total, y, t)[0].item(),
                    r"leave out the mean", r"The mean divides by the number of outputs: $2(y_1 - t_1)/<n>$."),
            mistake("half_over_outputs", gradient_of(half, y, t)[0].item(),
                    r"use half the sum of squares", r"This loss has no half: $2(y_1 - t_1)/<n>$."),
            slip("two_forgotten", lambda name: slope_with(name, mean, y, t)[0].item(),
                 "forget the 2 of the square", r"There is no half to cancel it: $2(y_1 - t_1)/<n>$."),
        ],
        explanation=r"$2(y_1 - t_1)/<n> = 2 \cdot (<y1> - <t1>)/<n> = <key>$.",
    )  # fmt: skip


@BANK.template("saturated-output", "A confident mistake", needs=["losses.binary-error"])
def saturated_output(rng: Generator) -> Question:
    p = one(rng, 0.9, 0.99)
    z = np.log(p / (1 - p)).item()
    t = np.array([0.0])

    def half_squared(z: float) -> float:
        return loss_of(LOSSES["half_squared_error"], sigmoid(np.array([z])), t)

    def binary(z: float) -> float:
        return loss_of(BINARY, np.array([z]), t)

    squared, entropy = p * p * (1 - p), gradient_of(BINARY, np.array([z]), t).item()
    return number(
        r"A sigmoid output says $p = <p>$ where the target is 0. How many times larger is its error $\g{\partial L/\partial z}$ with the binary cross-entropy than with half the squared error?",
        values={"p": p, "squared": squared},
        key=entropy / squared,
        check=(CENTRAL, slope(binary, z) / slope(half_squared, z)),
        wrong=[
            mistake("slope_once_more", 1 / (p * (1 - p)) ** 2,
                    "count the slope of the sigmoid twice", r"The errors are $p - t$ and $(p - t)\,p\,(1 - p)$. They differ by one slope."),
            mistake("quotient_of_losses", binary(z) / half_squared(z),
                    "divide the losses", "The question is about their slopes."),
            mistake("same_error", 1,
                    r"take $p - t$ for both", r"With the squared error the slope of the sigmoid stays in: $(p - t)\,p\,(1 - p)$."),
        ],
        explanation=r"The errors are $p - t = <p>$ and $(p - t)\,p\,(1 - p) = <squared>$. The quotient is $<key>$: the squared error hardly learns from a confident mistake.",
    )  # fmt: skip


@BANK.template("which-convention", "Two numbers for one loss")
def which_convention(rng: Generator) -> Question:
    batch_size, n_out = (rng.permutation([2, 3, 4, 5, 6, 8])[:2]).tolist()
    y, t = rng.uniform(0, 0.4, (batch_size, n_out)), rng.uniform(0.6, 1, (batch_size, n_out))
    half = LOSSES["half_squared_error"].gradient(y, t, reduction="sum")
    mean = LOSSES["mean_squared_error"].gradient(y, t, reduction="mean")
    return number(
        r"Two programs train the same network on a batch of $<B>$ examples with $<n>$ outputs. One takes half the sum of all squares. The other takes the mean of all squares, over examples and outputs. "
        r"How many times larger are the gradients of the first?",
        values={"B": batch_size, "n": n_out},
        key=batch_size * n_out / 2,
        check=("the two slopes divided", np.mean(half / mean).item()),
        wrong=[
            mistake("half_not_counted", batch_size * n_out,
                    "forget the half", "The first has a half, the second has none."),
            mistake("batch_not_counted", n_out / 2,
                    "forget the batch", "The mean divides by every square in the batch, not only by those of one example."),
            mistake("half_upside_down", 2 * batch_size * n_out,
                    "let the half work for the other side", "The half makes the first one smaller."),
        ],
        explanation=r"The first has $(y - t)$ for each output, the second $2(y - t)/(<B> \cdot <n>)$. The quotient is $<B> \cdot <n>/2 = <key>$.",
    )  # fmt: skip


@BANK.template("what-cancels", "Where the slope went")
def what_cancels(rng: Generator) -> Question:
    z, t = np.array([one(rng, 0.5, 2)]), np.array([0.0])
    p = sigmoid(z)
    candidates = {
        "p - t": p - t,
        "(p - t) p (1 - p)": (p - t) * p * (1 - p),
        "p (1 - p)": p * (1 - p),
        "-t / p": -t / p,
    }
    numerical = nudged(BINARY, z, t, 0)
    found = min(candidates, key=lambda name: abs(candidates[name].item() - numerical))
    return sentence(
        rng,
        r"A sigmoid output $p = \sigma(z)$ is trained with the binary cross-entropy. Why is its error simply $p - t$?",
        sayings=[
            Saying("p - t", "", r"The slope of the logarithm cancels the slope of the sigmoid.", ""),
            Saying("(p - t) p (1 - p)", "extra_slope_after_cross_entropy", r"The slope of the sigmoid is left out because it is small.",
                   r"Nothing is left out. $\partial L/\partial p$ has $p(1 - p)$ in its denominator, and it cancels exactly."),
            Saying("p (1 - p)", "slope_is_one", r"The slope of the sigmoid is 1 at the output.",
                   r"The sigmoid's slope is at most $\tfrac{1}{4}$. It is cancelled by $p(1 - p)$ in the denominator of $\partial L/\partial p$."),
            Saying("-t / p", "target_one_only", r"The target is 0 or 1, so the rest vanishes.",
                   r"It holds for any target between 0 and 1. $p(1 - p)$ cancels whatever $t$ is."),
        ],
        key="p - t",
        check=(CENTRAL, found),
        explanation=r"$\frac{\partial L}{\partial p} = \frac{p - t}{p(1 - p)}$ and $\frac{\partial p}{\partial z} = p(1 - p)$. The product is $p - t$.",
    )  # fmt: skip
