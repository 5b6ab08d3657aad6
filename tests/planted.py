"""Functions with slips planted in them, for the doctor to find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, product
from typing import Any

import numpy as np

from chainrule import ACTIVATIONS, LOSSES, REDUCTIONS, Affine, Layer, slips
from chainrule.diagnose import Report
from chainrule.slips import SLIPS, Memory, Slip, SlipError

ACTIVATION_NAMES = ("sigmoid", "tanh", "relu")
LOSS_NAMES = tuple(LOSSES)
IN_A_GRADIENT = [slip for slip in SLIPS.values() if slip.changes & {"forward", "gradient"}]


@dataclass
class Planted:
    """A stranger's function: the reference with mistakes of these names in it."""

    names: tuple[str, ...]
    activation: str
    loss: str
    reduction: str
    learning_rate: float = 0.3

    def __post_init__(self) -> None:
        self.memory = Memory()

    @property
    def options(self) -> dict[str, Any]:
        return {"activation": self.activation, "loss": self.loss, "reduction": self.reduction}

    def network(self, weights: Sequence[Any], biases: Sequence[Any]) -> list[Layer]:
        output = "identity" if LOSSES[self.loss].takes_logits else self.activation
        names = [*[self.activation] * (len(weights) - 1), output]
        return [
            Layer(Affine(W, b), ACTIVATIONS[name])
            for W, b, name in zip(weights, biases, names, strict=True)
        ]

    def __call__(self, weights: Any, biases: Any, x: Any, target: Any) -> Any:
        found = slips.gradients(
            self.names,
            self.network(weights, biases),
            x,
            target,
            LOSSES[self.loss],
            reduction=self.reduction,
            learning_rate=self.learning_rate,
            memory=self.memory,
        )
        return [affine.W for affine in found], [affine.b for affine in found]

    def slip_ids(self) -> set[str]:
        return {name.partition("@")[0] for name in self.names}

    def is_named_first(self, report: Report) -> bool:
        """True if the slip stands first, or beside others that give the same numbers."""
        (slip_id,) = self.slip_ids()
        top = report.findings[0].confidence if report.findings else 0
        first = {f.slip for f in report.findings if f.confidence == top}
        return slip_id in first

    def is_named(self, report: Report) -> bool:
        return self.slip_ids() <= {finding.slip for finding in report.findings}

    def changes_the_numbers(self) -> bool:
        """True if the mistakes show in the gradient of some network, or in a second call."""
        return self.answers() != Planted((), *self.setting).answers()

    @property
    def setting(self) -> tuple[str, str, str]:
        return self.activation, self.loss, self.reduction

    def answers(self) -> list[Any]:
        """What it says to two batches, for a network of unequal and one of equal widths."""
        found: list[Any] = []
        for sizes in (4, 5, 3), (4, 4, 4):
            rng = np.random.default_rng(0)
            weights = [rng.standard_normal((m, n)) for n, m in pairwise(sizes)]
            biases = [rng.standard_normal(m) for m in sizes[1:]]
            self.memory = Memory()
            for _ in range(2):
                x = rng.standard_normal((4, sizes[0]))
                t = np.eye(sizes[-1])[rng.integers(sizes[-1], size=4)]
                try:
                    answer = self(weights, biases, x, t)
                except SlipError:
                    return Planted((), *self.setting).answers()  # cannot be made together
                except ValueError:
                    found.append("raised")
                else:
                    found += [np.round(part, 10).tolist() for half in answer for part in half]
        self.memory = Memory()
        return found


def places(slip: Slip) -> tuple[str, ...]:
    return ("all", "hidden", "output") if slip.by_layer else (slip.where,)


def every_single() -> Iterator[Planted]:
    """Every slip, at every place, in every setting where it changes the numbers."""
    for slip in IN_A_GRADIENT:
        settings = product(places(slip), ACTIVATION_NAMES, LOSS_NAMES, REDUCTIONS)
        for place, activation, loss, reduction in settings:
            planted = Planted((f"{slip.id}@{place}",), activation, loss, reduction)
            if planted.changes_the_numbers():
                yield planted


def drawn_settings(slip: Slip, n: int, seed: int = 0) -> list[Planted]:
    """The slip in n settings, drawn at random among those where it changes the numbers."""
    rng = np.random.default_rng(seed)
    every = list(product(places(slip), ACTIVATIONS, LOSS_NAMES, REDUCTIONS))
    rng.shuffle(every)
    drawn = (Planted((f"{slip.id}@{place}",), *setting) for place, *setting in every)
    return list(islice((planted for planted in drawn if planted.changes_the_numbers()), n))


def drawn_pairs(n: int, seed: int = 0) -> Iterator[Planted]:
    """n pairs of slips in random settings where each of the two makes a difference."""
    rng = np.random.default_rng(seed)

    def drawn(choices: Sequence[Any]) -> Any:
        return choices[rng.integers(len(choices))]

    while n:
        first, second = drawn(IN_A_GRADIENT), drawn(IN_A_GRADIENT)
        names = tuple(f"{slip.id}@{drawn(places(slip))}" for slip in (first, second))
        setting = drawn(ACTIVATION_NAMES), drawn(LOSS_NAMES), drawn(tuple(REDUCTIONS))
        if first is second or not all_count(names, *setting):
            continue
        yield Planted(names, *setting)
        n -= 1


def all_count(names: tuple[str, str], activation: str, loss: str, reduction: str) -> bool:
    """True if the pair can be made, and is neither of the two alone nor no mistake at all."""
    different = [(), names[:1], names[1:], names]
    answers = [Planted(n, activation, loss, reduction).answers() for n in different]
    return all(a != b for a, b in combinations(answers, 2))
