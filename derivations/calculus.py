"""Derivations as code: a chain of lines, each made from the last by a named rule.

    Rule         a name, its textbook statement, and the rewriting itself
    Step         one line, with the rule that made it
    Given        the quantities of a problem, each defined by the ones before it
    Derivation   what is wanted, and the lines so far

`derivation.by(rule)` computes the next line; a rule that does not apply is an error.
`derivation.rewritten(line, because=...)` is the only line written by hand, and must be provably
equal to the one before. So a line can be clumsy, but it cannot be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy as sp

from . import checking, printing
from .checking import Check, DerivationError, Reference
from .slope import Slope

Rewrite = Callable[[Any, "Given"], Any]


@dataclass(frozen=True)
class Given:
    """Named quantities in the order they are computed, and what they are computed from.

    `arguments` are the quantities nobody computes: inputs, parameters, targets. They are the
    arguments of the generated functions, in this order. `ranges` says where the seeded points
    of the checks are drawn (default -2 to 2), `awkward` are rows added to them by hand.
    """

    arguments: tuple[Any, ...]
    definitions: dict[Any, Any] = field(default_factory=dict[Any, Any])
    ranges: Mapping[Any, tuple[float, float]] = field(
        default_factory=dict[Any, tuple[float, float]]
    )
    awkward: tuple[tuple[float, ...], ...] = ()

    def composed(self, expr: Any, until: Any = None) -> Any:
        """`expr` with every name opened, down to the arguments or to the quantity `until`."""
        for name, definition in reversed(self.definitions.items()):
            if name != until:
                expr = expr.xreplace({name: definition})
        return expr

    def depends(self, expr: Any, by: Any) -> bool:
        return self.composed(expr, until=by).has(by)

    def users(self, name: Any, within: Any) -> list[Any]:
        """The quantities computed directly from `name` on which `within` depends."""
        return [
            user
            for user, definition in self.definitions.items()
            if definition.has(name) and (user == within or self.depends(within, user))
        ]

    def worked_out(self, line: Any) -> Any:
        """`line` in the arguments alone, every slope in it taken by SymPy's own derivative."""
        return self.composed(self._differentiated(line))

    def _differentiated(self, expr: Any) -> Any:
        if isinstance(expr, Slope):
            return self.composed(self._differentiated(expr.of), until=expr.by).diff(expr.by)
        if not expr.has(Slope):
            return expr
        return expr.func(*map(self._differentiated, expr.args))


@dataclass(frozen=True)
class Rule:
    """A rewriting with a name. `rewrite` returns the new form, or None: it does not apply."""

    name: str
    statement: str
    rewrite: Rewrite
    relation: str = "="

    def applied(self, line: Any, given: Given) -> Any:
        """`line` with the rule used wherever it fits, from the outside in; None if nowhere."""
        new = self.rewrite(line, given)
        if new is not None:
            return new
        parts = [self.applied(part, given) for part in line.args]
        if all(part is None for part in parts):
            return None
        return line.func(
            *(old if new is None else new for old, new in zip(line.args, parts, strict=True))
        )


@dataclass(frozen=True)
class Step:
    """One line, how it relates to the line before, and why."""

    line: Any
    relation: str
    rule: str
    statement: str
    because: str

    @property
    def latex(self) -> str:
        return printing.latex(self.line)


@dataclass(frozen=True)
class Derivation:
    """What is wanted, and the lines that lead to it. Every step returns a longer derivation."""

    title: str
    lhs: Any
    given: Given
    agrees_with: Reference | None = None
    steps: tuple[Step, ...] = ()

    @property
    def result(self) -> Any:
        """The last line."""
        return self.steps[-1].line if self.steps else self.lhs

    def by(self, rule: Rule, because: str = "") -> Derivation:
        """One line further, by a rule. Raises DerivationError where the rule does not apply."""
        line = rule.applied(self.result, self.given)
        if line is None:
            raise DerivationError(
                f"{self.title}: the rule '{rule.name}' does not apply to {self.result}"
            )
        return self._extended(Step(line, rule.relation, rule.name, rule.statement, because))

    def rewritten(self, line: Any, because: str) -> Derivation:
        """One line further, in another form. Raises DerivationError unless it is equal."""
        line = sp.sympify(line)
        before, after = self.given.worked_out(self.result), self.given.worked_out(line)
        if provably_equal(before, after):
            return self._extended(Step(line, "=", "rewriting", "", because))
        points = checking.points(self.given)
        apart = checking.difference(
            checking.numpy_function(self.given.arguments, before)(*points),
            checking.numpy_function(self.given.arguments, after)(*points),
        )
        if apart > checking.EXACT:
            raise DerivationError(f"{self.title}: {line} is not equal to {self.result}")
        seen = f"{because} (equal at {len(points[0])} points)"
        return self._extended(Step(line, "=", "rewriting", "", seen))

    def _extended(self, step: Step) -> Derivation:
        return replace(self, steps=(*self.steps, step))

    # What a derivation becomes.

    def latex(self) -> str:
        """The result: left-hand side = last line."""
        return f"{printing.latex(self.lhs)} = {printing.latex(self.result)}"

    def _repr_latex_(self) -> str:
        first, *others = [
            rf"{step.relation} {step.latex} && \text{{{step.rule}}}" for step in self.steps
        ]
        lines = [f"{printing.latex(self.lhs)} &{first}", *(f"&{line}" for line in others)]
        return r"$$\begin{aligned}" + r" \\[4pt] ".join(lines) + r"\end{aligned}$$"

    @property
    def name(self) -> str:
        """The left-hand side as an identifier, such as dL_dw11."""
        return f"d{_identifier(self.lhs.of)}_d{_identifier(self.lhs.by)}"

    def numpy(self) -> Callable[..., Any]:
        """The result as a NumPy function of `given.arguments`."""
        return checking.numpy_function(self.given.arguments, self.given.worked_out(self.result))

    def javascript(self, name: str) -> str:
        """The result as the source of one JavaScript function of `given.arguments`."""
        needed = self.result.free_symbols
        lines: list[str] = []
        for quantity, definition in reversed(self.given.definitions.items()):
            if quantity in needed:
                lines.insert(0, f"  const {quantity} = {printing.javascript(definition)};")
                needed = needed | definition.free_symbols
        arguments = ", ".join(map(str, self.given.arguments))
        body = "\n".join([*lines, f"  return {printing.javascript(self.result)};"])
        return f"function {name}({arguments}) {{\n{body}\n}}"

    def checks(self) -> list[Check]:
        """The result held against its witnesses. Raises DerivationError where one disagrees."""
        return self._checked

    @cached_property
    def _checked(self) -> list[Check]:
        return checking.run(self)

    def to_data(self) -> dict[str, Any]:
        """Everything a page needs, ready for JSON."""
        return {
            "title": self.title,
            "lhs": printing.latex(self.lhs),
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
            "result": printing.latex(self.result),
            "equation": self.latex(),
            "arguments": [str(argument) for argument in self.given.arguments],
            "javascript": self.javascript(self.name),
            "checks": [asdict(check) for check in self.checks()],
        }


