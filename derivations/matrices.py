"""Derivations with matrices: the rules, and what is given.

A layer is seen from the loss through its error: to first order, the loss moves by the sum of
error times change, entry by entry, which is tr(Delta^T Z). So every question here is the slope
of a trace, and one product at a time is all that is ever differentiated.

SymPy's own derivatives of matrix symbols are not used: several are silently wrong. Every line is
instead held against ordinary derivatives, entry by entry, at sizes where no two widths are equal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import add, matmul, mul
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from chainrule.activations import tanh, tanh_slope
from chainrule.gradient_check import central_difference

from .calculus import rule
from .checking import Array, in_javascript
from .nodes import Entrywise, MatrixSlope
from .symbols import L, df, f

if TYPE_CHECKING:
    from .calculus import Derivation

SAMPLES_A_SIZE = 3

# The rules.


@rule("definition", r"q = f")
def opened(line: Any, given: GivenMatrices) -> Any:
    """The loss as seen from here, or the first name in it that the entries of v have a part in."""
    if not isinstance(line, MatrixSlope):
        return None
    if line.of == L:
        return MatrixSlope(given.definitions[L], line.by)
    for name, meaning in given.definitions.items():
        if (
            name != line.by
            and line.of.has(name)
            and given.depends(name, line.by)
        ):
            of = _trace(_factors(line.of.xreplace({name: meaning})))
            return MatrixSlope(of, line.by)
    return None


@rule("sum rule", r"\frac{\partial}{\partial X}(u + v)"
      r" = \frac{\partial u}{\partial X} + \frac{\partial v}{\partial X}")  # fmt: skip
def sum_of_traces(line: Any, given: GivenMatrices) -> Any:
    if not isinstance(line, MatrixSlope) or line.of == L:
        return None
    factors = _factors(line.of)
    for i, factor in enumerate(factors):
        if isinstance(factor, sp.MatAdd):
            return sp.MatAdd(
                *(
                    MatrixSlope(
                        _trace(
                            [
                                *factors[:i],
                                *_factors(term),
                                *factors[i + 1 :],
                            ]
                        ),
                        line.by,
                    )
                    for term in factor.args
                )
            )
    return None


@rule("constant", r"\frac{\partial c}{\partial X} = 0")
def constant_trace(line: Any, given: GivenMatrices) -> Any:
    if not isinstance(line, sp.MatAdd):
        return None
    terms: Any = line.args
    moving = [term for term in terms if given.depends(term.of, term.by)]
    return (
        sp.MatAdd(*moving).doit(deep=False)
        if len(moving) < len(terms)
        else None
    )


@rule(
    "transpose inside a trace",
    r"\operatorname{tr}(M) = \operatorname{tr}(M^{\mathsf{T}})",
)
def transposed(line: Any, given: GivenMatrices) -> Any:
    if not isinstance(line, MatrixSlope) or sp.Transpose(
        line.by
    ) not in _factors(line.of):
        return None
    return MatrixSlope(
        _trace([factor.T for factor in reversed(_factors(line.of))]),
        line.by,
    )


@rule(
    "turn inside a trace",
    r"\operatorname{tr}(M\,X\,N) = \operatorname{tr}(N\,M\,X)",
)
def cyclic(line: Any, given: GivenMatrices) -> Any:
    factors = _factors(line.of) if isinstance(line, MatrixSlope) else []
    if line.args and line.args[-1] in factors[:-1]:
        after = factors.index(line.by) + 1
        return MatrixSlope(
            _trace([*factors[after:], *factors[:after]]), line.by
        )
    return None


@rule(
    "slope of a trace",
    r"\frac{\partial}{\partial X} \operatorname{tr}(M\,X) = M^{\mathsf{T}}",
)
def trace_slope(line: Any, given: GivenMatrices) -> Any:
    if not isinstance(line, MatrixSlope):
        return None
    *before, last = _factors(line.of)
    if last != line.by or any(factor.has(line.by) for factor in before):
        return None
    return (
        sp.Transpose(sp.MatMul(*before)) if len(before) > 1 else before[0].T
    )


@rule(
    "transpose of a product",
    r"(M\,N)^{\mathsf{T}} = N^{\mathsf{T}}\,M^{\mathsf{T}}",
)
def transpose_of_product(line: Any, given: GivenMatrices) -> Any:
    if not (
        isinstance(line, sp.Transpose) and isinstance(line.arg, sp.MatMul)
    ):
        return None
    factors: Any = line.arg.args
    return sp.MatMul(*(factor.T for factor in reversed(factors)))


@rule(
    "chain rule, entry by entry",
    r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial a} \odot f'(z)"
    r"\quad\text{where } a = f(z)",
)
def entrywise_chain(line: Any, given: GivenMatrices) -> Any:
    if not isinstance(line, MatrixSlope):
        return None
    for name, meaning in given.definitions.items():
        if meaning == Entrywise(f, line.by):
            return sp.HadamardProduct(
                MatrixSlope(line.of, name), Entrywise(df, line.by)
            )
    return None


@rule("meaning of a name", r"q = f")
def spelled_out(line: Any, given: GivenMatrices) -> Any:
    return given.definitions.get(line)


@rule(
    "rows become columns",
    r"\begin{bmatrix} v_1^{\mathsf{T}} \\ \vdots \\ v_B^{\mathsf{T}} \end{bmatrix}^{\mathsf{T}}"
    r" = [v_1 \cdots v_B]",
)
def rows_to_columns(line: Any, given: GivenMatrices) -> Any:
    if not (
        isinstance(line, sp.Transpose)
        and isinstance(line.arg, sp.BlockMatrix)
    ):
        return None
    rows: Any = line.arg.blocks
    return sp.BlockMatrix([[row.T for row in rows]])


@rule(
    "columns times rows",
    r"[u_1 \cdots u_B] \begin{bmatrix} v_1^{\mathsf{T}} \\ \vdots \\ v_B^{\mathsf{T}} \end{bmatrix}"
    r" = \sum_n u_n v_n^{\mathsf{T}}",
)
def columns_times_rows(line: Any, given: GivenMatrices) -> Any:
    if not isinstance(line, sp.MatMul) or len(line.args) != 2:
        return None
    left, right = line.args
    if not (
        isinstance(left, sp.BlockMatrix)
        and isinstance(right, sp.BlockMatrix)
    ):
        return None
    columns: Any = left.blocks
    rows: Any = right.blocks
    return sp.MatAdd(*(u * v for u, v in zip(columns, rows, strict=True)))


def _factors(product: Any) -> list[Any]:
    """The factors of a product, or of the product inside a trace; no factor is a product."""
    inside = product.arg if isinstance(product, sp.Trace) else product
    if not isinstance(inside, sp.MatMul):
        return [inside]
    return [factor for part in inside.args for factor in _factors(part)]


def _trace(factors: list[Any]) -> Any:
    return sp.Trace(sp.MatMul(*factors))


# What is given.


@dataclass(frozen=True, eq=False)
class GivenMatrices:
    """Matrices, named and computed from one another, at several sizes.

    arguments     the matrices nobody computes, arguments of the generated functions
    definitions   name: formula, each in terms of arguments, other free matrices, earlier names
    sizes         the widths at which every line is checked; no two of one size should be equal

    The letter f is any activation in the lines, and tanh where numbers are needed.
    """

    arguments: tuple[Any, ...]
    definitions: dict[Any, Any]
    sizes: tuple[Mapping[Any, int], ...]

    def depends(self, line: Any, by: Any) -> bool:
        for name, meaning in reversed(self.definitions.items()):
            if name != by:
                line = line.xreplace({name: meaning})
        return line.has(by)

    # Lines at explicit sizes, entry by entry.

    @cache
    def worked_out(self, line: Any) -> tuple[Any, ...]:
        """The line at every size, as a matrix of ordinary formulas in the entries."""
        return tuple(
            sp.ImmutableMatrix(self._explicit(line, size, {}))
            for size in self.sizes
        )

    def _explicit(
        self, line: Any, size: Mapping[Any, int], held: dict[Any, Any]
    ) -> Any:
        """`line` at one size; the matrices in `held` have the entries given there."""

        def entries(symbol: Any) -> Any:
            if symbol in held:
                return held[symbol]
            if symbol in self.definitions:
                return self._explicit(self.definitions[symbol], size, held)
            return _entries(str(symbol), _shape(symbol, size))

        def slope(line: Any, read: Any) -> Any:
            variables = entries(line.by)
            fresh = _entries("fresh", variables.shape)
            number = self._explicit(line.of, size, {**held, line.by: fresh})
            terms = sp.Add.make_args(number)
            back = dict(zip(fresh.flat(), variables.flat(), strict=True))
            return fresh.applyfunc(
                lambda entry: sp.Add(
                    *(term.diff(entry) for term in terms if term.has(entry))
                )
            ).xreplace(back)

        return _read(
            line,
            {
                **_SYMBOLIC,
                sp.MatrixSymbol: lambda line, read: entries(line),
                sp.Symbol: lambda line, read: read(self.definitions[line]),
                sp.OneMatrix: lambda line, read: sp.ones(
                    *_shape(line, size)
                ),
                MatrixSlope: slope,
            },
        )

    @cache
    def equal(self, a: Any, b: Any) -> bool:
        """Whether two worked-out lines have the same entries at every size."""
        return all(
            x.shape == y.shape
            and (x - y).applyfunc(sp.expand) == sp.zeros(*x.shape)
            for x, y in zip(a, b, strict=True)
        )

    def apart(self, before: Any, after: Any, relation: str = "=") -> float:
        return 0.0 if self.equal(before, after) else np.inf

    def has_a_value(self, line: Any) -> bool:
        return True

    # Numbers.

    def samples(self) -> list[tuple[Array, ...]]:
        """Matrices of seeded random numbers for each argument, several times at each size."""
        rng = np.random.default_rng(0)
        return [
            tuple(_random(one, size, rng) for one in self.arguments)
            for size in self.sizes
            for _ in range(SAMPLES_A_SIZE)
        ]

    def smooth_samples(self) -> list[tuple[Array, ...]]:
        return self.samples()

    def points(self, samples: Sequence[tuple[Array, ...]]) -> int:
        return len(samples)

    def function(self, line: Any) -> Callable[..., Array]:
        """`line` as a NumPy function of the arguments, at whatever sizes they have."""

        def at(*values: Array) -> Array:
            return self._number(
                line, dict(zip(self.arguments, values, strict=True))
            )

        return at

    def _number(self, line: Any, known: Mapping[Any, Array]) -> Any:
        """`line` in numbers. A free matrix that is not known gets seeded random entries."""
        size = {
            n: int(width)
            for symbol, value in known.items()
            for n, width in zip(symbol.shape, value.shape, strict=True)
            if not n.is_number
        }

        def entries(symbol: Any) -> Array:
            if symbol in known:
                return known[symbol]
            if symbol in self.definitions:
                return self._number(self.definitions[symbol], known)
            return _random(symbol, size, np.random.default_rng(1))

        return _read(
            line,
            {
                **_NUMERIC,
                sp.MatrixSymbol: lambda line, read: entries(line),
                sp.Symbol: lambda line, read: read(self.definitions[line]),
                sp.OneMatrix: lambda line, read: np.ones(
                    _shape(line, size)
                ),
            },
        )

    def nudged(self, derivation: Derivation) -> Callable[..., Array]:
        """The slopes by central differences of what stands under the slope, entry by entry."""
        of, by = derivation.lhs.of, derivation.lhs.by

        def slope(*sample: Array) -> Array:
            known = dict(zip(self.arguments, sample, strict=True))
            somewhere = known.pop(
                by, np.ones_like(derivation.numpy()(*sample))
            )
            return central_difference(
                lambda X: self._number(of, {**known, by: X}), somewhere
            )

        return slope

    @cache
    def javascript(self, name: str, line: Any) -> str:
        """`line` as a JavaScript function of the arguments, each an array of rows."""

        def ones(line: Any, read: Any) -> str:
            as_long = next(
                a for a in self.arguments if a.shape[0] == line.shape[0]
            )
            return f"{as_long}.map(() => [1])"

        body = _read(line, {**_JAVASCRIPT, sp.OneMatrix: ones})
        helpers = [
            f"  {text}"
            for helper, text in _HELPERS.items()
            if f"{helper}(" in body
        ]
        head = f"function {name}({', '.join(map(str, self.arguments))}) {{"
        return "\n".join([head, *helpers, f"  return {body};", "}"])

    def in_javascript(self, source: str) -> Callable[..., Array]:
        """The generated function `derived`, run in QuickJS."""

        def run(*sample: Array) -> Array:
            arguments = json.dumps([matrix.tolist() for matrix in sample])
            return in_javascript(source, f"derived(...{arguments})")

        return run


def _shape(matrix: Any, size: Mapping[Any, int]) -> list[int]:
    return [int(size.get(n, n)) for n in matrix.shape]


def _entries(name: str, shape: Sequence[int]) -> Any:
    return sp.Matrix(
        *shape, lambda i, j: sp.Symbol(f"{name}_{i}_{j}", real=True)
    )


def _random(
    symbol: Any, size: Mapping[Any, int], rng: np.random.Generator
) -> Array:
    return rng.normal(size=_shape(symbol, size))


# What each kind of line means in formulas, in numbers and in JavaScript. A meaning is given the
# line and a function that reads its parts.

Meaning = Callable[[Any, Callable[[Any], Any]], Any]


def _read(line: Any, meanings: Mapping[Any, Meaning]) -> Any:
    return meanings[line.func](line, lambda part: _read(part, meanings))


def _folded(combine: Callable[[Any, Any], Any]) -> Meaning:
    return lambda line, read: reduce(combine, map(read, line.args))


_COMMON: dict[Any, Meaning] = {
    sp.MatMul: _folded(matmul),
    sp.MatAdd: _folded(add),
    sp.Transpose: lambda line, read: read(line.arg).T,
    sp.Trace: lambda line, read: read(line.arg).trace(),
}

_SYMBOLIC: dict[Any, Meaning] = _COMMON | {
    sp.HadamardProduct: _folded(lambda x, y: x.multiply_elementwise(y)),
    sp.BlockMatrix: lambda line, read: sp.Matrix.vstack(
        *(sp.Matrix.hstack(*map(read, row)) for row in line.blocks.tolist())
    ),
    Entrywise: lambda line, read: read(line.inside).applyfunc(
        _unknown_function(line.function)
    ),
}

_NUMERIC: dict[Any, Meaning] = _COMMON | {
    sp.HadamardProduct: _folded(mul),
    sp.BlockMatrix: lambda line, read: np.block(
        [[read(block) for block in row] for row in line.blocks.tolist()]
    ),
    Entrywise: lambda line, read: _tanh_or_slope(
        line.function, read(line.inside)
    ),
}

_JAVASCRIPT: dict[Any, Meaning] = {
    sp.MatrixSymbol: lambda line, read: str(line),
    sp.MatMul: _folded("times({}, {})".format),
    sp.MatAdd: _folded("plus({}, {})".format),
    sp.HadamardProduct: _folded("entrywise({}, {})".format),
    sp.Transpose: lambda line, read: f"transposed({read(line.arg)})",
    Entrywise: lambda line, read: f"tanhSlope({read(line.inside)})",
}

_HELPERS = {
    "transposed": "const transposed = X => X[0].map((_, j) => X.map(row => row[j]));",
    "times": (
        "const times = (X, Y) => X.map(row => Y[0].map((_, j) =>"
        " row.reduce((sum, x, k) => sum + x * Y[k][j], 0)));"
    ),
    "plus": "const plus = (X, Y) => X.map((row, i) => row.map((x, j) => x + Y[i][j]));",
    "entrywise": "const entrywise = (X, Y) => X.map((row, i) => row.map((x, j) => x * Y[i][j]));",
    "tanhSlope": "const tanhSlope = X => X.map(row => row.map(x => 1 - Math.tanh(x) ** 2));",
}


def _unknown_function(letter: Any) -> Callable[[Any], Any]:
    """f or f' of one entry, with f a function of which SymPy knows nothing."""
    unknown: Any = sp.Function("f")
    return (
        unknown if letter == f else lambda entry: unknown(entry).diff(entry)
    )


def _tanh_or_slope(letter: Any, matrix: Array) -> Array:
    return tanh(matrix) if letter == f else tanh_slope(matrix, tanh(matrix))
