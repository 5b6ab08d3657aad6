"""The tape gives the output neuron the slopes of the worked network."""

import runpy

import pytest


def test_the_tape_agrees_with_the_worked_network():
    tape = runpy.run_path("docs/examples/tape.py")
    by_hand = runpy.run_path("docs/examples/by_hand.py")
    names = ["dL_dw31", "dL_dw32", "dL_db3", "dL_dh1", "dL_dh2"]
    expected = [by_hand[name] for name in names]
    assert tape["slopes"] == pytest.approx(expected, rel=1e-5)  # h1 and h2 are given to 6 digits
