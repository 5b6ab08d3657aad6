"""Depth: what many layers do to a gradient, and how to start them."""

# ruff: noqa: E501
from __future__ import annotations

from functools import cache
from math import ceil, log

import numpy as np
from numpy.random import Generator

from chainrule import slips
from chainrule.activations import ACTIVATIONS, Array, relu, sigmoid
from chainrule.initializers import constant, he
from chainrule.losses import LOSSES
from chainrule.network import Affine, Layer
from chainrule.slips import SLIPS
from chainrule.training import train

from .problems import CENTRAL, Problem, dense, one, slope, two_decimals
from .question import Bank, Question, Saying, choice, mistake, number, sentence, slip

BANK = Bank("depth", "Depth and the first weights")


def chain(w: float, depth: int, *, z: float = 0.0) -> Problem:
    """One sigmoid neuron in each layer, all with weight w, biases such that each stands at z."""
    a = sigmoid(np.array(z)).item()
    first, other = z - w * 1.0, z - w * a
    network = [
        Layer(
            Affine(np.array([[w]]), np.array([first if k == 0 else other])), ACTIVATIONS["sigmoid"]
        )
        for k in range(depth)
    ]
    return Problem(network, np.ones((1, 1)), np.zeros((1, 1)), LOSSES["half_squared_error"])


CHAIN = r"A chain has one sigmoid neuron in each layer. Every weight is $\w{w} = <w>$, and the biases are such that every $\act{z}$ is 0. "


@BANK.template("one-layer", "Through one layer")
def one_layer(rng: Generator) -> Question:
    w = one(rng, 1.5, 8)
    problem = chain(w, 2)

    def passed_with(name: str) -> float:
        return (problem.slipped(name)[0].b / problem.deltas[1]).item()

    return number(
        CHAIN + r"By which factor is the error multiplied on its way down through one layer?",
        values={"w": w},
        key=(problem.deltas[0] / problem.deltas[1]).item(),
        check=(CENTRAL, (problem.numerical[0].b / problem.numerical[1].b).item()),
        wrong=[
            slip("dropped_weight", passed_with,
                 "look at the slope alone", r"The error passes the weight as well: $w\,\sigma'(z)$."),
            slip("missing_activation_derivative@hidden", passed_with,
                 "look at the weight alone", r"The error passes the sigmoid as well: $w\,\sigma'(z)$."),
            slip("activation_for_slope@hidden", passed_with,
                 r"multiply by $\sigma(0)$", r"Its slope there is $\tfrac{1}{2} \cdot \tfrac{1}{2} = \tfrac{1}{4}$."),
        ],
        explanation=r"$w\,\sigma'(0) = <w>/4 = <key>$.",
    )  # fmt: skip


@BANK.template("six-layers", "Through six layers", needs=["depth.one-layer"])
def six_layers(rng: Generator) -> Question:
    w = one(rng, 2, 6)
    problem = chain(w, 7)

    def passed_with(name: str) -> float:
        return (problem.slipped(name)[0].b / problem.deltas[6]).item()

    return number(
        CHAIN + r"By which factor is the error multiplied on its way down through six layers?",
        values={"w": w},
        key=(problem.deltas[0] / problem.deltas[6]).item(),
        check=(CENTRAL, (problem.numerical[0].b / problem.numerical[6].b).item()),
        wrong=[
            slip("dropped_weight", passed_with,
                 "leave the weights out", r"Every layer multiplies by $w\,\sigma'(z)$, and the weight can make up for the slope."),
            slip("missing_activation_derivative@hidden", passed_with,
                 "leave the slopes out", r"Every layer multiplies by $w\,\sigma'(z)$."),
            mistake("added_layers", 6 * w / 4,
                    "add the layers up", "Along a path slopes multiply."),
        ],
        explanation=r"$(w/4)^6 = (<w>/4)^6 = <key>$. Below $w = 4$ the error shrinks, above it grows.",
    )  # fmt: skip


@BANK.template("weight-to-keep", "The weight that keeps the error", needs=["depth.one-layer"])
def weight_to_keep(rng: Generator) -> Question:
    z = one(rng, 1, 2.5, signed=True)
    a = sigmoid(np.array(z)).item()
    problem = chain(1.0, 2, z=z)
    return number(
        r"In a chain of sigmoid neurons every activation is $\act{a} = <a>$. Which weight lets the error pass down unchanged?",
        values={"a": a, "slope": a * (1 - a)},
        key=1 / (a * (1 - a)),
        check=(CENTRAL, (problem.numerical[1].b / problem.numerical[0].b).item()),
        wrong=[
            mistake("steepest_everywhere", 4,
                    "take the sigmoid at its steepest", r"The slope is $\tfrac{1}{4}$ only at $z = 0$. Here it is $a(1 - a) = <slope>$."),
            mistake("missing_activation_derivative", 1,
                    "forget the slope", r"The error is multiplied by $w \cdot a(1 - a)$, which must be 1."),
            mistake("activation_for_slope", 1 / a,
                    "divide by the activation", r"The error is multiplied by the slope $a(1 - a)$, not by $a$."),
        ],
        explanation=r"$w \cdot a(1 - a) = 1$ with $a(1 - a) = <slope>$, so $w = <key>$. A sigmoid network can keep its errors, and it can let them explode.",
    )  # fmt: skip


