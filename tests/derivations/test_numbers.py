"""Published numbers, and four ways to compute the demo network that must agree."""

import json
import re

import dukpy
import numpy as np
import pytest
import sympy as sp

from chainrule import (
    ACTIVATIONS,
    LOSSES,
    Affine,
    Layer,
    forward,
    numerical_gradients,
    relative_error,
)
from chainrule.scalar import Value, gradient, variables
from derivations import (
    batch,
    layer_recursion,
    quadratic_descent,
    tanh,
    two_two_one,
    vanishing_bound,
)
from derivations.nodes import Slope
from derivations.symbols import L, k, written_out

# The demo network, in the order of two_two_one.given.arguments.
DEMO = (0.5, 0.8, 1, 0.15, 0.20, 0.25, 0.30, 0.35, 0.35, 0.40, 0.45, 0.60)
EIGHT_DIGITS = {
    "dL_dw11": -0.00199532,
    "dL_dw12": -0.00319252,
    "dL_dw21": -0.00215498,
    "dL_dw22": -0.00344796,
    "dL_db1": -0.00399065,
    "dL_db2": -0.00430995,
}
SEVEN_DIGITS = {"dL_dw31": -0.0278846, "dL_dw32": -0.0291562, "dL_db3": -0.0434192}
SIX_DIGITS = {"dL_dh1": -0.017368, "dL_dh2": -0.019539, "dL_dy": -0.238837}
PUBLISHED = {
    **{name: (value, 5e-9) for name, value in EIGHT_DIGITS.items()},
    **{name: (value, 5e-8) for name, value in SEVEN_DIGITS.items()},
    **{name: (value, 5e-7) for name, value in SIX_DIGITS.items()},
}
ROWS = np.vstack([DEMO, np.random.default_rng(3).normal(size=(40, 12))])


def in_javascript(rows: np.ndarray) -> list[dict[str, float]]:
    source = two_two_one.javascript_module()
    found = dukpy.evaljs(f"{source}; {json.dumps(rows.tolist())}.map(row => two_two_one(...row))")
    return list(found)


@pytest.mark.parametrize(("name", "published"), PUBLISHED.items(), ids=PUBLISHED.keys())
def test_the_demo_network_has_its_published_slopes(name: str, published: tuple[float, float]):
    value, tolerance = published
    assert getattr(two_two_one, name).numpy()(*DEMO) == pytest.approx(value, rel=0, abs=tolerance)


def test_the_demo_network_has_its_published_forward_pass():
    [demo] = in_javascript(np.array([DEMO]))
    assert demo["h1"] == pytest.approx(0.642217, abs=5e-7)
    assert demo["h2"] == pytest.approx(0.671505, abs=5e-7)
    assert demo["y"] == pytest.approx(0.7611626158, abs=5e-11)
    assert demo["L"] == pytest.approx(0.0285216480, abs=5e-11)


def with_scalar_engine(row: np.ndarray) -> dict[str, float]:
    """Every slope of the lesson by the scalar engine, activations included."""
    inputs = variables(*map(float, row))
    x1, x2, t, w11, w12, w21, w22, b1, b2, w31, w32, b3 = inputs
    z1, z2 = w11 * x1 + w12 * x2 + b1, w21 * x1 + w22 * x2 + b2
    h1, h2 = z1.sigmoid(), z2.sigmoid()
    z3 = w31 * h1 + w32 * h2 + b3
    y = z3.sigmoid()
    loss = (y - t) ** 2 * 0.5
    values: dict[str, Value] = dict(
        zip([str(a) for a in two_two_one.given.arguments], inputs, strict=True)
    ) | {"z1": z1, "z2": z2, "h1": h1, "h2": h2, "z3": z3, "y": y}
    slopes = gradient(loss, list(values.values()))
    return {f"dL_d{name}": slope for name, slope in zip(values, slopes, strict=True)}


def test_sympy_numpy_the_scalar_engine_and_javascript_agree():
    given = two_two_one.given
    scripts, scalars = in_javascript(ROWS), [with_scalar_engine(row) for row in ROWS]
    for derivation in two_two_one.in_order:
        arrays = derivation.numpy()(*ROWS.T)
        own = given.function(given.worked_out(Slope(L, derivation.lhs.by)))(*ROWS.T)
        for n in range(len(ROWS)):
            witnesses = [own[n], scripts[n][derivation.name], scalars[n][derivation.name]]
            assert witnesses == pytest.approx([arrays[n]] * 3, rel=1e-12, abs=1e-12)


def test_sympy_agrees_in_exact_arithmetic():
    given = two_two_one.given
    exact = dict(zip(given.arguments, map(sp.Rational, map(str, DEMO)), strict=True))
    for derivation in two_two_one.in_order:
        own = written_out(given.worked_out(derivation.lhs)).subs(exact).evalf(30)
        found = written_out(given.worked_out(derivation.result)).subs(exact).evalf(30)
        assert abs(own - found) < 1e-28
        assert derivation.numpy()(*DEMO) == pytest.approx(float(own), rel=1e-12, abs=1e-15)


