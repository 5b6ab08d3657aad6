"""Specs: what a person asks for, read from JSON and checked before anything runs.

Every mistake becomes a `SpecError` of one sentence that names the key, says what was
expected and what came. A key is named by its path: `layers[1].W[0][2]` is the third
number in the first row of W in the second layer.
"""

from __future__ import annotations

import difflib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeGuard, cast

import numpy as np

from .activations import ACTIVATIONS, Array
from .initializers import INITIALIZERS, dense_network
from .losses import LOSSES, REDUCTIONS, Loss
from .network import Affine, Layer

MOST_BYTES = 100_000_000  # of JSON
MOST_ENTRIES = 5_000_000  # in one trace; as JSON about a hundred megabytes
NAMES_OF_A_LAYER = 20  # its names and brackets are entries too, and in small layers most of them

LAYER_KEYS = ("W", "b", "activation")
DRAWING_KEYS = ("layer_sizes", "activation", "output_activation", "initializer", "seed")
RUN_KEYS = ("loss", "reduction", "x", "target", "learning_rate", "steps", "update_biases")


class SpecError(ValueError):
    """A mistake in a spec, in one sentence."""


@dataclass(frozen=True, eq=False, slots=True)
class Spec:
    """A checked spec. `settings` is the spec itself, with every default filled in."""

    network: list[Layer]
    has_bias: list[bool]  # a layer without one computes with zeros that are never updated
    loss: Loss
    reduction: str
    x: Array  # (B, n_in), one row even for one example
    t: Array  # (B, n_out)
    one_example: bool
    learning_rate: float
    steps: int
    update_biases: bool
    settings: dict[str, Any]


def read_json(path: str) -> object:
    """The data in a JSON file, or in standard input if the path is `-`."""
    source = "standard input" if path == "-" else _printable(path)
    raw = _read(path, source)
    try:
        text = raw.decode("utf-8-sig")  # some editors write a byte order mark: no mistake
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except UnicodeDecodeError as error:
        came = f"the byte 0x{raw[error.start]:02x} at position {error.start}"
        raise SpecError(f"{source} must be UTF-8 text, got {came}") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise SpecError(
            f"{source} must be valid JSON, got a mistake at {place}: {error.msg}"
        ) from None
    except RecursionError:
        raise SpecError(f"{source} must be a spec, got lists nested too deeply") from None


def _read(path: str, source: str) -> bytes:
    try:
        with open(0 if path == "-" else path, "rb", closefd=path != "-") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SpecError(f"cannot read {source}: {error.strerror}") from None
    if len(raw) > MOST_BYTES:
        raise SpecError(f"{source} must be at most {MOST_BYTES:,} bytes, got more")
    return raw


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object in which no key stands twice; Python's own reader would keep the last."""
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            raise SpecError(f"`{_short(key)}` must be given once, got it {times} times")
    return dict(pairs)


def _integer(digits: str) -> int | float:
    """An integer; one too long for a float becomes infinite, and is refused under its key."""
    return int(digits) if len(digits) <= 300 else float(digits)


def check_spec(data: object) -> Spec:
    """The spec, checked and converted to what the reference computes with."""
    given = _mapping(data, "spec", ("layers", *DRAWING_KEYS, *RUN_KEYS))
    loss = LOSSES[_name(_required(given, "loss"), "loss", LOSSES)]
    reduction = _name(given.get("reduction", "sum"), "reduction", REDUCTIONS)
    steps = _whole_number(given.get("steps", 1), "steps", least=0)
    rate = given.get("learning_rate", 0.0) if steps == 0 else _required(given, "learning_rate")
    learning_rate = _learning_rate(rate)
    update_biases = _flag(given.get("update_biases", True), "update_biases")

    network, has_bias, origin = (
        _given_network(given) if "layers" in given else _drawn_network(given)
    )
    n_in, n_out = network[0].affine.W.shape[1], network[-1].affine.W.shape[0]
    x, one_example = _examples(_required(given, "x"), n_in)
    t = _targets(_required(given, "target"), x, n_out, one_example)
    if loss.takes_logits:
        _logits(network, loss, drawn="layers" not in given)
        _probabilities(t, loss, one_example)
    _bearable([n_in, *(len(layer.affine.b) for layer in network)], len(x), steps)

    settings = {
        **origin,
        "loss": loss.name,
        "reduction": reduction,
        "x": rows_as_data(x, one_example),
        "target": rows_as_data(t, one_example),
        "learning_rate": learning_rate,
        "steps": steps,
        "update_biases": update_biases,
    }
    return Spec(
        network, has_bias, loss, reduction, x, t, one_example,
        learning_rate, steps, update_biases, settings,
    )  # fmt: skip


