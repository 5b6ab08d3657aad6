"""The gradient check is itself checked: a reference with one wrong line must not pass it.

The reference is copied, one line of the copy is changed, and the copy is asked for its
gradients. Whether the mistake shows depends on the network too, so the second half tests
which networks hide which mistakes: the reason for `tests/random_networks.py`.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import chainrule
from tests.random_networks import Case, network_of, random_case, targets

SOURCE = Path(chainrule.__file__).parent
SHOWS = 1e-8


@dataclass(frozen=True)
class Bug:
    """One line of one module, and what somebody wrote instead."""

    module: str
    right: str
    wrong: str


DELTA = "delta = dL_da * layer.activation.df(record.z, record.a)"

HIDDEN_SLOPES = "the slopes of the hidden layers are forgotten"

BUGS = {
    HIDDEN_SLOPES: Bug(
        "network",
        DELTA,
        "delta = dL_da if gradients else dL_da * layer.activation.df(record.z, record.a)",
    ),
    "the slope of the output layer is forgotten": Bug(
        "network",
        DELTA,
        "delta = dL_da * layer.activation.df(record.z, record.a) if gradients else dL_da",
    ),
    "the slope is taken at the activation": Bug(
        "network", "df(record.z, record.a)", "df(record.a, record.a)"
    ),
    "the weights are transposed on the way down": Bug(
        "network", "delta @ layer.affine.W", "delta @ layer.affine.W.T"
    ),
    "the weights are left out on the way down": Bug(
        "network", "delta @ layer.affine.W", "delta @ (0 * layer.affine.W + 1)"
    ),
    "what comes from above is sent down instead of the error": Bug(
        "network", "dL_da = delta @", "dL_da = dL_da @"
    ),
    "the input is left out of the weight gradient": Bug(
        "network", "delta.T @ record.a_in", "delta.T @ (0 * record.a_in + 1)"
    ),
    "the bias gradient is multiplied by the activation": Bug(
        "network", "delta.sum(axis=0)", "(delta * record.a).sum(axis=0)"
    ),
    "the bias gradient is averaged": Bug("network", "delta.sum(axis=0)", "delta.mean(axis=0)"),
    "the gradients come out last layer first": Bug("network", "gradients[::-1]", "gradients"),
    "target minus output": Bug("losses", "return y - t\n", "return t - y\n"),
    "the half is forgotten in the slope": Bug("losses", "return y - t\n", "return 2 * (y - t)\n"),
    "the two is forgotten in the slope": Bug("losses", "return 2 * (y - t)\n", "return y - t\n"),
    "the mean over the outputs is forgotten": Bug(
        "losses", "2 * (y - t) / y.shape[1]", "2 * (y - t)"
    ),
    "the mean over the batch is forgotten": Bug(
        "losses", "return self.df(y, t) * REDUCTIONS[reduction](len(y))", "return self.df(y, t)"
    ),
    "the softmax is differentiated elementwise": Bug(
        "losses",
        "softmax(logits) * t.sum(axis=1, keepdims=True) - t",
        "softmax(logits) * (1 - softmax(logits))",
    ),
    "the target is forgotten": Bug(
        "losses", "return sigmoid(logits) - t", "return sigmoid(logits)"
    ),
    "the sigmoid is differentiated a second time": Bug(
        "losses",
        "return sigmoid(logits) - t",
        "return (sigmoid(logits) - t) * sigmoid(logits) * (1 - sigmoid(logits))",
    ),
    "the sigmoid is its own slope": Bug("activations", "return a * (1 - a)", "return a"),
    "the slope of the sigmoid is written in z": Bug(
        "activations", "return a * (1 - a)", "return z * (1 - z)"
    ),
    "the square is missing in the slope of tanh": Bug(
        "activations", "return 1 - a * a", "return 1 - a"
    ),
    "relu has slope one everywhere": Bug(
        "activations", "return np.heaviside(z, 0)", "return np.ones_like(z)"
    ),
    "relu is its own slope": Bug("activations", "return np.heaviside(z, 0)", "return a"),
    "the inner slope of gelu is forgotten": Bug(
        "activations", " * GELU_SCALE * (1 + 3 * GELU_CUBIC * z * z)", ""
    ),
    "a fork overwrites instead of adding": Bug(
        "scalar", "slopes[earlier] += slope", "slopes[earlier] = slope"
    ),
    "the product rule keeps one factor": Bug(
        "scalar",
        "(self.place, other.data), (other.place, self.data)",
        "(self.place, other.data), (other.place, other.data)",
    ),
    "the power loses its exponent": Bug(
        "scalar", "exponent * self.data ** (exponent - 1)", "self.data ** (exponent - 1)"
    ),
}


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Callable[[Bug | None], ModuleType]]:
    """A function that imports a copy of the reference with this bug in it, or with none."""

    def plant(bug: Bug | None) -> ModuleType:
        shutil.copytree(SOURCE, tmp_path / "planted", ignore=shutil.ignore_patterns("__pycache__"))
        if bug:
            module = tmp_path / "planted" / f"{bug.module}.py"
            text = module.read_text(encoding="utf-8")
            assert text.count(bug.right) == 1, (
                f"{bug.right!r} is no longer one place in {module.name}"
            )
            module.write_text(text.replace(bug.right, bug.wrong), encoding="utf-8")
        importlib.invalidate_caches()
        return importlib.import_module("planted")

    sys.path.insert(0, str(tmp_path))
    yield plant
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.split(".")[0] == "planted"]:
        del sys.modules[name]


def network_error(reference: ModuleType, case: Case) -> float:
    """How far its backpropagation is from its own complex step; a crash is infinitely far."""
    batch = case.network, case.x, case.t, case.loss
    expected = reference.numerical_gradients(
        *batch, reduction="mean", method=reference.complex_step
    )
    try:
        found = reference.gradients(*batch, reduction="mean")
        return reference.relative_error(found, expected)
    except ValueError:
        return np.inf


def engine_error(reference: ModuleType) -> float:
    """The same for the scalar engine, on one expression with a fork in it."""
    scalar = importlib.import_module(f"{reference.__name__}.scalar")
    inputs = scalar.variables(0.3, -0.7)
    x, y = inputs
    found = scalar.gradient((x * y + x).tanh() * x**3, inputs)
    expected = reference.complex_step(
        lambda w: np.tanh(w[0] * w[1] + w[0]) * w[0] ** 3, np.array([0.3, -0.7])
    )
    return float(np.abs(found - expected).max())


def worst_error(reference: ModuleType) -> float:
    """Over every activation with every loss."""
    errors = [engine_error(reference)]
    for loss in reference.LOSSES.values():
        for hidden in reference.ACTIVATIONS.values():
            output = reference.ACTIVATIONS["identity"] if loss.takes_logits else hidden
            errors.append(network_error(reference, random_case(hidden, output, loss, 3, seed=0)))
    return max(errors)


def test_the_reference_passes_the_check(planted: Callable[[Bug | None], ModuleType]):
    assert worst_error(planted(None)) < 1e-12


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_fails_the_check(name: str, planted: Callable[[Bug | None], ModuleType]):
    assert worst_error(planted(BUGS[name])) > SHOWS


def the_fixture(reference: ModuleType, name: str) -> Case:
    """A network that shows mistakes, or one that is like it but for what its name says."""
    rng = np.random.default_rng(0)
    widths, batch_size, activation = [3, 5, 4, 2], 7, "tanh"
    match name:
        case "one example":
            batch_size = 1
        case "linear units":
            activation = "identity"
        case "all widths 1":
            widths = [1, 1, 1, 1]
        case "square layers":
            widths = [4, 4, 4, 4]
    loss = reference.LOSSES["half_squared_error"]
    network = network_of(widths, [reference.ACTIVATIONS[activation]] * 3, rng)
    if name == "zero weights":
        network = [
            replace(layer, affine=replace(layer.affine, W=0 * layer.affine.W)) for layer in network
        ]
    x = rng.standard_normal((batch_size, widths[0]))
    return Case(network, x, targets(loss, (batch_size, widths[-1]), rng), loss)


FIXTURES = [
    "distinct widths",
    "one example",
    "linear units",
    "zero weights",
    "all widths 1",
    "square layers",
]
CRASH, CAUGHT, MISSED = "crash", "caught", "missed"
SEEN = {
    "the weights are transposed on the way down": [CRASH, CRASH, CRASH, CRASH, MISSED, CAUGHT],
    HIDDEN_SLOPES: [CAUGHT, CAUGHT, MISSED, MISSED, CAUGHT, CAUGHT],
    "the bias gradient is averaged": [CAUGHT, MISSED, CAUGHT, CAUGHT, CAUGHT, CAUGHT],
}


@pytest.mark.parametrize("name", SEEN)
def test_which_network_shows_which_bug(name: str, planted: Callable[[Bug | None], ModuleType]):
    reference = planted(BUGS[name])
    errors = [network_error(reference, the_fixture(reference, fixture)) for fixture in FIXTURES]
    seen = [CRASH if e == np.inf else CAUGHT if e > SHOWS else MISSED for e in errors]
    assert dict(zip(FIXTURES, seen, strict=True)) == dict(zip(FIXTURES, SEEN[name], strict=True))


def test_ones_from_above_say_nothing_about_a_softmax():
    """The probabilities of a row add up to 1, whatever the logits: nudging them moves no sum."""
    logits = np.random.default_rng(0).standard_normal((4, 3))

    def slope_along(upstream: np.ndarray) -> np.ndarray:
        return chainrule.complex_step(lambda y: (upstream * chainrule.softmax(y)).sum(), logits)

    assert np.abs(slope_along(np.ones((4, 3)))).max() < 1e-15
    assert np.abs(slope_along(np.arange(12.0).reshape(4, 3))).min() > 1e-3
