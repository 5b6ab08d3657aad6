"""A slope that is written down but not yet worked out."""

from __future__ import annotations

from typing import Any

import sympy as sp


class Slope(sp.Expr):
    """How fast `of` changes with `by`: what SymPy's Derivative says, but of named quantities.

    SymPy takes the derivative of one symbol in another for zero. Here a name like `L` stands for
    what it is defined as, and a rule of `calculus` says when the name is opened.
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
