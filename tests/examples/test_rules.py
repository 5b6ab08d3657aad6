"""What three rules make of the same gradient."""

import runpy

import pytest


@pytest.fixture(scope="module")
def rules():
    return runpy.run_path("docs/examples/rules.py")


def test_the_first_step_of_momentum_is_plain(rules):
    assert rules["first_step"]["momentum"] == rules["first_step"]["plain"]


def test_the_first_step_of_adam_has_one_length_for_all(rules):
    assert rules["first_step"]["Adam"] == pytest.approx([0.05, 0.05], rel=1e-5)


def test_all_start_from_the_same_loss_and_lower_it(rules):
    for losses in rules["losses"].values():
        assert losses[0] == pytest.approx(0.0285216480)
        assert losses[0] > losses[10] > losses[100]
