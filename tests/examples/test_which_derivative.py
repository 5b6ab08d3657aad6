"""The lines of the table give the slopes that nudging gives."""

import runpy

import pytest

from chainrule import ACTIVATIONS


@pytest.fixture(scope="module")
def found():
    return runpy.run_path("docs/examples/which_derivative.py")


def test_every_pair_agrees_with_finite_differences(found):
    assert found["worst"] < 1e-7


def test_every_activation_and_every_last_layer_is_tried(found):
    last_layers = sum(map(len, found["last_layers"].values()))
    assert found["combinations"] == last_layers * len(ACTIVATIONS)
