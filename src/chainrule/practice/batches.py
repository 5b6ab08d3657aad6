"""Shapes, any depth, and what a batch does to a gradient."""

# ruff: noqa: E501
from __future__ import annotations

import numpy as np
from numpy.random import Generator

from chainrule.activations import Array
from chainrule.gradient_check import central_difference
from chainrule.network import forward

from .problems import CENTRAL, Problem, dense, slope, two_decimals
from .question import Bank, Question, Saying, mistake, number, sentence, slip
from .wording import Value

BANK = Bank("batches", "Matrices, any depth, batches")


def two_sizes(rng: Generator) -> tuple[int, int]:
    n, m = rng.permutation([2, 3, 4, 5, 6])[:2].tolist()
    return n, m


@BANK.template("shape-of-gradient", "The shape of a gradient")
def shape_of_gradient(rng: Generator) -> Question:
    n_in, n_out = two_sizes(rng)
    problem = dense(rng, [n_in, n_out])
    return sentence(
        rng,
        r"A layer has $<n_in>$ inputs and $<n_out>$ neurons, and $\act{z} = \w{W}\act{a_{\text{in}}} + \w{b}$. What is the shape of $\g{\partial L/\partial W}$?",
        values={"n_in": n_in, "n_out": n_out},
        sayings=[
            Saying((n_out, n_in), "", r"$<n_out> \times <n_in>$", ""),
            Saying((n_in, n_out), "transposed_gradient", r"$<n_in> \times <n_out>$",
                   r"This is its transpose. A gradient has the shape of what it is the gradient of: $\delta\,a_{\text{in}}^{\mathsf{T}}$, not $a_{\text{in}}\,\delta^{\mathsf{T}}$."),
            Saying((n_in, n_in), "input_with_itself", r"$<n_in> \times <n_in>$",
                   r"This is the input multiplied with itself. The gradient pairs the error with the input: $\delta\,a_{\text{in}}^{\mathsf{T}}$."),
            Saying((n_out, n_out), "error_with_itself", r"$<n_out> \times <n_out>$",
                   r"This is the error multiplied with itself. The gradient pairs the error with the input: $\delta\,a_{\text{in}}^{\mathsf{T}}$."),
        ],
        key=(n_out, n_in),
        check=("the shape the reference returns", problem.gradients[0].W.shape),
        explanation=r"$\w{W}$ has one row for each neuron and one column for each input. One slope for each entry: $<n_out> \times <n_in>$.",
    )  # fmt: skip


@BANK.template("shape-of-error", "The shape of an error")
def shape_of_error(rng: Generator) -> Question:
    n_in, n_out = two_sizes(rng)
    batch_size = int(rng.integers(7, 12))
    problem = dense(rng, [n_in, n_out], batch_size=batch_size)
    record = problem.tape[0]
    delta = problem.loss.gradient(record.a, problem.t, reduction="sum") * problem.network[
        0
    ].activation.df(record.z, record.a)
    return sentence(
        rng,
        r"A batch of $<B>$ examples, one a row, goes through a layer with $<n_in>$ inputs and $<n_out>$ neurons. What is the shape of its errors $\g{\delta}$?",
        values={"B": batch_size, "n_in": n_in, "n_out": n_out},
        sayings=[
            Saying((batch_size, n_out), "", r"$<B> \times <n_out>$", ""),
            Saying((n_out, batch_size), "columns_for_rows", r"$<n_out> \times <B>$",
                   "Here an example is a row. With examples in columns this would be the shape, and every formula would be transposed."),
            Saying((batch_size, n_in), "shape_of_input", r"$<B> \times <n_in>$",
                   r"This is the shape of the input. $\delta$ is $\partial L/\partial z$ and has the shape of $z$."),
            Saying((n_out,), "summed_error", r"$<n_out>$",
                   "The sum over the batch comes later, in the gradient of the bias. Every example has errors of its own."),
        ],
        key=(batch_size, n_out),
        check=("the shape of the slope of the loss times the slope of the activation", delta.shape),
        explanation=r"$\delta$ has the shape of $z$: a row for each example and a column for each neuron.",
    )  # fmt: skip


