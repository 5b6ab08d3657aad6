"""The engine: what it refuses, what it catches, and how it writes."""

import numpy as np
import pytest
import sympy as sp

from derivations import calculus, layer_recursion, matrices, sigmoid, symbols, two_two_one
from derivations.calculus import Derivation, Rule, definition, power_rule
from derivations.checking import DerivationError, Reference, difference, excess
from derivations.given import Given
from derivations.nodes import Between, MatrixSlope, Slope
from derivations.printing import latex
from derivations.symbols import L, b, eta, lam, sigma, t, w, x, y, z

line = Given(arguments=(w, b, x), definitions={z: w * x + b})
slope_of_z = Derivation("Slope of z", Slope(z, w), line)


def wrong(new: sp.Basic) -> Rule:
    """A rule that puts anything in the place of a slope."""
    return Rule("wrong", "wrong", lambda expr, given: new if isinstance(expr, Slope) else None)


# What is refused.


def test_a_rule_that_does_not_apply_is_refused():
    with pytest.raises(DerivationError, match="the rule 'power rule' does not apply to Slope"):
        slope_of_z.by(definition).by(power_rule)


def test_a_rewriting_that_is_not_equal_is_refused():
    with pytest.raises(DerivationError, match="is not equal to"):
        slope_of_z.by(definition).rewritten(2 * x, because="it looks right")


def test_a_rewriting_that_differs_only_far_out_is_refused():
    with pytest.raises(DerivationError, match="is not equal to"):
        sigmoid.slope.rewritten(sigma(z) * (1 - sigma(z)) + 1e-9 * z**2, because="nearly")


def test_a_rewriting_without_a_value_is_refused():
    openly = Derivation("No numbers", sp.Function("f")(x), Given(arguments=(x,)))
    with pytest.raises(DerivationError, match="is not equal to"):
        openly.rewritten(sp.Function("g")(x), because="who knows")


def test_where_sympy_cannot_decide_the_step_says_so():
    positive = sp.Symbol("w", real=True)
    given = Given(arguments=(positive,), ranges={positive: (4.5, 9)})
    root = Derivation("A root", sp.sqrt(positive**2 + 2 * positive + 1), given)
    assert root.rewritten(positive + 1, because="a square").steps[0].because == (
        "a square; checked at 24 points"
    )


def test_a_step_extends_and_never_edits():
    longer = slope_of_z.by(definition)
    assert (len(slope_of_z.steps), len(longer.steps)) == (0, 1)
    with pytest.raises(AttributeError):
        longer.title = "other"  # type: ignore[misc]


def test_a_known_slope_is_refused_where_other_quantities_are_given():
    other = Given(arguments=two_two_one.given.arguments, definitions={L: two_two_one.t**2})
    with pytest.raises(DerivationError, match="does not apply"):
        Derivation("Elsewhere", Slope(L, two_two_one.z3), other).by(
            calculus.known(two_two_one.dL_dz3)
        )


def test_a_symbol_made_twice_is_refused():
    with pytest.raises(ValueError, match="made twice"):
        symbols._known_as(symbols.w, "w", "w")


# What the checks catch.

PLANTED = {
    "the slope of the sigmoid is z (1 - z)": z * (1 - z),
    "the slope of the sigmoid is the sigmoid": sigma(z),
    "the sign is turned": -sigma(z) * (1 - sigma(z)),
    "it is off by one part in a million": sigma(z) * (1 - sigma(z)) * (1 + sp.Float(1e-6)),
    "it is not a number": sp.log(-1 - z**2),
}


@pytest.mark.parametrize("result", PLANTED.values(), ids=PLANTED.keys())
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_a_wrong_rule_is_caught(result: sp.Expr):
    planted = Derivation("Planted", Slope(sigma(z), z), sigmoid.given).by(wrong(result))
    with pytest.raises(DerivationError, match=r"Planted: differs from SymPy"):
        planted.checks()


def test_a_reference_that_disagrees_is_caught():
    liar = Reference("liar", lambda w, b, x: x + 1e-11)
    doubted = Derivation("Doubted", Slope(z, w), line, agrees_with=liar).by(definition)
    with pytest.raises(DerivationError, match=r"differs from liar by 1\.0e-11, more than 1e-12"):
        doubted.by(calculus.straight_line).checks()


def test_a_function_before_that_disagrees_is_caught_by_differences():
    liar = Reference("liar", lambda w, b, x: x, before=lambda w, b, x: 1.001 * w * x)
    doubted = Derivation("Doubted", Slope(z, w), line, agrees_with=liar).by(definition)
    with pytest.raises(DerivationError, match="differs from central differences"):
        doubted.by(calculus.straight_line).checks()


def test_javascript_that_disagrees_is_caught(monkeypatch: pytest.MonkeyPatch):
    finished = slope_of_z.by(definition).by(calculus.straight_line)
    monkeypatch.setattr(Given, "javascript", lambda *_: "function derived(w, b, x) { return b; }")
    with pytest.raises(DerivationError, match="differs from the generated JavaScript"):
        finished.checks()


def test_a_bound_that_is_broken_is_caught():
    too_low = Rule("too low", "", lambda e, g: sp.Rational(1, 5), relation=r"\le")
    bound = Derivation("Too low", Slope(sigma(z), z), sigmoid.given).by(too_low)
    with pytest.raises(DerivationError, match="Too low: differs from"):
        bound.checks()


