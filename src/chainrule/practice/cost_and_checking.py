"""What backpropagation costs, how its result is checked, and how its code is read."""

# ruff: noqa: E501
from __future__ import annotations

from math import exp, log

import numpy as np
from numpy.random import Generator

from chainrule import slips
from chainrule.activations import Array
from chainrule.gradient_check import central_difference, relative_error
from chainrule.losses import LOSSES
from chainrule.slips import SLIPS

from .problems import CENTRAL, dense, lowest, one, slope, two_decimals
from .question import Bank, Question, Saying, choice, mistake, number, sentence, slip

BANK = Bank("cost-and-checking", "Cost and checking")

READABLE = [
    "missing_activation_derivative",
    "slope_twice",
    "dropped_input",
    "transposed_gradient",
    "bias_mean_for_sum",
    "dropped_weight",
    "updated_weights",
    "error_above_the_slope",
]
"""Slips of `backward` that can be told from the line alone."""


# Cost -----------------------------------------------------------------------------------------


@BANK.template("backward-cost", "Backward against forward")
def backward_cost(rng: Generator) -> Question:
    n0, n1, n2 = (rng.permutation([8, 10, 16, 20, 32, 40, 64])[:3]).tolist()
    forward = backward = 0
    for n_in, n_out in [(n0, n1), (n1, n2)]:
        forward += n_out * n_in
        backward += n_out * n_in  # delta times input
        backward += (
            n_out * n_in if n_in == n1 else 0
        )  # delta times weight, not below the first layer
    return number(
        r"A dense network has the sizes $<n0>$-$<n1>$-$<n2>$. Count the multiplications in matrix products, for one example. How many times as many does the backward pass need as the forward pass, if nobody asks for the slope in the inputs?",
        values={"n0": n0, "n1": n1, "n2": n2, "first": n0 * n1, "second": n1 * n2},
        key=2 - n0 * n1 / (n0 * n1 + n1 * n2),
        check=("every product counted", backward / forward),
        wrong=[
            mistake("equal_costs", 1,
                    "call them equal", "Each layer needs one product forward and two backward: for the weights, and for what goes down."),
            mistake("slope_in_inputs_counted", 2,
                    "count the way down to the inputs as well", "Below the first layer nothing has to go down."),
            mistake("passed_down_only", n1 * n2 / (n0 * n1 + n1 * n2),
                    "count only what goes down", "The gradients of the weights are products too, one for each layer."),
        ],
        explanation=r"Forward: $<first> + <second>$. Backward: as many for the weights, and $<second>$ once more for what goes down. The quotient is $<key>$.",
    )  # fmt: skip


@BANK.template("runs-for-nudging", "The price of nudging")
def runs_for_nudging(rng: Generator) -> Question:
    n0, n1, n2 = rng.integers(3, 12, size=3).tolist()
    count = (n0 + 1) * n1 + (n1 + 1) * n2
    runs = 0

    def counted(w: Array) -> Array:
        nonlocal runs
        runs += 1
        return w.sum()

    central_difference(counted, np.zeros(count))
    return number(
        r"A network has $<count>$ parameters. You find its gradient by nudging each one up and down and running the network forward each time. How many runs does it take?",
        values={"count": count},
        key=2 * count,
        check=("the runs that `central_difference` makes", runs),
        wrong=[
            mistake("one_run_each", count,
                    "count one run for each parameter", "Each is nudged up and down, and each nudge is a run."),
            mistake("one_run_for_all", 2,
                    "nudge all parameters at once", "That would give one slope, in one direction. There is a slope for each parameter."),
            mistake("pairs_of_parameters", count * count,
                    "count pairs of parameters", "Pairs matter for second slopes. Here each parameter is nudged alone."),
        ],
        explanation=r"Two runs for each parameter: $2 \cdot <count> = <key>$. Backpropagation finds all slopes at the price of about three runs.",
    )  # fmt: skip