@BANK.template("weights-counted", "Twenty small slopes", needs=["depth.six-layers"])
def weights_counted(rng: Generator) -> Question:
    depth = int(rng.integers(8, 21))
    s = round(rng.uniform(0.05, 0.2), 2)
    w = one(rng, 0.75, 0.95) / s
    w = round(w, 1)
    return number(
        r"Along a path through $<depth>$ layers every slope is $<s>$ and every weight is $<w>$. What does the path contribute, as a factor?",
        values={"depth": depth, "s": s, "w": w, "each": s * w},
        key=(s * w) ** depth,
        check=("layer by layer", float(np.prod([s, w] * depth))),
        wrong=[
            mistake("slopes_without_weights", s**depth,
                    "multiply the slopes alone", "Between two slopes stands a weight. Leave the weights out, and you are wrong by many powers of ten."),
            mistake("one_layer_only", s * w,
                    "stop after one layer", r"There are $<depth>$."),
            mistake("added_layers", depth * s * w,
                    "add the layers up", "Along a path slopes multiply."),
        ],
        explanation=r"Each layer multiplies by $<s> \cdot <w> = <each>$, and there are $<depth>$ of them: $<key>$.",
    )  # fmt: skip


@BANK.template("how-deep", "Down to a thousandth", needs=["depth.one-layer"])
def how_deep(rng: Generator) -> Question:
    factor = one(rng, 0.2, 0.75)
    walked, left = 0, 1.0
    while left > 1e-3:
        walked, left = walked + 1, left * factor
    return number(
        r"Each layer multiplies the error by $<factor>$. After how many layers is less than a thousandth of it left?",
        values={"factor": factor},
        key=ceil(log(1e-3) / log(factor)),
        check=("layer by layer", walked),
        wrong=[
            mistake("taken_away_each_time", ceil(0.999 / (1 - factor)),
                    "take the same amount away in each layer", r"Each layer takes a share of what is left: $<factor>^n$."),
            mistake("divided_each_time", ceil(1000 * factor),
                    "multiply a thousand by the factor", r"What is left is a power: $<factor>^n$."),
            mistake("common_logarithm_alone", ceil(3 / factor),
                    "divide three powers of ten by the factor", r"Divide by the powers of ten in one layer: $3/(-\log_{10} <factor>)$."),
        ],
        explanation=r"$<factor>^n < 0.001$ means $n > 3/(-\log_{10} <factor>)$. The first such number is $<key>$.",
    )  # fmt: skip


class Ones:
    """A generator that draws nothing but ones, to see how an initializer scales its draws."""

    def standard_normal(self, shape: tuple[int, ...]) -> Array:
        return np.ones(shape)


@cache
def kept_by_relu() -> float:
    """The mean of relu(z)² for a standard normal z, summed up on a fine grid."""
    z: Array = np.arange(-120_000, 120_001) / 10_000
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    return float((relu(z) ** 2 * density).sum() / 10_000)


@BANK.template("he", "How large ReLU weights should start")
def he_variance(rng: Generator) -> Question:
    n_in, n_out = (rng.permutation([50, 80, 100, 128, 200, 256, 300, 400])[:2]).tolist()

    def variance_with(name: str | None) -> float:
        made = slips.function("initializers.he", [SLIPS[name]]) if name else he
        return (made((n_out, n_in), Ones()) ** 2).mean().item()  # type: ignore[arg-type]

    return number(
        r"A layer of ReLUs has $<n_in>$ inputs and $<n_out>$ neurons. Its weights are to start such that the size of the activations stays the same from layer to layer. Which variance should they have?",
        values={"n_in": n_in, "n_out": n_out},
        key=variance_with(None),
        check=("the second moment of a rectified normal, summed up", 1 / (n_in * kept_by_relu())),
        wrong=[
            slip("half_lost_to_relu_ignored", variance_with,
                 "forget that ReLU throws half of it away", r"Half of the square is lost at each layer, so the variance is $2/n_{\text{in}}$."),
            slip("fan_out_for_fan_in", variance_with,
                 "count the neurons", r"The sum in each neuron runs over its inputs: $2/n_{\text{in}}$."),
            mistake("both_sides", 2 / (n_in + n_out),
                    "divide by inputs and neurons together", r"That is Xavier's compromise for both directions, made for tanh. For ReLU it is $2/n_{\text{in}}$."),
        ],
        explanation=r"$2/n_{\text{in}} = 2/<n_in> = <key>$.",
    )  # fmt: skip


