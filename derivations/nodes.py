"""What the derivations have to say and SymPy has no word for."""

from __future__ import annotations

from typing import Any

import sympy as sp


class Slope(sp.Expr):
    """How fast `of` changes with `by`, written down but not yet worked out.

    SymPy takes the derivative of one symbol in another for zero. Here a name like `L` stands for
    what it is defined as, and a rule says when the name is opened.
    """

    is_commutative = True
    is_real = True

    def __new__(cls, of: Any, by: Any) -> Slope:
        return sp.Expr.__new__(cls, sp.sympify(of), sp.sympify(by))

    @property
    def of(self) -> Any:
        return self.args[0]

    @property
    def by(self) -> Any:
        return self.args[1]


class Between(sp.Basic):
    """low < middle < high, kept together so that all three parts can be changed at once."""

    def __new__(cls, low: Any, middle: Any, high: Any) -> Between:
        return sp.Basic.__new__(cls, *map(sp.sympify, (low, middle, high)))

    def as_inequalities(self) -> Any:
        low, middle, high = self.args
        pairs = ((low, middle), (middle, high))
        return sp.And(
            *(sp.StrictLessThan(*pair, evaluate=False) for pair in pairs)
        )


class MatrixSlope(sp.MatrixExpr):
    """The slopes of one number in every entry of a matrix, laid out like that matrix."""

    def __new__(cls, of: Any, by: Any) -> MatrixSlope:
        return sp.MatrixExpr.__new__(cls, sp.sympify(of), by)

    @property
    def of(self) -> Any:
        return self.args[0]

    @property
    def by(self) -> Any:
        return self.args[1]

    @property
    def shape(self) -> Any:
        return self.by.shape


class Entrywise(sp.MatrixExpr):
    """A function of one number applied to every entry: an activation f, or its slope f'."""

    def __new__(cls, function: Any, inside: Any) -> Entrywise:
        return sp.MatrixExpr.__new__(cls, function, inside)

    @property
    def function(self) -> Any:
        return self.args[0]

    @property
    def inside(self) -> Any:
        return self.args[1]

    @property
    def shape(self) -> Any:
        return self.inside.shape
