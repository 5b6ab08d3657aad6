"""Checking numbers done by hand: which is the first wrong one, and which slip gives it.

The answers are any part of a trace; they are compared with the trace of the spec in the
order in which a careful person computes: forward, loss, backward, update, step after step.
Three significant figures count, and an answer may also be off by what rounding on the way
can do to it.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, cast

import numpy as np

from . import slips
from .activations import Array
from .catalogue import SLIPS
from .losses import Loss
from .network import Affine, Layer, Record
from .report import IN_LAYERS
from .spec import Spec, SpecError, check_spec, layers_as_data, read_json, rows_as_data
from .suspects import placed
from .trace import trace

FIGURES = 3
ROUNDINGS = 60  # how often the computation is repeated with rounding on the way
GENEROSITY = 1.5  # what those repetitions may have missed
Rounding = Callable[[Array], Array]
BY_HAND = {"forward", "loss", "gradient", "update"}


@dataclass(frozen=True)
class Number:
    """A number of a trace: its value, and what its significant figures are counted on.

    That is the number itself; for an updated parameter it is the step that was taken.
    """

    value: float
    counted_on: float


@dataclass(frozen=True)
class Verdict:
    """What came of the check; `first_wrong` is the path of a number in the trace."""

    ok: bool
    first_wrong: str | None
    slip: str | None
    explanation: str


def check(spec: object, answers: object) -> Verdict:
    """The first wrong number among the answers, and the slip that gives it.

    `answers` has the nesting of a trace, any part of it; null is unanswered. Raises SpecError
    for a mistake in the spec, and for answers that have no place in its trace.
    """
    checked = check_spec(spec)
    right = numbers(trace(spec))
    given = answered(answers, right)
    if not given:
        return Verdict(True, None, None, "No number was answered.")
    allowed = allowances(checked, right, given)
    for path, answer in given.items():
        if not close(answer, right[path], allowed[path]):
            return explained(checked, right, given, allowed, path)
    count = "The number is right." if len(given) == 1 else f"All {len(given)} numbers are right."
    return Verdict(True, None, None, count)


# The numbers of a trace, in the order in which they are computed


def numbers(found: Mapping[str, Any]) -> dict[str, Number]:
    """Every number of a trace by its path, such as "steps[0].layers[1].dW[0][2]", in order."""
    every: dict[str, Number] = {}
    before: list[Any] | None = None
    places = [(f"steps[{s}]", step) for s, step in enumerate(found["steps"])]
    places += [("final", found["final"])] if "final" in found else []
    for place, step in places:
        layers = [(f"{place}.layers[{k}]", layer) for k, layer in enumerate(step["layers"])]
        for k, (where, layer) in enumerate(layers):
            for name in ("W", "b"):
                old = before[k][name] if before is not None else None
                every |= parts(f"{where}.{name}", layer[name], old)
        if place != "final":
            for where, layer in layers:
                every |= parts(f"{where}.z", layer["z"]) | parts(f"{where}.a", layer["a"])
        every |= parts(f"{place}.y", step["y"]) | parts(f"{place}.loss", step["loss"])
        if place != "final":
            for where, layer in reversed(layers):
                for name in ("delta", "dW", "db"):
                    every |= parts(f"{where}.{name}", layer[name])
        before = step["layers"]
    return every


def parts(path: str, value: Any, old: Any = None) -> dict[str, Number]:
    """The numbers of a nested list by their paths; `old` is what was there before the update."""
    if value is None:
        return {}
    if not isinstance(value, list):
        return {path: Number(value, value if old is None else value - old)}
    found: dict[str, Number] = {}
    for i, entry in enumerate(cast(list[Any], value)):
        found |= parts(f"{path}[{i}]", entry, None if old is None else old[i])
    return found


def answered(answers: object, right: Mapping[str, Number]) -> dict[str, float]:
    """The numbers that were answered, by their paths, in the order of the trace."""
    if not isinstance(answers, dict):
        raise SpecError("the answers must be an object with the names of a trace")
    found = dict(leaves("", cast(object, answers)))
    if not any(path.startswith(("steps", "final")) for path in found):
        found = {f"steps[0].{path}": answer for path, answer in found.items()}  # one step by itself
    for path in found:
        if path not in right:
            raise SpecError(
                f"`{path}` must not be given: the trace of this spec has no such number"
            )
    return {path: found[path] for path in right if path in found}


def leaves(path: str, value: object) -> Iterator[tuple[str, float]]:
    """The numbers in nested objects and lists, with their paths. Refuses what is no number."""
    match value:
        case None:
            return
        case dict():
            for key, entry in cast(dict[str, object], value).items():
                if key not in {"settings", "activation"}:  # a trace may be edited and handed in
                    yield from leaves(f"{path}.{key}" if path else key, entry)
        case list():
            for i, entry in enumerate(cast(list[object], value)):
                yield from leaves(f"{path}[{i}]", entry)
        case int() | float() if not isinstance(value, bool) and math.isfinite(value):
            yield path, float(value)
        case _:
            came = json.dumps(value) if isinstance(value, bool | str) else "something else"
            raise SpecError(f"`{path}` must be a finite number or null, got {came[:40]}")


# Close enough


def close(answer: float, right: Number, allowed: float) -> bool:
    return abs(answer - right.value) <= tolerance(answer, right) + allowed


def tolerance(answer: float, right: Number) -> float:
    """Half a unit of the last figure that counts.

    An updated weight differs from the old one by little: there the figures of the step count,
    as far as they were written down.
    """
    if right.counted_on == right.value:
        return half_unit(right.value, FIGURES)
    written = 0.5 * 10.0 ** cast(int, Decimal(repr(answer)).as_tuple().exponent)
    return max(half_unit(right.counted_on, FIGURES), min(written, half_unit(right.value, FIGURES)))


def half_unit(value: float, figures: int) -> float:
    """Half a unit of the last of these significant figures."""
    if value == 0:
        return 0.0
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) + 1 - figures)


def allowances(
    spec: Spec, right: Mapping[str, Number], given: Mapping[str, float]
) -> dict[str, float]:
    """What rounding on the way can add to the error of each number.

    The computation is repeated by hands that round every intermediate result to as many
    figures as the answers have, each hand on a grid of its own.
    """
    figures = figures_written(list(given.values()))
    largest = dict.fromkeys(given, 0.0)
    for shift in np.linspace(0, 1, ROUNDINGS, endpoint=False):
        by_hand = numbers(computed(spec, [], spec.steps, grid(figures, shift)))
        for path in given:
            largest[path] = max(largest[path], abs(by_hand[path].value - right[path].value))
    return {path: GENEROSITY * off + 1e-12 for path, off in largest.items()}


def figures_written(answers: Sequence[float]) -> int:
    """How many significant figures most answers have, zeros at the end not counted; 3 at least."""
    digits = sorted(len(Decimal(repr(answer)).normalize().as_tuple().digits) for answer in answers)
    return max(FIGURES, min(12, digits[len(digits) // 4]))


def grid(figures: int, shift: float) -> Rounding:
    """Rounding to this many significant figures, on a grid shifted by a part of its unit."""

    def rounding(value: Array) -> Array:
        size = np.where(value == 0, 1.0, np.abs(value))
        unit = 10.0 ** (np.floor(np.log10(size)) + 1 - figures)
        return np.where(value == 0, 0.0, unit * (np.floor(value / unit + shift) - shift + 0.5))

    return rounding


# The same computation with a slip in it, or by a hand that rounds


def computed(
    spec: Spec,
    mistakes: Sequence[str],
    steps: int,
    rounding: Rounding | None = None,
) -> dict[str, Any]:
    """The trace of the first steps when these mistakes are made, or everything is rounded.

    A rounded number is used further on; what is written down is the number before its own
    rounding, with the errors of all that went into it.
    """
    network, loss = spec.network, spec.loss
    if rounding is not None:
        network = [rounded_layer(layer, rounding) for layer in network]
        loss = rounded_loss(loss, rounding)
    written, memory = network, slips.Memory()
    batch = spec.x, spec.t, loss
    found: dict[str, Any] = {"steps": []}
    for _ in range(steps):
        tape = slips.forward(mistakes, network, spec.x)
        errors, gradients = slips.errors_and_gradients(
            mistakes, network, *batch, spec.reduction, spec.learning_rate, memory
        )
        activations = unrounded(spec, tape, rounding)
        value = slips.loss_value(mistakes, network, *batch, reduction=spec.reduction)
        layers = layers_as_data(written, spec.has_bias)
        for k, layer in enumerate(layers):
            layer["z"] = rows_as_data(tape[k].z, spec.one_example)
            layer["a"] = rows_as_data(activations[k], spec.one_example)
            layer["delta"] = rows_as_data(errors[k], spec.one_example)
            layer["dW"] = gradients[k].W.tolist()
            layer["db"] = None if layer["b"] is None else gradients[k].b.tolist()
        found["steps"].append({"layers": layers, "y": layers[-1]["a"], "loss": value})
        written = network = updated(spec, mistakes, network, gradients)
        if rounding is not None:
            network = [rounded_parameters(layer, rounding) for layer in network]
    if steps == spec.steps:
        y = unrounded(spec, slips.forward(mistakes, network, spec.x), rounding)[-1]
        value = slips.loss_value(mistakes, network, *batch, reduction=spec.reduction)
        layers = layers_as_data(written, spec.has_bias)
        found["final"] = {"layers": layers, "y": rows_as_data(y, spec.one_example), "loss": value}
    return found


def unrounded(spec: Spec, tape: Sequence[Record], rounding: Rounding | None) -> list[Array]:
    """The activations of a tape before they were rounded."""
    if rounding is None:
        return [record.a for record in tape]
    return [
        layer.activation.f(rounding(record.z))
        for layer, record in zip(spec.network, tape, strict=True)
    ]


def updated(
    spec: Spec, mistakes: Sequence[str], network: Sequence[Layer], gradients: Sequence[Affine]
) -> list[Layer]:
    """The network after the step; a bias that must stay is given no gradient to follow.

    Raises ValueError where gradients of a wrong shape would change that of the parameters.
    """
    followed = [
        Affine(gradient.W, gradient.b if biased and spec.update_biases else 0 * gradient.b)
        for gradient, biased in zip(gradients, spec.has_bias, strict=True)
    ]
    after = slips.update(mistakes, network, followed, spec.learning_rate)
    for old, new in zip(network, after, strict=True):
        if (old.affine.W.shape, old.affine.b.shape) != (new.affine.W.shape, new.affine.b.shape):
            raise ValueError("the gradients do not have the shapes of the parameters")
    return after


def rounded_layer(layer: Layer, rounding: Rounding) -> Layer:
    """The layer with z, a and the slope rounded."""
    exact = layer.activation

    def f(z: Array) -> Array:
        return rounding(exact.f(rounding(z)))

    def df(z: Array, a: Array) -> Array:
        return rounding(exact.df(rounding(z), a))

    return Layer(layer.affine, replace(exact, f=f, df=df))


def rounded_loss(loss: Loss, rounding: Rounding) -> Loss:
    """The loss with its slope rounded."""

    def df(y: Array, t: Array) -> Array:
        return rounding(loss.df(y, t))

    return replace(loss, df=df)


def rounded_parameters(layer: Layer, rounding: Rounding) -> Layer:
    return Layer(Affine(rounding(layer.affine.W), rounding(layer.affine.b)), layer.activation)


# Which slip


@dataclass(frozen=True)
class Match:
    """A mistake that gives the first wrong number, and how many of the answers in all.

    It is near if it is made where the number is computed, and not before; `distance` is what
    is left between the answer and the number that the mistake gives.
    """

    name: str
    count: int
    near: bool
    distance: float


def explained(
    spec: Spec,
    right: Mapping[str, Number],
    given: Mapping[str, float],
    allowed: Mapping[str, float],
    path: str,
) -> Verdict:
    """The verdict on answers of which this is the first wrong one."""
    wrong = f"The first wrong number is `{path}`, {in_words(path)}: "
    wrong += f"you have {given[path]:.6g}, it is {right[path].value:.6g}."
    found = matches(spec, right, given, allowed, path)
    if not found:
        return Verdict(False, path, None, f"{wrong} No known slip gives your number.")
    best = found[0]
    slip_id, _, place = best.name.partition("@")
    slip = SLIPS[slip_id]
    equal = dict.fromkeys(
        m.name.partition("@")[0] for m in found if (m.count, m.near) == (best.count, best.near)
    )
    lines = [f"{wrong} {slip.id} gives your number: {slip.statement} {slip.why}"]
    if slip.by_layer:
        lines.append(f"It is made {IN_LAYERS.get(place, f'in layer {place}')}.")
    if best.count < len(given):
        lines.append(f"With it {best.count} of your {len(given)} numbers follow.")
    else:
        lines.append(f"With it all {len(given)} of your numbers follow." if len(given) > 1 else "")
    others = [other for other in equal if other != slip_id]
    if others:
        lines.append(f"The same number comes from {' and from '.join(others)}.")
    return Verdict(False, path, slip_id, " ".join(line for line in lines if line))


def matches(
    spec: Spec,
    right: Mapping[str, Number],
    given: Mapping[str, float],
    allowed: Mapping[str, float],
    path: str,
) -> list[Match]:
    """The mistakes that give the number at this path, those that give most of the others first."""
    steps = spec.steps if path.startswith("final") else int(path[6 : path.index("]")]) + 1
    found: list[Match] = []
    for name in every_mistake(len(spec.network)):
        try:
            with np.errstate(all="ignore"):
                slipped = numbers(computed(spec, [name], steps))
        except ValueError:  # shapes that do not fit
            continue
        same = [
            place
            for place, answer in given.items()
            if place in slipped
            and close(answer, slipped[place], scaled(allowed[place], right[place], slipped[place]))
        ]
        if path in same:
            near = PARTS.get(quantity(path), "gradient") in SLIPS[name.partition("@")[0]].changes
            found.append(Match(name, len(same), near, abs(given[path] - slipped[path].value)))
    return sorted(found, key=lambda m: (-m.count, not m.near, m.distance))


def every_mistake(depth: int) -> list[str]:
    """Every slip that can be made by hand, at every place."""
    return [
        name for slip in SLIPS.values() if slip.changes & BY_HAND for name in placed(slip, depth)
    ]


def scaled(allowed: float, right: Number, slipped: Number) -> float:
    """The allowance for a number that a slip made larger."""
    return allowed * max(1.0, abs(slipped.value) / abs(right.value)) if right.value else allowed


PARTS = {
    "z": "forward",
    "a": "forward",
    "y": "forward",
    "loss": "loss",
    "W": "update",
    "b": "update",
}
QUANTITIES = {
    "W": "a weight",
    "b": "a bias",
    "z": "a pre-activation",
    "a": "an activation",
    "y": "an output",
    "loss": "the loss",
    "delta": "an error, ∂L/∂z,",
    "dW": "a weight gradient",
    "db": "a bias gradient",
}


def quantity(path: str) -> str:
    """The name of the quantity at a path of the trace, such as "dW"."""
    return path.rpartition(".")[2].partition("[")[0]


def in_words(path: str) -> str:
    """A path of the trace for a reader: "an error, ∂L/∂z, of layer 1"."""
    layer = re.search(r"layers\[(\d+)\]", path)
    words = [QUANTITIES[quantity(path)]]
    if layer is not None:
        words.append(f"of layer {int(layer[1]) + 1}")
    if path.startswith("final"):
        words.append("after the last update")
    return " ".join(words)


# The command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("spec", metavar="SPEC.json", help="the network and its data; - reads stdin")
    parser.add_argument(
        "answers",
        metavar="ANSWERS.json",
        help="your numbers: any part of a trace, null for unknown",
    )
    parser.add_argument("--json", action="store_true", help="the verdict as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the verdict; the exit status is 0 if all answers are right, else 1."""
    if arguments.spec == arguments.answers == "-":
        raise SpecError("only one of SPEC.json and ANSWERS.json can be standard input")
    verdict = check(read_json(arguments.spec), read_json(arguments.answers))
    print(json.dumps(asdict(verdict)) if arguments.json else verdict.explanation)
    return 0 if verdict.ok else 1
