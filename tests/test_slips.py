"""Every slip is the reference with one thing changed, and it makes a difference."""

import numpy as np
import pytest

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    Affine,
    Layer,
    dense_network,
    gradients,
    slips,
)
from chainrule.catalogue import SLIPS, source

EDITS = [(slip.id, edit) for slip in SLIPS.values() for edit in slip.edits]


@pytest.mark.parametrize(("slip_id", "edit"), EDITS, ids=[f"{i}-{e.function}" for i, e in EDITS])
def test_the_right_expression_stands_in_the_reference_exactly_once(slip_id, edit):
    assert source(edit.function).count(edit.right) == 1
    assert edit.right_line != edit.wrong_line


def example(sizes, activation, loss, batch_size, seed=0):
    rng = np.random.default_rng(seed)
    loss = LOSSES[loss]
    output = "identity" if loss.takes_logits else activation
    names = [activation] * (len(sizes) - 2) + [output]
    plain = dense_network(sizes, [ACTIVATIONS[n] for n in names], INITIALIZERS["xavier"], rng)
    network = [
        Layer(Affine(layer.affine.W, rng.standard_normal(layer.affine.b.shape)), layer.activation)
        for layer in plain
    ]
    t = np.eye(sizes[-1])[rng.integers(sizes[-1], size=batch_size)]
    return network, rng.standard_normal((batch_size, sizes[0])), t, loss


def test_no_slip_gives_the_reference():
    network, x, t, loss = example((3, 4, 2), "tanh", "half_squared_error", 5)
    found = slips.gradients([], network, x, t, loss, reduction="mean")
    for slipped, right in zip(found, gradients(network, x, t, loss, reduction="mean"), strict=True):
        np.testing.assert_array_equal(slipped.W, right.W)
        np.testing.assert_array_equal(slipped.b, right.b)
