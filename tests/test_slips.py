"""Every slip is the reference with one thing changed, and it makes a difference."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    Affine,
    Layer,
    dense_network,
    forward,
    gradients,
    sgd,
    slips,
    train,
)
from chainrule.catalogue import source
from chainrule.scalar import variables
from chainrule.slips import SLIPS, Memory, SlipError
from tests.planted import ACTIVATION_NAMES, IN_A_GRADIENT, LOSS_NAMES, Planted

EDITS = [(slip.id, edit) for slip in SLIPS.values() for edit in slip.edits]


def example(sizes=(3, 4, 2), activation="tanh", loss="half_squared_error", batch_size=5):
    """A network with biases, a batch, targets that suit any loss, and the loss."""
    rng = np.random.default_rng(0)
    names = [activation] * (len(sizes) - 2)
    names += ["identity" if LOSSES[loss].takes_logits else activation]
    plain = dense_network(sizes, [ACTIVATIONS[n] for n in names], INITIALIZERS["xavier"], rng)
    network = [
        Layer(Affine(layer.affine.W, rng.standard_normal(layer.affine.b.shape)), layer.activation)
        for layer in plain
    ]
    t = np.eye(sizes[-1])[rng.integers(sizes[-1], size=batch_size)]
    return network, rng.standard_normal((batch_size, sizes[0])), t, LOSSES[loss]


def numbers(affines):
    return [part for affine in affines for part in (affine.W, affine.b)]


def assert_equal(found, expected):
    for f, e in zip(numbers(found), numbers(expected), strict=True):
        np.testing.assert_allclose(f, e, rtol=1e-13, atol=0)


# The catalogue


def test_there_are_at_least_as_many_slips_as_promised():
    assert len(IN_A_GRADIENT) >= 40


@pytest.mark.parametrize(("slip_id", "edit"), EDITS, ids=[f"{i}-{e.function}" for i, e in EDITS])
def test_the_right_expression_stands_in_the_reference_exactly_once(slip_id, edit):
    assert source(edit.function).count(edit.right) == 1
    assert edit.right_line != edit.wrong_line


@pytest.mark.parametrize("slip", SLIPS.values(), ids=list(SLIPS))
def test_a_slip_tells_its_story_in_whole_sentences(slip):
    for text in slip.statement, slip.why, slip.symptom:
        assert text.endswith(".")
        assert text[0].isupper() or not text[0].isalpha() or text[0] in "σδ∂e" or " " in text
    for seen in slip.seen:
        assert seen.url.startswith("https://")


def test_every_misconception_that_is_a_mistake_in_code_has_its_slip():
    in_thought_only = {25, 28, 29, 30, 31, 32, 33, 34, 39, 40}
    told = {code for slip in SLIPS.values() for code in slip.codes}
    assert told == {f"M{n}" for n in range(1, 41) if n not in in_thought_only}


def test_expressions_contain_each_other_or_lie_apart():
    for (_, a), (_, b) in combinations(EDITS, 2):
        if a.function == b.function and a.right not in b.right and b.right not in a.right:
            text = source(a.function)
            i, j = text.index(a.right), text.index(b.right)
            assert i + len(a.right) <= j or j + len(b.right) <= i


# Slips at work


@pytest.mark.parametrize("loss", LOSS_NAMES)
@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_without_a_slip_the_numbers_are_those_of_the_reference(loss, reduction):
    network, x, t, chosen = example(loss=loss)
    found = slips.gradients([], network, x, t, chosen, reduction=reduction)
    assert_equal(found, gradients(network, x, t, chosen, reduction=reduction))
    value = slips.loss_value([], network, x, t, chosen, reduction=reduction)
    y = forward(network, x)[-1].a
    assert value == float(chosen.value(y, t, reduction=reduction))
    assert_equal(
        [layer.affine for layer in slips.update([], network, found, 0.5)],
        [layer.affine for layer in sgd(network, found, 0.5)],
    )


@pytest.mark.parametrize("slip", IN_A_GRADIENT, ids=lambda slip: slip.id)
def test_a_slip_changes_the_gradient_in_some_setting(slip):
    settings = [(a, loss, r) for a in ACTIVATIONS for loss in LOSS_NAMES for r in ("sum", "mean")]
    assert any(
        Planted((slip.id,), *setting).changes_the_numbers()
        for setting in settings
        if setting[0] in {*ACTIVATION_NAMES, "leaky_relu", "gelu_tanh"}
    )


@pytest.mark.parametrize("slip_id", ["common_logarithm", "binary_logarithm", "half_forgotten"])
def test_a_slip_in_the_loss_changes_its_value(slip_id):
    loss = "half_squared_error" if slip_id == "half_forgotten" else "softmax_cross_entropy"
    batch = example(loss=loss)
    wrong = slips.loss_value([slip_id], *batch, reduction="sum")
    right = slips.loss_value([], *batch, reduction="sum")
    ratio = {"common_logarithm": np.log(10), "binary_logarithm": np.log(2), "half_forgotten": 0.5}
    assert wrong * ratio[slip_id] == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize(
    ("slip_id", "rate", "bias_rate"),
    [("learning_rate_forgotten", 1, 1), ("step_uphill", -0.1, -0.1), ("bias_not_updated", 0.1, 0)],
)
def test_a_slip_in_the_update_takes_another_step(slip_id, rate, bias_rate):
    network, x, t, loss = example()
    step = gradients(network, x, t, loss, reduction="sum")
    for old, new, gradient in zip(
        network, slips.update([slip_id], network, step, 0.1), step, strict=True
    ):
        np.testing.assert_allclose(new.affine.W, old.affine.W - rate * gradient.W, rtol=1e-14)
        np.testing.assert_allclose(new.affine.b, old.affine.b - bias_rate * gradient.b, rtol=1e-14)


def test_a_missing_slope_can_be_missing_in_one_layer_only():
    network, x, t, loss = example(sizes=(3, 4, 5, 2))
    right = gradients(network, x, t, loss, reduction="sum")
    name = "missing_activation_derivative"
    for place, unchanged in ("output", 0), ("hidden", 1), ("2", 1), ("1", 2), ("all", 0):
        found = slips.gradients([f"{name}@{place}"], network, x, t, loss, reduction="sum")
        same = [np.allclose(f.W, r.W) for f, r in zip(found, right, strict=True)]
        assert sum(same) == unchanged, place


def test_two_slips_of_one_line_can_be_made_together():
    network, x, t, loss = example()
    right = gradients(network, x, t, loss, reduction="sum")
    names = ["bias_mean_for_sum", "transposed_gradient"]
    for found, r in zip(
        slips.gradients(names, network, x, t, loss, reduction="sum"), right, strict=True
    ):
        np.testing.assert_allclose(found.W, r.W.T)
        np.testing.assert_allclose(found.b, r.b / len(x))


def test_slips_of_one_expression_can_be_made_in_different_layers():
    network, x, t, loss = example()
    tape = forward(network, x)
    dL_dy = loss.gradient(tape[-1].a, t, reduction="sum")
    names = ["missing_activation_derivative@output", "activation_for_slope@hidden"]
    found = slips.gradients(names, network, x, t, loss, reduction="sum")
    np.testing.assert_allclose(found[1].b, dL_dy.sum(axis=0))
    np.testing.assert_allclose(found[0].b, (dL_dy @ network[1].affine.W * tape[0].a).sum(axis=0))


def test_slips_of_one_expression_of_one_layer_are_refused():
    names = ["missing_activation_derivative", "activation_for_slope"]
    with pytest.raises(SlipError, match="change the same expression"):
        slips.gradients(names, *example(), reduction="sum")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no_such_slip", "no slip called"),
        ("dropped_input@nowhere", "no place"),
        ("dropped_input@9", "1 to 2"),
    ],
)
def test_an_unknown_name_is_refused(name, says):
    with pytest.raises(SlipError, match=says):
        slips.gradients([name], *example(), reduction="sum")


def test_updated_weights_need_a_learning_rate():
    with pytest.raises(SlipError, match="learning rate"):
        slips.gradients(["updated_weights"], *example(), reduction="sum")
    still = slips.gradients(["updated_weights"], *example(), reduction="sum", learning_rate=0.0)
    assert_equal(still, gradients(*example(), reduction="sum"))


def test_updated_weights_give_the_loss_that_a_famous_example_prints():
    """Mazur's 2-2-2 network: 0.291027924 after a step that goes through the new weights."""
    sigmoid = ACTIVATIONS["sigmoid"]
    network = [
        Layer(Affine(np.array([[0.15, 0.20], [0.25, 0.30]]), np.full(2, 0.35)), sigmoid),
        Layer(Affine(np.array([[0.40, 0.45], [0.50, 0.55]]), np.full(2, 0.60)), sigmoid),
    ]
    batch = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]]), LOSSES["half_squared_error"]
    losses = {}
    for names in (), ("updated_weights",):
        step = slips.gradients(names, network, *batch, reduction="sum", learning_rate=0.5)
        after = slips.update(["bias_not_updated"], network, step, 0.5)
        losses[names] = slips.loss_value((), after, *batch, reduction="sum")
    assert losses[()] == pytest.approx(0.291027773694, abs=1e-12)
    assert losses[("updated_weights",)] == pytest.approx(0.291027924, abs=5e-10)


