"""A target of one cannot be overshot; a target of one half can."""

import runpy

import pytest


@pytest.fixture(scope="module")
def overshoot():
    return runpy.run_path("docs/examples/overshoot.py")


@pytest.fixture
def after(overshoot):
    return dict(zip(overshoot["learning_rates"], overshoot["after"], strict=True))


def test_with_a_target_of_one_half_the_loss_falls_and_then_rises_above_the_start(overshoot, after):
    assert overshoot["target"] == 0.5
    assert overshoot["before"] == pytest.approx(0.0739, abs=5e-5)
    assert after[5] == pytest.approx(0.0073, abs=5e-5)
    assert after[10] == pytest.approx(0.0132, abs=5e-5)
    assert after[20] == pytest.approx(0.1371, abs=5e-5)


def test_with_a_target_of_one_a_longer_step_only_helps(overshoot):
    losses = [overshoot["before_one"], *overshoot["after_one"]]
    assert losses[0] == pytest.approx(0.5956659297922058, rel=1e-12)
    assert losses == sorted(losses, reverse=True)
