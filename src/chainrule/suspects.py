"""Suspects: which slips, alone or in pairs, reproduce the numbers that a function gave.

The catalogue is run, slip by slip and layer by layer, on the same probes as the function.
An explanation counts only if it gives the same numbers on every probe, to all digits, and
the same shapes; where the function could not run, it must not be able to run either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from . import slips
from .activations import Array
from .catalogue import SLIPS, Slip
from .network import Affine
from .probes import Answer, Probe

STATEFUL = [slip for slip in SLIPS.values() if any("memory" in edit.wrong for edit in slip.edits)]
SEARCHED = [  # a mere factor is found by division
    slip
    for slip in SLIPS.values()
    if slip.changes & {"forward", "gradient"}
    and slip not in STATEFUL
    and not (slip.kind == "convention" and slip.where == "output")
]
DIGITS = 1e-9  # agreement "to all digits": rounding leaves at least these nine
SINGLE_PRECISION_DIGITS = 1e-4


@dataclass(frozen=True)
class Factor:
    """A factor 2^two · B^batch · n_out^outputs in front of the whole gradient."""

    two: int = 0
    batch: int = 0
    outputs: int = 0

    def value(self, probe: Probe) -> float:
        return 2.0**self.two * len(probe.x) ** self.batch * float(probe.n_out) ** self.outputs

    @property
    def size(self) -> int:
        return abs(self.two) + abs(self.batch) + abs(self.outputs)

    @property
    def slip(self) -> str:
        """The id of the slip that puts this factor there, or the first part of it."""
        for exponent, more, less in (
            (self.batch, "sum_for_mean", "mean_for_sum"),
            (self.two, "half_forgotten", "two_forgotten"),
            (self.outputs, "sum_over_outputs", "mean_over_outputs"),
        ):
            if exponent:
                return more if exponent > 0 else less
        return ""

    def __str__(self) -> str:
        above = [s for s, e in zip("2Bn", (self.two, self.batch, self.outputs)) if e > 0]
        below = [s for s, e in zip("2Bn", (self.two, self.batch, self.outputs)) if e < 0]
        bottom = f"({'·'.join(below)})" if len(below) > 1 else "".join(below)
        return ("·".join(above) or "1") + (f"/{bottom}" if below else "")


ONE = Factor()
FACTORS = sorted(
    (Factor(*exponents) for exponents in product((0, 1, -1), repeat=3)),
    key=lambda factor: (factor.size, abs(factor.outputs)),
)


@dataclass(frozen=True)
class Explanation:
    """Mistakes that together give the function's numbers, as `slips.gradients` names them."""

    names: tuple[str, ...]
    factor: Factor = ONE
    learning_rate: float | None = None


@dataclass(frozen=True)
class Search:
    """What reproduces the numbers, and how much was tried."""

    explanations: list[Explanation]
    singles: int
    pairs: int


Numbers = list[Affine] | None  # None: the computation raised an exception


def computed(
    names: Sequence[str],
    probe: Probe,
    learning_rate: float | None,
    memory: slips.Memory | None = None,
) -> Numbers:
    """The gradients that these mistakes give on a probe."""
    setting = probe.setting
    try:
        with np.errstate(all="ignore"):
            return slips.gradients(
                names,
                probe.network,
                probe.x,
                probe.t,
                setting.loss,
                reduction=setting.reduction,
                learning_rate=learning_rate,
                memory=memory,
            )
    except ValueError:
        return None


def agree(found: Numbers, expected: Numbers, digits: float) -> bool:
    """True if both could not be computed, or shapes and numbers are the same."""
    if found is None or expected is None:
        return found is expected
    return all(
        same(f.b, e.b, digits) and same(f.W, e.W, digits)
        for f, e in zip(reversed(found), reversed(expected), strict=True)
    )


def same(found: Array, expected: Array, digits: float) -> bool:
    if found.shape != expected.shape:
        return False
    scale = np.abs(expected).max(initial=1e-12)
    return bool(np.abs(found - expected).max(initial=0) <= digits * scale)


def flat(numbers: Sequence[Affine]) -> Array:
    return np.concatenate([part.ravel() for affine in numbers for part in (affine.W, affine.b)])


def times(factor: float, numbers: Numbers) -> Numbers:
    return numbers and [Affine(factor * affine.W, factor * affine.b) for affine in numbers]


def factor_between(found: Numbers, expected: Numbers) -> float | None:
    """The c for which found = c · expected comes closest; None where that makes no sense."""
    if found is None or expected is None:
        return None
    if any(
        f.W.shape != e.W.shape or f.b.shape != e.b.shape
        for f, e in zip(found, expected, strict=True)
    ):
        return None
    f, e = flat(found), flat(expected)
    square = float(e @ e)
    return float(f @ e) / square if square and np.isfinite(f).all() else None


@dataclass(frozen=True)
class Suspect:
    """A slip made in some layers; the names are the ways to say which, on the main probe."""

    slip: Slip
    names: tuple[str, ...]
    needs_learning_rate: bool


