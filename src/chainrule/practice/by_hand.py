"""A small network by hand: forward, backward and update, one number at a time."""

# ruff: noqa: E501
from __future__ import annotations

import sys
from types import FrameType

import numpy as np
from numpy.random import Generator

from chainrule.activations import Array, sigmoid
from chainrule.network import Layer, backward, forward
from chainrule.optimizers import sgd

from .problems import CENTRAL, Problem, dense, slope
from .question import Bank, Question, Saying, mistake, number, sentence, slip
from .wording import Value

BANK = Bank("by-hand", "A network by hand")

FORWARD_GAVE = r"In a network of sigmoids with two inputs, two hidden neurons and one output, the forward pass gave "
OUTPUT_SIDE = r"$\act{h_1} = <h1>$, $\act{h_2} = <h2>$ and $\act{y} = <y>$. The target is $\act{t} = <t>$ and the loss $\loss{L} = \tfrac{1}{2}(y - t)^2$. "


def two_two_one(rng: Generator) -> Problem:
    """A 2-2-1 network of sigmoids whose output is on the wrong side of a half."""
    problem = dense(rng, [2, 2, 1])
    t = np.where(problem.y < 0.5, 1.0, 0.0)
    return Problem(problem.network, problem.x, t, problem.loss)


def given(problem: Problem) -> dict[str, Value]:
    """The letters of a 2-2-1 network and what they stand for."""
    hidden, output = (layer.affine for layer in problem.network)
    (x1, x2), (z1, z2) = problem.x[0].tolist(), problem.tape[0].z[0].tolist()
    (w11, w12), (w21, w22) = hidden.W.tolist()
    (b1, b2), (h1, h2) = hidden.b.tolist(), problem.tape[0].a[0].tolist()
    (d1, d2), (w31, w32) = problem.deltas[0].tolist(), output.W[0].tolist()
    return {
        "x1": x1, "x2": x2, "t": int(problem.t.item()),
        "w11": w11, "w12": w12, "w21": w21, "w22": w22, "b1": b1, "b2": b2,
        "w31": w31, "w32": w32, "b3": output.b.item(),
        "z1": z1, "z2": z2, "h1": h1, "h2": h2,
        "z3": problem.tape[1].z.item(), "y": problem.y.item(),
        "d1": d1, "d2": d2, "d3": problem.deltas[1].item(),
    }  # fmt: skip


def slope_in_h(problem: Problem, unit: int) -> float:
    """The slope of the loss in one hidden activation, by central difference."""

    def loss_with(a: float) -> float:
        h = problem.tape[0].a.copy()
        h[0, unit] = a
        return problem.loss_from(1, h)

    return slope(loss_with, problem.tape[0].a[0, unit].item())


# Forward --------------------------------------------------------------------------------------


@BANK.template("index", "Which weight is it")
def index(rng: Generator) -> Question:
    problem = dense(rng, [2, 2, 1])
    (w11, w12), (w21, w22) = problem.network[0].affine.W.tolist()
    (x1, x2), b1 = problem.x[0].tolist(), problem.network[0].affine.b[0].item()
    return number(
        r"The hidden layer of a network computes $\act{z} = \w{W}\act{x} + \w{b}$ with $\w{W} = <W>$. "
        r"Which weight leads from input 2 to hidden neuron 1?",
        values={"W": problem.network[0].affine.W},
        key=w12,
        check=("how far neuron 1 moves when input 2 does", slope(lambda x2: w11 * x1 + w12 * x2 + b1, x2)),
        wrong=[
            mistake("swapped_indices", w21,
                    "read the column as the goal", "The row says where a weight leads to, the column where it comes from."),
            mistake("same_index_twice", w11,
                    "take the weight from input 1", "Row 1 is hidden neuron 1. In it, column 2 is input 2."),
            mistake("row_of_the_source", w22,
                    "take row 2 as well as column 2", "Row 1 is hidden neuron 1. In it, column 2 is input 2."),
        ],
        explanation=r"Row 1 holds the weights that lead to hidden neuron 1. Column 2 is the one from input 2: $w_{12} = <key>$.",
    )  # fmt: skip