@BANK.template("which-mode", "Forwards or backwards")
def which_mode(rng: Generator) -> Question:
    few, many = int(rng.integers(1, 4)), int(rng.integers(200, 2000))
    n_in, n_out = (few, many) if rng.random() < 0.5 else (many, few)
    width = 50
    cheapest = {n_in * width * (n_in + n_out): "forward", n_out * width * (n_in + n_out): "reverse"}
    passes = "forward" if n_in < n_out else "reverse"
    return sentence(
        rng,
        r"A function has $<n_in>$ inputs and $<n_out>$ outputs, with $<width>$ numbers in between. All its slopes are wanted. In which order is the chain rule cheaper?",
        values={"n_in": n_in, "n_out": n_out, "width": width},
        sayings=[
            Saying("forward", "forward_always", "From the inputs to the outputs.",
                   "Going forward takes one walk for each input. Here there are far fewer outputs: walk back from them."),
            Saying("reverse", "reverse_always", "From the outputs to the inputs.",
                   "Going backward takes one walk for each output. Here there are far fewer inputs: walk forward from them."),
            Saying("equal", "order_does_not_matter", "Either, they cost the same.",
                   "The result is the same, the cost is not. One walk is needed for each number you start from."),
        ],
        key=passes,
        check=("the multiplications of both orders", cheapest[min(cheapest)]),
        explanation="Start where there are fewer numbers. A network in training ends in one number, the loss, and so one walk back is enough.",
    )  # fmt: skip


# Checking -------------------------------------------------------------------------------------


@BANK.template("two-losses", "A slope from losses")
def two_losses(rng: Generator) -> Question:
    h = rng.choice([0.01, 0.02, 0.05]).item()
    rise, bend = rng.uniform(0.4, 2) * rng.choice([-1, 1]), rng.uniform(8, 20) * rng.choice([-1, 1])
    below, here, above = (round(2 + rise * k * h + bend * (k * h) ** 2, 6) for k in (-1, 0, 1))
    known = {
        round(k * h, 9): value for k, value in zip((-1, 0, 1), (below, here, above), strict=True)
    }

    def loss(w: Array) -> Array:
        return np.array(known[round(w.item(), 9)])

    def slope_with(name: str) -> float:
        return slips.function("gradient_check.central_difference", [SLIPS[name]])(
            loss, np.zeros(1), h
        ).item()

    return number(
        r"At some weight the loss is $\loss{L} = <here>$. With the weight $<h>$ lower it is $<below>$, and with the weight $<h>$ higher it is $<above>$. What is $\g{\partial L/\partial w}$, by central difference?",
        values={"here": f"{{{here:.6f}}}", "below": f"{{{below:.6f}}}", "above": f"{{{above:.6f}}}", "h": h},
        key=central_difference(loss, np.zeros(1), h).item(),
        check=("a parabola through the three losses", np.polyfit([-h, 0, h], [below, here, above], 2)[1].item()),
        wrong=[
            slip("forward_difference", slope_with,
                 "use only the step up", "The bend of the curve adds to one half and takes from the other. Take both halves: it cancels."),
            mistake("not_divided_by_two_h", above - below,
                    "forget to divide", r"Divide the difference of the losses by $2 \cdot <h>$, the way between them."),
            mistake("divided_by_h", (above - below) / h,
                    r"divide by $<h>$", r"From the lower to the higher weight it is $2 \cdot <h>$."),
        ],
        explanation=r"$(<above> - <below>)/(2 \cdot <h>) = <key>$. The loss in the middle is not needed.",
    )  # fmt: skip