@pytest.mark.parametrize(
    "gradient",
    {
        "transposed": lambda delta, a: a * delta.T,
        "doubled": lambda delta, a: sp.MatAdd(delta * a.T, delta * a.T),
    }.items(),
    ids=lambda item: item[0],
)
def test_a_wrong_matrix_gradient_is_caught_at_rectangular_sizes(gradient: tuple):
    given = layer_recursion.own_layer
    result = gradient[1](symbols.delta_k, symbols.a_below)
    planted = Rule("wrong", "wrong", lambda e, g: result if isinstance(e, MatrixSlope) else None)
    with pytest.raises(DerivationError, match="differs from SymPy"):
        Derivation("Planted", MatrixSlope(L, symbols.W_k), given).by(planted).checks()


def test_the_residual_is_relative_above_one_and_absolute_below():
    assert difference([2e6 + 1, 1e-3], [2e6, 0]) == pytest.approx(1e-3)
    assert np.isinf(difference(np.ones((2, 3)), np.ones((3, 2))))


def test_only_what_rises_above_a_bound_counts():
    assert excess([1.0, 1.0], [0.5, 1.25]) == pytest.approx(0.2)
    assert excess([1.0, 1.0], [0.5, 1.0]) == 0


# The rules themselves, one at a time.

u, v = sp.exp(z), sp.log(z)
ONE_RULE = [
    (calculus.sum_rule, u + v, Slope(u, z) + Slope(v, z)),
    (calculus.constant, w + 1, sp.Integer(0)),
    (calculus.constant_factor, 3 * w * u, 3 * w * Slope(u, z)),
    (calculus.product_rule, u * v, Slope(u, z) * v + u * Slope(v, z)),
    (calculus.quotient_rule, z / v, (Slope(z, z) * v - z * Slope(v, z)) / v**2),
    (calculus.power_rule, v**3, 3 * v**2 * Slope(v, z)),
    (calculus.exponential_rule, sp.exp(z**2), sp.exp(z**2) * Slope(z**2, z)),
    (calculus.logarithm_rule, sp.log(u + 1), Slope(u + 1, z) / (u + 1)),
    (calculus.straight_line, 3 * z + w, sp.Integer(3)),
    (calculus.known(sigmoid.slope), sigma(v), sigma(v) * (1 - sigma(v)) * Slope(v, z)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "of", "new"), ONE_RULE, ids=lambda part: getattr(part, "name", "")
)
def test_a_rule_does_what_its_statement_says(rule: Rule, of: sp.Expr, new: sp.Expr):
    given = Given(arguments=(z, w), ranges={z: (0.5, 2)})
    assert rule.applied(Slope(of, z), given) == new
    assert given.apart(given.worked_out(Slope(of, z)), given.worked_out(new)) <= 1e-12


def test_the_chain_rule_adds_the_paths():
    fork = Given(arguments=(x,), definitions={z: x**2, y: x**3, L: y * z})
    assert calculus.chain_rule.applied(Slope(L, x), fork) == (
        Slope(L, z) * Slope(z, x) + Slope(L, y) * Slope(y, x)
    )
    assert fork.worked_out(Slope(L, x)) == 5 * x**4


def test_division_by_what_may_be_negative_is_refused():
    asked = Derivation("Sign unknown", Between(0, w * x, 2), Given(arguments=(w, x)))
    with pytest.raises(DerivationError, match="does not apply"):
        asked.by(calculus.divided(w))


def test_the_trace_rules_give_the_textbook_gradient():
    product = sp.Trace(sp.MatMul(symbols.Delta.T, symbols.A, symbols.W.T))
    asked = MatrixSlope(product, symbols.W)
    given = matrices.GivenMatrices(arguments=(), definitions={}, sizes=())
    for rule in (matrices.transposed, matrices.cyclic, matrices.trace_slope):
        asked = rule.applied(asked, given)
    assert matrices.transpose_of_product.applied(asked, given) == symbols.Delta.T * symbols.A


# How it writes.


def test_every_symbol_is_named_by_an_identifier():
    for symbol in symbols.LATEX:
        if not isinstance(symbol, sp.Indexed):
            assert str(symbol).isidentifier()


def test_no_two_symbols_of_a_page_look_alike():
    for given in (two_two_one.given, sigmoid.given):
        written = [latex(name) for name in (*given.arguments, *given.definitions)]
        assert len(set(written)) == len(written)


WRITTEN = {
    (y - t) * y * (1 - y) * x: r"(\act{y} - \act{t})\,\act{y}\,(1 - \act{y})\,\act{x}",
    w * x + b: r"\w{w}\,\act{x} + \w{b}",
    Slope(L, w) * x: r"\g{\frac{\partial L}{\partial w}} \cdot \act{x}",
    w - eta * Slope(L, w): r"\w{w} - \eta \cdot \g{\frac{\partial L}{\partial w}}",
    1 / (1 + sp.exp(-z)): r"\frac{1}{1 + e^{-z}}",
    sigma(z) ** 2: r"\sigma^{2}(z)",
    2 / lam: r"\frac{2}{\lambda}",
    -sp.exp(-z) / 2: r"-\frac{1}{2}\,e^{-z}",
}


@pytest.mark.parametrize(("expr", "tex"), WRITTEN.items(), ids=WRITTEN.values())
def test_a_line_is_written_as_on_a_board(expr: sp.Expr, tex: str):
    assert latex(expr) == tex
