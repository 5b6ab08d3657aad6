"""Wrong versions of an equation: a sign, a factor, an exponent or a name is another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp
from sympy.matrices.exceptions import ShapeError

from derivations.nodes import Entrywise, Slope


def mutants(line: Any, names: Sequence[Any]) -> Iterator[Any]:
    """Every formula that differs from `line` in one place, whether of numbers or of matrices."""
    if isinstance(line, sp.MatrixExpr):
        yield from (sp.MatMul(factor, line) for factor in (-1, 2))
    yield from within(line, names)


def within(line: Any, names: Sequence[Any]) -> Iterator[Any]:
    yield from of_a_matrix(line, names) if line.is_Matrix else of_a_number(line, names)
    if isinstance(line, Slope | Entrywise | sp.MatrixSymbol | sp.OneMatrix):
        return  # what stands in there is no formula of its own
    for n, part in enumerate(line.args):
        for mutant in within(part, names):
            try:
                yield line.func(*line.args[:n], mutant, *line.args[n + 1 :])
            except ShapeError:
                continue  # nobody can write a product that does not fit


def of_a_number(part: Any, names: Sequence[Any]) -> Iterator[Any]:
    """What may be written by mistake in place of a number."""
    if not isinstance(part, sp.Expr):
        return
    if part.is_Number:
        yield from (part + 1, -part)
    elif part.is_Symbol:
        others = [name for name in names if name.is_Symbol and name != part]
        yield from (-part, 2 * part, *others[:1], *others[-1:])
    elif part.is_Pow:
        yield from (part.base ** (part.exp + 1), part.base**-part.exp)
    else:
        yield from (-part, 2 * part)


def of_a_matrix(part: Any, names: Sequence[Any]) -> Iterator[Any]:
    """A matrix by mistake: transposed, another of its shape."""
    yield part.T
    for name in names:
        if name.is_Matrix and name.shape == part.shape and name != part:
            yield name
    if isinstance(part, sp.MatMul):
        yield sp.MatMul(*reversed(part.args))