@BANK.template("error-of-nudging", "A ten times smaller nudge")
def error_of_nudging(rng: Generator) -> Question:
    at = one(rng, 0.2, 1.2)

    def error(h: float) -> float:
        exact = np.exp(np.sin(at)) * np.cos(at)
        return abs(
            central_difference(lambda w: np.exp(np.sin(w))[0], np.array([at]), h).item() - exact
        )

    return sentence(
        rng,
        r"You find a slope by central difference, $(f(w + h) - f(w - h))/2h$, with a nudge $h$ of moderate size. You make $h$ ten times smaller. What does the error do?",
        sayings=[
            Saying(-2, "", "It becomes a hundred times smaller.", ""),
            Saying(-1, "first_order", "It becomes ten times smaller.",
                   "That is so if you nudge to one side only. Two sides cancel the bend of the curve, and $h^2$ remains."),
            Saying(-3, "third_order", "It becomes a thousand times smaller.",
                   "The third power of $h$ is divided by $2h$, and $h^2$ remains."),
            Saying(0, "error_fixed", "It stays about the same.",
                   "That is so when $h$ is so small that rounding rules. At moderate size the curve rules, and its share falls with $h^2$."),
        ],
        key=-2,
        check=("measuring it on a function with a known slope", round(np.log10(error(1e-3) / error(1e-2)))),
        explanation=r"To first order the bend of the curve cancels. What remains is $\tfrac{1}{6}h^2f'''$.",
    )  # fmt: skip


@BANK.template("best-nudge", "How small a nudge")
def best_nudge(rng: Generator) -> Question:
    bend = float(rng.integers(1, 30))
    eps = np.finfo(float).eps / 2

    def error(log_h: float) -> float:
        return exp(2 * log_h) * bend / 6 + eps.item() / exp(log_h)

    return choice(
        rng,
        r"Central differences in double precision have two errors. The curve contributes $\tfrac{1}{6}h^2f'''$, rounding contributes $\varepsilon/h$ with $\varepsilon = <eps>$. Here $f''' = <bend>$. Which $h$ is best?",
        values={"eps": eps.item(), "bend": int(bend)},
        key=(3 * eps.item() / bend) ** (1 / 3),
        check=("trying nudges", exp(lowest(error, log(1e-8), log(1e-3)))),
        wrong=[
            mistake("smaller_is_better", eps.item(),
                    "take the smallest nudge there is", "Then the two losses are equal to the last digit, and nothing is left to divide."),
            mistake("one_sided_optimum", 2 * (eps.item() / bend) ** 0.5,
                    "take the best nudge of a one-sided difference", r"Two sides cancel the bend, so $h$ may be larger: $\sqrt[3]{3\varepsilon/f'''}$."),
            mistake("large_nudge", 0.1,
                    "stay far from rounding", r"At this size the curve contributes almost everything. Best is where both errors fall and rise alike."),
        ],
        explanation=r"The sum of both is smallest where its slope is 0: $\tfrac{1}{3}hf''' = \varepsilon/h^2$. So $h = \sqrt[3]{3\varepsilon/f'''} = <key>$.",
    )  # fmt: skip


@BANK.template("complex-step", "A nudge that is not real")
def complex_step(rng: Generator) -> Question:
    x, h = one(rng, 0.5, 1.0), one(rng, 0.5, 0.9)
    cube = (x + h * 1j) ** 3
    return number(
        r"The complex step takes the imaginary part of $f(x + ih)$ and divides it by $h$. "
        r"Take $f(x) = x^3$, $x = <x>$ and, far too large, $h = <h>$. What does it find?",
        values={"x": x, "h": h, "slope": 3 * x * x},
        key=cube.imag / h,
        check=("the cube multiplied out", 3 * x * x - h * h),
        wrong=[
            mistake("true_slope", 3 * x * x,
                    "give the slope itself", r"With so large an $h$ the term $-h^2$ counts. With a tiny one it does not."),
            mistake("central_for_complex", ((x + h) ** 3 - (x - h) ** 3) / (2 * h),
                    "take a central difference", r"That gives $3x^2 + h^2$. An imaginary nudge turns the sign of $h^2$."),
            mistake("real_part", cube.real / h,
                    "take the real part", "The value stands in the real part, the slope in the imaginary part."),
        ],
        explanation=r"$(x + ih)^3 = x^3 - 3xh^2 + i\,(3x^2h - h^3)$. The imaginary part over $h$ is $3x^2 - h^2 = <key>$. The true slope is $<slope>$.",
    )  # fmt: skip


