"""What the check on the page finds, and what it lets pass."""

import runpy

import pytest


@pytest.fixture(scope="module")
def check():
    return runpy.run_path("docs/examples/gradient_check.py")


@pytest.mark.parametrize("situation", ["right", "off_the_kink"])
def test_a_correct_gradient_passes(check, situation):
    assert max(check[situation].values()) < 1e-7


@pytest.mark.parametrize("situation", ["averaged", "on_the_kink"])
def test_only_the_array_with_the_trouble_fails(check, situation):
    failed = {name for name, error in check[situation].items() if error > 1e-4}
    assert failed == {"b1"}


def test_single_precision_fails_with_a_correct_gradient(check):
    assert min(check["in_single"].values()) > 1e-4
