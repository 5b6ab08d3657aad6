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
SEARCHED = [
    slip
    for slip in SLIPS.values()
    if slip.changes & {"forward", "gradient"} and slip not in STATEFUL
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
    def slips(self) -> list[tuple[str, Factor]]:
        """The slips that put this factor there, each with its own share of it."""
        found: list[tuple[str, Factor]] = []
        for exponent, more, less, share in (
            (self.batch, "sum_for_mean", "mean_for_sum", Factor(batch=self.batch)),
            (self.two, "half_forgotten", "two_forgotten", Factor(two=self.two)),
            (self.outputs, "sum_over_outputs", "mean_over_outputs", Factor(outputs=self.outputs)),
        ):
            if exponent:
                found.append((more if exponent > 0 else less, share))
        return found

    def __str__(self) -> str:
        exponents = {"2": self.two, "B": self.batch, "n": self.outputs}
        above = "·".join(letter for letter, exponent in exponents.items() if exponent > 0)
        below = "·".join(letter for letter, exponent in exponents.items() if exponent < 0)
        bottom = f"({below})" if "·" in below else below
        return f"{above or '1'}/{bottom}" if below else above


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
    return np.concatenate([part.ravel() for part in arrays(numbers)])


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


@dataclass(frozen=True, eq=False)
class Suspect:
    """A slip made in some layers, and the numbers that come of it on the main probe.

    `names` are the ways to say in which layers: with one hidden layer, "hidden" and "1".
    """

    slip: Slip
    names: tuple[str, ...]
    numbers: Numbers


def suspects(probe: Probe) -> list[Suspect]:
    """Every slip at every place where it changes the numbers of this probe."""
    found: list[Suspect] = []
    for slip in SEARCHED:
        rate = 1.0 if slip.needs_learning_rate else None
        by_numbers: dict[bytes, tuple[list[str], Numbers]] = {}
        for name in placed(slip, probe.depth):
            numbers = computed([name], probe, rate)
            if numbers is None:
                by_numbers[name.encode()] = [name], None
            elif not agree(numbers, probe.right, 1e-12):
                by_numbers.setdefault(flat(numbers).tobytes(), ([], numbers))[0].append(name)
        found += [Suspect(slip, tuple(same), numbers) for same, numbers in by_numbers.values()]
    return found


def placed(slip: Slip, depth: int) -> list[str]:
    """The names of a slip made here and there, the plainest word first."""
    if slip.by_layer:
        places = ["hidden", "output", "all", *(str(k + 1) for k in range(depth))]
    elif slip.where == "hidden":
        places = ["hidden", *(str(k + 1) for k in range(depth - 1))]
    else:
        places = [slip.where]
    return [f"{slip.id}@{place}" for place in places if depth > 1 or place != "hidden"]


def search(
    main: Answer,
    others: Sequence[Answer],
    learning_rate: float | None,
    digits: float,
    *,
    pairs: bool = True,
) -> Search:
    """Everything that explains the main answer and all others; pairs only where no single does."""
    candidates = suspects(main.probe)

    def explanations(*combination: Suspect) -> Iterator[Explanation]:
        return explained(combination, main, others, learning_rate, digits)

    alone = [suspect for suspect in candidates if not suspect.slip.is_factor]
    found = [*explanations(), *(e for suspect in alone for e in explanations(suspect))]
    tried = 0
    if pairs and not found:
        tried = len(candidates) * (len(candidates) - 1) // 2
        found = [
            e for pair in possible_pairs(candidates, main, digits) for e in explanations(*pair)
        ]
    simplest = min((e.factor.size for e in found), default=0)
    return Search([e for e in found if e.factor.size == simplest], len(candidates), tried)


def possible_pairs(
    candidates: Sequence[Suspect], main: Answer, digits: float
) -> Iterator[tuple[Suspect, Suspect]]:
    """The pairs that can give the numbers, judged gradient by gradient.

    A gradient that neither of the two changes must be right already, up to a factor; one
    that only one of them changes must be what that one makes of it.
    """
    assert main.gradients is not None
    mine, right = arrays(main.gradients), arrays(main.probe.right)
    settled = [proportional(m, r, digits) for m, r in zip(mine, right, strict=True)]
    gives: dict[Suspect, list[bool | None]] = {}  # for each gradient; None: left as it is
    for suspect in candidates:
        if suspect.numbers is not None:
            gives[suspect] = [
                None
                if same(made, r, 1e-12)
                else made.shape != r.shape
                or suspect.slip.needs_learning_rate
                or proportional(m, made, digits)
                for made, m, r in zip(arrays(suspect.numbers), mine, right, strict=True)
            ]
    for first, second in combinations(gives, 2):
        if all(
            can_give(one, other, settled_here)
            for one, other, settled_here in zip(gives[first], gives[second], settled, strict=True)
        ) and compatible(first.names[0], second.names[0], main.probe.depth):
            yield first, second


def can_give(one: bool | None, other: bool | None, settled: bool) -> bool:
    """What two suspects say of a gradient, put together; where both change it, all is possible."""
    if one is None and other is None:
        return settled
    if one is None or other is None:
        return bool(one or other)
    return True


def arrays(numbers: Sequence[Affine]) -> list[Array]:
    return [part for affine in numbers for part in (affine.W, affine.b)]


def proportional(found: Array, expected: Array, digits: float) -> bool:
    """True if found = c · expected for some number c other than 0."""
    if found.shape != expected.shape:
        return False
    if not found.any() or not expected.any():
        return found.any() == expected.any()
    c = (found * expected).sum() / (expected * expected).sum()
    return bool(c) and same(found, c * expected, digits)


def search_stateful(session: Sequence[Answer], digits: float) -> Search:
    """What explains answers given one after the other, if something is kept between calls."""
    depth = session[0].probe.depth
    candidates = [s for s in suspects(session[0].probe) if not s.slip.needs_learning_rate]
    kept = [name for slip in STATEFUL for name in placed(slip, depth)]
    found = [e for name in kept for e in replayed([name], session, digits)]
    pairs = 0
    if not found:
        pairs = len(kept) * len(candidates)
        found = [
            explanation
            for suspect in candidates
            if not replayed(suspect.names[:1], session, digits)
            for name in kept
            if compatible(name, suspect.names[0], depth)
            for explanation in replayed([name, suspect.names[0]], session, digits)
        ]
    return Search(found, len(kept), pairs)


def replayed(names: Sequence[str], session: Sequence[Answer], digits: float) -> list[Explanation]:
    """The explanation by these mistakes, if they give these answers in this order.

    What they remember from one call is there in the next.
    """
    memory = slips.Memory()
    expected = [computed(names, answer.probe, None, memory) for answer in session]
    c = factor_between(session[0].gradients, expected[0])
    return [
        Explanation(tuple(names), factor)
        for factor in FACTORS
        if c is not None
        and np.isclose(c, factor.value(session[0].probe), rtol=digits)
        and all(
            agree(answer.gradients, times(factor.value(answer.probe), numbers), digits)
            for answer, numbers in zip(session, expected, strict=True)
        )
    ][:1]


def compatible(first: str, second: str, depth: int) -> bool:
    """False for one slip twice, or if both would change the same expression of the same layer."""
    f, s = slips.mistake(first, depth), slips.mistake(second, depth)
    return f.slip is not s.slip and not (f.layers & s.layers and slips.conflicting(f.slip, s.slip))


def explained(
    combination: Sequence[Suspect],
    main: Answer,
    others: Sequence[Answer],
    learning_rate: float | None,
    digits: float,
) -> Iterator[Explanation]:
    """The explanations that these suspects give, confirmed on every answer; at most one."""
    names = tuple(suspect.names[0] for suspect in combination)
    rate = None
    if any(suspect.slip.needs_learning_rate for suspect in combination):
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
        for wording in product(*(suspect.names for suspect in combination)):
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
    for k in reversed(range(main.probe.depth)):
        for part in ("W", "b"):
            found, at_0, at_1 = (
                getattr(numbers[k], part) for numbers in (main.gradients, still, moved)
            )
            direction = at_1 - at_0
            if found.shape == direction.shape and np.abs(direction).max() > 1e-12:
                return float(((found - at_0) * direction).sum() / (direction * direction).sum())
    return None