def ask_hidden(problem: Problem) -> Question:
    (x1, x2), affine = problem.x[0].tolist(), problem.network[0].affine
    z = affine.W[0, 0] * x1 + affine.W[0, 1] * x2 + affine.b[0]

    def h1_with(name: str) -> float:
        return problem.slipped_forward(name)[0].a[0, 0].item()

    return number(
        r"A hidden layer of two sigmoids has $\w{W} = <W>$ and $\w{b} = <b>$. The inputs are $\act{x_1} = <x1>$ and $\act{x_2} = <x2>$. "
        r"What is $\act{h_1}$?",
        values={**given(problem), "W": affine.W, "b": affine.b},
        key=problem.tape[0].a[0, 0].item(),
        check=("the sigmoid written with exp", (1 / (1 + np.exp(-z))).item()),
        wrong=[
            slip("weights_transposed_forward@hidden", h1_with,
                 "take the first column of the matrix", "The weights that lead *to* neuron 1 stand in its first row."),
            slip("bias_not_added@hidden", h1_with,
                 "forget the bias", r"The sum is $z_1 = w_{11}x_1 + w_{12}x_2 + b_1$."),
            slip("activation_not_applied@hidden", h1_with,
                 "stop at the pre-activation", r"The neuron still has to squeeze it: $h_1 = \sigma(z_1)$."),
        ],
        explanation=r"$z_1 = <w11> \cdot <x1> + <(w12)> \cdot <x2> + <(b1)> = <z1>$, and $h_1 = \sigma(<z1>) = <key>$.",
    )  # fmt: skip


@BANK.template("hidden", "A hidden activation", needs=["by-hand.index"])
def hidden(rng: Generator) -> Question:
    return ask_hidden(dense(rng, [2, 2, 1]))


def ask_output(problem: Problem) -> Question:
    affine, h = problem.network[1].affine, problem.tape[0].a[0]
    x1, x2 = problem.x[0].tolist()
    z = affine.W[0, 0] * h[0] + affine.W[0, 1] * h[1] + affine.b[0]

    def y_with(name: str) -> float:
        return problem.slipped_forward(name)[1].a.item()

    return number(
        r"The inputs of a network are $\act{x_1} = <x1>$ and $\act{x_2} = <x2>$, and its hidden activations are $\act{h_1} = <h1>$ and $\act{h_2} = <h2>$. "
        r"The output neuron is a sigmoid with $\w{w_{31}} = <w31>$, $\w{w_{32}} = <w32>$ and $\w{b_3} = <b3>$. What is $\act{y}$?",
        values=given(problem),
        key=problem.y.item(),
        check=("the sigmoid written with exp", (1 / (1 + np.exp(-z))).item()),
        wrong=[
            slip("activation_not_applied@output", y_with,
                 "stop at the pre-activation", r"The output neuron is a sigmoid too: $y = \sigma(z_3)$."),
            slip("bias_not_added@output", y_with,
                 "forget the bias", r"The sum is $z_3 = w_{31}h_1 + w_{32}h_2 + b_3$."),
            mistake("inputs_for_hidden", sigmoid(affine.W[0] @ np.array([x1, x2]) + affine.b).item(),
                    "feed the inputs into the output neuron", "What comes into the last layer are the hidden activations."),
        ],
        explanation=r"$z_3 = <w31> \cdot <h1> + <(w32)> \cdot <h2> + <(b3)> = <z3>$, and $y = \sigma(<z3>) = <key>$.",
    )  # fmt: skip


@BANK.template("output", "The output", needs=["by-hand.hidden"])
def output(rng: Generator) -> Question:
    return ask_output(dense(rng, [2, 2, 1]))


def ask_loss(problem: Problem) -> Question:
    y, t = problem.y.item(), problem.t.item()
    way: Array = t + (y - t) * np.arange(101)[:, None] / 100
    slopes = problem.loss.df(way, problem.t)
    return number(
        r"A network says $\act{y} = <y>$. The target is $\act{t} = <t>$. What is the loss $\loss{L} = \tfrac{1}{2}(y - t)^2$?",
        values=given(problem),
        key=problem.loss_value,
        check=("its slope summed up from the target to the output", np.trapezoid(slopes, way, axis=0).item()),
        wrong=[
            slip("half_forgotten", problem.slipped_loss,
                 "forget the half", r"The loss here is $\tfrac{1}{2}(y - t)^2$. Other books leave the half out and say so."),
            mistake("not_squared", abs(y - t) / 2,
                    "forget the square", r"The difference is squared: $\tfrac{1}{2}(y - t)^2$."),
            mistake("slope_for_loss", y - t,
                    "give the slope of the loss", r"$y - t$ is $\partial L/\partial y$. The loss itself is $\tfrac{1}{2}(y - t)^2$."),
        ],
        explanation=r"$\tfrac{1}{2}(<y> - <t>)^2 = <key>$.",
    )  # fmt: skip


