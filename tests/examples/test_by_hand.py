"""The program without arrays agrees with the reference, digit by digit."""

import runpy

import numpy as np
import pytest

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, gradients


@pytest.fixture(scope="module")
def by_hand():
    return runpy.run_path("docs/examples/by_hand.py")


@pytest.fixture(scope="module")
def reference():
    sigmoid = ACTIVATIONS["sigmoid"]
    network = [
        Layer(Affine(np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([0.35, 0.35])), sigmoid),
        Layer(Affine(np.array([[0.40, 0.45]]), np.array([0.60])), sigmoid),
    ]
    loss = LOSSES["half_squared_error"]
    return gradients(network, np.array([[0.5, 0.8]]), np.array([[1.0]]), loss, reduction="sum")


@pytest.mark.parametrize(
    ("name", "layer", "place"),
    [
        ("w11", 0, (0, 0)), ("w12", 0, (0, 1)), ("w21", 0, (1, 0)), ("w22", 0, (1, 1)),
        ("w31", 1, (0, 0)), ("w32", 1, (0, 1)),
    ],
)  # fmt: skip
def test_every_weight_has_the_slope_of_the_reference(by_hand, reference, name, layer, place):
    assert by_hand[f"dL_d{name}"] == pytest.approx(reference[layer].W[place], rel=1e-13)


@pytest.mark.parametrize(("name", "layer", "unit"), [("b1", 0, 0), ("b2", 0, 1), ("b3", 1, 0)])
def test_every_bias_has_the_slope_of_the_reference(by_hand, reference, name, layer, unit):
    assert by_hand[f"dL_d{name}"] == pytest.approx(reference[layer].b[unit], rel=1e-13)


def test_the_loss_is_the_published_one(by_hand):
    assert by_hand["y"] == pytest.approx(0.7611626158, abs=5e-11)
    assert by_hand["L"] == pytest.approx(0.0285216480, abs=5e-11)
