"""Training: minibatches, one step of gradient descent, and many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    Adam,
    Affine,
    Layer,
    Momentum,
    backward,
    dense_network,
    forward,
    gradients,
    minibatches,
    sgd,
    train,
    update,
)
from tests.random_networks import random_case

CASE = random_case(ACTIVATIONS["tanh"], ACTIVATIONS["identity"], LOSSES["squared_error"], 3, seed=0)


@given(st.integers(0, 40), st.integers(1, 50), st.integers(0, 2**32))
def test_an_epoch_shows_every_example_once_with_its_own_target(
    examples: int, batch_size: int, seed: int
):
    x = np.arange(examples)[:, np.newaxis]
    batches = list(minibatches(x, 10 * x, batch_size, np.random.default_rng(seed)))
    for x_batch, t_batch in batches:
        np.testing.assert_array_equal(t_batch, 10 * x_batch)
    seen = [row for x_batch, _ in batches for row in x_batch.ravel()]
    assert sorted(seen) == list(range(examples))
    assert all(len(x_batch) == batch_size for x_batch, _ in batches[:-1])


def test_every_epoch_has_an_order_of_its_own():
    x = np.arange(50)[:, np.newaxis]
    rng = np.random.default_rng(0)
    first, second = ([batch.tolist() for batch, _ in minibatches(x, x, 10, rng)] for _ in range(2))
    assert first != second
    assert first != [x[start : start + 10].tolist() for start in range(0, 50, 10)]


def test_a_step_moves_each_parameter_against_its_gradient():
    network, step = (
        CASE.network,
        gradients(CASE.network, CASE.x, CASE.t, CASE.loss, reduction="sum"),
    )
    for new, old, gradient in zip(sgd(network, step, 0.1), network, step, strict=True):
        np.testing.assert_array_equal(new.affine.W, old.affine.W - 0.1 * gradient.W)
        np.testing.assert_array_equal(new.affine.b, old.affine.b - 0.1 * gradient.b)
        assert new.activation is old.activation


def test_a_step_leaves_the_old_network_as_it_was():
    copies = [(layer.affine.W.copy(), layer.affine.b.copy()) for layer in CASE.network]
    step = gradients(CASE.network, CASE.x, CASE.t, CASE.loss, reduction="sum")
    sgd(CASE.network, step, 0.1)
    for layer, (W, b) in zip(CASE.network, copies, strict=True):
        np.testing.assert_array_equal(layer.affine.W, W)
        np.testing.assert_array_equal(layer.affine.b, b)


def test_what_does_not_belong_together_is_refused():
    tape = forward(CASE.network, CASE.x)
    step = gradients(CASE.network, CASE.x, CASE.t, CASE.loss, reduction="sum")
    with pytest.raises(ValueError, match="shorter"):
        backward(CASE.network, tape[1:], CASE.t)
    with pytest.raises(ValueError, match="shorter"):
        sgd(CASE.network, step[:-1], 0.1)


def test_a_small_step_lowers_the_loss_as_much_as_the_gradient_says():
    learning_rate = 1e-6
    batch = CASE.x, CASE.t, CASE.loss
    step = gradients(CASE.network, *batch, reduction="sum")
    _, (before, after) = train(
        CASE.network, *batch, reduction="sum", learning_rate=learning_rate, epochs=1,
        batch_size=len(CASE.x), rng=np.random.default_rng(0),
    )  # fmt: skip
    predicted = learning_rate * sum((g.W**2).sum() + (g.b**2).sum() for g in step)
    assert before - after == pytest.approx(predicted, rel=1e-3)


def test_training_learns_xor():
    rng = np.random.default_rng(0)
    network = dense_network(
        [2, 4, 1],
        [ACTIVATIONS["tanh"], ACTIVATIONS["identity"]],
        INITIALIZERS["xavier"],
        rng,
    )
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    t = np.array([[0.0], [1.0], [1.0], [0.0]])
    trained, history = train(
        network, x, t, LOSSES["binary_cross_entropy"], reduction="mean",
        learning_rate=0.5, epochs=500, batch_size=2, rng=rng,
    )  # fmt: skip
    assert len(history) == 501
    assert history[0] > 0.5
    assert history[-1] < 0.05
    assert trained is not network


def test_the_same_seed_trains_the_same_network():
    def run() -> list[float]:
        return train(
            CASE.network, CASE.x, CASE.t, CASE.loss, reduction="mean",
            learning_rate=0.05, epochs=5, batch_size=2, rng=np.random.default_rng(7),
        )[1]  # fmt: skip

    assert run() == run()


def test_a_network_of_single_precision_is_trained_in_single_precision():
    single = [
        type(layer)(
            Affine(layer.affine.W.astype(np.float32), layer.affine.b.astype(np.float32)),
            layer.activation,
        )
        for layer in CASE.network
    ]
    x, t = CASE.x.astype(np.float32), CASE.t.astype(np.float32)
    trained, _ = train(
        single, x, t, CASE.loss, reduction="mean",
        learning_rate=0.1, epochs=2, batch_size=2, rng=np.random.default_rng(0),
    )  # fmt: skip
    assert {part.dtype for layer in trained for part in (layer.affine.W, layer.affine.b)} == {
        np.dtype(np.float32)
    }


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_precision_is_the_caller_s_all_the_way(activation: str, loss: str, rule: str):
    last = "identity" if LOSSES[loss].takes_logits else activation
    case = random_case(ACTIVATIONS[activation], ACTIVATIONS[last], LOSSES[loss], 2, seed=0)
    x, t = case.x.astype(np.float32), case.t.astype(np.float32)
    network = [
        Layer(
            Affine(layer.affine.W.astype(np.float32), layer.affine.b.astype(np.float32)),
            layer.activation,
        )
        for layer in case.network
    ]
    rules = {"momentum": Momentum(0.1), "adam": Adam(0.1)}
    states = None
    for _ in range(2):
        tape = forward(network, x)
        step = gradients(network, x, t, case.loss, reduction="mean")
        if rule == "sgd":
            network = sgd(network, step, 0.1)
        else:
            network, states = update(rules[rule], network, step, states)
        arrays = [array for record in tape for array in (record.a_in, record.z, record.a)]
        arrays += [part for affine in step for part in (affine.W, affine.b)]
        arrays += [part for layer in network for part in (layer.affine.W, layer.affine.b)]
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