@BANK.template("loss", "The loss")
def loss(rng: Generator) -> Question:
    return ask_loss(two_two_one(rng))


# Backward -------------------------------------------------------------------------------------


def ask_output_error(problem: Problem) -> Question:
    def error_with(name: str) -> float:
        return problem.slipped(name)[1].b.item()

    return number(
        r"A sigmoid output says $\act{y} = <y>$. The target is $\act{t} = <t>$ and the loss $\loss{L} = \tfrac{1}{2}(y - t)^2$. What is the error of the output, $\g{\delta_3} = \partial L/\partial z_3$?",
        values=given(problem),
        key=problem.deltas[1].item(),
        check=(CENTRAL, problem.numerical[1].b.item()),
        wrong=[
            slip("missing_activation_derivative@output", error_with,
                 r"stop at $\partial L/\partial y$", r"Through the sigmoid you multiply by its slope, $y\,(1 - y)$."),
            slip("reversed_error", error_with,
                 r"start from $t - y$", r"The slope of the loss in $y$ is $y - t$."),
            slip("half_forgotten", error_with,
                 "forget the half in the loss", r"The half cancels the 2 of the square: $\partial L/\partial y = y - t$."),
        ],
        explanation=r"$\delta_3 = (y - t) \cdot y\,(1 - y) = (<y> - <t>) \cdot <y> \cdot (1 - <y>) = <key>$.",
    )  # fmt: skip


@BANK.template("output-error", "The error of the output", needs=["one-neuron.weight-gradient"])
def output_error(rng: Generator) -> Question:
    return ask_output_error(two_two_one(rng))


def ask_output_weight(problem: Problem) -> Question:

    def gradient_with(name: str) -> float:
        return problem.slipped(name)[1].W[0, 0].item()

    return number(
        FORWARD_GAVE + OUTPUT_SIDE + r"What is $\g{\partial L/\partial w_{31}}$, the slope in the weight from $h_1$ to the output?",
        values=given(problem),
        key=problem.gradients[1].W[0, 0].item(),
        check=(CENTRAL, problem.numerical[1].W[0, 0].item()),
        wrong=[
            slip("missing_activation_derivative@output", gradient_with,
                 "leave out the slope of the output's sigmoid", r"The error of the output is $\delta_3 = (y - t)\,y\,(1 - y)$."),
            slip("dropped_input@output", gradient_with,
                 r"stop at $\delta_3$", r"The weight is multiplied by $h_1$, so $\partial L/\partial w_{31} = \delta_3 h_1$."),
            slip("reversed_error", gradient_with,
                 r"start from $t - y$", r"The slope of the loss in $y$ is $y - t$."),
        ],
        explanation=r"$\delta_3 = (<y> - <t>) \cdot <y> \cdot (1 - <y>) = <d3>$, and $\partial L/\partial w_{31} = \delta_3 h_1 = <key>$.",
    )  # fmt: skip


@BANK.template("output-weight", "An output weight", needs=["by-hand.output-error"])
def output_weight(rng: Generator) -> Question:
    return ask_output_weight(two_two_one(rng))


