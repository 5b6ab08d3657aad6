"""Random networks by the thousand: nobody chose them, and every way to the gradient must agree.

CHAINRULE_SEED=7 pytest -m long tests/test_many_networks.py    draws other ones
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

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
)
from tests.random_networks import Case, near_a_kink, network_of, targets
from tests.test_core_scalar import by_the_engine
from tests.witnesses import WITNESSES

EXACT, NEARLY = 1e-12, 1e-6
MANY = 10_000
SEED = int(os.environ.get("CHAINRULE_SEED", "0"))

Way = Callable[..., list[Affine]]

WAYS: dict[str, tuple[Way, float]] = {
    "complex step": (lambda *b, **r: numerical_gradients(*b, **r, method=complex_step), EXACT),
    "central differences": (numerical_gradients, NEARLY),
    "the scalar engine": (by_the_engine, EXACT),
    **{name: (witness, EXACT) for name, witness in WITNESSES.items()},
}


def drawn(rng: np.random.Generator) -> tuple[Case, str]:
    """A network of one to four layers, each with an activation of its own, and a reduction."""
    while True:
        loss = LOSSES[rng.choice([*LOSSES])]
        depth, batch_size = rng.integers(1, 5), rng.integers(1, 5)
        activations = [ACTIVATIONS[name] for name in rng.choice([*ACTIVATIONS], depth)]
        if loss.takes_logits:
            activations[-1] = ACTIVATIONS["identity"]
        widths = [*rng.integers(1, 6, depth), rng.integers(2, 6)]  # one class has no slope
        network = network_of(widths, activations, rng)
        x = rng.standard_normal((batch_size, widths[0]))
        if not near_a_kink(network, x):
            t = targets(loss, (batch_size, widths[-1]), rng)
            return Case(network, x, t, loss), str(rng.choice([*REDUCTIONS]))


@dataclass
class Agreement:
    """How far each way was from backpropagation, at worst, over the networks seen."""

    worst: Counter[str] = field(default_factory=Counter[str])

    def saw(self, case: Case, reduction: str) -> None:
        batch = case.network, case.x, case.t, case.loss
        found = gradients(*batch, reduction=reduction)
        for name, (way, _) in WAYS.items():
            error = relative_error(found, way(*batch, reduction=reduction))
            self.worst[name] = max(self.worst[name], error) if error == error else np.inf


def agreement(networks: int, seed: int) -> Agreement:
    rng, seen = np.random.default_rng(seed), Agreement()
    for _ in range(networks):
        seen.saw(*drawn(rng))
    return seen


@pytest.mark.parametrize(
    "networks",
    [200, pytest.param(MANY, marks=pytest.mark.long)],
)
def test_every_way_to_the_gradient_agrees(networks: int, record: Callable[..., None]):
    seen = agreement(networks, SEED)
    if networks == MANY:
        exact = max(seen.worst[name] for name, (_, tolerance) in WAYS.items() if tolerance == EXACT)
        nearly = seen.worst["central differences"]
        record("networks", tried=networks, exact=exact, nearly=nearly, ways=", ".join(WAYS))
    for name, (_, tolerance) in WAYS.items():
        assert seen.worst[name] <= tolerance, f"{name}; seed {SEED}"
