"""The full step of the demonstration network has its published numbers, and its trace agrees."""

import runpy

import numpy as np
import pytest


@pytest.fixture(scope="module")
def demo():
    return runpy.run_path("docs/examples/demo.py")


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("z1", [0.585, 0.715]),
        ("h", [0.642217, 0.671505]),
        ("y", 0.7611626158),
        ("loss", 0.0285216480),
        ("delta_out", -0.0434192),
        ("dL_dh", [-0.017368, -0.019539]),
        ("delta_hidden", [-0.00399065, -0.00430995]),
        ("dW1", [[-0.00199532, -0.00319252], [-0.00215498, -0.00344796]]),
        ("db1", [-0.00399065, -0.00430995]),
        ("dW2", [[-0.0278846, -0.0291562]]),
        ("db2", [-0.0434192]),
    ],
)
def test_the_numbers_are_the_published_ones(demo, name, published):
    np.testing.assert_allclose(demo[name], published, rtol=3e-5)


def test_the_error_is_what_arrives_times_the_slope_of_the_sigmoid(demo):
    slope = demo["h"] * (1 - demo["h"])
    np.testing.assert_allclose(demo["delta_hidden"], demo["dL_dh"] * slope, rtol=1e-13)


def test_the_loss_falls(demo):
    assert demo["loss_after"] == pytest.approx(0.0267783433, abs=1e-10)
    assert demo["loss_after"] < demo["loss"]


def test_the_trace_tells_the_same(demo):
    hidden, output = demo["trace"]["layers"]
    assert hidden["z"] == demo["z1"].tolist()
    assert hidden["a"] == demo["h"].tolist()
    assert hidden["delta"] == demo["delta_hidden"].tolist()
    assert hidden["dW"] == demo["dW1"].tolist()
    assert output["delta"] == [demo["delta_out"]]
    assert output["dW"] == demo["dW2"].tolist()
    assert (demo["trace"]["loss"], demo["final"]["loss"]) == (demo["loss"], demo["loss_after"])
