"""One neuron: its forward pass, its three slopes, and one step of learning."""

# ruff: noqa: E501
from __future__ import annotations

import numpy as np
from numpy.random import Generator

from chainrule import slips
from chainrule.activations import (
    ACTIVATIONS,
    LEAK,
    leaky_relu,
    leaky_relu_slope,
    relu_slope,
    sigmoid,
    sigmoid_slope,
    tanh,
    tanh_slope,
)
from chainrule.losses import LOSSES
from chainrule.network import Affine, Layer, forward
from chainrule.scalar import gradient, variables
from chainrule.slips import SLIPS

from .problems import CENTRAL, Problem, one, sigmoid_neuron, slope, two_decimals
from .question import Bank, Question, Saying, choice, mistake, number, sentence, slip
from .wording import Value

BANK = Bank("one-neuron", "One neuron")

NEURON = r"A sigmoid neuron has weight $\w{w} = <w>$ and bias $\w{b} = <b>$. Its input is $\act{x} = <x>$. "
LOSS = r"The target is $\act{t} = <t>$ and the loss is $\loss{L} = \tfrac{1}{2}(y - t)^2$. "


def given(neuron: Problem) -> dict[str, Value]:
    """The letters of one neuron and what they stand for."""
    layer, record = neuron.network[0].affine, neuron.tape[0]
    return {
        "w": layer.W.item(),
        "b": layer.b.item(),
        "x": neuron.x.item(),
        "t": int(neuron.t.item()),
        "z": record.z.item(),
        "y": record.a.item(),
        "delta": neuron.deltas[0].item(),
    }


@BANK.template("output", "What a neuron says")
def output(rng: Generator) -> Question:
    neuron = sigmoid_neuron(rng)
    w, b, x = neuron.network[0].affine.W.item(), neuron.network[0].affine.b.item(), neuron.x.item()

    def said_with(slip: str) -> float:
        return neuron.slipped_forward(slip)[0].a.item()

    return number(
        NEURON + r"What is its output $\act{y}$?",
        values=given(neuron),
        key=neuron.y.item(),
        check=("the sigmoid written with exp", 1 / (1 + np.exp(-w * x - b))),
        wrong=[
            slip("activation_not_applied", said_with,
                    "stop at the pre-activation", r"The neuron still has to squeeze it: $y = \sigma(z)$."),
            slip("bias_not_added", said_with,
                    "forget the bias", r"The sum is $z = wx + b$."),
            mistake("activation_first", w * sigmoid(np.array(x)).item() + b,
                    "squeeze the input and then weight it", r"The sum comes first: $y = \sigma(wx + b)$."),
        ],
        explanation=r"$z = wx + b = <w> \cdot <x> + <(b)> = <z>$, and $y = \sigma(<z>) = <key>$.",
    )  # fmt: skip


@BANK.template("sigmoid-slope", "The slope of the sigmoid")
def slope_of_sigmoid(rng: Generator) -> Question:
    z = one(rng, 0.6, 3, signed=True)
    a = sigmoid(np.array(z))
    key = sigmoid_slope(np.array(z), a).item()

    def slope_with(name: str) -> float:
        return float(slips.function("activations.sigmoid_slope", [SLIPS[name]])(z, a))

    return number(
        r"A sigmoid neuron has pre-activation $\act{z} = <z>$. What is the slope $\sigma'(z)$ there?",
        values={"z": z, "a": a.item()},
        key=key,
        check=(CENTRAL, slope(lambda z: sigmoid(np.array(z)).item(), z)),
        wrong=[
            slip("slope_formula_on_z", slope_with,
                    "put $z$ where the output belongs",
                    r"The slope is written with the output: $\sigma'(z) = a\,(1 - a)$ with $a = \sigma(z)$."),
            mistake("activation_for_slope", a.item(),
                    "give the sigmoid itself", r"Its slope is $\sigma'(z) = a\,(1 - a)$."),
            mistake("squared_output", a.item() ** 2,
                    "multiply $a$ by itself", r"The second factor is what is missing to 1: $\sigma'(z) = a\,(1 - a)$."),
        ],
        explanation=r"$a = \sigma(<z>) = <a>$, so $\sigma'(z) = a\,(1 - a) = <a> \cdot (1 - <a>) = <key>$.",
    )  # fmt: skip