@BANK.template("all-zero", "All weights zero")
def all_zero(rng: Generator) -> Question:
    name = rng.choice(["sigmoid", "tanh"]).item()

    def alive(problem: Problem, gradients: list[Affine]) -> tuple[bool, ...]:
        return tuple(bool(np.abs(part).max() > 1e-9) for g in gradients for part in (g.W, g.b))

    random = dense(rng, [2, 3, 1], activation=name)
    zeros = [Layer(Affine(0 * k.affine.W, 0 * k.affine.b), k.activation) for k in random.network]
    problem = Problem(zeros, random.x, np.ones((1, 1)), random.loss)
    activation = {"sigmoid": r"A sigmoid of 0 is $\tfrac{1}{2}$", "tanh": "A tanh of 0 is 0"}[name]
    return sentence(
        rng,
        f"A 2-3-1 network of {name} neurons starts with all weights and biases at 0. Its output misses the target. Which gradients are not zero?",
        sayings=[
            Saying((False, False, False, True), "hidden_activations_not_zero", "The output bias alone.",
                   "That is so with tanh, whose hidden activations are 0. A sigmoid gives a half, and the output weights multiply it."),
            Saying((False, False, True, True), "hidden_activations_zero", "The output weights and the output bias.",
                   "That is so with a sigmoid, whose hidden activations are a half. Those of tanh are 0, and the output weights multiply them."),
            Saying((True, True, True, True), "zero_like_constant", "All of them, and equal within a layer.",
                   "With equal weights that are *not* zero it would be so. Zero output weights let nothing pass down."),
            Saying((False, False, False, False), "zero_means_nothing", "None of them.",
                   "The output bias is added, not multiplied, so it always feels the error of the output."),
        ],
        key=alive(problem, problem.gradients),
        check=(CENTRAL, alive(problem, problem.numerical)),
        explanation=f"{activation}, and that multiplies the error of the output in the gradient of the output weights. Nothing passes down through weights that are 0. The output bias feels the error in any case.",
    )  # fmt: skip


@BANK.template("dead-relu", "A neuron that is off")
def dead_relu(rng: Generator) -> Question:
    w, b, x = one(rng, 0.5, 2), -one(rng, 2.5, 4), one(rng, 0.3, 1)
    neuron = [Layer(Affine(np.array([[w]]), np.array([b])), ACTIVATIONS["relu"])]
    problem = Problem(neuron, np.array([[x]]), np.ones((1, 1)), LOSSES["half_squared_error"])
    leaky = Problem(
        [Layer(neuron[0].affine, ACTIVATIONS["leaky_relu"])], problem.x, problem.t, problem.loss
    )

    def gradient_with(name: str) -> float:
        return problem.slipped(name)[0].W.item()

    return choice(
        rng,
        r"A ReLU neuron has $\w{w} = <w>$ and $\w{b} = <b>$. Its input is $\act{x} = <x>$, its target 1, and the loss is $\tfrac{1}{2}(y - t)^2$. What is $\g{\partial L/\partial w}$?",
        values={"w": w, "b": b, "x": x, "z": w * x + b},
        key=problem.gradients[0].W.item(),
        check=(CENTRAL, problem.numerical[0].W.item()),
        wrong=[
            slip("relu_slope_one", gradient_with,
                 "take 1 for the slope of ReLU everywhere", r"Below zero ReLU is flat, and its slope is 0."),
            slip("relu_slope_z", gradient_with,
                 r"take $z$ for its slope", r"Below zero ReLU is flat, and its slope is 0."),
            mistake("leaky_for_relu", leaky.gradients[0].W.item(),
                    "take a leaky ReLU", "This one does not leak."),
        ],
        explanation=r"$z = <z>$ is below zero. There ReLU is flat, its slope is 0, and this example teaches the neuron nothing.",
    )  # fmt: skip


