"""What a derivation is held against: SymPy, the reference code, differences, JavaScript.

Every comparison is made at points drawn from a fixed seed, with awkward ones added. Its residual
is the largest |found - expected| / max(1, |expected|) over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .calculus import Derivation

Array = NDArray[Any]

EXACT = 1e-12  # the same arithmetic in another order
DIFFERENCE = 1e-8  # a central difference, whose own error is near 1e-10


class DerivationError(Exception):
    """A step that does not follow, or a result that a witness denies."""


@dataclass(frozen=True)
class Reference:
    """A witness in `src/chainrule`, and the function whose slope it is where there is one.

    Both take the arguments of the derivation, in the same order.
    """

    name: str
    function: Callable[..., Any]
    before: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Check:
    """One comparison: with what, how close it came, how close it must be, at how many points."""

    against: str
    residual: float
    tolerance: float
    points: int

    def __str__(self) -> str:
        return (
            f"{self.against}: {self.residual:.1e} at {self.points} points"
        )


def difference(found: Any, expected: Any) -> float:
    """The residual: largest difference, relative where the expected number is above 1."""
    found, expected = (
        np.asarray(found, dtype=float),
        np.asarray(expected, dtype=float),
    )
    if found.shape != expected.shape:
        return np.inf
    return float(
        np.max(
            np.abs(found - expected) / np.maximum(1, np.abs(expected)),
            initial=0,
        )
    )


def excess(bound: Any, actual: Any) -> float:
    """How far the actual numbers rise above what is said to bound them."""
    return difference(np.minimum(bound, actual), actual)


def run(derivation: Derivation) -> list[Check]:
    """Every check of the derivation. Raises DerivationError at the first that fails."""
    checks: list[Check] = []
    for check in _compared(derivation):
        if not check.residual <= check.tolerance:  # a NaN must fail too
            raise DerivationError(
                f"{derivation.title}: differs from {check.against} by {check.residual:.1e}, "
                f"more than {check.tolerance:.0e}"
            )
        checks.append(check)
    return checks


def _compared(derivation: Derivation) -> Iterator[Check]:
    given, reference, found = (
        derivation.given,
        derivation.agrees_with,
        derivation.numpy(),
    )
    is_bound = derivation.relation == r"\le"
    samples, smooth = given.samples(), given.smooth_samples()

    def check(
        against: str,
        witness: Callable[..., Any],
        tolerance: float = EXACT,
        at: Sequence[tuple[Array, ...]] = samples,
        compare: Callable[[Any, Any], float] = difference,
    ) -> Check:
        residual = max(
            compare(found(*sample), witness(*sample)) for sample in at
        )
        return Check(against, residual, tolerance, given.points(at))

    yield Check(
        "SymPy, line by line",
        lines_apart(derivation),
        EXACT,
        given.points(samples),
    )
    if reference is not None and is_bound:
        yield check(
            f"{reference.name}, never above",
            reference.function,
            compare=excess,
        )
    elif reference is not None:
        yield check(reference.name, reference.function)
    if hasattr(derivation.lhs, "by") and not is_bound:
        yield check(
            "central differences",
            given.nudged(derivation),
            DIFFERENCE,
            smooth,
        )
    if find_spec(
        "dukpy"
    ):  # the JavaScript engine; a download may run where there is none
        script = derivation.javascript("derived")
        yield check("the generated JavaScript", given.in_javascript(script))


def in_javascript(source: str, expression: str) -> Array:
    """The value of the expression in QuickJS, where nothing is known but what the source says."""
    return np.array(
        _engine().evaljs(f"(() => {{ {source}\nreturn {expression}; }})()")
    )


@cache
def _engine() -> Any:
    import dukpy  # here, because a reader who downloads a derivation may do without

    return dukpy.JSInterpreter()


def lines_apart(derivation: Derivation) -> float:
    """How far any line is from what its relation to the line before says.

    The left-hand side is the first line, and SymPy differentiates it by itself: so this holds
    every line of a slope against SymPy's own derivative. A line with an open name has no value,
    and rests on its rule.
    """
    given = derivation.given
    lines = [derivation.lhs, *(step.line for step in derivation.steps)]
    worked_out = pairwise(map(given.worked_out, lines))
    return max(
        given.apart(before, after, step.relation)
        for (before, after), step in zip(
            worked_out, derivation.steps, strict=True
        )
        if given.has_a_value(before) and given.has_a_value(after)
    )


def report(*derivations: Derivation) -> None:
    """Prints what each derivation was held against, and how closely it agreed."""
    for derivation in derivations:
        print(derivation.title)
        for check in derivation.checks():
            print(f"    {check}")
