"""Shapes leave one product if all sizes differ, and more if any two agree."""

import runpy

import pytest


@pytest.fixture(scope="module")
def counted():
    return runpy.run_path("docs/examples/shape_check.py")


@pytest.mark.parametrize(("sizes", "count"), [("oblong", 1), ("square", 2), ("all_equal", 8)])
def test_so_many_products_fit_and_one_is_right(counted, sizes, count):
    found = counted[sizes]
    assert len(found) == count
    assert [name for name, off in found.items() if off < 1e-6] == ["delta.T @ a_in"]


def test_the_wrong_ones_are_far_off(counted):
    assert counted["nearest_wrong"] > 0.5


def test_a_wrong_transpose_on_a_square_layer_shows_in_no_shape_and_lowers_the_loss(counted):
    assert counted["same_shapes"]
    assert counted["off"] > 0.1
    assert counted["loss_after"] < counted["demo"].loss
