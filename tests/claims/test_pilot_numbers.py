"""Numbers that were computed once before, by other programs: the claims must find them again."""

import numpy as np
import pytest
import sympy as sp

from docs.experiments.bowls import best_settings, steps_to_converge
from docs.experiments.finite_differences import POINT, third_derivative
from docs.experiments.products import least_passed_on

PILOT = [
    ("C32", "law", 0.55797, 1e-5),
    ("C32", "critical", 0.57237, 1e-5),
    ("C33", "hidden", [0.366, 0.0117, 8.0e-5], 2e-3),
    ("C33", "curvature_squared", -0.0278, 2e-3),
    ("C34", "crossing", 1.66288589, 1e-8),
    ("C36", "angles", [0, 54.9, 78.6, 86.4], 1e-3),
    ("C37", "turning", 0.005625, 1e-9),
    ("C38", "plain", [1, 13, 71, 709, 7082], 0),
    ("C38", "best", [1, 10, 27, 95, 321], 0),
    ("C39", "spike", 3.1516, 1e-4),
    ("C39", "longest", 7.2703, 1e-4),
    ("C42", "layer", 0.0625, 0.05),
    ("C44", "angle_value", 23.7, 1e-3),
    ("C46", "legal", [1, 8], 0),
    ("C49", "truth", 0.104994, 1e-5),
    ("C54", "exponential", [0, 1, 2, 6], 0.03),
    ("C56", "forward", [1_010_000, 101_000, 250_000], 0),
    ("C57", "times", 146, 5e-3),
    ("C58", "limits", [11.09, 88.72, 709.78], 1e-4),
    ("C60", "printed", 0.39322386648296376, 1e-14),
    ("C60", "truth", 0.419974341614026, 1e-14),
    ("C61", "right", 0.291027773694, 1e-11),
    ("C61", "mixed", 0.291027923905, 1e-11),
    ("C62", "steps", [74, 424], 0),
    ("C62", "y_after", 0.659554, 1e-5),
    ("C63", "after", [0.260659, 0.025091, 0.285751], 1e-4),
]


@pytest.mark.parametrize(("id", "name", "expected", "relative"), PILOT)
def test_an_earlier_number_is_found_again(numbers, id, name, expected, relative):
    beside_zero = 1e-5 if np.any(np.equal(expected, 0)) else 0
    assert numbers(id)[name] == pytest.approx(expected, rel=relative, abs=beside_zero)


def test_what_gets_through_residual_blocks_is_right_to_all_digits():
    """In two dimensions it is also the determinant over the largest singular value."""
    rng, product, determinant = np.random.default_rng(0), np.eye(2), 1.0
    for _ in range(50):
        block = np.eye(2) + rng.standard_normal((2, 2)) / np.sqrt(2)
        product, determinant = product @ block, determinant * abs(np.linalg.det(block))
    smallest = determinant / np.linalg.norm(product, ord=2)
    assert least_passed_on(1.0, size=2, seeds=1)[0] == pytest.approx(smallest, rel=1e-9)


def test_no_other_setting_of_momentum_is_faster_than_the_best():
    around = np.array([(r, b) for r in (1, 0.8, 1.2) for b in (1, 0.8, 1.2)])
    kappa = np.full(len(around), 10.0)
    settings = np.array(best_settings(kappa)) * around.T
    best, *others = steps_to_converge(kappa, *settings, limit=200)
    assert best <= min(others) + 2


def test_the_third_derivative_is_that_of_the_function():
    x = sp.symbols("x")
    third = sp.exp(sp.sin(x)).diff(x, 3).subs(x, POINT)
    assert third_derivative(POINT) == pytest.approx(float(third), rel=1e-12)
