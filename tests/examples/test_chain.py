"""The slopes on the chain-rule page are those of the composed functions."""

import runpy
from math import cos, sin

import pytest


@pytest.fixture(scope="module")
def chain():
    return runpy.run_path("docs/examples/chain.py")


def test_two_functions_multiply_their_slopes(chain):
    assert chain["dv_dx"] == pytest.approx(2 * 2.0 * cos(4.0), rel=1e-14)


def test_three_functions_multiply_three_slopes(chain):
    assert chain["dL_dx"] == pytest.approx(3 * sin(4.0) ** 2 * cos(4.0) * 4.0, rel=1e-14)


def test_a_fork_adds_the_slopes_of_its_paths(chain):
    assert chain["fork"] == pytest.approx(chain["fork_direct"], rel=1e-14)
