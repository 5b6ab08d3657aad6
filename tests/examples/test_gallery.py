"""The gallery's measurements: most mistakes let the loss fall, and only the full check sees all."""

import runpy

import pytest


@pytest.fixture(scope="module")
def gallery():
    return runpy.run_path("docs/examples/gallery.py")


def test_every_slip_of_the_catalogue_is_there(gallery):
    from chainrule.slips import SLIPS

    assert [row["id"] for row in gallery["rows"]] == list(SLIPS)


def test_the_full_check_notices_whatever_changes_the_gradient(gallery):
    assert gallery["caught"]["all"] == gallery["gradient_count"] > 50


def test_the_loss_falls_in_spite_of_most_mistakes(gallery):
    assert gallery["caught"]["loss"] < gallery["gradient_count"] / 2


def test_one_coordinate_misses_what_happens_to_the_biases(gallery):
    [row] = [row for row in gallery["rows"] if row["id"] == "bias_gradient_forgotten"]
    assert row["two_three_two"]["all"]
    assert not row["two_three_two"]["one"]


def test_the_worked_network_hides_mistakes_about_batches(gallery):
    [row] = [row for row in gallery["rows"] if row["id"] == "only_last_example"]
    assert row["worked"]["error"] == pytest.approx(0, abs=1e-12)
    assert row["two_three_two"]["error"] > 0.1


def test_without_a_mistake_the_loss_falls(gallery):
    for row in gallery["rows"]:
        assert row["reference_curve"][-1] < row["reference_curve"][0]
