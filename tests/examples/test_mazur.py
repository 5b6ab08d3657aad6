"""Mazur's network: his printed loss is that of a wrong order, to all its digits."""

import runpy

import pytest


@pytest.fixture(scope="module")
def mazur():
    return runpy.run_path("docs/examples/mazur.py")


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("loss_before", 0.298371108760),
        ("loss_after", 0.291027773694),
        ("printed_after", 0.291027923905),
        ("loss_if_separate", 0.280471446791),
        ("loss_if_shared", 0.285750886699),
    ],
)
def test_each_convention_has_its_own_loss(mazur, name, loss):
    assert mazur[name] == pytest.approx(loss, rel=0, abs=6e-13)


def test_what_he_printed_is_the_wrong_order_and_not_the_right_one(mazur):
    printed = 0.291027924
    assert round(mazur["printed_after"], 9) == printed
    assert round(mazur["loss_after"], 9) != printed


@pytest.mark.parametrize(
    ("order", "outputs"),
    [("right", [0.015913620, 0.984064274]), ("printed", [0.015912196, 0.984065734])],
)
def test_ten_thousand_steps_tell_the_orders_apart_too(mazur, order, outputs):
    cr, network, without_biases = mazur["cr"], mazur["network"], mazur["without_biases"]

    def step(network, gradients):
        return cr.sgd(network, without_biases(gradients), mazur["learning_rate"])

    for _ in range(10_000):
        tape = cr.forward(network, mazur["x"])
        dL_dy = mazur["error"].gradient(tape[-1].a, mazur["t"], reduction="sum")
        gradients = cr.backward(network, tape, dL_dy)
        if order == "printed":
            mixed = [network[0], step(network, gradients)[1]]
            gradients = cr.backward(mixed, tape, dL_dy)
        network = step(network, gradients)
    y = cr.forward(network, mazur["x"])[-1].a[0]
    assert y == pytest.approx(outputs, abs=6e-10)
