"""Worked examples that somebody printed, read from data and worked again.

An example is a JSON object in this folder:

    title, authors, link    where it was printed
    about                   what is computed, in a sentence or two
    convention              loss, order and signs, where they differ from this book's
    network                 a spec as `chainrule trace` takes it, or instead of it
    expression              {"values": {"x": -2}, "lines": {"q": "x + 3", "f": "q * x"}}, or
    descent                 {"loss": "x**2", "start": {"x": 10}, "learning_rate": 0.2, "steps": 10}
    experiment              the name of a long one, in EXPERIMENTS
    printed                 a list of numbers:
        what                what it is, in Markdown
        printed             the number as text, with the decimals it was printed with
        at                  where ours is, such as "-steps[0].layers[1].delta[0]" or "slopes.x"
        given               changes to the network, expression, descent for this number
        decimals            how many of its decimals to compare, if not all
        cut                 true if its last digit was cut off rather than rounded
        only_if             changes with which the number comes out as printed; for a network also
                            {"slips": ["updated_weights"]}, mistakes of the catalogue; or an
                            expression that shows the rounded numbers it was computed from
        instead             an expression that gives the number as printed, by mistake
        because             why ours differs
    lesson                  what to learn from it

A number is reproduced if ours is within half a unit of its last digit. If not, it must say
`because`, and `only_if` or `instead` must give the number as printed. Where there are several
random starts, ours is a list, and the printed number must lie within its range.
"""

from __future__ import annotations

import ast
import json
import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from chainrule import slips
from chainrule.network import Affine
from chainrule.scalar import Value, gradient, variables
from chainrule.spec import SpecError, check_spec, layers_as_data
from chainrule.trace import trace
from docs.experiments import digits_training, symmetry

FOLDER = Path(__file__).parent
EXPERIMENTS = {"symmetry": symmetry.runs, "error_norms": digits_training.error_norms}

WORDS = ("title", "authors", "link", "about", "convention", "lesson")
COMPUTATIONS = ("network", "expression", "descent", "experiment")
NUMBER_KEYS = (
    "what", "printed", "at", "given", "decimals", "cut", "only_if", "instead", "because",
)  # fmt: skip

type Data = Mapping[str, Any]


class PublishedError(ValueError):
    """A mistake in a data file, in one sentence."""


@dataclass(frozen=True)
class Number:
    """A printed number and ours. `verdict` is reproduced, only if, or misprint."""

    what: str
    printed: str
    ours: float | list[float]
    verdict: str
    explained: float | None
    because: str


@dataclass(frozen=True)
class Example:
    """A worked example as it was printed, and as it comes out."""

    title: str
    authors: str
    link: str
    about: str
    convention: str
    lesson: str
    numbers: list[Number]

    def count(self, verdict: str) -> int:
        return sum(number.verdict == verdict for number in self.numbers)


def read(name: str) -> Example:
    """The example of this name. Raises PublishedError, which names the file and the key."""
    path = FOLDER / f"{name}.json"
    try:
        return check(json.loads(path.read_text(encoding="utf-8")))
    except json.JSONDecodeError as error:
        reason = f"line {error.lineno} is not JSON: {error.msg}"
    except PublishedError as error:
        reason = str(error)
    raise PublishedError(f"docs/published/{path.name}: {reason}")


def check(data: Data) -> Example:
    """The example, with every number worked again."""
    known(data, (*WORDS, *COMPUTATIONS, "printed"), "")
    for key in ("title", "authors", "link", "about", "printed"):
        if not data.get(key):
            raise PublishedError(f"`{key}` must be given")
    kinds = [kind for kind in COMPUTATIONS if kind in data]
    if len(kinds) != 1:
        raise PublishedError(f"one of {', '.join(COMPUTATIONS)} must be given, got {len(kinds)}")
    results = Results(kinds[0], data[kinds[0]])
    numbers = [number(k, entry, results) for k, entry in enumerate(data["printed"])]
    return Example(*(data.get(key, "") for key in WORDS), numbers)


