"""One step of the worked network lowers its loss by about what its slopes predict."""

import runpy

import pytest


@pytest.fixture(scope="module")
def step():
    return runpy.run_path("docs/examples/one_step.py")


def test_the_loss_falls(step):
    assert 0 < step["loss_after"] < step["before"]["loss"]


def test_the_slopes_predict_the_fall_to_first_order(step):
    assert step["predicted_drop"] == pytest.approx(step["real_drop"], rel=0.05)
    assert step["predicted_drop"] != pytest.approx(step["real_drop"], rel=1e-6)
