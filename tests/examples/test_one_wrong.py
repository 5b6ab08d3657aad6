"""A slip lies far outside the noise of every way to the slopes."""

import runpy

import pytest


@pytest.fixture(scope="module")
def one_wrong():
    return runpy.run_path("docs/examples/one_wrong.py")


def test_between_rounding_and_mistakes_lies_nothing(one_wrong):
    assert one_wrong["gap"] > 1e6
    assert min(one_wrong["off"].values()) > 1e-5


def test_every_slip_shown_is_off(one_wrong):
    assert len(one_wrong["off"]) == len(one_wrong["mistakes"])
