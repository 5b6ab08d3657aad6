"""Every derived equation once more, by a route that knows no calculus, to thirty digits.

A slope is the limit of difference quotients: mpmath takes it, with as many digits as it needs. A
plain quantity is computed from what it is made of. A condition is solved for one letter, and the
solution put into the condition that the derivation began with. The rules of `derivations` have no
part in it, and SymPy's derivatives have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from typing import Any
from zlib import crc32

import mpmath
import numpy as np
import sympy as sp
from sympy.logic.boolalg import BooleanAtom
from sympy.matrices.exceptions import ShapeError

from derivations.calculus import Derivation
from derivations.given import Given
from derivations.matrices import GivenMatrices
from derivations.nodes import Between, MatrixSlope, Slope
from derivations.symbols import written_out

DIGITS = 30
AGREES = mpmath.mpf(10) ** -DIGITS
POINTS = 20

Number = Any
Numbers = list[Number]


class SecondRoute:
    """What a derivation should have found, worked out once; any claim is held against it."""

    def __init__(self, derivation: Derivation):
        self.derivation = derivation
        self.given: Any = with_exact_constants(derivation.given)

    def error(self, claimed: Any) -> Number:
        """How far `claimed`, as the result, is off at worst; relative where numbers are large."""
        with mpmath.workdps(2 * DIGITS):
            if self.derivation.relation == r"\iff":
                return max(misses(self.derivation, claimed))
            try:
                pairs = list(zip(values(self.given, claimed), self.expected, strict=True))
            except (ShapeError, ZeroDivisionError):
                return mpmath.inf  # a product that does not fit, a pole everywhere
            return max(abs(x - y) / max(1, abs(y)) for x, y in pairs)

    @cached_property
    def expected(self) -> Numbers:
        return values(self.given, self.derivation.lhs)


def with_exact_constants(given: Any) -> Any:
    """The same quantities, a decimal constant taken for the fraction that it is."""
    if isinstance(given, GivenMatrices):
        return given
    exact = {
        name: meaning.xreplace({x: sp.Rational(x) for x in meaning.atoms(sp.Float)})
        for name, meaning in given.definitions.items()
    }
    return replace(given, definitions=exact)


def values(given: Any, line: Any) -> Numbers:
    """`line` at every point: with matrices, every entry of it at every size."""
    if isinstance(given, GivenMatrices):
        return [entry for size in given.sizes for entry in entries(given, line, size)]
    value = function(given, line)
    return [value(point) for point in points(given)]


# Formulas of numbers -----------------------------------------------------------------------


def points(given: Given) -> list[Numbers]:
    """Seeded values of the arguments with all their digits; whole numbers where they must be."""
    rng = np.random.default_rng(1)
    ranges = [given.ranges.get(name, (-2.0, 2.0)) for name in given.arguments]
    rows = rng.uniform(*np.transpose(ranges), (POINTS, len(ranges)))
    beyond = mpmath.mpf(1) / 3**50
    return [
        [
            mpmath.mpf(round(at)) if name in given.whole else at + beyond
            for name, at in zip(given.arguments, row, strict=True)
        ]
        for row in rows.tolist()
    ]


def function(given: Given, line: Any) -> Callable[[Numbers], Number]:
    """`line` as a function of the arguments; every slope in it is a limit."""
    limits: dict[Any, Callable[[Numbers], Number]] = {}

    def held(part: Any) -> Any:
        if isinstance(part, Slope):
            name = sp.Dummy(real=True)
            limits[name] = limit(given, part)
            return name
        return part.func(*map(held, part.args)) if part.has(Slope) else part

    line = held(given.composed(held(line)))  # a definition may itself hold a slope
    plain = lambdified([*given.arguments, *limits], line)
    return lambda point: plain(*point, *(of(point) for of in limits.values()))


def limit(given: Given, slope: Slope) -> Callable[[Numbers], Number]:
    """The limit of difference quotients of `slope.of`, everything but `slope.by` held still."""
    arguments = list(given.arguments)
    if slope.by in arguments:
        f, place = function(given, slope.of), arguments.index(slope.by)
        return lambda point: mpmath.diff(lambda v: f(with_one(point, place, v)), point[place])
    f = lambdified([*arguments, slope.by], given.composed(slope.of, until=slope.by))
    where = function(given, slope.by)
    return lambda point: mpmath.diff(lambda v: f(*point, v), where(point))


def lambdified(arguments: list[Any], line: Any) -> Callable[..., Number]:
    """`line` as a function of numbers; a sum to n is written out anew for every n."""
    line = written_out(line).doit()
    sums = line.atoms(sp.Sum, sp.Product)
    counted = [name for one in sums for name in one.free_symbols if name in arguments]
    if not counted:
        return sp.lambdify(arguments, line, "mpmath")

    def at(*values: Number) -> Number:
        known = dict(zip(arguments, values, strict=True))
        whole = {n: int(known[n]) for n in counted if known[n] == int(known[n])}
        return sp.lambdify(arguments, line.subs(whole).doit(), "mpmath")(*values)

    return at


def with_one(point: Numbers, place: int, value: Number) -> Numbers:
    return [*point[:place], value, *point[place + 1 :]]


# Matrices, entry by entry --------------------------------------------------------------------


def entries(given: GivenMatrices, line: Any, size: Any) -> Iterator[Number]:
    """The shape and the entries of `line` at one size, with tanh for any activation."""
    if not isinstance(line, MatrixSlope):
        factor, matrix = line.as_coeff_mmul() if isinstance(line, sp.MatMul) else (1, line)
        explicit = given._explicit(matrix, size, {})
        yield from explicit.shape
        for entry in explicit.flat():
            letters, f = opened(factor * entry)
            yield f(*(at(letter) for letter in letters))
        return
    rows, columns = (int(size.get(n, n)) for n in line.by.shape)
    fresh = sp.Matrix(rows, columns, lambda i, j: sp.Symbol(f"fresh_{i}_{j}"))
    letters, f = opened(given._explicit(line.of, size, {line.by: fresh}))
    _, _, *held_still = entries(given, line.by, size)
    held = dict(zip(fresh.flat(), held_still, strict=True))
    row = [held.get(letter) or at(letter) for letter in letters]
    yield from fresh.shape
    for letter in fresh.flat():
        place = letters.index(letter)
        yield mpmath.diff(lambda v, place=place: f(*with_one(row, place, v)), row[place])


def opened(formula: Any) -> tuple[list[Any], Callable[..., Number]]:
    formula = formula.replace(sp.Function("f"), sp.tanh).doit()
    letters = sorted(formula.free_symbols, key=str)
    return letters, lambdified(letters, formula)


def at(letter: Any) -> Number:
    """A value between -1 and 1, each letter's own."""
    return mpmath.mpf(crc32(str(letter).encode()) + 0.5) / 2**31 - 1


