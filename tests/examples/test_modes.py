"""A tape gives the same slopes whichever end it is read from."""

import runpy

import pytest


@pytest.fixture(scope="module")
def modes():
    return runpy.run_path("docs/examples/modes.py")


def test_both_walks_find_the_same_slopes(modes):
    assert modes["reverse"] == pytest.approx(modes["onward"], rel=1e-12)


def test_a_long_chain_needs_no_recursion(modes):
    assert modes["links"] > 50 * modes["deepest"]
    assert modes["slope"] == pytest.approx(0.99999 ** modes["links"])
