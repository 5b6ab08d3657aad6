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
from collections.abc import Iterator, Sequence
from pathlib import Path

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
    wrong = [answer for answer in usable if error(answer) > ROUNDING]
    raised = [answer for answer in answers if answer.gradients is None]
    if not wrong:
        return report.unfinished(examination, raised) if raised else report.success(examination)

    single = any(answer.single_precision for answer in usable)
    worst = max(error(answer) for answer in wrong)
    digits = min(ALL_DIGITS_SINGLE if single else ALL_DIGITS, 1e-3 * worst)
    near = not raised and worst < (ALL_DIGITS_SINGLE if single else RIGHT_ENOUGH)
    searches: list[Search] = []
    for main, considered in attempts(wrong, answers, usable):
        others = [answer for answer in considered if answer is not main]
        searches.append(search(main, others, learning_rate, digits, pairs=not near))
        if searches[-1].explanations:
            left = raised if considered is usable else []
            return report.explained(examination, main, searches[-1], left)
    if near:
        return report.success(examination)
    kept = search_stateful(examination.session, digits)
    if kept.explanations:
        return report.explained(examination, wrong[0], kept, left=[])
    alone = searched_alone(examination, learning_rate)
    clues = report.clues(examination, wrong[0], alone)
    return report.mystery(examination, wrong[0], searches[0], clues)


def attempts(
    wrong: Sequence[Answer], answers: Sequence[Answer], usable: Sequence[Answer]
) -> Iterator[tuple[Answer, Sequence[Answer]]]:
    """The wrong answer to explain first, and all those that its explanation must account for.

    The last answer comes from a deeper network, which can show what the first does not.
    Exceptions must be accounted for as well, if that is possible at all.
    """
    yield wrong[0], answers
    if wrong[-1] is not wrong[0]:
        yield wrong[-1], answers
    if len(usable) < len(answers):
        yield wrong[0], usable


def searched_alone(examination: Examination, learning_rate: float | None) -> Search | None:
    """What explains the answers to single examples; None if they are right."""
    usable = [answer for answer in examination.alone if answer.gradients is not None]
    if not usable:
        return Search([], 0, 0)
    if all(error(answer) < ALL_DIGITS for answer in usable):
        return None
    return search(usable[0], usable[1:], learning_rate, ALL_DIGITS)


# The command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "function",
        metavar="FILE.py:FUNCTION",
        help="your function: (weights, biases, x, target) -> (list of dW, list of db)",
    )
    parser.add_argument("--activation", default="sigmoid", help=", ".join(ACTIVATIONS))
    parser.add_argument("--output-activation", help="if the last layer has another one")
    parser.add_argument("--loss", default="half_squared_error", help=", ".join(LOSSES))
    parser.add_argument(
        "--reduction", default="sum", help=f"over the batch: {', '.join(REDUCTIONS)}"
    )
    parser.add_argument("--layer-sizes", metavar="N,N,...", help="if only these can be handled")
    parser.add_argument("--layout", default="rows", help="one example a row, or in columns")
    parser.add_argument("--weight-layout", default="out_in", help="out_in, or in_out")
    parser.add_argument("--learning-rate", type=float, metavar="X", help="if your step uses one")


def run(arguments: argparse.Namespace) -> int:
    """Print the report; the exit status is 0 if the gradients are right, else 1."""
    found = diagnose(
        loaded(arguments.function),
        activation=arguments.activation,
        output_activation=arguments.output_activation,
        loss=arguments.loss,
        reduction=arguments.reduction,
        layer_sizes=listed(arguments.layer_sizes),
        layout=arguments.layout,
        weight_layout=arguments.weight_layout,
        learning_rate=arguments.learning_rate,
    )
    print(found)
    return 0 if found.ok else 1


def listed(sizes: str | None) -> list[int] | None:
    """The layer sizes in a text such as "2,3,1"."""
    try:
        return None if sizes is None else [int(size) for size in sizes.split(",")]
    except ValueError:
        raise SpecError(f"`--layer-sizes` must be like 2,3,1, got {sizes!r}") from None


def loaded(place: str) -> Examined:
    """The function that a text such as "my_file.py:my_gradients" names."""
    path, _, name = place.rpartition(":")
    if not path or not name:
        raise SpecError(f"the function must be given as FILE.py:FUNCTION, got {place!r}")
    if not Path(path).is_file():
        raise SpecError(f"there is no file {path}")
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    if spec is None or spec.loader is None:
        raise SpecError(f"{path} must be a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(Path(path).resolve().parent))
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise SpecError(f"{path} could not be run: {probes.told(error)}") from None
    finally:
        del sys.path[0]
    function = getattr(module, name, None)
    if not callable(function):
        raise SpecError(f"{path} has no function {name}")
    return function