def rows_as_data(rows: Array, one_example: bool) -> list[Any]:
    """A list of rows, or the only row by itself if it stands for one example."""
    data = rows.tolist()
    return data[0] if one_example else data


def layers_as_data(network: Sequence[Layer], has_bias: Sequence[bool]) -> list[dict[str, Any]]:
    """The layers as a spec gives them."""
    return [
        {
            "W": layer.affine.W.tolist(),
            "b": layer.affine.b.tolist() if biased else None,
            "activation": layer.activation.name,
        }
        for layer, biased in zip(network, has_bias, strict=True)
    ]


# The network: its layers, which of them have a bias, and the keys that say where it came from.

Network = tuple[list[Layer], list[bool], dict[str, Any]]


def _given_network(given: Mapping[str, object]) -> Network:
    for key in DRAWING_KEYS:
        if key in given:
            raise SpecError(f"`{key}` must not be given together with `layers`, got both")
    network: list[Layer] = []
    has_bias: list[bool] = []
    for k, layer in enumerate(_list(given["layers"], "layers", "a list of layers")):
        where = f"layers[{k}]"
        entries = _mapping(layer, where, LAYER_KEYS)
        n_in = len(network[-1].affine.b) if network else None
        network.append(_layer(entries, where, n_in))
        has_bias.append(entries.get("b") is not None)
    return network, has_bias, {"layers": layers_as_data(network, has_bias)}


def _layer(given: Mapping[str, object], where: str, n_in: int | None) -> Layer:
    W = _matrix(
        _required(given, "W", where), f"{where}.W", n_in, "one for each neuron of the layer before"
    )
    b = np.zeros(len(W))
    if given.get("b") is not None:
        b = np.array(_numbers(given["b"], f"{where}.b", len(W), "one for each row of W"))
    name = _name(_required(given, "activation", where), f"{where}.activation", ACTIVATIONS)
    return Layer(Affine(W, b), ACTIVATIONS[name])


def _drawn_network(given: Mapping[str, object]) -> Network:
    if "layer_sizes" not in given:
        raise SpecError("`layers` must be given, or `layer_sizes` to draw them, got neither")
    entries = _list(given["layer_sizes"], "layer_sizes", "a list of at least two sizes", least=2)
    sizes = [_whole_number(n, f"layer_sizes[{k}]", least=1) for k, n in enumerate(entries)]
    _bearable(sizes, batch_size=0, steps=0)  # before anything is drawn
    hidden = _name(_required(given, "activation"), "activation", ACTIVATIONS)
    output = _name(given.get("output_activation", hidden), "output_activation", ACTIVATIONS)
    initializer = _name(_required(given, "initializer"), "initializer", INITIALIZERS)
    seed = _whole_number(_required(given, "seed"), "seed", least=0)
    network = dense_network(
        sizes,
        [ACTIVATIONS[hidden]] * (len(sizes) - 2) + [ACTIVATIONS[output]],
        INITIALIZERS[initializer],
        np.random.default_rng(seed),
    )
    origin: dict[str, Any] = {
        "layer_sizes": sizes,
        "activation": hidden,
        "output_activation": output,
        "initializer": initializer,
        "seed": seed,
    }
    return network, [True] * len(network), origin


def _bearable(sizes: Sequence[int], batch_size: int, steps: int) -> None:
    """Refuse a trace that an ordinary machine could not hold."""
    neurons = sum(sizes[1:])
    parameters = neurons + sum(n_in * n_out for n_in, n_out in pairwise(sizes))
    names = NAMES_OF_A_LAYER * (len(sizes) - 1)
    entries = parameters + steps * (2 * parameters + 3 * neurons * batch_size + names)
    if entries > MOST_ENTRIES:
        raise SpecError(
            f"`steps`, `x` and the layer sizes must make a trace of at most {MOST_ENTRIES:,} "
            f"entries, got {_short(f'{entries:,}')}"
        )


# The examples


def _examples(value: object, n_in: int) -> tuple[Array, bool]:
    """x as rows, and whether it was one example: a list of numbers, not a list of rows."""
    why = "one for each input of the network"
    entries = _list(value, "x", "a list of numbers, or a list of rows of numbers")
    if _is_list(entries[0]):
        return _matrix(value, "x", n_in, why), False
    return np.array([_numbers(value, "x", n_in, why)]), True


def _targets(value: object, x: Array, n_out: int, one_example: bool) -> Array:
    why = "one for each output of the network"
    if one_example:
        return np.array([_numbers(value, "target", n_out, why)])
    expected = f"a list of {_count(len(x), 'row')}, one for each row of x"
    if len(_list(value, "target", expected)) != len(x):
        raise _wrong("target", expected, value)
    return _matrix(value, "target", n_out, why)