def ask_hidden_activation(problem: Problem) -> Question:
    w31, delta = problem.network[1].affine.W[0, 0].item(), problem.deltas[1].item()

    def passed_down_with(name: str) -> float:
        return problem.slipped(name)[1].b.item() * w31

    return number(
        FORWARD_GAVE + OUTPUT_SIDE + r"The output weights are $\w{w_{31}} = <w31>$ and $\w{w_{32}} = <w32>$. What is $\g{\partial L/\partial h_1}$?",
        values=given(problem),
        key=delta * w31,
        check=(CENTRAL, slope_in_h(problem, 0)),
        wrong=[
            mistake("below_the_slope", problem.deltas[0][0].item(),
                    r"go one step too far, to $\partial L/\partial z_1$", r"The slope $h_1(1 - h_1)$ belongs to the next step. Some pages call that number $\partial L/\partial h_1$ all the same."),
            slip("missing_activation_derivative@output", passed_down_with,
                 "leave out the slope of the output's sigmoid", r"The error of the output is $\delta_3 = (y - t)\,y\,(1 - y)$."),
            mistake("dropped_weight", delta,
                    "leave out the weight", r"$h_1$ reaches the output through $w_{31}$: $\partial L/\partial h_1 = \delta_3 w_{31}$."),
        ],
        explanation=r"$\delta_3 = (<y> - <t>) \cdot <y> \cdot (1 - <y>) = <d3>$. $h_1$ reaches the output through $w_{31}$, so $\partial L/\partial h_1 = \delta_3 w_{31} = <key>$.",
    )  # fmt: skip


@BANK.template("hidden-activation", "Down to a hidden activation", needs=["by-hand.output-weight"])
def hidden_activation(rng: Generator) -> Question:
    return ask_hidden_activation(two_two_one(rng))


def ask_hidden_error(problem: Problem) -> Question:

    def error_with(name: str) -> float:
        return problem.slipped(name)[0].b[0].item()

    return number(
        FORWARD_GAVE + r"$\act{h_1} = <h1>$ and $\act{y} = <y>$. The error of the output is $\g{\delta_3} = <d3>$, and $\w{w_{31}} = <w31>$. "
        r"What is the error of hidden neuron 1, $\g{\delta_1} = \partial L/\partial z_1$?",
        values=given(problem),
        key=problem.deltas[0][0].item(),
        check=(CENTRAL, problem.numerical[0].b[0].item()),
        wrong=[
            slip("missing_activation_derivative@hidden", error_with,
                 r"stop at $\partial L/\partial h_1$", r"Through the hidden sigmoid you multiply by its slope, $h_1(1 - h_1)$."),
            slip("slope_of_layer_above", error_with,
                 "take the slope of the output's sigmoid", r"The slope must be the hidden neuron's own: $h_1(1 - h_1)$."),
            slip("dropped_weight", error_with,
                 "leave out the weight", r"The error comes down through $w_{31}$: $\delta_1 = \delta_3 w_{31} h_1(1 - h_1)$."),
        ],
        explanation=r"$\delta_1 = \delta_3 \cdot w_{31} \cdot h_1(1 - h_1) = <d3> \cdot <(w31)> \cdot <h1> \cdot (1 - <h1>) = <key>$.",
    )  # fmt: skip


@BANK.template("hidden-error", "A hidden error", needs=["by-hand.hidden-activation"])
def hidden_error(rng: Generator) -> Question:
    return ask_hidden_error(two_two_one(rng))


def ask_hidden_weight(problem: Problem) -> Question:

    def gradient_with(name: str) -> float:
        return problem.slipped(name)[0].W[0, 1].item()

    return number(
        FORWARD_GAVE + r"$\act{h_1} = <h1>$. The inputs are $\act{x_1} = <x1>$ and $\act{x_2} = <x2>$. "
        r"The error of the output is $\g{\delta_3} = <d3>$, and $\w{w_{31}} = <w31>$. "
        r"What is $\g{\partial L/\partial w_{12}}$, the slope in the weight from input 2 to hidden neuron 1?",
        values=given(problem),
        key=problem.gradients[0].W[0, 1].item(),
        check=(CENTRAL, problem.numerical[0].W[0, 1].item()),
        wrong=[
            slip("dropped_input@hidden", gradient_with,
                 r"stop at $\delta_1$", r"The last factor is what comes in through this weight: $\partial L/\partial w_{12} = \delta_1 x_2$."),
            slip("missing_activation_derivative@hidden", gradient_with,
                 "leave out the slope of the hidden sigmoid", r"The error is $\delta_1 = \delta_3 w_{31} h_1(1 - h_1)$."),
            mistake("input_of_another_weight", problem.gradients[0].W[0, 0].item(),
                    r"multiply by $x_1$", r"$w_{12}$ leads *to* neuron 1 *from* input 2, so it is multiplied by $x_2$."),
        ],
        explanation=r"$\delta_1 = <d3> \cdot <(w31)> \cdot <h1> \cdot (1 - <h1>) = <d1>$, and $\partial L/\partial w_{12} = \delta_1 x_2 = <key>$.",
    )  # fmt: skip