def test_gradients_accumulate_only_in_a_memory_that_is_kept():
    network, x, t, loss = example()
    right = gradients(network, x, t, loss, reduction="sum")
    memory = Memory()
    for calls in 1, 2, 3:
        found = slips.gradients(
            ["accumulated_gradients"], network, x, t, loss, reduction="sum", memory=memory
        )
        assert_equal(found, [Affine(calls * r.W, calls * r.b) for r in right])


def test_a_stale_cache_answers_for_the_batch_before():
    network, x, t, loss = example()
    memory = Memory()
    slips.gradients(["stale_cache"], network, x, t, loss, reduction="sum", memory=memory)
    found = slips.gradients(
        ["stale_cache"], network, 2 * x, t, loss, reduction="sum", memory=memory
    )
    assert_equal(found, gradients(network, x, t, loss, reduction="sum"))


@pytest.mark.parametrize("names", [[], ["missing_activation_derivative"], ["updated_weights"]])
def test_the_errors_are_those_whose_sum_is_the_bias_gradient(names):
    errors, found = slips.errors_and_gradients(names, *example(), "sum", learning_rate=0.1)
    for delta, affine in zip(errors, found, strict=True):
        np.testing.assert_allclose(delta.sum(axis=0), affine.b, rtol=1e-13)