@BANK.template("which-product", "Which product is it", needs=["batches.shape-of-gradient"])
def which_product(rng: Generator) -> Question:
    batch_size = 4
    error, a_in = rng.normal(size=(batch_size, 3)), rng.normal(size=(batch_size, 3))
    products = {
        "delta.T @ a_in": error.T @ a_in,
        "a_in.T @ delta": a_in.T @ error,
        "delta @ a_in.T": error @ a_in.T,
        "delta * a_in": error * a_in,
    }
    key = "delta.T @ a_in"

    def upstream(W: Array) -> Array:
        return np.array((error * (a_in @ W.T)).sum())

    numerical = central_difference(upstream, np.zeros((3, 3)))
    found = min(
        (name for name, made in products.items() if made.shape == numerical.shape),
        key=lambda name: np.abs(products[name] - numerical).max(),
    )
    return sentence(
        rng,
        r"A layer with three inputs and three neurons has errors `delta` and inputs `a_in`, both with one example a row. Which expression is $\g{\partial L/\partial W}$, shape $(n_{\text{out}}, n_{\text{in}})$?",
        sayings=[
            Saying("delta.T @ a_in", "", "`delta.T @ a_in`", ""),
            Saying("a_in.T @ delta", "transposed_gradient", "`a_in.T @ delta`",
                   "This is the transpose. On a square layer no shape test finds it."),
            Saying("delta @ a_in.T", "examples_paired", "`delta @ a_in.T`",
                   "This pairs examples with examples: its shape is batch by batch. The sum must run over the examples."),
            Saying("delta * a_in", "elementwise_gradient", "`delta * a_in`",
                   "This keeps one row for each example and pairs each neuron with one input only."),
        ],
        key=key,
        check=(CENTRAL, found),
        explanation=r"$\partial L/\partial W_{ij}$ sums $\delta_i\,a_j$ over the examples. Neuron first, input second, examples summed away: `delta.T @ a_in`.",
    )  # fmt: skip


@BANK.template("any-depth", "One step down", needs=["by-hand.two-outputs"])
def any_depth(rng: Generator) -> Question:
    problem = dense(rng, [2, 2, 2, 2])
    W, below = problem.network[2].affine.W, problem.tape[1].a[0]
    slopes = below * (1 - below)

    def error_with(name: str) -> float:
        return problem.slipped(name)[1].b[1].item()

    return number(
        r"In a deep network of sigmoids a layer has errors $\g{\delta} = <delta>$ and weights $\w{W} = <W>$. The layer below it has activations $\act{a} = <a>$. "
        r"What is the error of the second neuron of the layer below?",
        values={"delta": problem.deltas[2], "W": W, "a": below, "down": (W.T @ problem.deltas[2])[1].item(), "slope": slopes[1].item()},
        key=problem.deltas[1][1].item(),
        check=(CENTRAL, problem.numerical[1].b[1].item()),
        wrong=[
            slip("transposed_weights@3", error_with,
                 "use the second row of the matrix", r"The error goes down through the second *column*: $\w{W}^{\mathsf{T}}\g{\delta}$."),
            slip("missing_activation_derivative@2", error_with,
                 "leave out the slope of the sigmoid", r"Multiply by $a_2(1 - a_2)$, neuron by neuron."),
            slip("overwritten_at_fork@3", error_with,
                 "keep only what comes from the second neuron above", "Both neurons above feel this one. Add what they send."),
        ],
        explanation=r"$(\w{W}^{\mathsf{T}}\g{\delta})_2 = <down>$. Times the slope $a_2(1 - a_2) = <slope>$: $<key>$.",
    )  # fmt: skip


def neuron_on_batch(rng: Generator) -> tuple[Array, Array, dict[str, Value]]:
    """Errors of one linear neuron on four examples, the inputs, and their letters."""
    error = two_decimals(rng, 0.1, 0.9, (4,), signed=True)
    a_in = two_decimals(rng, 0.2, 1.5, (4,))
    listed: dict[str, Value] = {f"d{k}": value for k, value in enumerate(error.tolist(), 1)}
    listed |= {f"a{k}": value for k, value in enumerate(a_in.tolist(), 1)}
    return error, a_in, listed


ERRORS = r"One neuron with one input saw a batch of four examples. The slopes of each example's own loss in $z$ are $<d1>$, $<d2>$, $<d3>$ and $<d4>$. "
INPUTS = r"The inputs were $<a1>$, $<a2>$, $<a3>$ and $<a4>$. "
MEAN = r"The loss of the batch is the *mean* over the examples. "


def linear(x: Array, error: Array, reduction: str) -> Problem:
    """A linear layer on x (B, n_in) whose targets are such that its errors are these (B, n_out)."""
    n_out, n_in = error.shape[1], x.shape[1]
    problem = dense(np.random.default_rng(0), [n_in, n_out], activation="identity")
    y = forward(problem.network, x)[0].a
    return Problem(problem.network, x, y - error, problem.loss, reduction)