@BANK.template("hidden-weight", "A hidden weight", needs=["by-hand.hidden-error"])
def hidden_weight(rng: Generator) -> Question:
    return ask_hidden_weight(two_two_one(rng))


@BANK.template("nudge", "What a slope says")
def nudge(rng: Generator) -> Question:
    problem = two_two_one(rng)
    (gradient,) = (problem.gradients[1].W[0, 1].item(),)
    by = 0.01 * rng.choice([1, -1, 2, -2]).item()
    change = {"w": gradient, "by": by}
    return number(
        r"The slope of the loss in a weight is $\g{\partial L/\partial w} = <w>$. The weight is changed by $<by>$. By how much does the loss change, to first order?",
        values=change,
        key=gradient * by,
        check=(CENTRAL, problem.numerical[1].W[0, 1].item() * by),
        wrong=[
            mistake("uphill_for_downhill", -gradient * by,
                    "turn the sign", "A slope says what the loss does when the weight goes *up*. The minus belongs to gradient descent."),
            mistake("slope_for_change", gradient,
                    "give the slope itself", "The change of the loss is the slope times the change of the weight."),
            mistake("divided_by_slope", by / gradient,
                    "divide", "The change of the loss is the slope times the change of the weight."),
        ],
        explanation=r"Slope times change: $<w> \cdot <(by)> = <key>$.",
    )  # fmt: skip


# Two outputs: paths ---------------------------------------------------------------------------

TWO_OUTPUTS = (
    r"A network has two hidden sigmoids, $\act{h_1} = <h1>$ and $\act{h_2} = <h2>$, and two outputs. "
    r"The output weights are $\w{W} = <W>$, one row for each output. The errors of the outputs are $\g{\delta} = <delta>$. "
)


def with_two_outputs(rng: Generator) -> tuple[Problem, dict[str, Value]]:
    problem = dense(rng, [2, 2, 2])
    t = np.where(problem.y < 0.5, 1.0, 0.0)
    problem = Problem(problem.network, problem.x, t, problem.loss)
    (h1, h2), W = problem.tape[0].a[0].tolist(), problem.network[1].affine.W
    paths = problem.deltas[1] * W[:, 0]
    return problem, {
        "h1": h1, "h2": h2, "W": W, "delta": problem.deltas[1],
        "via1": paths[0].item(), "via2": paths[1].item(), "dh": paths.sum().item(),
        "slope1": h1 * (1 - h1), "x1": problem.x[0, 0].item(), "d1": problem.deltas[0][0].item(),
    }  # fmt: skip


@BANK.template("two-outputs", "Two outputs above", needs=["chain-rule.fork"])
def two_outputs(rng: Generator) -> Question:
    problem, values = with_two_outputs(rng)
    slope1 = problem.tape[0].a[0, 0] * (1 - problem.tape[0].a[0, 0])

    def slope_with(name: str) -> float:
        return (problem.slipped(name)[0].b[0] / slope1).item()

    return number(
        TWO_OUTPUTS + r"What is $\g{\partial L/\partial h_1}$?",
        values=values,
        key=(problem.deltas[1] @ problem.network[1].affine.W[:, 0]).item(),
        check=(CENTRAL, slope_in_h(problem, 0)),
        wrong=[
            slip("transposed_weights", slope_with,
                 "use the first row of the matrix", r"$h_1$ reaches the outputs through the first *column*: $\w{W}^{\mathsf{T}}\g{\delta}$."),
            slip("one_path_only", slope_with,
                 "follow only the path through output 1", "Both outputs feel $h_1$. Where paths meet, add."),
            mistake("dropped_weight", problem.deltas[1].sum().item(),
                    "add the errors without their weights", "Each error comes down through its own weight."),
        ],
        explanation=r"Through output 1 comes $<via1>$, through output 2 $<via2>$. Together $<key>$.",
    )  # fmt: skip