# Conditions ------------------------------------------------------------------------------------


def misses(derivation: Derivation, claimed: Any) -> Iterator[Number]:
    """How far the first condition is from its own boundary, on the boundary of `claimed`.

    The letter that the result has on one side alone is moved there; all others are at random.
    And wherever one of the two conditions holds, the other must.
    """
    given, first = derivation.given, derivation.lhs
    place = given.arguments.index(alone(derivation.result))
    boundaries = [plainly(given, gap) for gap in gaps(first)]
    for gap in map(partial(plainly, given), gaps(claimed)):
        for point in points(given):

            def moved(v: Number, gap: Any = gap, point: Numbers = point) -> Number:
                return gap(*with_one(point, place, v))

            try:
                root = mpmath.findroot(moved, point[place], verify=False)
                there = with_one(point, place, root)
                yield min(abs(boundary(*there)) for boundary in boundaries)
            except (ValueError, ZeroDivisionError):
                yield mpmath.inf  # no boundary, or one where the first condition has a pole
    for point in points(given):
        yield float(holds(given, claimed, point) != holds(given, first, point))


def plainly(given: Given, line: Any) -> Callable[..., Any]:
    return lambdified(list(given.arguments), given.composed(line))


def holds(given: Given, condition: Any, point: Numbers) -> bool | None:
    """Whether a condition holds; None where it has no sides to compare: not real, or a pole."""
    if isinstance(condition, Between):
        condition = condition.as_inequalities()
    try:
        return bool(plainly(given, condition)(*point))
    except (TypeError, ZeroDivisionError):
        return None


def gaps(condition: Any) -> list[Any]:
    """What is zero on the boundary of a condition; one that is never true has no boundary."""
    if isinstance(condition, BooleanAtom):
        return [sp.Integer(1)]
    if isinstance(condition, Between):
        low, middle, high = condition.args
        return [middle - low, high - middle]
    return [condition.lhs - condition.rhs]


def alone(condition: Any) -> Any:
    sides = condition.args[1:2] if isinstance(condition, Between) else condition.args
    [letter] = next(s.free_symbols for s in sides if len(s.free_symbols) == 1)
    return letter
