"""The numbers behind the claims about descent and about the first weights."""

import pytest


def test_on_xor_most_of_the_fall_comes_late(numbers):
    found = numbers("C04")
    assert found["early"] == found["clouds"] >= 10
    assert found["late"] == found["learned"] >= 25
    assert 0.6 < found["earliest"] < found["median"] == pytest.approx(0.78, abs=0.06)


def test_small_batches_often_raise_the_loss_of_all_and_the_whole_never_does(numbers):
    shares = numbers("C05")["shares"]
    assert shares[:3] == pytest.approx([0.46, 0.25, 0.29], abs=0.05)
    assert shares[3] == 0
    assert numbers("C05")["after"] == 1.125


def test_the_limit_of_the_learning_rate_is_sharp_in_a_bowl_and_not_elsewhere(numbers):
    found = numbers("C14")
    assert found["curvature"] == pytest.approx(13.2816, rel=1e-5)
    assert found["limit"] == pytest.approx(0.150584, rel=1e-5)
    settled, rising, steep = found["losses"]
    assert settled == pytest.approx(0.026899, rel=1e-3)
    assert rising == pytest.approx(2.9e7, rel=0.02)
    assert steep == pytest.approx(1.1e78, rel=0.02)
    assert found["cycle"] == pytest.approx(0.888, abs=1e-3)


def test_only_sigmoids_leave_zero_and_then_as_copies_of_one_unit(numbers):
    found = numbers("C20")
    assert found["sizes"][:2] == [0, 0]
    assert found["sizes"][2] > 0
    assert found["rank"] == 1
    assert found["correct_share"] > 0.95


def test_equal_losses_do_not_keep_a_neuron_from_learning(numbers):
    found = numbers("C21")
    assert found["losses"] == pytest.approx([0.693147] * 2, rel=1e-5)
    assert found["slopes"] == [-0.5, 0.5]
    assert found["size"] > 0.5


def test_rows_are_equal_and_elements_are_not(numbers):
    found = numbers("C22")
    assert found["rows_apart"] == 0
    row, inputs = found["rows"][0], found["inputs"]
    assert [w / row[0] for w in row] == pytest.approx([x / inputs[0] for x in inputs])


def test_equal_sigmoids_never_solve_xor_and_one_gelu_can(numbers):
    found = numbers("C23")
    assert found["best"] <= 0.75
    assert found["apart"] == 0
    assert found["separating"] > 500


def test_each_activation_needs_its_own_factor(numbers):
    found = numbers("C24")
    assert found["relu"][1] == pytest.approx(2.35e-6, rel=0.5)
    assert found["tanh"][1] == pytest.approx(0.027, rel=0.2)
    assert 0.5 < found["identity"][1] < 2
    assert 1 < found["he"][1] < 4
