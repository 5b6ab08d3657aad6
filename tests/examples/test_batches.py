"""A batch's gradient is the sum of its examples', and the conventions differ by plain factors."""

import runpy

import pytest


@pytest.fixture(scope="module")
def batch():
    return runpy.run_path("docs/examples/batches.py")


def test_the_slope_of_a_bias_is_the_sum_of_the_errors(batch):
    assert batch["db"] == pytest.approx(batch["delta"].sum(axis=0))


def test_each_convention_is_off_by_its_factor(batch):
    outputs, examples = 2, 4
    assert batch["times"] == pytest.approx(
        {
            "half_squared_error_sum": 1,
            "half_squared_error_mean": 1 / examples,
            "squared_error_sum": 2,
            "mean_squared_error_mean": 2 / outputs / examples,
        }
    )


def test_each_mistake_leaves_a_mark(batch):
    assert set(batch["off"]) == {"bias_sum_for_mean", "product_of_means", "only_last_example"}
    assert min(batch["off"].values()) > 0.1
