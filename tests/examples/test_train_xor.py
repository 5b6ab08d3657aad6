"""XOR: most starts learn it, some stay on the plateau, and nothing lies between."""

import runpy

import pytest


@pytest.fixture(scope="module")
def xor():
    return runpy.run_path("docs/examples/train_xor.py")


def test_most_starts_learn_it_and_some_do_not(xor):
    assert xor["solved"] == 13
    assert len(xor["losses"]) == xor["starts"] == 16


def test_a_start_has_clearly_learned_or_is_clearly_stuck(xor):
    learned = [loss for loss in xor["losses"] if loss < xor["good_enough"]]
    stuck = [loss for loss in xor["losses"] if loss >= xor["good_enough"]]
    assert max(learned) < 0.01
    assert min(stuck) > 0.2