@BANK.template("blind-check", "A check on one example")
def blind_check(rng: Generator) -> Question:
    one_example = dense(rng, [3, 4, 2])
    suspects = {
        "bias_mean_for_sum": "The bias gradient is averaged over the batch where it should be summed.",
        "missing_activation_derivative": "The slope of the activation is left out.",
        "dropped_weight": "The error is passed down without the weights.",
        "bias_times_input": "The bias gradient is multiplied by the input.",
    }
    if rng.random() < 0.5:
        del suspects["bias_times_input"]
        suspects["dropped_input"] = "The weight gradient is not multiplied by the input."

    def seen(name: str) -> bool:
        try:
            return relative_error(one_example.slipped(name), one_example.numerical) > 1e-6
        except ValueError:
            return True

    unseen = [name for name in suspects if not seen(name)]
    return sentence(
        rng,
        "You check a gradient against central differences, with a batch of a single example. Which mistake passes the check?",
        sayings=[
            Saying(name, name, text, "This changes the gradient of a single example, and the check would see it. A mean and a sum over one example are the same.")
            for name, text in suspects.items()
        ],
        key="bias_mean_for_sum",
        check=(CENTRAL, unseen[0] if len(unseen) == 1 else None),
        explanation="Over one example a sum and a mean are the same. Check with several examples, and with widths that differ.",
    )  # fmt: skip


# Reading the code -----------------------------------------------------------------------------


@BANK.template("spot-the-slip", "What is wrong with this line")
def spot_the_slip(rng: Generator) -> Question:
    names: list[str] = rng.permutation(READABLE)[:4].tolist()
    wrong = SLIPS[names[0]]
    problem = dense(rng, [3, 3, 3], batch_size=2)
    spoiled = relative_error(problem.slipped(wrong.id, 0.5), problem.gradients) > 1e-6
    return sentence(
        rng,
        f"In a copy of `backward` one line has been changed to\n\n```python\n{wrong.wrong}\n```\n\nWhat is wrong with it?",
        sayings=[
            Saying(name, name, SLIPS[name].statement, f"Then the line would read `{SLIPS[name].wrong}`.")
            for name in names
        ],
        key=wrong.id,
        check=("running the copy", wrong.id if spoiled else None),
        explanation=f"The reference has `{wrong.right}`. {wrong.symptom}",
    )  # fmt: skip


@BANK.template("what-it-spoils", "How far a mistake reaches")
def what_it_spoils(rng: Generator) -> Question:
    name = rng.choice([
        "missing_activation_derivative@output", "missing_activation_derivative@hidden",
        "dropped_weight", "updated_weights", "dropped_input@output", "bias_mean_for_sum@output",
    ]).item()  # fmt: skip
    problem = dense(rng, [3, 3, 3], batch_size=3)

    def wrong_layers(reference: list[slips.Affine]) -> tuple[bool, bool]:
        made = problem.slipped(name, 0.5)
        hidden, output = (
            relative_error([p], [q]) > 1e-6 for p, q in zip(made, reference, strict=True)
        )
        return hidden, output

    made, _, where = name.partition("@")
    place = {"output": " in the output layer", "hidden": " in the hidden layer", "": ""}[where]
    return sentence(
        rng,
        f"A network has a hidden layer and an output layer. Its backward pass has one mistake{place}: {SLIPS[made].statement[0].lower()}{SLIPS[made].statement[1:]} Which gradients come out wrong?",
        sayings=[
            Saying((True, True), "spoils_everything", "Those of both layers.",
                   "The mistake touches one layer only. Follow the error down and see where it passes."),
            Saying((True, False), "spoils_below", "Those of the hidden layer alone.",
                   "See what the output layer's own gradient is made of, and whether the hidden layer's error passes through the mistake."),
            Saying((False, True), "spoils_here", "Those of the output layer alone.",
                   "What is wrong above is handed down, unless it is made only when the gradient is formed."),
        ],
        key=wrong_layers(problem.gradients),
        check=(CENTRAL, wrong_layers(problem.numerical)),
        explanation="The error travels down. A mistake in the error itself reaches every layer below. A mistake in what is made of it stays where it is.",
    )  # fmt: skip