def _identifier(expr: Any) -> str:
    return str(expr.func if expr.is_Function else expr)


def provably_equal(a: Any, b: Any) -> bool:
    """True if SymPy can show that a - b is zero; False where it cannot decide."""
    difference = sp.expand(a - b)
    return difference == 0 or sp.cancel(difference) == 0


# The rules. Each is one line of a textbook, and the rewriting that line permits.


def rule(name: str, statement: str, relation: str = "=") -> Callable[[Rewrite], Rule]:
    """Turns a rewriting into a Rule."""
    return lambda rewrite: Rule(name, statement, rewrite, relation)


def slope_rule(name: str, statement: str) -> Callable[[Rewrite], Rule]:
    """Turns a rewriting of one slope into a Rule."""

    def decorate(rewrite: Rewrite) -> Rule:
        def only_slopes(expr: Any, given: Given) -> Any:
            return rewrite(expr, given) if isinstance(expr, Slope) else None

        return Rule(name, statement, only_slopes)

    return decorate


@slope_rule("definition", r"q = f \;\Rightarrow\; \frac{dq}{dv} = \frac{df}{dv}")
def definition(slope: Slope, given: Given) -> Any:
    if slope.of == slope.by or slope.of not in given.definitions:
        return None
    return Slope(given.definitions[slope.of], slope.by)


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
    return sp.Add(*(Slope(slope.of, user) * Slope(user, slope.by) for user in users))


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


@slope_rule("quotient rule", r"\left(\frac{u}{v}\right)' = \frac{u'\,v - u\,v'}{v^2}")
def quotient_rule(slope: Slope, given: Given) -> Any:
    u, v = sp.fraction(slope.of)
    if not (given.depends(u, slope.by) and given.depends(v, slope.by)):
        return None
    return (Slope(u, slope.by) * v - u * Slope(v, slope.by)) / v**2


@slope_rule("power rule", r"(u^n)' = n\,u^{n-1}\,u'")
def power_rule(slope: Slope, given: Given) -> Any:
    if not isinstance(slope.of, sp.Pow) or given.depends(slope.of.exp, slope.by):
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
    moving = [term for term in sp.Add.make_args(slope.of) if given.depends(term, slope.by)]
    if len(moving) != 1:
        return None
    c, v = _split(Slope(moving[0], slope.by), given)
    return c if v == slope.by else None


@slope_rule("branch by branch", r"\text{inside a branch, only that branch counts}")
def by_branch(slope: Slope, given: Given) -> Any:
    """Says nothing of the border, where there may be no slope: there the condition chooses."""
    if not isinstance(slope.of, sp.Piecewise):
        return None
    branches: Any = slope.of.args
    return sp.Piecewise(*((Slope(value, slope.by), condition) for value, condition in branches))


@rule("name", r"f = q")
def named(expr: Any, given: Given) -> Any:
    """A definition read backwards: what is known under a name is called by it."""
    for name, meaning in given.definitions.items():
        if expr == meaning:
            return name
    return None


def known(result: Derivation) -> Rule:
    """The result of another derivation, used as a rule.

    The slope of a function of one variable is used with whatever stands inside the function;
    the slope of a named quantity only where the same quantities are given.
    """
    asked, answer = result.lhs, result.result

    def rewrite(slope: Slope, given: Given) -> Any:
        if asked.of.is_Function and slope.of.func == asked.of.func:
            inside = slope.of.args[0]
            return answer.xreplace({asked.by: inside}) * _inner(inside, slope.by)
        return answer if slope == asked and given is result.given else None

    return slope_rule(result.title[0].lower() + result.title[1:], result.latex())(rewrite)


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
