"""The tests of a minute say what the page says they say."""

import runpy

import numpy as np
import pytest

from chainrule import LOSSES
from chainrule.losses import softmax


@pytest.fixture(scope="module")
def pitfalls():
    return runpy.run_path("docs/examples/pitfalls.py")


def test_a_good_start_knows_nothing_and_a_wild_one_thinks_it_does(pitfalls):
    assert pitfalls["first"]["he"] == pytest.approx(pitfalls["knows_nothing"], rel=0.1)
    assert pitfalls["first"]["normal"] > 2 * pitfalls["knows_nothing"]


def test_eight_digits_are_learned_by_heart(pitfalls):
    assert pitfalls["steps"] < 1000


def test_the_floor_is_the_loss_of_a_perfect_answer_given_as_shares(pitfalls):
    shares = softmax(np.array([[1000.0] + [0.0] * 9]))
    loss = LOSSES["softmax_cross_entropy"].value(shares, np.eye(10)[:1], reduction="sum")
    assert loss == pytest.approx(pitfalls["floor"])
