"""Equal neurons have equal rows, not equal entries; lengths are kept or lost by the start."""

import runpy

import numpy as np
import pytest


@pytest.fixture(scope="module")
def start():
    return runpy.run_path("docs/examples/first_weights.py")


def test_zeros_pass_no_gradient_down(start):
    assert not start["slopes"]["zeros"].any()


def test_equal_weights_make_rows_equal_and_columns_not(start):
    W = start["slopes"]["constant"]
    assert np.allclose(W, W[:1], atol=1e-15)
    assert W[:, 1] / W[:, 0] == pytest.approx(start["x"][0, 1] / start["x"][0, 0])


def test_an_orthogonal_start_keeps_the_length_and_a_normal_one_does_not(start):
    assert start["lengths"]["orthogonal"] == pytest.approx(1, abs=1e-12)
    assert start["lengths"]["normal"] > 1e40
