"""The explorer of depth finds the gradients of the reference, and says what they do."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

import numpy as np
import pytest

from chainrule import ACTIVATIONS, central_difference
from chainrule.activations import Array
from chainrule.explorers.generator import generator
from chainrule.explorers.vanishing import (
    Settings,
    measure,
    residual_backward,
    residual_forward,
    start,
)
from chainrule.network import Affine, Layer

from .modules import MistakeError, inside

RNG = np.random.default_rng(4)


def random_settings(activation: str, residual: bool, largest_gain: float) -> Settings:
    return Settings(
        depth=int(RNG.integers(2, 41)),
        width=int(RNG.integers(2, 25)),
        activation=activation,
        gain=round(float(np.exp(RNG.uniform(np.log(0.05), np.log(largest_gain)))), 3),
        residual=residual,
        seed=int(RNG.integers(10_000)),
    )


def lengths(settings: Settings) -> tuple[Array, Array]:
    """Of delta and dW in every layer, (2, depth), as the module and as the reference find them."""
    found = inside("vanishing", "compute(given.settings)", settings=asdict(settings))
    known = measure(settings)
    assert found.keys() == known.keys()
    return np.array([found["delta"], found["dW"]]), np.array([known["delta"], known["dW"]])


@pytest.mark.parametrize("seed", [0, 1, 9999, 2**31, 2**32 - 1])
def test_both_languages_draw_the_same_numbers(seed: int) -> None:
    draw = generator(seed)
    expression = (
        "(() => { const draw = generator(given.seed); return Array.from({length: 500}, draw); })()"
    )
    assert inside("vanishing", expression, seed=seed) == [draw() for _ in range(500)]


@pytest.mark.parametrize("residual", [False, True], ids=["plain", "residual"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_lengths_are_those_of_the_reference(activation: str, residual: bool) -> None:
    for _ in range(3):
        settings = random_settings(activation, residual, largest_gain=4)
        found, known = lengths(settings)
        assert (np.abs(found - known) <= 1e-12 * known).all(), settings


@pytest.mark.parametrize("residual", [False, True], ids=["plain", "residual"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_saturated_networks_agree_as_far_as_their_slopes_are_known(
    activation: str, residual: bool
) -> None:
    """1 - a² of a saturated unit is the small rest of two numbers that are nearly equal.

    So the small lengths are known to few digits, by either; they are held against the largest.
    """
    for _ in range(3):
        settings = random_settings(activation, residual, largest_gain=20)
        found, known = lengths(settings)
        assert (np.abs(found - known) <= 1e-9 * known.max()).all(), settings


def test_residual_gradients_are_those_of_central_differences() -> None:
    network, x, dL_dy = start(Settings(depth=3, width=4, activation="tanh", gain=1.3))
    gradients = residual_backward(network, residual_forward(network, x), dL_dy)
    assert len(gradients) == len(network)

    for k, (layer, gradient) in enumerate(zip(network, gradients, strict=True)):

        def loss(W: Array, b: Array, k: int = k, layer: Layer = layer) -> Array:
            changed = [*network[:k], Layer(Affine(W, b), layer.activation), *network[k + 1 :]]
            last = residual_forward(changed, x)[-1]
            return (dL_dy * (last.a_in + last.a)).sum()

        W, b = layer.affine.W, layer.affine.b
        dW = central_difference(partial(loss, b=b), W)
        db = central_difference(partial(loss, W), b)
        assert np.abs(dW - gradient.W).max() < 1e-8
        assert np.abs(db - gradient.b).max() < 1e-8


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(), "shrinks to 2.5·10⁻¹³ of its size"),
        (Settings(activation="tanh", gain=3.0), "grows to"),
        (Settings(activation="relu", gain=1.41), "keeps about its size"),
        (Settings(activation="relu", width=1, depth=12), "no gradient enters the network"),
    ],
)
def test_it_says_what_is_seen(settings: Settings, said: str) -> None:
    numbers = measure(settings)
    sentence = inside(
        "vanishing", "sentence(given.s, given.numbers)", s=asdict(settings), numbers=numbers
    )
    assert said in sentence
    drawn = inside(
        "vanishing", "falling(given.s, given.numbers, 320)", s=asdict(settings), numbers=numbers
    )
    assert "NaN" not in drawn
    assert "Infinity" not in drawn


@pytest.mark.parametrize(
    ("field", "text"),
    [("depth", "50"), ("depth", "2.5"), ("width", "0"), ("gain", "1e400"), ("gain", "NaN"),
     ("gain", ""), ("seed", "-1"), ("activation", "swish")],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence(field: str, text: str) -> None:
    with pytest.raises(MistakeError, match=r"^[A-Z“].*\.$"):
        inside("vanishing", "fields[given.field].read(given.text)", field=field, text=text)