def suspects(probe: Probe) -> list[Suspect]:
    """Every slip at every place where it changes the numbers of this probe."""
    found: list[Suspect] = []
    for slip in SEARCHED:
        rate = 1.0 if slip.needs_learning_rate else None
        by_numbers: dict[bytes, list[str]] = {}
        for place in places(slip, probe.depth):
            name = f"{slip.id}@{place}"
            numbers = computed([name], probe, rate)
            if numbers is None:
                by_numbers.setdefault(f"cannot run {place}".encode(), []).append(name)
            elif not agree(numbers, probe.right, 1e-12):
                by_numbers.setdefault(flat(numbers).tobytes(), []).append(name)
        found += [
            Suspect(slip, tuple(names), slip.needs_learning_rate) for names in by_numbers.values()
        ]
    return found


def places(slip: Slip, depth: int) -> list[str]:
    """The places where a slip can be made, the plainest word first."""
    if slip.where == "output":
        return ["output"]
    single = [str(k + 1) for k in range(depth - (slip.where == "hidden"))]
    if slip.where == "hidden":
        return ["hidden", *single] if depth > 1 else []
    return ["hidden", "output", "all", *single] if depth > 1 else ["all"]


def search(
    main: Answer, others: Sequence[Answer], learning_rate: float | None, digits: float
) -> Search:
    """Everything that explains the main answer and all others; pairs only where no single does."""
    candidates = suspects(main.probe)
    explanations = [
        explanation
        for names in [(), *((suspect,) for suspect in candidates)]
        for explanation in explained(names, main, others, learning_rate, digits)
    ]
    pairs = 0
    if not explanations:
        for pair in combinations(candidates, 2):
            if pair[0].slip is pair[1].slip or not compatible(pair, main.probe.depth):
                continue
            pairs += 1
            explanations += explained(pair, main, others, learning_rate, digits)
    simplest = min((e.factor.size for e in explanations), default=0)
    simple = [e for e in explanations if e.factor.size == simplest]
    return Search(simple, len(candidates), pairs)


def search_stateful(session: Sequence[Answer], digits: float) -> Search:
    """What explains answers given one after the other, if something is kept between calls."""
    candidates = suspects(session[0].probe)
    explanations = [
        Explanation((slip.id,)) for slip in STATEFUL if replays([slip.id], session, digits)
    ]
    pairs = 0
    if not explanations:
        for slip, suspect in product(STATEFUL, candidates):
            if suspect.needs_learning_rate or slips.conflicting(slip, suspect.slip):
                continue
            pairs += 1
            names = (slip.id, suspect.names[0])
            if replays(names, session, digits):
                explanations.append(Explanation(names))
    return Search(explanations, len(STATEFUL), pairs)


def replays(names: Sequence[str], session: Sequence[Answer], digits: float) -> bool:
    """True if the mistakes give these answers in this order, remembering what they remember."""
    memory = slips.Memory()
    return all(
        agree(answer.gradients, computed(names, answer.probe, None, memory), digits)
        for answer in session
    )


def compatible(pair: tuple[Suspect, ...], depth: int) -> bool:
    """False if the two would change the same expression of the same layer."""
    first, second = (slips.mistake(suspect.names[0], depth) for suspect in pair)
    return not (first.layers & second.layers and slips.conflicting(first.slip, second.slip))


def explained(
    pair: tuple[Suspect, ...],
    main: Answer,
    others: Sequence[Answer],
    learning_rate: float | None,
    digits: float,
) -> Iterator[Explanation]:
    """The explanations that these suspects give, confirmed on every answer; at most one."""
    names = tuple(suspect.names[0] for suspect in pair)
    rate = None
    if any(suspect.needs_learning_rate for suspect in pair):
        rate = learning_rate if learning_rate is not None else solved_rate(names, main)
        if rate is None:
            return
    expected = computed(names, main.probe, rate)
    c = factor_between(main.gradients, expected)
    if c is None or not agree(main.gradients, times(c, expected), digits):
        return
    for factor in FACTORS:
        if not np.isclose(c, factor.value(main.probe), rtol=digits):
            continue
        for wording in product(*(suspect.names for suspect in pair)):
            if all(confirms(answer, wording, factor, rate, digits) for answer in others):
                yield Explanation(wording, factor, rate)
                return


def confirms(
    answer: Answer, names: Sequence[str], factor: Factor, rate: float | None, digits: float
) -> bool:
    """True if the mistakes give this answer too; in a layer that is not there, none is made."""
    made = [name for name in names if is_there(name.partition("@")[2], answer.probe.depth)]
    expected = times(factor.value(answer.probe), computed(made, answer.probe, rate))
    return agree(answer.gradients, expected, digits)


def is_there(place: str, depth: int) -> bool:
    return not place.isdecimal() or int(place) <= depth


def solved_rate(names: Sequence[str], main: Answer) -> float | None:
    """The learning rate with which the mistakes come closest to the numbers.

    Where the step first leaks into the gradient, going backwards, it does so linearly.
    """
    still, moved = computed(names, main.probe, 0.0), computed(names, main.probe, 1.0)
    if still is None or moved is None or main.gradients is None:
        return None
    for found, at_0, at_1 in zip(
        reversed(main.gradients), reversed(still), reversed(moved), strict=True
    ):
        direction = at_1.b - at_0.b
        if found.b.shape == direction.shape and np.abs(direction).max() > 1e-12:
            return float((found.b - at_0.b) @ direction / (direction @ direction))
    return None