def test_the_staged_function_names_every_stage_in_order():
    source = two_two_one.javascript_module()
    names = [row.split()[1] for row in source.splitlines() if row.startswith("  const")]
    assert names[:7] == ["z1", "z2", "h1", "h2", "z3", "y", "L"]
    assert names[7:] == [derivation.name for derivation in two_two_one.in_order]


def test_each_stage_reads_only_what_stands_above_it():
    source = two_two_one.javascript_module().splitlines()
    known = {str(argument) for argument in two_two_one.given.arguments}
    for row in (row for row in source if row.startswith("  const")):
        name, formula = row.removeprefix("  const ").split(" = ")
        read = set(re.findall(r"[A-Za-z]\w*", formula))
        assert read - {"Math", "exp", "pow"} <= known
        known.add(name)


def test_sharing_finds_what_backpropagation_finds():
    counted = two_two_one.operations
    assert counted["loss"] == 25
    assert counted["separate"] > 10 * counted["shared"]
    assert counted["shared"] < 2 * counted["loss"]


@pytest.mark.parametrize("widths", [(2, 3, 2), (3, 4, 2), (4, 3, 5, 2)])
def test_the_recursion_is_the_reference_at_any_depth(widths: tuple[int, ...]):
    assert layer_recursion.largest_difference(*widths) <= 1e-12


def test_the_recursion_agrees_with_differences_of_a_whole_network():
    rng = np.random.default_rng(5)
    layers = [
        Layer(Affine(rng.normal(size=(n, m)), rng.normal(size=n)), ACTIVATIONS["tanh"])
        for m, n in [(2, 3), (3, 4), (4, 2)]
    ]
    x, t = rng.normal(size=(1, 2)), rng.normal(size=(1, 2))
    tape, loss = forward(layers, x), LOSSES["half_squared_error"]
    y = tape[-1].a
    delta = ((y - t) * (1 - y**2)).T
    found = layer_recursion.by_recursion(layers, tape, delta)
    assert relative_error(found, numerical_gradients(layers, x, t, loss, reduction="sum")) < 1e-8


def test_the_gradient_of_a_batch_is_the_sum_over_its_examples():
    rng = np.random.default_rng(6)
    errors, a = rng.normal(size=(3, 4)), rng.normal(size=(3, 2))
    columns = [row[:, np.newaxis] for row in (*errors, *a)]
    assert batch.sum_of_examples.numpy()(*columns) == pytest.approx(
        batch.dL_dW.numpy()(errors, a, np.zeros((4, 2))), rel=1e-14
    )


@pytest.mark.parametrize(
    ("learning_rate", "settles"),
    [(0.0, False), (0.01, True), (0.99, True), (1.0, False), (1.01, False)],
)
def test_a_parabola_of_curvature_two_settles_below_one(learning_rate: float, settles: bool):
    assert bool(quadratic_descent.settles.numpy()(learning_rate, 2.0)) is settles


def test_published_descents_are_reproduced():
    for learning_rate, printed in [(0.2, 0.060466), (0.05, 3.486784), (1.1, 61.917364)]:
        after_ten = quadratic_descent.many_steps.numpy()(10.0, 2.0, learning_rate, 10.0)
        assert after_ten == pytest.approx(printed, abs=5e-7)


def test_sequence_and_recurrence_agree_for_every_number_of_steps():
    result = quadratic_descent.many_steps.result
    factor = quadratic_descent.one_step.result / quadratic_descent.w
    for steps in range(6):
        later, earlier = result.subs(k, steps + 1), result.subs(k, steps)
        assert sp.expand(later - factor * earlier) == 0
    assert result.subs(k, 0) == quadratic_descent.w_0


def test_a_quarter_is_the_largest_slope_and_is_reached_at_zero():
    assert vanishing_bound.largest_slope.result == sp.Rational(1, 4)
    output = sp.Symbol("output")
    assert sp.maximum(output * (1 - output), output, sp.Interval(0, 1)) == sp.Rational(1, 4)
    assert vanishing_bound.sigmoid.slope.numpy()(np.array(0.0)) == 0.25


def test_the_sigmoid_becomes_the_steeper_one_where_it_is_published():
    assert tanh.crossing == pytest.approx(1.66288589, abs=5e-9)


def test_the_window_of_amplification_is_as_wide_as_published():
    assert vanishing_bound.widest["w"] == pytest.approx(6.894, abs=5e-4)
    assert vanishing_bound.widest["width"] == pytest.approx(0.447743, abs=5e-7)
    for weight in (vanishing_bound.widest["w"] * scale for scale in (0.9, 0.999, 1.001, 1.1)):
        assert vanishing_bound.window.numpy()(weight) < vanishing_bound.widest["width"]


def test_no_window_opens_below_a_weight_of_four():
    assert np.allclose(vanishing_bound.window.numpy()(4.0), 0)