@BANK.template("sum-over-paths", "All paths to a weight", needs=["by-hand.two-outputs"])
def sum_over_paths(rng: Generator) -> Question:
    problem, values = with_two_outputs(rng)

    def gradient_with(name: str) -> float:
        return problem.slipped(name)[0].W[0, 0].item()

    return number(
        TWO_OUTPUTS + r"Input 1 is $\act{x_1} = <x1>$. What is $\g{\partial L/\partial w_{11}}$, the slope in the weight from input 1 to hidden neuron 1?",
        values=values,
        key=problem.gradients[0].W[0, 0].item(),
        check=(CENTRAL, problem.numerical[0].W[0, 0].item()),
        wrong=[
            slip("one_path_only", gradient_with,
                 "follow only the path through output 1", "The weight acts on both outputs. Add both paths."),
            slip("overwritten_at_fork", gradient_with,
                 "keep only the path through output 2", "The weight acts on both outputs. Add both paths."),
            slip("missing_activation_derivative@hidden", gradient_with,
                 "leave out the slope of the hidden sigmoid", r"Every path goes through it: multiply by $h_1(1 - h_1)$."),
        ],
        explanation=r"$\partial L/\partial h_1 = <via1> + <(via2)> = <dh>$. Times $h_1(1 - h_1) = <slope1>$ and $x_1$: $<key>$.",
    )  # fmt: skip


# Update ---------------------------------------------------------------------------------------


def ask_old_weights(problem: Problem, learning_rate: int) -> Question:
    w31 = problem.network[1].affine.W[0, 0].item()

    def move(network: list[Layer]) -> float:
        return (network[0].affine.W[0, 1] - problem.network[0].affine.W[0, 1]).item()

    def move_with(name: str) -> float:
        return move(problem.slipped_after(name, learning_rate))

    return number(
        FORWARD_GAVE + r"$\act{h_1} = <h1>$. Input 2 is $\act{x_2} = <x2>$, the error of the output is $\g{\delta_3} = <d3>$, and $\w{w_{31}} = <w31>$. "
        r"All weights take one step of gradient descent with learning rate $\eta = <eta>$. How far does $\w{w_{12}}$ move (new minus old)?",
        values={**given(problem), "eta": learning_rate, "gradient": problem.gradients[0].W[0, 1].item(),
                "new": w31 - learning_rate * problem.gradients[1].W[0, 0].item()},
        key=move(problem.after(learning_rate).network),
        check=(CENTRAL, -learning_rate * problem.numerical[0].W[0, 1].item()),
        wrong=[
            slip("updated_weights", move_with,
                 "carry the error through the updated weight", r"The slope belongs to the network that ran forward. Use $w_{31} = <w31>$, not the new value $<new>$."),
            slip("step_uphill", move_with,
                 "add the step", r"The weight moves by $-\eta\,\partial L/\partial w_{12}$."),
            slip("learning_rate_forgotten", move_with,
                 "forget the learning rate", r"The weight moves by $-\eta\,\partial L/\partial w_{12}$."),
        ],
        explanation=r"$\partial L/\partial w_{12} = \delta_3 w_{31} h_1(1 - h_1)\,x_2 = <gradient>$, with the old $w_{31}$. The step is $-<eta> \cdot <(gradient)> = <key>$.",
    )  # fmt: skip


@BANK.template("old-weights", "Which weights carry the error", needs=["by-hand.hidden-weight"])
def old_weights(rng: Generator) -> Question:
    return ask_old_weights(two_two_one(rng), learning_rate=int(rng.integers(3, 10)))