@BANK.template("tanh-slope", "The slope of tanh")
def slope_of_tanh(rng: Generator) -> Question:
    z = -one(rng, 0.4, 1.6)
    a = tanh(np.array(z))
    sigmoid_there = sigmoid_slope(np.array(z), sigmoid(np.array(z)))

    def slope_with(name: str) -> float:
        return float(slips.function("activations.tanh_slope", [SLIPS[name]])(z, a))

    return number(
        r"A tanh neuron has pre-activation $\act{z} = <z>$. What is the slope $\tanh'(z)$ there?",
        values={"z": z, "a": a.item()},
        key=tanh_slope(np.array(z), a).item(),
        check=(CENTRAL, slope(lambda z: tanh(np.array(z)).item(), z)),
        wrong=[
            slip("slope_not_squared", slope_with,
                    "forget the square", r"The slope is $\tanh'(z) = 1 - a^2$ with $a = \tanh(z)$."),
            mistake("slope_of_the_sigmoid", sigmoid_there.item(),
                    "take the slope of the sigmoid at the same $z$", r"For tanh it is $\tanh'(z) = 1 - a^2$."),
            slip("other_squashing_slope", slope_with,
                    "use the sigmoid's rule $a\\,(1 - a)$ with tanh's output",
                    r"Each curve has its own rule. For tanh it is $1 - a^2$."),
        ],
        explanation=r"$a = \tanh(<z>) = <a>$, so $\tanh'(z) = 1 - a^2 = <key>$.",
    )  # fmt: skip


@BANK.template("steepest", "How steep a neuron can be", needs=["one-neuron.sigmoid-slope"])
def steepest(rng: Generator) -> Question:
    w = one(rng, 1.5, 6)
    x = np.linspace(-4 / w, 4 / w, 100_001)
    return number(
        r"A sigmoid neuron computes $\act{y} = \sigma(\w{w}\act{x})$ with $\w{w} = <w>$. "
        r"Its slope $\partial y/\partial x$ depends on $x$. What is the largest it can be?",
        values={"w": w},
        key=w * sigmoid_slope(np.array(0.0), sigmoid(np.array(0.0))).item(),
        check=("the steepest of 100,001 points", w * sigmoid_slope(w * x, sigmoid(w * x)).max()),
        wrong=[
            mistake("squash_slope_at_most_one", w,
                    "take 1 for the steepest slope of the curve",
                    r"That is tanh. The sigmoid is steepest at 0, where its slope is $\tfrac{1}{2} \cdot \tfrac{1}{2} = \tfrac{1}{4}$."),
            mistake("sigmoid_for_slope", w * sigmoid(np.array(0.0)).item(),
                    r"take $\sigma(0) = \tfrac{1}{2}$ for the slope", r"The slope at 0 is $\tfrac{1}{2}\,(1 - \tfrac{1}{2}) = \tfrac{1}{4}$."),
            mistake("missing_weight", 0.25,
                    "leave out the weight", r"The chain rule multiplies: $\partial y/\partial x = \sigma'(z)\,w$."),
        ],
        explanation=r"$\partial y/\partial x = \sigma'(z)\,w$. The sigmoid is steepest at $z = 0$, with slope $\tfrac{1}{4}$. "
        r"So the largest slope is $<w>/4 = <key>$.",
    )  # fmt: skip


@BANK.template("weight-gradient", "The loss and the weight", needs=["one-neuron.sigmoid-slope"])
def weight_gradient(rng: Generator) -> Question:
    neuron = sigmoid_neuron(rng)

    def gradient_with(slip: str) -> float:
        return neuron.slipped(slip)[0].W.item()

    return number(
        NEURON + LOSS + r"What is $\g{\partial L/\partial w}$?",
        values=given(neuron),
        key=neuron.gradients[0].W.item(),
        check=(CENTRAL, neuron.numerical[0].W.item()),
        wrong=[
            slip("missing_activation_derivative", gradient_with,
                    r"leave out the slope of the sigmoid", r"The error is $\delta = (y - t)\,y\,(1 - y)$."),
            slip("reversed_error", gradient_with,
                    r"start from $t - y$", r"The slope of the loss in $y$ is $y - t$."),
            slip("half_forgotten", gradient_with,
                    r"forget the half in the loss", r"The half cancels the 2 of the square: $\partial L/\partial y = y - t$."),
            slip("dropped_input", gradient_with,
                    r"stop at $\partial L/\partial z$", r"The last factor is what came in: $\partial L/\partial w = \delta\,x$."),
        ],
        explanation=r"$y = \sigma(<z>) = <y>$. The three slopes are $y - t = <y> - <t>$, $y\,(1 - y)$ and $x = <x>$. "
        r"Their product is $<key>$.",
    )  # fmt: skip


