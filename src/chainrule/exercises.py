"""Exercises: a function of the reference with an expression missing, and a check of what is put in.

    check("error", backward)

says whether this `backward` is right, and if it makes a classic mistake, which. There is no
second copy of the reference here: an exercise names a function and the expressions to take out.
"""

from __future__ import annotations

import importlib
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from . import slips
from .activations import ACTIVATIONS, Array
from .catalogue import SLIPS, Slip, find
from .diagnose import diagnose
from .losses import LOSSES, Loss
from .network import Affine, Layer, backward, forward
from .optimizers import Momentum

HOLE = "..."
Function = Callable[..., Any]


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, what is to be said of it, and the slip made in it, if known."""

    ok: bool
    text: str
    slip: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Exercise:
    """A function of the reference, the expressions to take out, and how an answer is judged.

    `function` is its dotted name within the package; each of `missing` stands in it once.
    """

    id: str
    title: str
    task: str
    function: str
    missing: tuple[str, ...]
    judge: Callable[[Function], Verdict]

    @property
    def module(self) -> str:
        return f"{__package__}.{self.function.partition('.')[0]}"

    @property
    def name(self) -> str:
        """What the function is called."""
        return self.function.rpartition(".")[2]

    @property
    def solved(self) -> str:
        """The source of the function."""
        found: Any = importlib.import_module(self.module)
        for part in self.function.split(".")[1:]:
            found = getattr(found, part)
        return textwrap.dedent(inspect.getsource(found)).rstrip()

    @property
    def unsolved(self) -> str:
        """The source with a hole where each of the expressions was."""
        text = self.solved
        for expression in self.missing:
            text = text.replace(expression, HOLE)
        return text


def cells(exercise: Exercise, source: str) -> list[str]:
    """An exercise in three pieces: the task, the function, and the check."""
    stars = f"from {exercise.module} import *  # noqa: F403"
    return [
        f"{exercise.title}\n\n{exercise.task}",
        "from __future__ import annotations\n\n"
        f"from chainrule.exercises import check\n{stars}\n\n\n{source}",
        f'print(check("{exercise.id}", {exercise.name}))',
    ]


def script(exercise: Exercise, source: str) -> str:
    """An exercise as a file: fill in, run, read the verdict."""
    task, function, verdict = cells(exercise, source)
    wrapped = "\n\n".join(textwrap.fill(part, 76) for part in task.split("\n\n"))
    how = f"Put an expression in place of each `{HOLE}`, and run this file."
    return f'"""{wrapped}\n\n{how}\n"""\n\n{function}\n\n\n{verdict}\n'


def check(id: str, answer: Function) -> Verdict:
    """What is to be said of an answer to the exercise of this name; KeyError if there is none."""
    return EXERCISES[id].judge(answer)


# Answers that change the gradient: the doctor judges them ---------------------------------------


def gradients_with(
    answer: dict[str, Function], loss: Loss, activations: tuple[str, str]
) -> Function:
    """A function for the doctor: the reference with the answer in place of one function."""
    run, back = answer.get("forward", forward), answer.get("backward", backward)
    slope = answer.get("slope", loss.df)
    hidden, last = (ACTIVATIONS[name] for name in activations)

    def my_gradients(weights: Any, biases: Any, x: Array, target: Array) -> Any:
        network = [Layer(Affine(W, b), hidden) for W, b in zip(weights, biases, strict=True)]
        network[-1] = Layer(network[-1].affine, last)
        tape = run(network, x)
        found = back(network, tape, slope(tape[-1].a, target))
        return [g.W for g in found], [g.b for g in found]

    return my_gradients


def by_doctor(part: str, answer: Function) -> Verdict:
    """The doctor's report on the reference with this answer in it."""
    softmax = part == "slope"
    loss = "softmax_cross_entropy" if softmax else "half_squared_error"
    activations = ("tanh", "identity" if softmax else "tanh")
    report = diagnose(
        gradients_with({part: answer}, LOSSES[loss], activations), activation="tanh", loss=loss
    )
    if report.ok and not report.findings:
        return Verdict(True, "Right.")
    slip = next((finding.slip for finding in report.findings), "")
    return Verdict(False, str(report), slip)


# Other answers: compared with the reference, and with each slip of it ---------------------------


def outcome(run: Callable[[Function], Array], answer: Function) -> Array | Verdict:
    """The numbers that an answer gives; where it gives none, what is to be said of that."""
    try:
        return np.asarray(run(answer), dtype=float)
    except Exception as error:  # an answer is code that anybody may have written
        return Verdict(False, f"It does not run yet: {type(error).__name__}: {error}.")


