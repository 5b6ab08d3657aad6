"""The products of one layer, with einsum as the witness that spells out every sum."""

import runpy

import numpy as np
import pytest


@pytest.fixture(scope="module")
def layer():
    return runpy.run_path("docs/examples/matrices.py")


@pytest.mark.parametrize(
    ("name", "sum_of", "factors"),
    [
        ("dL_dW", "i,j->ij", ("delta", "h")),
        ("dL_dh", "ij,i->j", ("W", "delta")),
    ],
)
def test_a_product_is_the_sum_it_says(layer, name, sum_of, factors):
    expected = np.einsum(sum_of, *(layer[factor] for factor in factors))
    np.testing.assert_allclose(layer[name], expected, rtol=1e-14)


def test_a_gradient_has_the_shape_of_its_matrix(layer):
    assert layer["dL_dW"].shape == layer["W"].shape == (2, 3)
