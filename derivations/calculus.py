"""Derivations as code: a chain of lines, each made from the last by a named rule.

    Rule         a name, its textbook statement, and the rewriting itself
    Step         one line, with the rule that made it
    Derivation   what is wanted, and the lines so far

`derivation.by(rule)` computes the next line; a rule that does not apply is an error.
`derivation.rewritten(line, because=...)` is the only line written by hand, and must be provably
equal to the one before. So a line can be clumsy, but it cannot be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import sympy as sp

from . import checking, printing
from .checking import Array, Check, DerivationError, Reference
from .given import Given
from .nodes import Between, MatrixSlope, Slope

Rewrite = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Rule:
    """A rewriting with a name. `rewrite` returns the new form, or None: it does not apply."""

    name: str
    statement: str
    rewrite: Rewrite
    relation: str = (
        "="  # how the new line relates to the old: "=", r"\le", r"\iff"
    )

    def applied(self, line: Any, given: Any) -> Any:
        """`line` with the rule used wherever it fits, from the outside in; None if nowhere."""
        new = self.rewrite(line, given)
        if new is not None:
            return new
        parts = [self.applied(part, given) for part in line.args]
        if all(part is None for part in parts):
            return None
        return line.func(
            *(
                old if new is None else new
                for old, new in zip(line.args, parts, strict=True)
            )
        )


REWRITING = Rule("rewriting", "", lambda line, given: None)


@dataclass(frozen=True)
class Step:
    """One line, how it is written, how it relates to the line before, and why."""

    line: Any
    latex: str
    relation: str
    rule: str
    statement: str
    because: str


@dataclass(frozen=True, repr=False)
class Derivation:
    """What is wanted, and the lines that lead to it. Every step returns a longer derivation.

    name is what the generated function is called, dL_dw for a slope unless said otherwise.
    """

    title: str
    lhs: Any
    given: Problem
    agrees_with: Reference | None = None
    name: str = ""
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or _identifier(self.lhs))

    @property
    def result(self) -> Any:
        """The last line."""
        return self.steps[-1].line if self.steps else self.lhs

    @property
    def relation(self) -> str:
        """How the left-hand side relates to the result."""
        relations = {step.relation for step in self.steps} - {"="}
        return relations.pop() if relations else "="

    def by(self, rule: Rule, because: str = "") -> Derivation:
        """One line further, by a rule. Raises DerivationError where the rule does not apply."""
        line = rule.applied(self.result, self.given)
        if line is None:
            raise DerivationError(
                f"{self.title}: the rule '{rule.name}' does not apply to {self.result}"
            )
        return self._extended(line, rule, because)

    def rewritten(self, line: Any, because: str) -> Derivation:
        """One line further, in another form. Raises DerivationError unless it is equal."""
        line = sp.sympify(line)
        before, after = map(self.given.worked_out, (self.result, line))
        if not self.given.equal(before, after):
            if not self.given.apart(before, after) <= checking.EXACT:
                raise DerivationError(
                    f"{self.title}: {line} is not equal to {self.result}"
                )
            points = self.given.points(self.given.samples())
            because = f"{because}; checked at {points} points"
        return self._extended(line, REWRITING, because)

    def _extended(self, line: Any, rule: Rule, because: str) -> Derivation:
        equivalent = rule.relation == "=" and isinstance(
            line, sp.Rel | Between
        )
        relation = r"\iff" if equivalent else rule.relation
        step = Step(
            line,
            self._latex(line),
            relation,
            rule.name,
            rule.statement,
            because,
        )
        return replace(self, steps=(*self.steps, step))

    def _latex(self, line: Any) -> str:
        return printing.latex(
            line, one_variable=len(self.given.arguments) == 1
        )

    # What a derivation becomes.

    def latex(self) -> str:
        """The result: left-hand side = last line."""
        return f"{self._latex(self.lhs)} {self.relation} {self._latex(self.result)}"

    def __repr__(self) -> str:
        lines = (
            f"  {step.relation} {step.line}  ({step.rule})"
            for step in self.steps
        )
        return "\n".join([str(self.lhs), *lines])

    def _repr_latex_(self) -> str:
        first, *others = [
            rf"{step.relation} {step.latex} && \text{{{step.rule}}}"
            for step in self.steps
        ]
        lines = [
            f"{self._latex(self.lhs)} &{first}",
            *(f"&{line}" for line in others),
        ]
        tex = (
            r"\begin{aligned}" + r" \\[4pt] ".join(lines) + r"\end{aligned}"
        )
        return f"$${printing.without_roles(tex)}$$"

    def numpy(self) -> Callable[..., Any]:
        """The result as a NumPy function of `given.arguments`."""
        return self._numpy

    @cached_property
    def _numpy(self) -> Callable[..., Any]:
        return self.given.function(self.result)

    def javascript(self, name: str) -> str:
        """The result as the source of one JavaScript function of `given.arguments`."""
        return self.given.javascript(name, self.result)

    def checks(self) -> list[Check]:
        """The result held against its witnesses. Raises DerivationError where one disagrees."""
        return self._checks

    @cached_property
    def _checks(self) -> list[Check]:
        return checking.run(self)

    def to_data(self) -> dict[str, Any]:
        """Everything a page needs, ready for JSON."""
        return self._data

    @cached_property
    def _data(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "lhs": self._latex(self.lhs),
            "steps": [
                {
                    "latex": step.latex,
                    "relation": step.relation,
                    "rule": step.rule,
                    "statement": step.statement,
                    "because": step.because,
                }
                for step in self.steps
            ],
            "result": self._latex(self.result),
            "relation": self.relation,
            "equation": self.latex(),
            "arguments": [
                str(argument) for argument in self.given.arguments
            ],
            "javascript": self.javascript(self.name),
            "checks": [asdict(check) for check in self.checks()],
        }


def _identifier(lhs: Any) -> str:
    def of(side: Any) -> str:
        return str(side.func if side.is_Function else side)

    return f"d{of(lhs.of)}_d{of(lhs.by)}" if hasattr(lhs, "by") else of(lhs)


class Problem(Protocol):
    """What a derivation asks of the quantities it is about: `Given`, or `GivenMatrices`."""

    @property
    def arguments(self) -> tuple[Any, ...]: ...

    def worked_out(self, line: Any) -> Any: ...
    def has_a_value(self, line: Any) -> bool: ...
    def equal(self, a: Any, b: Any) -> bool: ...
    def apart(
        self, before: Any, after: Any, relation: str = "="
    ) -> float: ...
    def samples(self) -> list[tuple[Array, ...]]: ...
    def smooth_samples(self) -> list[tuple[Array, ...]]: ...
    def points(self, samples: Sequence[tuple[Array, ...]]) -> int: ...
    def function(self, line: Any) -> Callable[..., Array]: ...
    def javascript(self, name: str, line: Any) -> str: ...
    def nudged(self, derivation: Derivation) -> Callable[..., Array]: ...
    def in_javascript(self, source: str) -> Callable[..., Array]: ...


# The rules. Each is one line of a textbook, and the rewriting that line permits.


def rule(
    name: str, statement: str, relation: str = "="
) -> Callable[[Rewrite], Rule]:
    """Turns a rewriting into a Rule."""
    return lambda rewrite: Rule(name, statement, rewrite, relation)


def slope_rule(name: str, statement: str) -> Callable[[Rewrite], Rule]:
    """Turns a rewriting of one slope into a Rule."""

    def decorate(rewrite: Rewrite) -> Rule:
        def only_slopes(expr: Any, given: Given) -> Any:
            return (
                rewrite(expr, given)
                if isinstance(expr, Slope | MatrixSlope)
                else None
            )

        return Rule(name, statement, only_slopes)

    return decorate


@slope_rule(
    "definition", r"q = f \;\Rightarrow\; \frac{dq}{dv} = \frac{df}{dv}"
)
def definition(slope: Slope, given: Any) -> Any:
    """Opens a name only where v stands in its formula; until then the chain rule leads to it."""
    meaning = given.definitions.get(slope.of)
    if meaning is None or slope.of == slope.by:
        return None
    return (
        Slope(meaning, slope.by)
        if slope.of.is_Function or meaning.has(slope.by)
        else None
    )


@slope_rule(
    "chain rule",
    r"\frac{\partial L}{\partial v}"
    r" = \sum_q \frac{\partial L}{\partial q} \cdot \frac{\partial q}{\partial v}",
)
def chain_rule(slope: Slope, given: Given) -> Any:
    """q runs over the quantities computed directly from v: one link of the chain, on every path."""
    if slope.of not in given.definitions:
        return None
    users = given.users(slope.by, within=slope.of)
    if not users or slope.of in users:
        return None
    return sp.Add(
        *(Slope(slope.of, user) * Slope(user, slope.by) for user in users)
    )


@slope_rule("sum rule", r"(u + v)' = u' + v'")
def sum_rule(slope: Slope, given: Given) -> Any:
    if not isinstance(slope.of, sp.Add):
        return None
    return sp.Add(*(Slope(term, slope.by) for term in slope.of.args))


@slope_rule("constant", r"c' = 0")
def constant(slope: Slope, given: Given) -> Any:
    return None if given.depends(slope.of, slope.by) else sp.Integer(0)


@slope_rule("constant factor", r"(c\,u)' = c\,u'")
def constant_factor(slope: Slope, given: Given) -> Any:
    c, u = _split(slope, given)
    return None if c == 1 or u == 1 else c * Slope(u, slope.by)


@slope_rule("product rule", r"(u\,v)' = u'\,v + u\,v'")
def product_rule(slope: Slope, given: Given) -> Any:
    if not isinstance(slope.of, sp.Mul) or _split(slope, given)[0] != 1:
        return None
    u, v = slope.of.as_two_terms()
    return Slope(u, slope.by) * v + u * Slope(v, slope.by)


@slope_rule(
    "quotient rule",
    r"\left(\frac{u}{v}\right)' = \frac{u'\,v - u\,v'}{v^2}",
)
def quotient_rule(slope: Slope, given: Given) -> Any:
    u, v = sp.fraction(slope.of)
    if not (given.depends(u, slope.by) and given.depends(v, slope.by)):
        return None
    return (Slope(u, slope.by) * v - u * Slope(v, slope.by)) / v**2


@slope_rule("power rule", r"(u^n)' = n\,u^{n-1}\,u'")
def power_rule(slope: Slope, given: Given) -> Any:
    if not isinstance(slope.of, sp.Pow) or given.depends(
        slope.of.exp, slope.by
    ):
        return None
    u, n = slope.of.as_base_exp()
    return sp.Mul(n, u ** (n - 1), _inner(u, slope.by), evaluate=False)


@slope_rule("slope of the exponential", r"(e^u)' = e^u\,u'")
def exponential_rule(slope: Slope, given: Given) -> Any:
    if not isinstance(slope.of, sp.exp):
        return None
    return slope.of * _inner(slope.of.exp, slope.by)


@slope_rule("slope of the logarithm", r"(\ln u)' = \frac{u'}{u}")
def logarithm_rule(slope: Slope, given: Given) -> Any:
    if not isinstance(slope.of, sp.log):
        return None
    return _inner(slope.of.args[0], slope.by) / slope.of.args[0]


@slope_rule("slope of a straight line", r"(c\,v + d)' = c")
def straight_line(slope: Slope, given: Given) -> Any:
    moving = [
        term
        for term in sp.Add.make_args(slope.of)
        if given.depends(term, slope.by)
    ]
    if len(moving) != 1:
        return None
    c, v = _split(Slope(moving[0], slope.by), given)
    return c if v == slope.by else None


@slope_rule(
    "branch by branch", r"\text{inside a branch, only that branch counts}"
)
def by_branch(slope: Slope, given: Given) -> Any:
    """Says nothing of the border, where there may be no slope: there the condition chooses."""
    if not isinstance(slope.of, sp.Piecewise):
        return None
    branches: Any = slope.of.args
    return sp.Piecewise(
        *(
            (Slope(value, slope.by), condition)
            for value, condition in branches
        )
    )


@rule("definition, read backwards", r"f = q")
def named(expr: Any, given: Given) -> Any:
    """A definition read backwards: what is known under a name is called by it."""
    for name, meaning in given.definitions.items():
        if expr == meaning:
            return name
    return None


@rule("meaning of a name", r"q = f")
def meaning(expr: Any, given: Any) -> Any:
    return (
        given.definitions.get(expr)
        if expr.is_Symbol or expr.is_Function
        else None
    )


@rule("common factor", r"c\,u + c\,v = c\,(u + v)")
def common_factor(expr: Any, given: Any) -> Any:
    if not isinstance(expr, sp.Add):
        return None
    factored = sp.factor_terms(expr)
    return factored if isinstance(factored, sp.Mul) else None


@rule("powers of one base", r"c^m\,c^n = c^{m+n}")
def powers_of_one_base(expr: Any, given: Any) -> Any:
    if not isinstance(expr, sp.Mul):
        return None
    combined = sp.powsimp(expr, combine="exp")
    return combined if combined != expr else None


# Rules for inequalities and equations: the same is done to every side.


@rule("absolute value", r"|u| < c \iff -c < u < c", relation=r"\iff")
def absolute_value(expr: Any, given: Any) -> Any:
    if not (
        isinstance(expr, sp.StrictLessThan) and isinstance(expr.lhs, sp.Abs)
    ):
        return None
    bound: Any = expr.rhs
    inside: Any = expr.lhs.args[0]
    return Between(-bound, inside, bound)


def added(c: Any) -> Rule:
    """c is added to every side."""

    def rewrite(expr: Any, given: Any) -> Any:
        return _on_every_side(expr, lambda side: side + c)

    return Rule(
        "the same on every side",
        r"u < v \iff u + c < v + c",
        rewrite,
        r"\iff",
    )


def divided(c: Any) -> Rule:
    """Every side is divided by c, which SymPy must know to be positive."""

    def rewrite(expr: Any, given: Any) -> Any:
        return (
            _on_every_side(expr, lambda side: side / c)
            if c.is_positive
            else None
        )

    return Rule(
        "division by a positive number",
        r"u < v \iff u/c < v/c",
        rewrite,
        r"\iff",
    )


@rule(
    "signs turned round", r"u < v < c \iff -c < -v < -u", relation=r"\iff"
)
def turned_round(expr: Any, given: Any) -> Any:
    if not isinstance(expr, Between):
        return None
    sides: Any = expr.args
    low, middle, high = sides
    return Between(-high, -middle, -low)


def _on_every_side(expr: Any, change: Callable[[Any], Any]) -> Any:
    if not isinstance(expr, Between | sp.Eq):
        return None
    return expr.func(*map(change, expr.args))


# A result as a rule.


def known(*results: Derivation) -> Rule:
    """The results of other derivations, used as a rule.

    The slope of a function of one variable is used with whatever stands inside the function;
    the slope of a named quantity only where the same quantities are given.
    """

    def rewrite(slope: Slope, given: Any) -> Any:
        for result in results:
            asked, answer = result.lhs, result.result
            if asked.of.is_Function and slope.of.func == asked.of.func:
                [inside] = slope.of.args
                return answer.xreplace({asked.by: inside}) * _inner(
                    inside, slope.by
                )
            if slope == asked and given is result.given:
                return answer
        return None

    title = results[0].title[0].lower() + results[0].title[1:]
    statements = r",\quad ".join(result.latex() for result in results)
    return slope_rule(
        title if len(results) == 1 else "slopes already found", statements
    )(rewrite)


def _split(slope: Slope, given: Given) -> tuple[Any, Any]:
    """The factors of `slope.of` that stay and those that move, each as one product."""
    stays, moves = sp.Integer(1), sp.Integer(1)
    for factor in sp.Mul.make_args(slope.of):
        if given.depends(factor, slope.by):
            moves *= factor
        else:
            stays *= factor
    return stays, moves


def _inner(u: Any, by: Any) -> Any:
    """u', which is 1 and not worth writing where u is the variable itself."""
    return sp.Integer(1) if u == by else Slope(u, by)