@BANK.template("bias-gradient", "The loss and the bias", needs=["one-neuron.weight-gradient"])
def bias_gradient(rng: Generator) -> Question:
    neuron = sigmoid_neuron(rng)
    b, key = neuron.network[0].affine.b.item(), neuron.gradients[0].b.item()

    def gradient_with(slip: str) -> float:
        return neuron.slipped(slip)[0].b.item()

    return number(
        NEURON + LOSS + r"What is $\g{\partial L/\partial b}$?",
        values=given(neuron),
        key=key,
        check=(CENTRAL, neuron.numerical[0].b.item()),
        wrong=[
            slip("bias_times_input", gradient_with,
                    r"multiply by the input", r"The bias is added, not multiplied: $\partial z/\partial b = 1$."),
            slip("missing_activation_derivative", gradient_with,
                    r"leave out the slope of the sigmoid", r"The error is $\delta = (y - t)\,y\,(1 - y)$."),
            mistake("bias_times_itself", key * b,
                    r"multiply by the bias", r"The slope of $z = wx + b$ in $b$ is 1."),
        ],
        explanation=r"$\partial z/\partial b = 1$, so $\partial L/\partial b = \delta = (y - t)\,y\,(1 - y)$ with $y = <y>$. That is $<key>$.",
    )  # fmt: skip


@BANK.template("step", "One step of learning", needs=["one-neuron.weight-gradient"])
def step(rng: Generator) -> Question:
    neuron = sigmoid_neuron(rng)
    learning_rate = int(rng.integers(2, 9))
    w, gradient = neuron.network[0].affine.W.item(), neuron.gradients[0].W.item()

    def weight_with(slip: str) -> float:
        return neuron.slipped_after(slip, learning_rate)[0].affine.W.item()

    return number(
        NEURON + LOSS + r"Take one step of gradient descent with learning rate $\eta = <eta>$. What is the new weight?",
        values={**given(neuron), "eta": learning_rate, "gradient": gradient},
        key=neuron.after(learning_rate).network[0].affine.W.item(),
        check=(CENTRAL, w - learning_rate * neuron.numerical[0].W.item()),
        wrong=[
            slip("learning_rate_forgotten", weight_with,
                    r"subtract the whole gradient", r"The step is scaled: $w - \eta\,\partial L/\partial w$."),
            slip("step_uphill", weight_with,
                    r"add the step", r"Downhill is against the gradient: $w - \eta\,\partial L/\partial w$."),
            slip("half_forgotten", weight_with,
                    r"forget the half in the loss", r"The half cancels the 2 of the square: $\partial L/\partial y = y - t$."),
        ],
        explanation=r"$\partial L/\partial w = (y - t)\,y\,(1 - y)\,x = <gradient>$. "
        r"The new weight is $<w> - <eta> \cdot <(gradient)> = <key>$.",
    )  # fmt: skip


