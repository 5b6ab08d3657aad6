"""On the 2-3-2 network every shape is another one, and the gradient agrees with nudging."""

import runpy

import pytest


@pytest.fixture(scope="module")
def network():
    return runpy.run_path("docs/examples/two_three_two.py")


def test_the_shapes_are_those_of_the_page(network):
    assert network["batch_size"] == 4
    assert network["shapes"] == {"a_in": "(4, 2)", "W": "(3, 2)", "b": "(3,)", "z": "(4, 3)"}


def test_a_gradient_has_the_shape_of_its_parameter(network):
    for affine, slope in zip(network["affines"], network["gradients"], strict=True):
        assert slope.W.shape == affine.W.shape
        assert slope.b.shape == affine.b.shape


def test_the_gradient_agrees_with_nudges_real_and_imaginary(network):
    assert network["against_nudging"] < 1e-8
    assert network["against_complex_step"] < 1e-14
