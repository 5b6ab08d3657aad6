"""What a derivation is held against: SymPy, the reference code, differences, JavaScript.

Every comparison is made at points drawn from a fixed seed, with awkward ones added, and its
residual is the largest |found - expected| / max(1, |expected|) over all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from chainrule.activations import sigmoid

from .symbols import written_out

if TYPE_CHECKING:
    from .calculus import Derivation, Given

Array = NDArray[np.float64]

EXACT = 1e-12  # the same arithmetic in another order
DIFFERENCE = 1e-8  # a central difference, whose own error is near 1e-10
NUDGE = 1e-5
RANDOM_POINTS = 24


class DerivationError(Exception):
    """A step that does not follow, or a result that its witnesses deny."""


@dataclass(frozen=True)
class Reference:
    """A function of `src/chainrule` with the arguments of the derivation, and its full name."""

    name: str
    function: Callable[..., Any]


@dataclass(frozen=True)
class Check:
    """One comparison: with what, how close it came, how close it must be, at how many points."""

    against: str
    residual: float
    tolerance: float
    points: int

    def __str__(self) -> str:
        where = f" at {self.points} points" if self.points else ""
        return f"{self.against}: {self.residual:.1e}{where}"


def points(given: Given) -> list[Array]:
    """One column for each argument: seeded random rows, then the awkward ones."""
    rng = np.random.default_rng(0)
    low, high = np.transpose([given.ranges.get(name, (-2.0, 2.0)) for name in given.arguments])
    rows = rng.uniform(low, high, size=(RANDOM_POINTS, len(given.arguments)))
    return list(np.vstack([rows, *given.awkward]).T)


def difference(found: Any, expected: Any) -> float:
    """The residual: largest difference, relative where the expected number is above 1."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    return float(np.max(np.abs(found - expected) / np.maximum(1, np.abs(expected))))


def numpy_function(arguments: tuple[Any, ...], expr: Any) -> Callable[..., Any]:
    """The expression as a NumPy function; common parts are computed once."""
    function = sp.lambdify(arguments, written_out(expr), modules="numpy", cse=True)

    def on_arrays(*values: Any) -> Any:
        return np.broadcast_to(function(*values), np.broadcast_shapes(*map(np.shape, values)))

    return on_arrays


def run(derivation: Derivation) -> list[Check]:
    """Every check of the derivation. Raises DerivationError at the first that fails."""
    where = points(derivation.given)
    found = derivation.numpy()(*where)
    n = len(where[0])
    checks = [Check("SymPy's own derivative, line by line", lines_apart(derivation), EXACT, n)]
    if derivation.agrees_with is not None:
        expected = derivation.agrees_with.function(*where)
        checks.append(Check(derivation.agrees_with.name, difference(found, expected), EXACT, n))
    checks.append(Check("central differences", *differences(derivation, where, found)))
    script = difference(in_javascript(derivation, where), found)
    checks.append(Check("the generated JavaScript", script, EXACT, n))
    for check in checks:
        if not check.residual <= check.tolerance:  # a NaN must fail too
            raise DerivationError(
                f"{derivation.title}: differs from {check.against} by {check.residual:.1e}, "
                f"more than {check.tolerance:.0e}"
            )
    return checks


def lines_apart(derivation: Derivation) -> float:
    """How far any line is from the slope that SymPy finds by itself."""
    from .calculus import provably_equal

    given = derivation.given
    expected = given.worked_out(derivation.lhs)
    where = points(given)
    worst = 0.0
    for step in derivation.steps:
        line = given.worked_out(step.line)
        if not provably_equal(line, expected):
            functions = [numpy_function(given.arguments, expr) for expr in (line, expected)]
            worst = max(worst, difference(*(function(*where) for function in functions)))
    return worst


def differences(derivation: Derivation, where: list[Array], found: Any) -> tuple[float, float, int]:
    """Residual, tolerance and number of points of (f(v + h) - f(v - h)) / 2h against the result.

    f is the formula before anything was differentiated, with the reference's own sigmoid in it.
    A point closer than h to a kink is left out: there the difference sees both sides.
    """
    given, by = derivation.given, derivation.lhs.by
    modules = [{"sigma": sigmoid}, "numpy"]
    held = tuple(argument for argument in given.arguments if argument != by)
    f = sp.lambdify((by, *held), given.composed(derivation.lhs.of, until=by), modules)
    value = sp.lambdify(given.arguments, given.composed(by), modules)(*where)
    others = [column for name, column in zip(given.arguments, where, strict=True) if name in held]
    slope = (f(value + NUDGE, *others) - f(value - NUDGE, *others)) / (2 * NUDGE)
    return difference(found, slope), DIFFERENCE, len(where[0])


def in_javascript(derivation: Derivation, where: list[Array]) -> list[float]:
    """The values of the generated JavaScript function, run in QuickJS."""
    import dukpy

    source = derivation.javascript("derived")
    rows = json.dumps(np.transpose(where).tolist())
    values: Any = dukpy.evaljs(f"{source}; {rows}.map(row => derived(...row))")
    return values