@BANK.template("new-weight", "A weight after the step", needs=["by-hand.output-weight"])
def new_weight(rng: Generator) -> Question:
    problem = two_two_one(rng)
    learning_rate = int(rng.integers(2, 9))
    w32 = problem.network[1].affine.W[0, 1].item()

    def weight_with(name: str) -> float:
        return problem.slipped_after(name, learning_rate)[1].affine.W[0, 1].item()

    return number(
        r"The weight $\w{w_{32}} = <w32>$ leads from $\act{h_2} = <h2>$ to the output, whose error is $\g{\delta_3} = <d3>$. What is $\w{w_{32}}$ after one step of gradient descent with learning rate $\eta = <eta>$?",
        values={**given(problem), "eta": learning_rate, "gradient": problem.gradients[1].W[0, 1].item()},
        key=problem.after(learning_rate).network[1].affine.W[0, 1].item(),
        check=(CENTRAL, w32 - learning_rate * problem.numerical[1].W[0, 1].item()),
        wrong=[
            slip("step_uphill", weight_with,
                 "add the step", r"Downhill is against the gradient: $w_{32} - \eta\,\delta_3 h_2$."),
            slip("learning_rate_forgotten", weight_with,
                 "subtract the whole gradient", r"The step is scaled: $w_{32} - \eta\,\delta_3 h_2$."),
            slip("dropped_input@output", weight_with,
                 r"step by the error alone", r"The gradient of this weight is $\delta_3 h_2$."),
        ],
        explanation=r"$\partial L/\partial w_{32} = \delta_3 h_2 = <gradient>$. The new weight is $<w32> - <eta> \cdot <(gradient)> = <key>$.",
    )  # fmt: skip


@BANK.template("predicted-drop", "How much the loss should fall", needs=["by-hand.nudge"])
def predicted_drop(rng: Generator) -> Question:
    problem = two_two_one(rng)
    learning_rate = 0.1 * int(rng.integers(1, 9))
    flat = np.concatenate([part.ravel() for g in problem.gradients for part in (g.W, g.b)])
    squares = (flat @ flat).item()
    return number(
        r"A network has nine parameters. The squares of the nine slopes of its loss sum to $<squares>$. "
        r"It takes one step of gradient descent with learning rate $\eta = <eta>$. By how much should the loss fall, to first order?",
        values={"squares": squares, "eta": round(learning_rate, 1)},
        key=learning_rate * squares,
        check=("the slope of the loss along the step", -slope(lambda rate: problem.after(rate).loss_value, 0.0) * learning_rate),
        wrong=[
            mistake("slopes_not_squared", learning_rate * squares**0.5,
                    "use the length of the gradient once", "Each weight moves by $\\eta$ times its slope, and the loss feels that move times the slope again."),
            mistake("learning_rate_forgotten", squares,
                    "forget the learning rate", "Each weight moves only by $\\eta$ times its slope."),
            mistake("learning_rate_squared", learning_rate**2 * squares,
                    "square the learning rate too", "The learning rate enters once, in the step. The slope enters twice."),
        ],
        explanation=r"A weight with slope $g$ moves by $-\eta g$, and the loss by $-\eta g \cdot g$. All nine together: $<eta> \cdot <squares> = <key>$.",
    )  # fmt: skip


# The order of things --------------------------------------------------------------------------


def steps_of_training() -> tuple[str, ...]:
    """The steps of one round of training in the order in which the reference takes them."""
    problem = dense(np.random.default_rng(0), [2, 2, 1])
    steps = {
        forward.__code__: "forward",
        problem.loss.df.__code__: "loss",
        backward.__code__: "backward",
        sgd.__code__: "update",
    }
    taken: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in steps:
            taken[steps[frame.f_code]] = None

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        sgd(problem.network, problem.gradients, learning_rate=0.5)
    finally:
        sys.setprofile(before)
    return tuple(taken)


@BANK.template("four-steps", "The four steps in order")
def four_steps(rng: Generator) -> Question:
    return sentence(
        rng,
        "In which order does one round of training run?",
        sayings=[
            Saying(("forward", "loss", "backward", "update"), "",
                   "Forward, loss, backward, update.", ""),
            Saying(("loss", "forward", "backward", "update"), "loss_before_forward",
                   "Loss, forward, backward, update.", "The loss compares the output with the target, so there must be an output first."),
            Saying(("forward", "backward", "loss", "update"), "backward_before_loss",
                   "Forward, backward, loss, update.", "The walk back starts from the slope of the loss, so the loss comes before it."),
            Saying(("forward", "loss", "update", "backward"), "updated_weights",
                   "Forward, loss, update, backward.", "An update needs the gradient, and the error must travel back through the old weights."),
        ],
        key=("forward", "loss", "backward", "update"),
        check=("the calls of the reference as they happen", steps_of_training()),
        explanation="Forward keeps every activation. The loss says how wrong the output is. Backward turns that into slopes. Update uses them.",
    )  # fmt: skip