@BANK.template("residual", "A shortcut")
def residual(rng: Generator) -> Question:
    s = one(rng, 0.1, 0.6, signed=True)
    blocks = int(rng.integers(3, 9))

    def through(x: float) -> float:
        for _ in range(blocks):
            x = x + s * x
        return x

    return number(
        r"A block computes $\act{x} + f(\act{x})$, and the slope of $f$ is $<s>$ everywhere. By which factor does the gradient change on its way through $<blocks>$ such blocks?",
        values={"s": s, "blocks": blocks},
        key=(1 + s) ** blocks,
        check=(CENTRAL, slope(through, 0.7)),
        wrong=[
            mistake("shortcut_forgotten", s**blocks,
                    "forget the shortcut", r"The slope of $x + f(x)$ is $1 + <(s)>$."),
            mistake("shortcut_only", 1,
                    "let the gradient take the shortcut alone", r"It goes both ways at each block, and the ways add: $1 + <(s)>$."),
            mistake("added_blocks", 1 + blocks * s,
                    "add the blocks up", "Along a path factors multiply."),
        ],
        explanation=r"Each block multiplies by $1 + <(s)>$, so all of them by $(1 + <(s)>)^{<blocks>} = <key>$. A shortcut helps, but it promises nothing: with a slope of $-1$ the factor would be 0.",
    )  # fmt: skip


@BANK.template("twins", "Equal at the start")
def twins(rng: Generator) -> Question:
    hidden = int(rng.integers(3, 7))
    affines = [
        Affine(constant((hidden, 2), rng), np.zeros(hidden)),
        Affine(constant((1, hidden), rng), np.zeros(1)),
    ]
    network = [Layer(affine, ACTIVATIONS["sigmoid"]) for affine in affines]
    x, t = two_decimals(rng, 0.1, 1, (4, 2)), np.array([[0.0], [1.0], [1.0], [0.0]])
    trained, _ = train(
        network, x, t, LOSSES["half_squared_error"], reduction="mean",
        learning_rate=1.0, epochs=50, batch_size=4, rng=rng,
    )  # fmt: skip
    neurons = len(np.unique(trained[0].affine.W.round(9), axis=0))
    return sentence(
        rng,
        r"A network has $<hidden>$ hidden neurons. All of its weights start at 0.5, all biases at 0. It is trained for fifty epochs by plain gradient descent. How many *different* neurons does its hidden layer have then?",
        values={"hidden": hidden},
        sayings=[
            Saying(1, "", "One. All hidden neurons are still the same.", ""),
            Saying(hidden, "data_breaks_symmetry", r"$<hidden>$. The data has pulled them apart.",
                   "Neurons with the same weights see the same data and get the same gradient. Nothing pulls them apart."),
            Saying(2, "one_for_each_input", "Two, one for each input.",
                   "The weights from the two inputs may differ, but they do so in every neuron alike."),
        ],
        key=1,
        check=("training the network", neurons),
        explanation="Equal neurons get equal gradients and stay equal for ever. That is why weights start at random.",
    )  # fmt: skip


@BANK.template("rows-alike", "What is equal in a gradient")
def rows_alike(rng: Generator) -> Question:
    value = one(rng, 0.2, 0.9)
    x = np.array([[one(rng, 0.2, 0.5), one(rng, 0.6, 0.95)]])
    network = [
        Layer(Affine(np.full((3, 2), value), np.zeros(3)), ACTIVATIONS["tanh"]),
        Layer(Affine(np.full((1, 3), value), np.zeros(1)), ACTIVATIONS["tanh"]),
    ]
    problem = Problem(network, x, np.ones((1, 1)), LOSSES["half_squared_error"])

    def alike(g: Affine) -> tuple[bool, bool]:
        """Whether all rows are the same, and whether all columns are."""
        return (
            bool(np.abs(g.W - g.W[:1]).max() < 1e-9),
            bool(np.abs(g.W - g.W[:, :1]).max() < 1e-9),
        )

    return sentence(
        rng,
        r"All weights of a 2-3-1 network of tanh start at $<value>$, all biases at 0. The one example is $\act{x} = (<x1>, <x2>)$. The gradient of the first weights has a row for each hidden neuron. What is equal in it?",
        values={"value": value, "x1": x[0, 0].item(), "x2": x[0, 1].item()},
        sayings=[
            Saying((True, False), "", "Its three rows are equal, and its two columns are not.", ""),
            Saying((True, True), "all_elements_equal", "All of its entries are equal.",
                   "The errors of the neurons are equal. Each entry is an error times an *input*, and the two inputs differ."),
            Saying((False, True), "columns_alike", "Its two columns are equal, and its three rows are not.",
                   "A row belongs to a neuron, a column to an input. The neurons are alike, the inputs are not."),
            Saying((False, False), "nothing_alike", "Nothing in it is equal.",
                   "The three neurons have the same weights, so they have the same error, and their rows are the same."),
        ],
        key=alike(problem.gradients[0]),
        check=(CENTRAL, alike(problem.numerical[0])),
        explanation="The entry in row $i$ and column $j$ is the error of neuron $i$ times input $j$. Equal neurons make equal rows. They stay equal after the step, and so on for ever.",
    )  # fmt: skip