class Results:
    """What a computation gives, with changes to its data; each change is computed once."""

    def __init__(self, kind: str, data: Any):
        self.kind, self.data = kind, data
        self.known: dict[str, Any] = {}

    def __call__(self, changes: Data) -> Any:
        key = json.dumps(changes, sort_keys=True)
        if key not in self.known:
            data = {**self.data, **changes} if changes else self.data
            try:
                self.known[key] = ENGINES[self.kind](data)
            except (SpecError, slips.SlipError) as error:
                raise PublishedError(f"`{self.kind}`: {error}") from None
        return self.known[key]


def number(k: int, entry: Data, results: Results) -> Number:
    """One printed number beside ours, with the difference explained."""
    where = f"printed[{k}]"
    known(entry, NUMBER_KEYS, f"{where}.")
    for key in ("what", "printed", "at"):
        if not entry.get(key):
            raise PublishedError(f"`{where}.{key}` must be given")
    try:
        printed = Decimal(entry["printed"])
    except InvalidOperation:
        raise PublishedError(f"`{where}.printed` must be a number in quotes") from None
    decimals = entry.get("decimals", -int(printed.as_tuple().exponent))
    given, because = entry.get("given", {}), entry.get("because", "")

    def agrees(value: float | list[float]) -> bool:
        low, high = (min(value), max(value)) if isinstance(value, list) else (value, value)
        unit = 10.0**-decimals * (1 + 1e-9)
        if entry.get("cut"):
            return 0 <= abs(value) - abs(float(printed)) < unit
        return low - unit / 2 <= float(printed) <= high + unit / 2

    ours = evaluate(entry["at"], results(given), f"{where}.at")
    explained, verdict = None, "reproduced"
    if not agrees(ours):
        if not because:
            raise PublishedError(
                f"`{where}.because` must be given: {entry['printed']} was printed, ours is {ours}"
            )
        verdict = "misprint"
        if "only_if" in entry:
            verdict = "only if"
            explained = only_if(entry, results, where)
        elif "instead" in entry:
            explained = evaluate(entry["instead"], {}, f"{where}.instead")
        if explained is not None and not agrees(explained):
            raise PublishedError(
                f"`{where}`: its explanation gives {explained}, printed was {entry['printed']}"
            )
    elif "only_if" in entry or "instead" in entry:
        raise PublishedError(f"`{where}` is reproduced, and needs no explanation")
    return Number(entry["what"], entry["printed"], ours, verdict, explained, because)


def only_if(entry: Data, results: Results, where: str) -> float:
    """The number under the condition with which it comes out as printed."""
    condition = entry["only_if"]
    if isinstance(condition, str):
        return evaluate(condition, {}, f"{where}.only_if")
    return evaluate(entry["at"], results({**entry.get("given", {}), **condition}), f"{where}.at")


def known(data: Data, keys: Sequence[str], where: str) -> None:
    """Raise PublishedError for a key that means nothing."""
    for key in data:
        if key not in keys:
            raise PublishedError(f"`{where}{key}` is not one of {', '.join(keys)}")


# What can be computed -------------------------------------------------------------------------


def network(data: dict[str, Any]) -> dict[str, Any]:
    """The trace of a spec. With slips: the errors and gradients of step 1, and what comes last."""
    spec = {key: value for key, value in data.items() if key != "slips"}
    made = data.get("slips", [])
    if not made:
        return trace(spec)
    checked = check_spec(spec)
    layers, first = checked.network, []
    for _ in range(checked.steps):
        deltas, found = slips.errors_and_gradients(
            made, layers, checked.x, checked.t, checked.loss,
            checked.reduction, checked.learning_rate,
        )  # fmt: skip
        first = first or [
            {"delta": delta[0].tolist(), "dW": affine.W.tolist(), "db": affine.b.tolist()}
            for delta, affine in zip(deltas, found, strict=True)
        ]
        followed = [
            Affine(affine.W, affine.b if biased and checked.update_biases else 0 * affine.b)
            for affine, biased in zip(found, checked.has_bias, strict=True)
        ]
        layers = slips.update(made, layers, followed, checked.learning_rate)
    last = trace({**spec, "layers": layers_as_data(layers, checked.has_bias), "steps": 0})
    return {"steps": [{"layers": first}], "final": last["final"]}


