"""Traces: everything one pass through a network computes, as plain data with names.

The trace computes nothing itself. `forward`, `backward`, the losses, the initializers and
`sgd` of the reference do; the trace writes down what they return, so that a page, a figure,
a test and a reader with a pencil all look at the same numbers.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from .activations import Array
from .network import Affine, Layer, Record, backward, forward
from .optimizers import sgd
from .spec import Spec, SpecError, check_spec, layers_as_data, read_json, rows_as_data
from .worked import text

__all__ = ["as_json", "errors", "text", "trace"]


def trace(spec: object) -> dict[str, Any]:
    """All that forward, loss, backward and update compute for this spec, step by step.

    {"settings": the spec, with every default filled in,
     "steps": [{"layers": [{"z", "a", "delta", "dW", "db", "W", "b", "activation"}, ...],
                "y", "loss"}, ...],
     "final": {"layers": [{"W", "b", "activation"}, ...], "y", "loss"}}

    A step's W and b are those before its update; `final` is after the last update, and its
    layers can be given back in a new spec. One example (x a list of numbers) gives z, a,
    delta and y as lists, a batch gives lists of rows; dW has the shape of W, the loss is one
    number. Loss, delta, dW and db all include the reduction over the batch.

    Raises SpecError for a mistake in the spec, or for a number that overflows on the way.
    """
    checked = check_spec(spec)
    network = checked.network
    steps: list[dict[str, Any]] = []
    with np.errstate(all="ignore"):  # an overflow is found, and named, by _finite
        for number in range(1, checked.steps + 1):
            step, gradients = _step(checked, network, f"step {number}")
            network = _updated(checked, network, gradients, f"step {number}")
            steps.append(step)
        final = _final(checked, network)
    return {"settings": checked.settings, "steps": steps, "final": final}


def _step(spec: Spec, network: Sequence[Layer], when: str) -> tuple[dict[str, Any], list[Affine]]:
    """One step as data, and the gradient to update with."""
    tape, loss = _forward(spec, network, when)
    dL_dy = spec.loss.gradient(tape[-1].a, spec.t, reduction=spec.reduction)
    gradients = backward(network, tape, dL_dy)
    deltas = errors(network, tape, dL_dy)
    for k in reversed(range(len(network))):
        for name, values in ("delta", deltas[k]), ("dW", gradients[k].W), ("db", gradients[k].b):
            _finite(values, f"{when}: `layers[{k}].{name}`")
    parameters = layers_as_data(network, spec.has_bias)
    layers = [
        {
            "z": rows_as_data(record.z, spec.one_example),
            "a": rows_as_data(record.a, spec.one_example),
            "delta": rows_as_data(delta, spec.one_example),
            "dW": gradient.W.tolist(),
            "db": None if layer["b"] is None else gradient.b.tolist(),
            **layer,
        }
        for record, delta, gradient, layer in zip(tape, deltas, gradients, parameters, strict=True)
    ]
    return {"layers": layers, "y": layers[-1]["a"], "loss": loss}, gradients


def errors(network: Sequence[Layer], tape: Sequence[Record], dL_dy: Array) -> list[Array]:
    """delta of every layer, shape (B, n_out), one example a row.

    A bias is added to z as it is, so for one example alone dL/db and dL/dz are the same:
    what `backward` gives as its bias gradient is delta.
    """
    alone = [
        backward(network, [_only(i, record) for record in tape], dL_dy[i : i + 1])
        for i in range(len(dL_dy))
    ]
    return [np.stack([affine.b for affine in layer]) for layer in zip(*alone, strict=True)]


def _only(i: int, record: Record) -> Record:
    """What the layer saw and did of example i."""
    return Record(record.a_in[i : i + 1], record.z[i : i + 1], record.a[i : i + 1])


def _updated(
    spec: Spec, network: Sequence[Layer], gradients: Sequence[Affine], when: str
) -> list[Layer]:
    """The network after SGD; a bias that must stay is given no gradient to follow."""
    followed = [
        Affine(gradient.W, gradient.b if biased and spec.update_biases else 0 * gradient.b)
        for gradient, biased in zip(gradients, spec.has_bias, strict=True)
    ]
    updated = sgd(network, followed, spec.learning_rate)
    for k, layer in enumerate(updated):
        _finite(layer.affine.W, f"{when}: the updated `layers[{k}].W`")
        _finite(layer.affine.b, f"{when}: the updated `layers[{k}].b`")
    return updated


def _final(spec: Spec, network: Sequence[Layer]) -> dict[str, Any]:
    tape, loss = _forward(spec, network, f"after step {spec.steps}")
    y = rows_as_data(tape[-1].a, spec.one_example)
    return {"layers": layers_as_data(network, spec.has_bias), "y": y, "loss": loss}


def _forward(spec: Spec, network: Sequence[Layer], when: str) -> tuple[list[Record], float]:
    """What every layer saw and did, and the loss."""
    tape = forward(network, spec.x)
    for k, record in enumerate(tape):
        _finite(record.z, f"{when}: `layers[{k}].z`")
        _finite(record.a, f"{when}: `layers[{k}].a`")
    loss = spec.loss.value(tape[-1].a, spec.t, reduction=spec.reduction)
    _finite(loss, f"{when}: `loss`")
    return tape, float(loss)


def _finite(values: Array, where: str) -> None:
    if not np.isfinite(values).all():
        raise SpecError(f"{where} must be finite, got an overflow")


# The command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "spec", metavar="SPEC.json", help="the network and its data; - is standard input"
    )
    parser.add_argument("--text", action="store_true", help="the steps worked by hand, not JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the trace of a spec; nothing is printed before all of it is known."""
    found = trace(read_json(arguments.spec))
    print(text(found) if arguments.text else as_json(found))
    return 0


def as_json(data: object) -> str:
    """Indented JSON at full precision, each list of numbers on one line."""
    indented = json.dumps(data, indent=2, allow_nan=False)
    return re.sub(r"\[[^][{}]*\]", _on_one_line, indented)


def _on_one_line(numbers: re.Match[str]) -> str:
    return "".join(numbers[0].split()).replace(",", ", ")
