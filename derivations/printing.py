"""How a line is written: for the page in LaTeX, for the browser in JavaScript.

SymPy sorts the terms of a sum and the factors of a product by a rule of its own. Here both
follow the order of `symbols.py`, and a slope that is still to be worked out comes last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.printing.jscode import JavascriptCodePrinter
from sympy.printing.latex import LatexPrinter

from .nodes import Slope
from .symbols import LATEX, PLAIN, RANK, L, eta, written_out

LAST = len(RANK)


def _rank(expr: Any) -> tuple[int, ...]:
    if isinstance(expr, Slope):
        return (LAST, *_rank(expr.of), *_rank(expr.by))
    return (
        min(
            (RANK.get(symbol, LAST) for symbol in expr.free_symbols),
            default=-1,
        ),
    )


def in_reading_order(factors: Sequence[Any]) -> list[Any]:
    """Numbers, then the factors from the loss back to the input, then the slopes still to do.

    A sum over an index comes last, so that what follows it belongs to it.
    """
    return sorted(
        factors,
        key=lambda factor: (
            isinstance(factor, sp.Sum),
            _rank(factor),
            isinstance(factor, sp.Add),
        ),
    )


def terms_in_reading_order(terms: Sequence[Any]) -> list[Any]:
    """Terms with a plus first, so that a sum does not open with a minus."""

    def key(term: Any) -> Any:
        ranks = sorted(
            _rank(factor)
            for factor in sp.Mul.make_args(term)
            if factor.free_symbols
        )
        return (term.could_extract_minus_sign(), ranks)

    return sorted(terms, key=key)


class _Latex(LatexPrinter):
    def __init__(self, one_variable: bool) -> None:
        super().__init__({"order": "none"})
        self._one_variable = one_variable

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return LATEX[expr]

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return terms_in_reading_order(expr.args)

    def _print_LetterBase(self, expr: Any, exp: str | None = None) -> str:
        return self._called(expr.latex, expr, exp)

    def _print_tanh(self, expr: Any, exp: str | None = None) -> str:
        return self._called(r"\tanh", expr, exp)

    def _print_log(self, expr: Any, exp: str | None = None) -> str:
        return self._called(r"\ln", expr, exp)

    def _print_ExpBase(self, expr: Any, exp: str | None = None) -> str:
        """A power of e, its exponent on one line: e^{-z/2}."""
        number, rest = expr.exp.as_coeff_Mul()
        above = self._print(number.p * rest)
        raised = above if number.q == 1 else f"{above}/{number.q}"
        return (
            f"e^{{{raised}}}"
            if exp is None
            else rf"(e^{{{raised}}})^{{{exp}}}"
        )

    def _print_after(self, expr: Any, exp: str | None = None) -> str:
        return rf"\w{{w_{{{self._print(expr.args[0])}}}}}" + (
            "" if exp is None else f"^{{{exp}}}"
        )

    def _print_Indexed(self, expr: Any) -> str:
        return LATEX[expr]

    def _called(self, function: str, expr: Any, exp: str | None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return function + power + _brackets(self._print(expr.args[0]))

    def _print_Between(self, expr: Any) -> str:
        return " < ".join(self._print(part) for part in expr.args)

    def _print_Slope(self, expr: Any, exp: str | None = None) -> str:
        if exp is not None:
            return f"{_brackets(self._print(expr))}^{{{exp}}}"
        if expr.of == L and expr.by.is_Symbol:
            return (
                rf"\g{{\frac{{\partial L}}{{\partial {PLAIN[expr.by]}}}}}"
            )
        of, by = self._print(expr.of), self._print(expr.by)
        alone = self._one_variable or expr.of.free_symbols <= {expr.by}
        d = "d" if alone else r"\partial"
        plain = (
            r"\frac" not in of
        )  # a fraction in a fraction is hard to read
        if expr.of.is_Symbol and expr.of != expr.by and plain:
            return rf"\frac{{{d} {of}}}{{{d} {by}}}"
        closed = (
            isinstance(expr.of, sp.Function | sp.Pow) or expr.of.is_Atom
        )
        return rf"\frac{{{d}}}{{{d} {by}}}" + (
            rf"\,{of}" if closed else _brackets(of)
        )

    def _print_MatrixSymbol(self, expr: Any) -> str:
        return LATEX[expr]

    def _print_OneMatrix(self, O: Any) -> Any:  # noqa: E741  (SymPy's name for it)
        return r"\mathbf{1}" + (r"^{\mathsf{T}}" if O.shape[0] == 1 else "")

    def _print_Transpose(self, expr: Any) -> str:
        written = self._print(expr.arg)
        alone = isinstance(expr.arg, sp.BlockMatrix) or (
            expr.arg.is_symbol and "^" not in written
        )
        return (written if alone else _brackets(written)) + r"^{\mathsf{T}}"

    def _print_MatMul(self, expr: Any) -> str:
        return r"\,".join(
            self._matrix_factor(factor) for factor in expr.args
        )

    def _print_HadamardProduct(self, expr: Any) -> str:
        return r" \odot ".join(
            self._matrix_factor(factor) for factor in expr.args
        )

    def _matrix_factor(self, factor: Any) -> str:
        written = self._print(factor)
        return (
            _brackets(written)
            if isinstance(factor, sp.MatAdd | sp.MatMul)
            else written
        )

    def _print_MatAdd(self, expr: Any) -> str:
        return " + ".join(self._print(term) for term in expr.args)

    def _print_Trace(self, expr: Any) -> str:
        """The trace of a single number is that number, and is written so."""
        written = self._print(expr.arg)
        return (
            written
            if expr.arg.shape == (1, 1)
            else rf"\operatorname{{tr}}{_brackets(written)}"
        )

    def _print_MatrixSlope(self, expr: Any) -> str:
        if expr.of == L:
            return (
                rf"\g{{\frac{{\partial L}}{{\partial {PLAIN[expr.by]}}}}}"
            )
        of = self._print(expr.of)
        of = (
            rf"\,{of}" if of.startswith(r"\operatorname") else _brackets(of)
        )
        return rf"\frac{{\partial}}{{\partial {self._print(expr.by)}}}{of}"

    def _print_Entrywise(self, expr: Any) -> str:
        return self._print(expr.function) + _brackets(
            self._print(expr.inside)
        )

    def _print_Mul(self, expr: Any) -> str:
        """A sign, the learning rate, slopes of the loss, all that is known, slopes still to do."""
        factors = sp.Mul.make_args(expr)
        if len(factors) > 1 and expr.could_extract_minus_sign():
            return f"-{self._print(-expr)}"
        gradients = [
            f for f in factors if isinstance(f, Slope) and f.of == L
        ]
        before = [eta] * (eta in factors and bool(gradients)) + gradients
        after = [f for f in factors if f.has(Slope) and f not in gradients]
        known = [f for f in factors if f not in before + after]
        if (
            len(after) == 1
            and after[0].is_Add
            and not _taken_apart(known)[1]
        ):
            known, after = (
                [*known, *after],
                [],
            )  # a sum of slopes over a denominator
        written = [
            self._bracketed(before),
            [self._known(known)] if known else [],
            self._bracketed(after),
        ]
        return r" \cdot ".join(part for group in written for part in group)

    def _known(self, factors: Sequence[Any]) -> str:
        """A number, a fraction, and the factors that are too tall to stand in one."""
        number, above, below = _taken_apart(factors)
        tall = [
            f
            for f in above
            if below and r"\frac" in self._print(f) and not f.has(Slope)
        ]
        flat = [f for f in above if f not in tall]
        if below or (len(above) == 1 and above[0].is_Atom):
            flat += [sp.Integer(number.p)] * (number.p != 1)
            below += [sp.Integer(number.q)] * (number.q != 1)
            number = sp.Integer(1)
        written = [] if number == 1 else [self._print(number)]
        written += (
            [self._fraction(flat, below)]
            if below
            else self._bracketed(flat)
        )
        return r"\,".join([*written, *self._bracketed(tall)])

    def _fraction(self, above: list[Any], below: list[Any]) -> str:
        above_bar, below_bar = (
            self._print(row[0])
            if len(row) == 1
            else r"\,".join(self._bracketed(row))
            for row in (above, below)
        )
        return rf"\frac{{{above_bar or 1}}}{{{below_bar}}}"

    def _bracketed(self, factors: list[Any]) -> list[str]:
        return [
            _brackets(self._print(factor))
            if isinstance(factor, sp.Add | sp.Piecewise)
            else self._print(factor)
            for factor in in_reading_order(factors)
        ]


def _taken_apart(
    factors: Sequence[Any],
) -> tuple[Any, list[Any], list[Any]]:
    """The rational number in front, what stands above the fraction bar, and what below."""
    number, above, below = sp.Integer(1), list[Any](), list[Any]()
    for factor in factors:
        base, exponent = factor.as_base_exp()
        if factor.is_Rational:
            number *= factor
        elif (
            base != sp.E
            and not exponent.is_Add
            and exponent.could_extract_minus_sign()
        ):
            below.append(sp.Pow(base, -exponent))
        else:
            above.append(factor)
    return number, above, below


def _brackets(tex: str) -> str:
    return rf"\left({tex}\right)" if r"\frac" in tex else f"({tex})"


class _JavaScript(JavascriptCodePrinter):
    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return terms_in_reading_order(expr.args)

    def _print_Mul(self, expr: Any) -> str:
        ordered = sp.Mul(*in_reading_order(expr.args), evaluate=False)
        return super()._print_Mul(ordered)

    def _print_Between(self, expr: Any) -> str:
        return self._print(expr.as_inequalities())

    def _print_Piecewise(self, expr: Any) -> str:
        *branches, (otherwise, _) = expr.args
        choices = [
            f"{self._print(when)} ? {self._print(value)} : "
            for value, when in branches
        ]
        return f"({''.join(choices)}{self._print(otherwise)})"


def latex(expr: Any, one_variable: bool = False) -> str:
    """The expression as LaTeX, in the colours of the roles; d where only one variable can move."""
    return _Latex(one_variable).doprint(expr)


def without_roles(tex: str) -> str:
    """LaTeX for where the macros of the roles are not known, as in a notebook."""
    return re.sub(r"\\(?:w|act|g|loss)(?=\{)", "", tex)


def javascript(expr: Any) -> str:
    """The expression as a JavaScript expression, in the names of its symbols."""
    settings = {"order": "none", "user_functions": {"erf": "erf"}}
    source: Any = _JavaScript(settings).doprint(written_out(expr))
    return source
