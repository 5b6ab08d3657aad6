"""The quantities of a problem: what is given, and what is computed from it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef

from chainrule.activations import sigmoid

from . import checking, printing
from .checking import Array
from .nodes import Between, Slope
from .symbols import written_out

if TYPE_CHECKING:
    from .calculus import Derivation

NUDGE = 1e-5
RANDOM_POINTS = 24

erf = np.vectorize(math.erf)  # NumPy has none, JavaScript neither
ERF = (
    "  const erf = x => { if (Math.abs(x) > 6) return Math.sign(x); let sum = x, term = x;"
    " for (let k = 1; k < 150; k++) sum += term *= 2 * x * x / (2 * k + 1);"
    " return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum; };"
)


def _function_opened(expr: Any, name: Any, meaning: Any) -> Any:
    """`expr` with the function that `name` = `meaning` defines opened, whatever stands inside."""
    [inside] = name.args
    return expr.replace(
        name.func, lambda argument: meaning.xreplace({inside: argument})
    )


def _with_parts(
    parts: list[tuple[Any, Any]], line: Any
) -> tuple[list[tuple[Any, Any]], Any]:
    """What SymPy's cse returns, with the parts chosen beforehand."""
    return parts, line


@dataclass(frozen=True, eq=False)
class Given:
    """Named quantities in the order they are computed, and what they are computed from.

    What it is asked about a line it answers once, and remembers: the same lines and the same
    proofs come back in every derivation that goes on from another.

    arguments     inputs, parameters, targets: what nobody computes. They are the arguments of
                  the generated functions, in this order
    definitions   name: formula, each in terms of arguments and earlier names. A name such as
                  sigma(z) defines a function, for whatever may stand inside it
    ranges        where the seeded points of the checks are drawn, -2 to 2 unless said
    awkward       rows of arguments added to the seeded ones by hand
    kinks         where an argument has no slope: differences are not taken across
    whole         arguments that are whole numbers
    """

    arguments: tuple[Any, ...]
    definitions: dict[Any, Any] = field(default_factory=dict[Any, Any])
    ranges: dict[Any, tuple[float, float]] = field(
        default_factory=dict[Any, tuple[float, float]]
    )
    awkward: tuple[tuple[float, ...], ...] = ()
    kinks: dict[Any, float] = field(default_factory=dict[Any, float])
    whole: tuple[Any, ...] = ()

    # Names, opened and followed.

    @cache
    def composed(self, expr: Any, until: Any = None) -> Any:
        """`expr` with every name opened, down to the arguments or to the quantity `until`."""
        for name, meaning in reversed(self.definitions.items()):
            if name.is_Function and expr.has(name.func):
                meaning = self.composed(meaning, until)
                expr = _function_opened(expr, name, meaning)
            elif name != until:
                expr = expr.xreplace({name: meaning})
        return expr

    def depends(self, expr: Any, by: Any) -> bool:
        """Whether `by` has any part in `expr`, directly or through a name."""
        return self.composed(expr, until=by).has(by)

    def users(self, name: Any, within: Any) -> list[Any]:
        """The quantities computed directly from `name` on which `within` depends."""
        return [
            user
            for user, definition in self.definitions.items()
            if definition.has(name)
            and (user == within or self.depends(within, user))
        ]

    @cache
    def worked_out(self, line: Any) -> Any:
        """`line` in the arguments alone, every slope in it taken by SymPy's own derivative."""
        line = self.composed(self._without_slopes(line))
        if line.has(sp.Product):
            line = line.doit()
        return (
            self.composed(self._without_slopes(line))
            if line.has(Slope)
            else line
        )

    def _without_slopes(self, line: Any) -> Any:
        if isinstance(line, Slope):
            return self.composed(
                self._without_slopes(line.of), until=line.by
            ).diff(line.by)
        if isinstance(line, Between):
            return line.as_inequalities()
        if not line.has(Slope):
            return line
        return line.func(*map(self._without_slopes, line.args))

    # Numbers.

    def samples(self) -> list[tuple[Array, ...]]:
        """One sample, a column for each argument: seeded random rows, then the awkward ones."""
        rng = np.random.default_rng(0)
        low, high = np.transpose(
            [self.ranges.get(name, (-2.0, 2.0)) for name in self.arguments]
        )
        rows = np.vstack(
            [
                rng.uniform(low, high, (RANDOM_POINTS, len(low))),
                *self.awkward,
            ]
        )
        columns = zip(self.arguments, rows.T, strict=True)
        return [
            tuple(
                np.rint(c) if name in self.whole else c
                for name, c in columns
            )
        ]

    def smooth_samples(self) -> list[tuple[Array, ...]]:
        """The samples without the rows on a kink, where a difference would see both sides."""
        [sample] = self.samples()
        smooth = np.full(sample[0].shape, True)
        for name, kink in self.kinks.items():
            smooth &= (
                np.abs(sample[self.arguments.index(name)] - kink) > NUDGE
            )
        return [tuple(column[smooth] for column in sample)]

    def points(self, samples: Sequence[tuple[Array, ...]]) -> int:
        return sum(len(sample[0]) for sample in samples)

    @cache
    def function(self, line: Any) -> Callable[..., Array]:
        """`line` as a NumPy function of the arguments."""
        if line.has(Slope, Between):
            line = self.worked_out(line)
        function = self._staged(self.arguments, line)
        if line.has(sp.Sum):
            function = self._row_by_row(function)

        def on_arrays(*values: Any) -> Array:
            return np.broadcast_to(
                function(*values),
                np.broadcast_shapes(*map(np.shape, values)),
            )

        return on_arrays

    def _row_by_row(
        self, function: Callable[..., Any]
    ) -> Callable[..., Any]:
        """`function` for arrays; a sum runs to a whole number, so each row has its own."""

        def of_numbers(*values: float) -> float:
            row = zip(self.arguments, values, strict=True)
            return function(
                *(int(v) if name in self.whole else v for name, v in row)
            )

        return np.vectorize(of_numbers, otypes=[float])

    @cache
    def _staged(
        self, arguments: tuple[Any, ...], line: Any, **functions: Any
    ) -> Callable[..., Any]:
        """`line` by SymPy's lambdify; the names on the way are the parts it computes only once."""
        for name, meaning in reversed(self.definitions.items()):
            if name.is_Function and line.has(name.func):
                line = _function_opened(line, name, self.composed(meaning))
        line = line if functions else written_out(line)
        stages: list[tuple[Any, Any]] = []
        needed = line.free_symbols - set(arguments)
        for name, meaning in reversed(self.definitions.items()):
            if name in needed:
                stages.insert(
                    0,
                    (name, meaning if functions else written_out(meaning)),
                )
                needed |= meaning.free_symbols - set(arguments)
        shared: Any = partial(_with_parts, stages)
        return sp.lambdify(
            arguments,
            line,
            [functions, {"erf": erf}, "numpy"],
            cse=shared,
        )

    def javascript(self, name: str, line: Any) -> str:
        """`line` as a JavaScript function of the arguments; the names on the way are its locals."""
        arguments = ", ".join(map(str, self.arguments))
        return "\n".join(
            [
                f"function {name}({arguments}) {{",
                *self._statements(line),
                "}",
            ]
        )

    @cache
    def _statements(self, line: Any) -> list[str]:
        needed, statements = line.free_symbols, list[str]()
        for quantity, meaning in reversed(self.definitions.items()):
            if quantity in needed:
                statements.insert(
                    0,
                    f"  const {quantity} = {printing.javascript(meaning)};",
                )
                needed = needed | meaning.free_symbols
        statements.append(f"  return {printing.javascript(line)};")
        if any("erf(" in statement for statement in statements):
            statements.insert(0, ERF)
        return statements

    # Witnesses.

    @cache
    def equal(self, a: Any, b: Any) -> bool:
        """True if SymPy can show that two worked-out lines are equal; False if it cannot decide."""
        if a == b:
            return True
        if not (isinstance(a, sp.Expr) and isinstance(b, sp.Expr)):
            return False
        if a.has(sp.Sum) or b.has(sp.Sum):
            return False
        remainder = sp.expand(a - b)
        return remainder == 0 or sp.cancel(remainder.rewrite(sp.exp)) == 0

    def apart(self, before: Any, after: Any, relation: str = "=") -> float:
        """How far two worked-out lines are from the relation between them; 0 if it is proved."""
        if relation == "=" and self.equal(before, after):
            return 0.0
        if not (self.has_a_value(before) and self.has_a_value(after)):
            return np.inf
        [sample] = self.samples()
        actual, found = (
            self.function(line)(*sample) for line in (before, after)
        )
        return (
            checking.excess if relation == r"\le" else checking.difference
        )(found, actual)

    def has_a_value(self, line: Any) -> bool:
        """Whether a worked-out line is a number as soon as the arguments are."""
        return line.free_symbols <= set(self.arguments) and not line.has(
            AppliedUndef
        )

    def nudged(self, derivation: Derivation) -> Callable[..., Array]:
        """The slope by (f(v + h) - f(v - h)) / 2h, as a function of the arguments.

        f is the function of the reference, else the formula before it was differentiated, with
        the sigmoid of the reference in it.
        """
        by, witness = derivation.lhs.by, derivation.agrees_with
        names = (
            self.arguments
            if by in self.arguments
            else (*self.arguments, by)
        )
        if witness and witness.before and by in self.arguments:
            f = witness.before
        else:
            f = self._staged(names, derivation.lhs.of, sigma=sigmoid)
        place = self._staged(self.arguments, by, sigma=sigmoid)

        def slope(*sample: Array) -> Array:
            value = place(*sample)
            columns = dict(zip(self.arguments, sample, strict=True))
            above, below = (
                {**columns, by: value + h}.values() for h in (NUDGE, -NUDGE)
            )
            return (f(*above) - f(*below)) / (2 * NUDGE)

        return slope

    def in_javascript(self, source: str) -> Callable[..., Array]:
        """The generated function `derived`, run in QuickJS for every row of a sample."""

        def run(*sample: Array) -> Array:
            rows = json.dumps(np.transpose(sample).tolist())
            return checking.in_javascript(
                source, f"{rows}.map(row => derived(...row))"
            )

        return run