@BANK.template("added-to-the-store", "A gradient that is stored")
def added_to_the_store(rng: Generator) -> Question:
    first, second = two_decimals(rng, 0.1, 0.9, (2,), signed=True).tolist()

    def loss(w: float) -> float:
        return first * w + second * w

    return number(
        r"A library keeps the slope of each parameter in a store, and its backward pass *adds* to what is there. "
        r"For one example the slope of a weight is $<first>$, for the next it is $<second>$. Nobody empties the store in between. What does it hold in the end?",
        values={"first": first, "second": second},
        key=first + second,
        check=("central differences of both losses together", slope(loss, 0.0)),
        wrong=[
            mistake("store_overwritten", second,
                    "let the second replace the first", "It adds. That is why the store must be emptied before each pass."),
            mistake("store_keeps_first", first,
                    "keep the first", "It adds. That is why the store must be emptied before each pass."),
            mistake("store_averaged", (first + second) / 2,
                    "take the mean", "Nothing in it knows how often it was added to."),
        ],
        explanation=r"$<first> + <(second)> = <key>$. For a batch made of two halves that is what you want. For two steps of training it is a mistake.",
    )  # fmt: skip


@BANK.template("other-layout", "Weights the other way round", needs=["batches.which-product"])
def other_layout(rng: Generator) -> Question:
    delta, a_in = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    products = {"a_in.T @ delta": a_in.T @ delta, "delta.T @ a_in": delta.T @ a_in}
    nudged = central_difference(lambda K: np.array((delta * (a_in @ K)).sum()), np.zeros((3, 3)))
    found = min(products, key=lambda name: np.abs(products[name] - nudged).max())
    return sentence(
        rng,
        r"A library keeps the weights of a layer as a matrix `K` with a row for each *input*, and computes `z = a_in @ K`, one example a row. Which expression is the gradient of `K`?",
        sayings=[
            Saying("a_in.T @ delta", "", "`a_in.T @ delta`", ""),
            Saying("delta.T @ a_in", "transposed_gradient", "`delta.T @ a_in`",
                   "This is right for the layout of this book, a row for each neuron. Here it is the transpose, and on a square layer nothing complains."),
            Saying("delta @ K.T", "gradient_of_the_input", "`delta @ K.T`",
                   "This is what goes below, the gradient of `a_in`."),
        ],
        key="a_in.T @ delta",
        check=(CENTRAL, found),
        explanation="A gradient has the shape of its parameter: inputs first, neurons second. So the input stands first in the product.",
    )  # fmt: skip


@BANK.template("logits-wanted", "A loss that wants logits", needs=["losses.binary-error"])
def logits_wanted(rng: Generator) -> Question:
    p = one(rng, 0.55, 0.95)
    loss = LOSSES["binary_cross_entropy"]
    t = np.ones((1, 1))

    def passed(y: float) -> float:
        return loss.value(np.array([[y]]), t, reduction="sum").item()

    key = loss.gradient(np.array([[p]]), t, reduction="sum").item()
    return number(
        r"A library's binary cross-entropy wants logits and applies the sigmoid itself. Somebody passes the probability $p = <p>$ in their place. The target is 1. What slope does the loss send back for what it was given?",
        values={"p": p, "twice": key + 1},
        key=key,
        check=(CENTRAL, slope(passed, p)),
        wrong=[
            mistake("logits_assumed", p - 1,
                    "believe that it was given the logit", r"Its sigmoid is applied to $p$, so it sees $\sigma(p)$ as the output."),
            mistake("slope_in_probability", -1 / p,
                    "believe that it takes probabilities", r"It takes logits, and applies the sigmoid to whatever comes: its output is $\sigma(p)$."),
            mistake("sigmoid_of_probability", key + 1,
                    "forget the target", r"The slope is output minus target: $\sigma(p) - 1$."),
        ],
        explanation=r"The loss computes $\sigma(p) = <twice>$ and sends back $\sigma(p) - 1 = <key>$. It never comes near 0, however right $p$ is, because $\sigma(1)$ is far from 1.",
    )  # fmt: skip
