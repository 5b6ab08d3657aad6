"""The worked network with more and more of it left to the reader.

The first stage shows every line. Each later one leaves lines out, the last line first, until
only the data is given. Examples that fade like this, from the end, teach better than either
whole examples or bare problems (Renkl and Atkinson 2003, on fading worked-out steps).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .by_hand import (
    ask_hidden,
    ask_hidden_activation,
    ask_hidden_error,
    ask_hidden_weight,
    ask_loss,
    ask_old_weights,
    ask_output,
    ask_output_error,
    ask_output_weight,
    given,
    two_two_one,
)
from .problems import Problem
from .question import DRAWS, Check, Question, fair
from .wording import fill

APART = 0.05
"""How far two answers to a line must be apart. Nine lines of one network cannot all have 15 %."""

LINES = [
    (r"\act{h_1}",
     r"\sigma(<w11> \cdot <x1> + <(w12)> \cdot <x2> + <(b1)>)",
     "The weighted sum of the inputs and the bias, squeezed."),
    (r"\act{y}",
     r"\sigma(<w31> \cdot <h1> + <(w32)> \cdot <h2> + <(b3)>)",
     "The same again, with the hidden activations."),
    (r"\loss{L}",
     r"\tfrac{1}{2}(<y> - <t>)^2",
     "Half the squared difference."),
    (r"\g{\delta_3}",
     r"(<y> - <t>) \cdot <y> \cdot (1 - <y>)",
     "How wrong, times the slope of the output's sigmoid."),
    (r"\g{\partial L/\partial w_{31}}",
     r"<d3> \cdot <h1>",
     "The error times what came in."),
    (r"\g{\partial L/\partial h_1}",
     r"<d3> \cdot <(w31)>",
     "The error back through the weight."),
    (r"\g{\delta_1}",
     r"<dh1> \cdot <h1> \cdot (1 - <h1>)",
     "Times the slope of the hidden sigmoid."),
    (r"\g{\partial L/\partial w_{12}}",
     r"<d1> \cdot <x2>",
     "The error times what came in."),
    (r"\Delta \w{w_{12}}",
     r"-<eta> \cdot <(dw12)>",
     "Against the slope, by the learning rate."),
]  # fmt: skip
"""What each line finds, from which numbers, and why."""

EVERY = set(range(len(LINES)))
ERRORS = {3, 6}

STAGES: list[tuple[str, set[int]]] = [
    ("Every line is there. Say to yourself why each follows from those above it.", set()),
    ("The last line is yours.", {8}),
    ("The last three lines are yours.", {6, 7, 8}),
    ("Of all lines, only the two errors are given.", EVERY - ERRORS),
    ("Only the data is given.", EVERY),
]
"""What each stage says, and which lines it leaves to the reader."""

DATA = (
    r"A network of sigmoids has the hidden layer $\w{W} = <W>$, $\w{b} = <b>$ and the output "
    r"neuron $\w{w_{31}} = <w31>$, $\w{w_{32}} = <w32>$, $\w{b_3} = <b3>$. "
    r"The inputs are $\act{x_1} = <x1>$ and $\act{x_2} = <x2>$, and the target is $\act{t} = <t>$. "
    r"The loss is $\loss{L} = \tfrac{1}{2}(y - t)^2$, the learning rate $\eta = <eta>$. "
    r"The second hidden neuron has already been computed: $\act{h_2} = <h2>$."
)


@dataclass(frozen=True)
class Line:
    """One line: what it finds, from which numbers, why, and the question it answers.

    A line that is left to the reader, or stands below one, shows no numbers it is made from.
    """

    name: str
    formula: str
    because: str
    question: Question
    blank: bool


@dataclass(frozen=True)
class Worked:
    """A worked example with the numbers of one seed."""

    id: str
    seed: int
    says: str
    data: str
    lines: tuple[Line, ...]

    @property
    def check(self) -> Check:
        """What the keys of its lines were compared with, and how far the worst was off."""
        return max((line.question.check for line in self.lines), key=lambda check: check.residual)


def worked(stage: int, seed: int) -> Worked:
    """The worked example of a stage, 1 to 5, with the numbers of a seed.

    Raises LookupError when no draw is fair.
    """
    says, blank = STAGES[stage - 1]
    where = f"worked example {stage}, seed {seed}"
    for draw in range(DRAWS):
        rng = np.random.default_rng([zlib.crc32(b"worked"), stage, seed, draw])
        problem, learning_rate = two_two_one(rng), int(rng.integers(3, 10))
        questions: list[Question] = []
        for question in asked(problem, learning_rate):
            if not fair(question, APART, where):
                break  # and spare the lines below
            questions.append(question)
        if len(questions) == len(LINES):
            break
    else:
        raise LookupError(f"{where}: no fair numbers in {DRAWS} draws")
    values = {
        **given(problem),
        "W": problem.network[0].affine.W,
        "b": problem.network[0].affine.b,
        "eta": learning_rate,
        "dh1": (problem.deltas[1] @ problem.network[1].affine.W)[0].item(),
        "dw12": problem.gradients[0].W[0, 1].item(),
    }
    shown = min(blank, default=len(LINES))
    lines = (
        Line(name, fill(formula, values) if k < shown else "", because, question, k in blank)
        for k, ((name, formula, because), question) in enumerate(zip(LINES, questions, strict=True))
    )
    return Worked(f"worked.{stage}", seed, says, fill(DATA, values), tuple(lines))


def asked(problem: Problem, learning_rate: int) -> Iterator[Question]:
    """Yield the questions that the lines answer, in order."""
    yield ask_hidden(problem)
    yield ask_output(problem)
    yield ask_loss(problem)
    yield ask_output_error(problem)
    yield ask_output_weight(problem)
    yield ask_hidden_activation(problem)
    yield ask_hidden_error(problem)
    yield ask_hidden_weight(problem)
    yield ask_old_weights(problem, learning_rate)