# Around the algorithm


def wrong(name, slip_id):
    return slips.function(name, [SLIPS[slip_id]])


def test_a_check_without_the_two_says_twice_the_slope():
    check = wrong("gradient_check.central_difference", "not_divided_by_two_h")
    assert check(lambda w: (w**3).sum(), np.array([2.0]))[0] == pytest.approx(24, rel=1e-8)


def test_a_forward_difference_is_worse_than_a_central_one():
    check = wrong("gradient_check.central_difference", "forward_difference")
    assert 1e-5 < abs(check(lambda w: (w**3).sum(), np.array([2.0]))[0] - 12) < 1e-4


@pytest.mark.parametrize(
    ("slip_id", "variance"),
    [("fan_out_for_fan_in", 2 / 50), ("half_lost_to_relu_ignored", 1 / 400)],
)
def test_he_initialisation_gets_another_variance(slip_id, variance):
    W = wrong("initializers.he", slip_id)((50, 400), np.random.default_rng(0))
    assert W.var() == pytest.approx(variance, rel=0.05)


def test_the_engine_keeps_one_path_only_where_the_fork_is_overwritten():
    (a,) = variables(3.54)
    assert wrong("scalar.gradient", "overwritten_at_fork")(a * a + a, [a])[0] in (1.0, 3.54)


@pytest.mark.parametrize(
    ("names", "falls"),
    [
        ((), True),
        (("step_uphill",), False),
        (("reversed_error",), False),
        (("dropped_input",), True),
    ],
)
def test_a_slip_shows_in_the_training_curve_or_does_not(names, falls):
    network, x, t, loss = example()
    _, history = slips.train(
        names, network, x, t, loss, reduction="mean", learning_rate=0.05,
        epochs=5, batch_size=5, rng=np.random.default_rng(0),
    )  # fmt: skip
    assert (history[-1] < history[0]) is falls


def test_training_without_a_slip_is_training():
    network, x, t, loss = example()
    options: dict[str, Any] = {"reduction": "mean", "learning_rate": 0.05, "epochs": 3}
    histories = [
        function(network, x, t, loss, **options, batch_size=2, rng=np.random.default_rng(0))[1]
        for function in (train, partial(slips.train, ()))
    ]
    assert histories[0] == histories[1]
