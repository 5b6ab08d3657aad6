"""The error at the output for each loss, the slope that cancels, and the numbers that break."""

import runpy

import numpy as np
import pytest


@pytest.fixture(scope="module")
def losses():
    return runpy.run_path("docs/examples/losses.py")


def test_with_cross_entropy_the_error_is_output_minus_target(losses):
    z, t = losses["z"][0], losses["t"][0]
    sigmoid = 1 / (1 + np.exp(-z))
    softmax = np.exp(z) / np.exp(z).sum()
    errors = losses["errors"]
    np.testing.assert_allclose(errors["identity_binary_cross_entropy"], sigmoid - t, atol=1e-15)
    np.testing.assert_allclose(errors["identity_softmax_cross_entropy"], softmax - t, atol=1e-15)


def test_with_squares_the_slope_of_the_sigmoid_stays(losses):
    y, t = 1 / (1 + np.exp(-losses["z"][0])), losses["t"][0]
    found = losses["errors"]["sigmoid_half_squared_error"]
    np.testing.assert_allclose(found, (y - t) * y * (1 - y), atol=1e-15)


def test_a_softmax_error_adds_up_to_zero_and_the_elementwise_rule_does_not(losses):
    assert losses["errors"]["identity_softmax_cross_entropy"].sum() == pytest.approx(0, abs=1e-15)
    assert losses["elementwise"][1:] == pytest.approx([0, 0])


def test_a_confident_mistake_is_hardly_pushed_by_squares():
    """The errors at z = 2, 5 and 10."""
    found = runpy.run_path("docs/examples/losses.py")
    assert found["by_squares"][1:] == pytest.approx([0.0925, 0.0066, 4.5e-5], rel=0.01)
    assert found["by_entropy"][1:] == pytest.approx([0.881, 0.993, 0.99995], rel=1e-3)


def test_far_out_the_loss_is_the_logit_and_the_formula_as_written_is_infinite():
    found = runpy.run_path("docs/examples/stability.py")
    assert found["loss_far"] == found["far"]
    with np.errstate(all="ignore"):
        assert np.isinf(found["as_written"](found["sure"], 0.0))
