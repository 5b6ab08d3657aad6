"""The tests are themselves tested: the reference with a slip in it must not pass them.

Every slip of the catalogue is planted, and something must notice. Whether it does depends
on the network too, so the second half shows which networks hide which slips: the reason
for `tests/random_networks.py`, and a table worth teaching.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import product

import numpy as np
import pytest

from chainrule import (
    ACTIVATIONS,
    LOSSES,
    REDUCTIONS,
    Affine,
    complex_step,
    gradients,
    numerical_gradients,
    relative_error,
    sgd,
    slips,
    softmax,
)
from chainrule.activations import Array
from chainrule.catalogue import SLIPS, Slip
from chainrule.scalar import variables
from tests.random_networks import Case, network_of, random_case, targets

SHOWS = 1e-8
LEARNING_RATE = 0.1
SETTINGS = list(product(ACTIVATIONS, LOSSES, REDUCTIONS))


@cache
def the_case(activation: str, loss: str) -> Case:
    output = "identity" if LOSSES[loss].takes_logits else activation
    return random_case(ACTIVATIONS[activation], ACTIVATIONS[output], LOSSES[loss], 3, seed=0)


@cache
def right_gradient(activation: str, loss: str, reduction: str) -> list[Affine]:
    case = the_case(activation, loss)
    return numerical_gradients(
        case.network, case.x, case.t, case.loss, reduction=reduction, method=complex_step
    )


def error_with(name: str, case: Case, reduction: str, expected: Sequence[Affine]) -> float:
    """How far the gradient is off with this slip in the reference; a crash is infinitely far.

    Another batch goes first: some slips are about what a program still remembers of it.
    """
    slipped = partial(
        slips.gradients,
        [name],
        case.network,
        t=case.t,
        loss=case.loss,
        reduction=reduction,
        learning_rate=LEARNING_RATE,
        memory=slips.Memory(),
    )
    try:
        slipped(x=case.x + 1)
        return relative_error(slipped(x=case.x), expected)
    except (ValueError, IndexError):
        return np.inf


def gradient_check_notices(slip: Slip) -> bool:
    return any(
        error_with(slip.id, the_case(activation, loss), reduction, expected) > SHOWS
        for activation, loss, reduction in SETTINGS
        for expected in [right_gradient(activation, loss, reduction)]
    )


def loss_notices(slip: Slip) -> bool:
    """The loss is no longer the one that was announced."""
    return any(
        slips.loss_value([slip.id], case.network, case.x, case.t, case.loss, reduction="sum")
        != case.loss.value(slips.forward([], case.network, case.x)[-1].a, case.t, reduction="sum")
        for loss in LOSSES
        for case in [the_case("tanh", loss)]
    )


def update_notices(slip: Slip) -> bool:
    case = the_case("tanh", "squared_error")
    step = right_gradient("tanh", "squared_error", "sum")
    found = slips.update([slip.id], case.network, step, LEARNING_RATE)
    right = sgd(case.network, step, LEARNING_RATE)
    return relative_error([f.affine for f in found], [r.affine for r in right]) > SHOWS


def backpropagation_notices(slip: Slip) -> bool:
    """A check that is itself wrong disagrees with a gradient that is right."""
    case = the_case("tanh", "squared_error")
    batch = case.network, case.x, case.t, case.loss
    method = slips.function("gradient_check.central_difference", [slip])
    found = numerical_gradients(*batch, reduction="sum", method=method)
    return relative_error(found, gradients(*batch, reduction="sum")) > SHOWS


def variance_notices(slip: Slip) -> bool:
    W = slips.function("initializers.he", [slip])((400, 100), np.random.default_rng(0))
    return W.var() != pytest.approx(2 / 100, rel=0.03)


def fork_notices(slip: Slip) -> bool:
    (x,) = variables(3.0)
    return slips.function("scalar.gradient", [slip])(x * x + x, [x]) != [7.0]


NOTICE = {
    "forward": gradient_check_notices,
    "gradient": gradient_check_notices,
    "loss": loss_notices,
    "update": update_notices,
    "check": backpropagation_notices,
    "start": variance_notices,
    "engine": fork_notices,
}


@pytest.mark.parametrize(
    ("name", "part"), [(name, part) for name in SLIPS for part in sorted(SLIPS[name].changes)]
)
def test_every_slip_is_noticed_in_every_part_it_changes(
    name: str, part: str, record: Callable[..., None]
):
    assert NOTICE[part](SLIPS[name])
    record("networks", planted={name})


@pytest.mark.parametrize("part", NOTICE)
def test_nothing_is_noticed_where_nothing_is_wrong(part: str):
    harmless = Slip("harmless", "Nothing is changed.", "", "", ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SLIPS, "harmless", harmless)
        assert not NOTICE[part](harmless)


def the_fixture(name: str) -> Case:
    """A network that shows mistakes, or one like it but for what its name says."""
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
    network = network_of(widths, [ACTIVATIONS[activation]] * 3, rng)
    if name == "zero weights":
        network = [
            replace(layer, affine=Affine(0 * layer.affine.W, layer.affine.b)) for layer in network
        ]
    loss = LOSSES["half_squared_error"]
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
    "transposed_weights": [CRASH, CRASH, CRASH, CRASH, MISSED, CAUGHT],
    "missing_activation_derivative@hidden": [CAUGHT, CAUGHT, MISSED, MISSED, CAUGHT, CAUGHT],
    "bias_mean_for_sum": [CAUGHT, MISSED, CAUGHT, CAUGHT, CAUGHT, CAUGHT],
}


@pytest.mark.parametrize("name", SEEN)
def test_which_network_shows_which_slip(name: str):
    def seen(case: Case) -> str:
        expected = numerical_gradients(
            case.network, case.x, case.t, case.loss, reduction="sum", method=complex_step
        )
        error = error_with(name, case, "sum", expected)
        return CRASH if error == np.inf else CAUGHT if error > SHOWS else MISSED

    found = {fixture: seen(the_fixture(fixture)) for fixture in FIXTURES}
    assert found == dict(zip(FIXTURES, SEEN[name], strict=True))


def test_ones_from_above_say_nothing_about_a_softmax():
    """The probabilities of a row add up to 1, whatever the logits: nudging them moves no sum."""
    logits = np.random.default_rng(0).standard_normal((4, 3))

    def slope_along(upstream: Array) -> Array:
        return complex_step(lambda y: (upstream * softmax(y)).sum(), logits)

    assert np.abs(slope_along(np.ones((4, 3)))).max() < 1e-15
    assert np.abs(slope_along(np.arange(12.0).reshape(4, 3))).min() > 1e-3