@BANK.template("bias-of-batch", "A bias and a batch")
def bias_of_batch(rng: Generator) -> Question:
    error, a_in, listed = neuron_on_batch(rng)
    problem = linear(a_in[:, None], error[:, None], "mean")

    def gradient_with(name: str) -> float:
        return problem.slipped(name)[0].b.item()

    return number(
        ERRORS + INPUTS + MEAN + r"What is $\g{\partial L/\partial b}$?",
        values={**listed, "sum": error.sum().item()},
        key=problem.gradients[0].b.item(),
        check=(CENTRAL, problem.numerical[0].b.item()),
        wrong=[
            slip("bias_sum_for_mean", gradient_with,
                 "add them up and do not divide", "The loss is a mean over four examples, and so is its gradient."),
            slip("bias_times_activation", gradient_with,
                 "multiply each by its input", "The bias is added in every example, so its slope is 1 in each."),
            slip("bias_of_last_example", lambda name: 4 * gradient_with(name),
                 "take the last example alone", "All four examples pull at the same bias."),
        ],
        explanation=r"$<d1> + <(d2)> + <(d3)> + <(d4)> = <sum>$, and a quarter of it is $<key>$.",
    )  # fmt: skip


@BANK.template("weight-of-batch", "A weight and a batch", needs=["batches.bias-of-batch"])
def weight_of_batch(rng: Generator) -> Question:
    error, a_in, listed = neuron_on_batch(rng)
    problem = linear(a_in[:, None], error[:, None], "mean")

    def gradient_with(name: str) -> float:
        return problem.slipped(name)[0].W.item()

    return number(
        ERRORS + INPUTS + MEAN + r"What is $\g{\partial L/\partial w}$?",
        values={**listed, "sum": (error @ a_in).item()},
        key=problem.gradients[0].W.item(),
        check=(CENTRAL, problem.numerical[0].W.item()),
        wrong=[
            slip("weights_sum_for_mean", gradient_with,
                 "add the products and do not divide", "The loss is a mean over four examples, and so is its gradient."),
            slip("product_of_means", gradient_with,
                 "multiply the mean error by the mean input", "First the product of each example, then the mean."),
            mistake("last_example_only", (error[-1] * a_in[-1]).item(),
                    "take the last example alone", "All four examples pull at the same weight."),
        ],
        explanation=r"$<d1> \cdot <a1> + <(d2)> \cdot <a2> + <(d3)> \cdot <a3> + <(d4)> \cdot <a4> = <sum>$, and a quarter of it is $<key>$.",
    )  # fmt: skip


@BANK.template("what-goes-below", "What goes below", needs=["basics.transpose"])
def what_goes_below(rng: Generator) -> Question:
    error = two_decimals(rng, 0.1, 0.9, (1, 2), signed=True)
    a_in = two_decimals(rng, 0.2, 1.5, (1, 3))
    problem = linear(a_in, error, "sum")
    W, (first, second) = problem.network[0].affine.W, error[0].tolist()
    through_first, through_second = (W[:, 1] * error[0]).tolist()

    def loss_with(a: float) -> float:
        return problem.loss_from(0, np.array([[a_in[0, 0], a, a_in[0, 2]]]))

    return number(
        r"A layer has three inputs and two neurons. Its weights are $\w{W} = <W>$, and its errors on one example are $\g{\delta_1} = <first>$ and $\g{\delta_2} = <second>$. What is $\g{\partial L/\partial a_2}$, the slope in its second input?",
        values={"W": W, "first": first, "second": second, "w12": W[0, 1].item(), "w22": W[1, 1].item()},
        key=(error @ W)[0, 1].item(),
        check=(CENTRAL, slope(loss_with, a_in[0, 1].item())),
        wrong=[
            mistake("one_path_only", through_first,
                    "follow the path through the first neuron alone", "The input feeds both neurons. What comes back from them adds up."),
            mistake("overwritten_at_fork", through_second,
                    "keep only what comes back from the second neuron", "The input feeds both neurons. What comes back from them adds up."),
            mistake("dropped_weight", first + second,
                    "leave out the weights", "An error comes back through the weight by which the input went up."),
        ],
        explanation=r"The second input went up through the second column of $\w{W}$, and the errors come back through it: $<w12> \cdot <(first)> + <(w22)> \cdot <(second)> = <key>$.",
    )  # fmt: skip


