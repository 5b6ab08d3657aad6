"""A run on digits: parts that do not overlap, the best epoch kept, a sealed part judged once."""

import runpy

import numpy as np
import pytest


@pytest.fixture(scope="module")
def run():
    return runpy.run_path("docs/examples/whole_run.py")


def test_the_three_parts_share_no_example(run):
    parts = np.concatenate([run["ours"], run["held_out"], run["sealed"]])
    assert sorted(parts) == list(range(len(run["x"])))


def test_the_network_kept_is_that_of_the_least_held_out_loss(run):
    losses = [loss for loss, _ in run["history"]]
    assert np.argmin(losses) == run["of_epoch"] == run["epoch"] - run["patience"]
    assert run["tried_on"](run["kept"], run["held_out"])[0] == min(losses)


def test_it_reads_digits(run):
    assert run["final_right"] > 0.9