def needed(kind: str, data: Data, keys: Sequence[str]) -> None:
    """Raise PublishedError for what a computation lacks."""
    for key in keys:
        if not data.get(key):
            raise PublishedError(f"`{kind}.{key}` must be given")


def expression(data: Data) -> dict[str, Any]:
    """Every value and line by name, and `slopes` of the last line in each of them."""
    needed("expression", data, ("values", "lines"))
    names: dict[str, Any] = dict(
        zip(data["values"], variables(*data["values"].values()), strict=True)
    )
    for name, line in data["lines"].items():
        names[name] = evaluate(line, names, f"expression.lines.{name}")
    on_the_tape = {name: value for name, value in names.items() if isinstance(value, Value)}
    plain = {name: value.data for name, value in on_the_tape.items()}
    last = names[next(reversed(data["lines"]))]
    if not isinstance(last, Value):
        return {**names, **plain}
    slopes = gradient(last, list(on_the_tape.values()))
    return {**names, **plain, "slopes": dict(zip(on_the_tape, slopes, strict=True))}


def descent(data: Data) -> dict[str, Any]:
    """`path`: where gradient descent stands before each step and after the last, and `final`."""
    needed("descent", data, ("loss", "start", "learning_rate", "steps"))
    path = [dict(data["start"])]
    for _ in range(data["steps"]):
        here = path[-1]
        slopes = expression({"values": here, "lines": {"loss": data["loss"]}})["slopes"]
        path.append({name: x - data["learning_rate"] * slopes[name] for name, x in here.items()})
    return {"path": path, "final": path[-1]}


def experiment(name: str) -> dict[str, Any]:
    """What the experiment of this name found."""
    if name not in EXPERIMENTS:
        raise PublishedError(f"`experiment` must be one of {', '.join(EXPERIMENTS)}, got {name!r}")
    return EXPERIMENTS[name]()


ENGINES = {
    "network": network,
    "expression": expression,
    "descent": descent,
    "experiment": experiment,
}


# Expressions ----------------------------------------------------------------------------------


def sin(x: Value) -> Value:
    return Value(math.sin(x.data), x.tape, x.place, math.cos(x.data))


def cos(x: Value) -> Value:
    return Value(math.cos(x.data), x.tape, x.place, -math.sin(x.data))


FUNCTIONS = {
    **{name: getattr(Value, name) for name in ("exp", "log", "tanh", "sigmoid", "relu")},
    "sin": sin,
    "cos": cos,
}
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def evaluate(text: str, names: Data, where: str) -> Any:
    """The value of an expression; an attribute or an index goes into what a name stands for."""
    try:
        return value(ast.parse(text, mode="eval").body, names)
    except SyntaxError:
        reason = f"'{text}' is not an expression"
    except (LookupError, TypeError) as error:
        reason = f"'{text}' leads nowhere: {error}"
    except (ArithmeticError, ValueError) as error:
        reason = f"'{text}' has no value here: {error}"
    raise PublishedError(f"`{where}`: {reason}")


def value(node: ast.expr, names: Data) -> Any:
    match node:
        case ast.Constant(int() | float() as constant):
            return constant
        case ast.Name(name):
            return names[name]
        case ast.Attribute(inner, name):
            return value(inner, names)[name]
        case ast.Subscript(inner, index):
            return value(inner, names)[value(index, names)]
        case ast.UnaryOp(ast.USub(), inner):
            return -value(inner, names)
        case ast.BinOp(left, operation, right) if type(operation) in OPERATORS:
            return OPERATORS[type(operation)](value(left, names), value(right, names))
        case ast.Call(ast.Name(name), [inner]) if name in FUNCTIONS:
            given = value(inner, names)
            if isinstance(given, Value):
                return FUNCTIONS[name](given)
            return FUNCTIONS[name](*variables(given)).data
    raise LookupError(ast.unparse(node))