def _logits(network: Sequence[Layer], loss: Loss, *, drawn: bool) -> None:
    name = network[-1].activation.name
    if name != "identity":
        where = "output_activation" if drawn else f"layers[{len(network) - 1}].activation"
        raise _wrong(where, f'"identity", since {loss.name} takes logits', name)


def _probabilities(t: Array, loss: Loss, one_example: bool) -> None:
    for row, targets in enumerate(t):
        where = "target" if one_example else f"target[{row}]"
        for k, target in enumerate(targets.tolist()):
            if not 0 <= target <= 1:
                expected = f"a probability from 0 to 1, for {loss.name}"
                raise _wrong(f"{where}[{k}]", expected, target)
        if loss.name == "softmax_cross_entropy" and not math.isclose(sum(targets), 1, rel_tol=1e-6):
            came = f"{sum(targets):g}"
            raise SpecError(f"`{where}` must sum to 1, for {loss.name}, got a sum of {came}")


# Single values. Each function returns what it was given, now known to be of its kind.


def _mapping(value: object, where: str, keys: Sequence[str]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _wrong(where, "an object with named entries", value)
    entries = cast(dict[object, object], value)
    for key in entries:
        if key not in keys:
            hint = _did_you_mean(key, keys) or f", whose keys are {', '.join(keys)}"
            raise SpecError(f"`{_short(str(key))}` must not be given: no key of {where}{hint}")
    return cast(dict[str, object], value)


def _required(given: Mapping[str, object], key: str, where: str = "") -> object:
    if key not in given:
        path = f"{where}.{key}" if where else key
        raise SpecError(f"`{path}` must be given, but is missing")
    return given[key]


def _list(value: object, where: str, expected: str, least: int = 1) -> list[object]:
    if not _is_list(value) or len(value) < least:
        raise _wrong(where, expected, value)
    return value


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _numbers(value: object, where: str, length: int | None, why: str) -> list[float]:
    expected = f"a list of {_count(length, 'number')}, {why}" if length else "a list of numbers"
    entries = _list(value, where, expected)
    if length and len(entries) != length:
        raise _wrong(where, expected, value)
    for k, entry in enumerate(entries):
        if not _is_number(entry):
            raise _wrong(f"{where}[{k}]", "a finite number", entry)
    return [float(entry) for entry in cast(list[float], entries)]


def _matrix(value: object, where: str, columns: int | None, why: str) -> Array:
    rows: list[list[float]] = []
    for k, row in enumerate(_list(value, where, "a list of rows of numbers")):
        rows.append(_numbers(row, f"{where}[{k}]", columns, why))
        if columns is None:
            columns, why = len(rows[0]), "as many as the first row has"
    return np.array(rows)


def _is_number(value: object) -> TypeGuard[int | float]:
    """A number that a float can hold; True and False are integers to Python, but not to us."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer too large for a float
        return False


def _learning_rate(value: object) -> float:
    if not _is_number(value) or value < 0:
        raise _wrong("learning_rate", "a finite number of at least 0", value)
    return float(value)


def _whole_number(value: object, where: str, least: int) -> int:
    if not _is_number(value) or value != int(value) or value < least:
        raise _wrong(where, f"a whole number of at least {least}", value)
    return int(value)


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(where, "true or false", value)
    return value


def _name(value: object, where: str, names: Iterable[str]) -> str:
    if not isinstance(value, str) or value not in names:
        raise _wrong(where, f"one of {', '.join(names)}", value, _did_you_mean(value, names))
    return value


# The sentences


def _wrong(where: str, expected: str, came: object, hint: str = "") -> SpecError:
    return SpecError(f"`{where}` must be {expected}, got {_seen(came)}{hint}")


def _seen(value: object) -> str:
    """What came, in a few words."""
    match value:
        case list():
            entries = cast(list[object], value)
            return f"a list of {len(entries)}" if entries else "an empty list"
        case dict():
            return "an object"
        case int() if abs(value) > 10**30:
            return "an integer too large"
        case bool() | int() | float() | str() | None:
            return _short(json.dumps(value, ensure_ascii=False))
        case _:
            return f"a Python {type(value).__name__}"


def _did_you_mean(value: object, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(value, list(names), n=1) if isinstance(value, str) else []
    return f"; did you mean {close[0]}?" if close else ""


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _short(text: str) -> str:
    """At most 40 characters, all of them printable."""
    return _printable(text if len(text) <= 40 else text[:39] + "…")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