@BANK.template("shared-bias", "One bias for two neurons", needs=["chain-rule.fork"])
def shared_bias(rng: Generator) -> Question:
    error = two_decimals(rng, 0.1, 0.9, (1, 2), signed=True)
    problem = linear(np.ones((1, 1)), error, "sum")
    first, second = error[0].tolist()

    def loss_with(b: float) -> float:
        return problem.loss.value(problem.y + b, problem.t, reduction="sum").item()

    return number(
        r"A layer of two neurons has a single bias $\w{b}$ that both of them add. Their errors on one example are $\g{\delta_1} = <first>$ and $\g{\delta_2} = <second>$. What is $\g{\partial L/\partial b}$?",
        values={"first": first, "second": second},
        key=problem.gradients[0].b.sum().item(),
        check=(CENTRAL, slope(loss_with, 0.0)),
        wrong=[
            mistake("shared_parameter_once", first,
                    "count the first neuron alone", "Both neurons use this bias. It is a fork, and at a fork slopes add."),
            mistake("mean_for_sum", (first + second) / 2,
                    "take the mean", "Nothing divides by the number of neurons. Slopes of a shared parameter add."),
            mistake("multiplied_paths", first * second,
                    "multiply the two", "Along a path slopes multiply. Two paths add."),
        ],
        explanation=r"$<first> + <(second)> = <key>$. The same happens wherever a parameter is used twice, in a convolution for instance.",
    )  # fmt: skip


@BANK.template("doubled-batch", "The same examples twice")
def doubled_batch(rng: Generator) -> Question:
    reduction = rng.choice(["sum", "mean"]).item()
    problem = dense(rng, [2, 3, 1], batch_size=3, reduction=reduction)
    twice = Problem(
        problem.network,
        np.tile(problem.x, (2, 1)),
        np.tile(problem.t, (2, 1)),
        problem.loss,
        reduction,
    )
    before, after = problem.gradients[0].W, twice.gradients[0].W
    numerical = twice.numerical[0].W / problem.numerical[0].W
    return sentence(
        rng,
        rf"The loss of a batch is the *{reduction}* over its examples. You put every example into the batch a second time. What happens to the gradient?",
        sayings=[
            Saying(1.0, "mean_for_sum", "It stays as it was.",
                   "That is so for a mean. A sum has twice as many terms now."),
            Saying(2.0, "sum_for_mean", "It doubles.",
                   "That is so for a sum. A mean divides by twice as many examples."),
            Saying(0.5, "divided_twice", "It is halved.",
                   "There are twice as many terms, and a mean divides by twice as many examples. The two cancel."
                   if reduction == "mean" else "There are twice as many terms, and a sum divides by nothing."),
        ],
        key=round((after / before).mean(), 9),
        check=(CENTRAL, round(numerical.mean(), 4)),
        explanation="A sum grows with the batch, and the learning rate must shrink with it. A mean does not."
        if reduction == "sum" else "A mean does not grow with the batch, so the same learning rate serves any size.",
    )  # fmt: skip


@BANK.template("parameters", "Counting parameters")
def parameters(rng: Generator) -> Question:
    sizes: list[int] = rng.integers(2, 6, size=4).tolist()
    problem = dense(rng, sizes)
    n0, n1, n2, n3 = sizes
    return number(
        r"A dense network has the sizes $<n0>$-$<n1>$-$<n2>$-$<n3>$, with a bias for every neuron. How many slopes does one backward pass return?",
        values={"n0": n0, "n1": n1, "n2": n2, "n3": n3},
        key=(n0 + 1) * n1 + (n1 + 1) * n2 + (n2 + 1) * n3,
        check=("the gradients the reference returns", sum(g.W.size + g.b.size for g in problem.gradients)),
        wrong=[
            mistake("biases_not_counted", n0 * n1 + n1 * n2 + n2 * n3,
                    "count the weights alone", "Every bias has a slope too."),
            mistake("one_bias_a_layer", n0 * n1 + n1 * n2 + n2 * n3 + 3,
                    "count one bias for each layer", "Every neuron has a bias of its own."),
            mistake("neurons_for_parameters", n0 + n1 + n2 + n3,
                    "count the neurons", "There is a slope for every weight and every bias."),
        ],
        explanation=r"Weights: $<n0> \cdot <n1> + <n1> \cdot <n2> + <n2> \cdot <n3>$. Biases: $<n1> + <n2> + <n3>$. Together $<key>$.",
    )  # fmt: skip
