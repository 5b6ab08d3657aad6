"""The backprop doctor: hand over your own backward pass and hear what is wrong with it.

    def my_gradients(weights, biases, x, target): ...
        return [dW1, dW2], [db1, db2]

    print(diagnose(my_gradients, activation="tanh", loss="half_squared_error"))

Your function is called on small random networks, and its answers are compared with those
of the reference, then with those of the reference with a slip in it, for every slip of the
catalogue, every layer, and every pair. Nothing is reported that does not give your numbers.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import probes, report
from .activations import ACTIVATIONS
from .losses import LOSSES, REDUCTIONS
from .probes import Answer, Examination, Examined
from .report import Finding, Report, error
from .spec import SpecError
from .suspects import Search, search, search_stateful

__all__ = ["Finding", "Report", "diagnose"]

ALL_DIGITS, ALL_DIGITS_SINGLE = 1e-9, 1e-4  # what rounding leaves of double and single precision
ROUNDING = 1e-11  # a relative error below this needs no explanation
RIGHT_ENOUGH = 1e-6  # below this, one that no slip explains is put down to the arithmetic


def diagnose(
    my_gradients: Examined,
    *,
    activation: str = "sigmoid",
    output_activation: str | None = None,
    loss: str = "half_squared_error",
    reduction: str = "sum",
    layer_sizes: Sequence[int] | None = None,
    layout: str = "rows",
    weight_layout: str = "out_in",
    learning_rate: float | None = None,
) -> Report:
    """What is wrong with a function that computes the gradients of a network, if anything is.

    `my_gradients(weights, biases, x, target)` gets lists with the first layer first and
    returns the gradients as two such lists. W is (n_out, n_in), or its transpose with
    `weight_layout="in_out"`; x and target hold one example a row, or a column with
    `layout="columns"`, where biases are columns too. The names of activations, losses and
    reductions are those of a trace; the output layer's activation is that of the others
    unless given, and identity for a loss that takes logits. Without `layer_sizes` several
    sizes and depths are tried. `learning_rate` matters only where updated weights leak into
    the gradient, and is found out where it is not given.

    Raises SpecError for an option that makes no sense.
    """
    setting = probes.check_setting(
        activation, output_activation, loss, reduction, layer_sizes, layout, weight_layout
    )
    return judged(probes.examine(my_gradients, setting), learning_rate)


def judged(examination: Examination, learning_rate: float | None) -> Report:
    """The report on these answers."""
    answers = examination.answers
    usable = [answer for answer in answers if answer.gradients is not None]
    if not usable:
        return report.unusable(examination)
    worst = max(error(answer) for answer in usable)
    everywhere = len(usable) == len(answers)
    if everywhere and worst < ROUNDING:
        return report.success(examination)
    single = any(answer.single_precision for answer in usable)
    digits = min(ALL_DIGITS_SINGLE if single else ALL_DIGITS, 1e-3 * worst)
    main = next((answer for answer in usable if error(answer) > ROUNDING), usable[0])
    found = searched(examination, main, answers, learning_rate, digits)
    if found.explanations:
        return report.explained(examination, main, found, left=[])
    if everywhere and worst < (ALL_DIGITS_SINGLE if single else RIGHT_ENOUGH):
        return report.success(examination)
    if not everywhere and error(main) > ROUNDING:
        found = searched(examination, main, usable, learning_rate, digits)
        if found.explanations:
            left = [answer for answer in answers if answer.gradients is None]
            return report.explained(examination, main, found, left)
    alone = searched_alone(examination, learning_rate)
    return report.mystery(examination, main, found, report.clues(examination, main, alone))


def searched(
    examination: Examination,
    main: Answer,
    answers: Sequence[Answer],
    learning_rate: float | None,
    digits: float,
) -> Search:
    """What explains the answers; what is kept between calls is thought of first."""
    session = examination.session
    if main in session[1:] or not report.same_numbers(session[0], session[2]):
        found = search_stateful(session, digits)
        if found.explanations:
            return found
    others = [answer for answer in answers if answer is not main]
    return search(main, others, learning_rate, digits)


def searched_alone(examination: Examination, learning_rate: float | None) -> Search | None:
    """What explains the answers to single examples; None if they are right."""
    usable = [answer for answer in examination.alone if answer.gradients is not None]
    if not usable:
        return Search([], 0, 0)
    if all(error(answer) < ALL_DIGITS for answer in usable):
        return None
    return search(usable[0], usable[1:], learning_rate, ALL_DIGITS)
