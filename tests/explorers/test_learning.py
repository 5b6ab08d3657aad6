"""The explorer of training takes the steps of the reference, and its stuck starts are stuck."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest

from chainrule.explorers.learning import (
    DATA,
    LOSS,
    REDUCTION,
    STILLS,
    Settings,
    points,
    start,
    training,
)
from chainrule.training import train
from docs.experiments import learning_time
from docs.figures import learning as figures

from .modules import MistakeError, inside

STEPS = 100

# Each data set once, every activation, one to three layers. The rates are such that descent
# settles: where it does not, two roundings part company within a few hundred steps.
TRAININGS = [
    Settings("clouds", 3, (3,), "relu", 0.5, 2),
    Settings("ring", 1, (4,), "tanh", 2.0, 1),
    Settings("moons", 7, (8, 5), "tanh", 1.0, 5),
    Settings("moons", 1, (6,), "sigmoid", 4.0, 4),
    Settings("ring", 2, (6, 6, 6), "sigmoid", 4.0, 3),
    Settings("xor", 1, (2,), "sigmoid", 8.0, 3),
]


def as_data(settings: Settings) -> dict[str, Any]:
    return {**vars(settings), "hidden": "-".join(map(str, settings.hidden)), "steps": 0}


def run(settings: Settings, steps: int, wanted: str) -> Any:
    expression = (
        "(() => { const run = begun(given.settings);"
        f" for (let n = 0; n < given.steps; n++) step(run); return {wanted}; }})()"
    )
    return inside("learning", expression, settings=as_data(settings), steps=steps)


@pytest.mark.parametrize("name", DATA)
def test_both_languages_make_the_same_points(name: str) -> None:
    for seed in (0, 1, 77):
        x, t = points(name, seed)
        made = inside("learning", "pointsOf(given.data, given.seed)", data=name, seed=seed)
        assert made == {"x": x.tolist(), "target": t.tolist()}


@pytest.mark.parametrize("settings", TRAININGS, ids=lambda s: f"{s.data}-{s.activation}")
def test_a_training_is_that_of_the_reference(settings: Settings) -> None:
    x, t = points(settings.data, settings.points)
    network, losses = train(
        start(settings), x, t, LOSS, reduction=REDUCTION, learning_rate=settings.rate,
        epochs=STEPS, batch_size=len(x), rng=np.random.default_rng(0),
    )  # fmt: skip
    seen = list(islice(training(settings), STEPS + 1))
    found = run(settings, STEPS, "{losses: run.losses, norms: run.norms, layers: run.layers}")
    assert np.abs(np.array(found["losses"]) - losses).max() <= 1e-12
    assert np.abs(np.array([one.loss for one in seen]) - losses).max() <= 1e-12
    assert np.abs(np.array(found["norms"]) - [one.norms for one in seen]).max() <= 1e-12
    for layer, known in zip(found["layers"], network, strict=True):
        assert np.abs(np.array(layer["W"]) - known.affine.W).max() <= 1e-12
        assert np.abs(np.array(layer["b"]) - known.affine.b).max() <= 1e-12


def test_the_starts_that_are_called_stuck_are_those_that_do_not_learn() -> None:
    losses, _ = learning_time.study("xor")
    stuck = (np.flatnonzero(losses[-1] >= learning_time.LEARNED) + 1).tolist()
    assert inside("learning", "STUCK") == stuck


def test_what_stuck_looks_like_is_said() -> None:
    stuck = run(replace(learning_time.XOR, seed=3), 1500, "sentence(run)")
    assert "hardly moved. 2 of the outputs are near ½." in stuck
    learned = run(learning_time.XOR, 1500, "sentence(run)")
    assert learned.endswith("4 of 4 points are on the right side.")


def test_the_plateau_of_the_moons_is_one_while_their_gradient_grows() -> None:
    numbers = figures.when()[1]
    assert numbers["moons_at_30"] - numbers["moons_at_300"] < 0.03 * numbers["moons_at_0"]
    seen = list(islice(training(Settings()), 401))
    assert seen[400].norms[0] > 2 * seen[200].norms[0]
    assert seen[400].loss > 0.98 * seen[200].loss


def test_both_languages_show_the_same_steps_without_scripts() -> None:
    assert inside("learning", "STILLS") == list(STILLS)


@pytest.mark.parametrize("text", ["6", "6-4", " 6, 4 ", "8 8 8"])
def test_hidden_layers_are_read_as_people_write_them(text: str) -> None:
    read = inside("learning", "fields.hidden.read(given.text)", text=text)
    assert read == "-".join(text.replace(",", " ").replace("-", " ").split())


@pytest.mark.parametrize("text", ["", "a", "0", "9", "4-4-4-4", "1e3", "-", "2.5"])
def test_hidden_layers_that_cannot_be_are_one_sentence(text: str) -> None:
    with pytest.raises(MistakeError, match=r"^[A-Z].*\.$"):
        inside("learning", "fields.hidden.read(given.text)", text=text)