def compared(name: str, run: Callable[[Function], Array], answer: Function) -> Verdict:
    """Run the answer, the function of the reference, and its slips, and see what agrees."""
    found = outcome(run, answer)
    if isinstance(found, Verdict):
        return found
    if agree(found, run(find(name))):
        return Verdict(True, "Right.")
    for slip in SLIPS.values():
        made = any(edit.function == name for edit in slip.edits)
        if made and agree(found, run(with_slip(name, slip))):
            return Verdict(False, f"{slip.statement} {slip.symptom}", slip.id)
    return Verdict(
        False, "It runs, and its numbers are wrong. No slip of the catalogue gives them."
    )


def with_slip(name: str, slip: Slip) -> Function:
    """The function of the reference of this name with a slip in it."""
    if name == "optimizers.sgd":  # layer by layer
        return partial(slips.update, [slip.id])
    return slips.function(name, [slip])


def agree(found: Array, expected: Array) -> bool:
    return found.shape == expected.shape and np.allclose(found, expected, rtol=1e-9, atol=1e-12)


def moved(sgd: Function) -> Array:
    """All parameters of a 2-3-2 network after one step, in a row."""
    rng = np.random.default_rng(0)
    made = [Affine(rng.normal(size=(n, m)), rng.normal(size=n)) for m, n in ((2, 3), (3, 2)) * 2]
    network = [Layer(affine, ACTIVATIONS["tanh"]) for affine in made[:2]]
    after = sgd(network, made[2:], 0.3)
    return np.concatenate([np.r_[layer.affine.W.ravel(), layer.affine.b] for layer in after])


def nudged(central_difference: Function) -> Array:
    """The slopes of a bent function of three numbers, with a nudge that shows."""

    def bent(w: Array) -> Array:
        return np.exp(w).sum()

    return central_difference(bent, np.array([0.2, -0.4, 0.9]), 0.1)


def rolled(step: Function) -> Verdict:
    """Three steps of the heavy ball."""

    def places(step: Function) -> Array:
        rule = Momentum(learning_rate=0.1)
        w = v = np.zeros(2)
        seen: list[Array] = []
        for g in ([1.0, -2.0], [0.5, 1.0], [-1.0, 0.3]):
            w, v = step(rule, w, np.array(g), v)
            seen.append(np.asarray(w, dtype=float))
        return np.array(seen)

    found, expected = outcome(places, step), places(Momentum.step)
    if isinstance(found, Verdict):
        return found
    if agree(found, expected):
        return Verdict(True, "Right.")
    first = "" if agree(found[:1], expected[:1]) else " The first is another already."
    return Verdict(False, f"Three steps do not end where the heavy ball does.{first}")


# The exercises ----------------------------------------------------------------------------------

EXERCISES = {
    exercise.id: exercise
    for exercise in [
        Exercise(
            "pre-activation",
            "The pre-activation",
            "A batch comes in as rows. Each neuron weighs its inputs and adds its bias.",
            "network.forward",
            ("a_in.dot(layer.affine.W.T) + layer.affine.b",),
            partial(by_doctor, "forward"),
        ),
        Exercise(
            "error",
            "The error of a layer",
            "What comes from above is the slope of the loss in the activation. Make of it the "
            "slope in the pre-activation.",
            "network.backward",
            ("dL_da * layer.activation.df(record.z, record.a)",),
            partial(by_doctor, "backward"),
        ),
        Exercise(
            "gradients",
            "The gradients of weights and biases",
            "The errors of the batch are rows of delta, and what came in are rows of a_in. Both "
            "gradients sum over the batch.",
            "network.backward",
            ("delta.T.dot(record.a_in)", "delta.sum(axis=0)"),
            partial(by_doctor, "backward"),
        ),
        Exercise(
            "passed-down",
            "What is passed down",
            "Each activation below reached the loss through all neurons of this layer.",
            "network.backward",
            ("delta.dot(layer.affine.W)",),
            partial(by_doctor, "backward"),
        ),
        Exercise(
            "softmax",
            "Softmax with cross-entropy",
            "The slope of the loss in the logits, for targets of which each row sums to 1.",
            "losses.softmax_cross_entropy_slope",
            ("softmax(logits) * t.sum(axis=1, keepdims=True) - t",),
            partial(by_doctor, "slope"),
        ),
        Exercise(
            "update",
            "The update",
            "One step against the gradient, for weights and for biases.",
            "optimizers.sgd",
            (
                "layer.affine.W - learning_rate * gradient.W",
                "layer.affine.b - learning_rate * gradient.b",
            ),
            partial(compared, "optimizers.sgd", moved),
        ),
        Exercise(
            "gradient-check",
            "The gradient check",
            "The slope in one coordinate, from the values on both sides.",
            "gradient_check.central_difference",
            ("(f(w + nudge) - f(w - nudge)) / (2 * h)",),
            partial(compared, "gradient_check.central_difference", nudged),
        ),
        Exercise(
            "momentum",
            "Momentum",
            "The step is a decaying sum of all gradients so far. Mend the sum, then step.",
            "optimizers.Momentum.step",
            ("self.beta * v + g", "w - self.learning_rate * v"),
            rolled,
        ),
    ]
}