@BANK.template("relu-on-batch", "ReLU and three examples")
def relu_on_batch(rng: Generator) -> Question:
    w, b = one(rng, 0.5, 1.5), one(rng, 0.1, 0.5, signed=True)
    x = two_decimals(rng, 0.6, 1.6, (3,)) * rng.permutation([1, -1, 1])
    above = two_decimals(rng, 0.2, 0.9, (3,)) * rng.permutation([1, 1, -1])
    neuron = [Layer(Affine(np.array([[w]]), np.array([b])), ACTIVATIONS["relu"])]
    inputs = x[:, None]
    t = forward(neuron, inputs)[0].a - above[:, None]
    problem = Problem(neuron, inputs, t, LOSSES["half_squared_error"])
    z = problem.tape[0].z[:, 0]
    listed: dict[str, Value] = {f"x{k}": value for k, value in enumerate(x.tolist(), 1)}
    listed |= {f"g{k}": value for k, value in enumerate(above.tolist(), 1)}
    listed |= {f"z{k}": value for k, value in enumerate(z.tolist(), 1)}

    def gradient_with(name: str) -> float:
        return problem.slipped(name)[0].W.item()

    return number(
        r"A ReLU neuron has $\w{w} = <w>$ and $\w{b} = <b>$. Three examples come in: $\act{x} = <x1>$, $<x2>$ and $<x3>$. From above, the slopes in its activation are $<g1>$, $<g2>$ and $<g3>$. "
        r"What is $\g{\partial L/\partial w}$, summed over the examples?",
        values={"w": w, "b": b, **listed},
        key=problem.gradients[0].W.item(),
        check=(CENTRAL, problem.numerical[0].W.item()),
        wrong=[
            slip("relu_slope_one", gradient_with,
                 "let every example through", "Where $z$ is below zero, ReLU is flat and its slope is 0."),
            slip("relu_slope_z", gradient_with,
                 "take $z$ for the slope", "Above zero ReLU is a straight line of slope 1."),
            slip("error_masked_by_its_sign", gradient_with,
                 "block what is negative in the gradient", "It is the sign of $z$ that decides, not the sign of what comes from above."),
        ],
        explanation=r"The pre-activations are $<z1>$, $<z2>$ and $<z3>$. Only the examples with $z$ above zero count, each with its slope from above times its input. Together: $<key>$.",
    )  # fmt: skip


@BANK.template("leaky-relu", "A ReLU that leaks")
def leaky(rng: Generator) -> Question:
    z, x, above = -one(rng, 0.5, 3), one(rng, 0.5, 2), one(rng, 0.2, 0.9, signed=True)
    a = leaky_relu(np.array(z))

    def gradient_with(name: str) -> float:
        return (
            float(slips.function("activations.leaky_relu_slope", [SLIPS[name]])(z, a)) * above * x
        )

    return choice(
        rng,
        r"A leaky ReLU neuron has pre-activation $\act{z} = <z>$, and below zero its slope is $<leak>$. Its input is $\act{x} = <x>$, and the slope in its activation is $<above>$. What is $\g{\partial L/\partial w}$?",
        values={"z": z, "x": x, "above": above, "leak": LEAK},
        key=leaky_relu_slope(np.array(z), a).item() * above * x,
        check=(CENTRAL, slope(lambda w: leaky_relu(np.array(w * x + z)).item() * above, 0.0)),
        wrong=[
            slip("leak_forgotten", gradient_with,
                 "take a plain ReLU", "This one leaks: below zero a small slope is left."),
            mistake("relu_slope_one", above * x,
                    "take the slope for 1", "That is its slope above zero. Here $z$ is below."),
            mistake("leak_twice", LEAK**2 * above * x,
                    "multiply by the small slope twice", "The way back passes the activation once."),
        ],
        explanation=r"The slope below zero is $<leak>$, so $<leak> \cdot <(above)> \cdot <x> = <key>$.",
    )  # fmt: skip


@BANK.template("at-zero", "ReLU at zero")
def at_zero(rng: Generator) -> Question:
    (z,) = variables(0.0)
    return sentence(
        rng,
        r"The pre-activation of a ReLU neuron is exactly $0$. What is the slope of ReLU there?",
        sayings=[
            Saying(0.0, "", "It has none. A program must choose, and this book chooses 0.", ""),
            Saying(1.0, "kink_from_the_right", "It is 1, because the line above zero has slope 1.",
                   "Coming from the left it is 0. At the kink the two disagree, so there is no slope."),
            Saying(0.5, "kink_halved", r"It is $\tfrac{1}{2}$, the mean of both sides.",
                   "That is what a central difference measures there. It is no slope: no straight line fits the kink."),
        ],
        key=relu_slope(np.array(0.0), np.array(0.0)).item(),
        check=("the scalar engine", gradient(z.relu(), [z])[0]),
        explanation="From the right the slope is 1, from the left 0. Any choice between them can be defended. What matters is that it is said.",
    )  # fmt: skip
