"""The engine of the explorers computes what the reference computes."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import numpy as np
import pytest

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, slips
from chainrule.explorers.presets import PRESETS
from chainrule.losses import REDUCTIONS
from chainrule.slips import SLIPS
from chainrule.trace import layers_as_data, trace

from ..random_networks import targets
from .modules import call, engine

TOLERANCE = 1e-12
RANDOM_NETWORKS = 1000
NAMES = ("z", "a", "delta", "dW", "db", "W", "b")


def rows(values: Any) -> Any:
    return values if isinstance(values[0], list) else [values]


def largest_difference(found: dict[str, Any], reference: dict[str, Any]) -> float:
    """Over every number of two traces. Raises AssertionError if they are not of one shape."""
    assert found["stopped"] is None
    pairs: list[tuple[Any, Any]] = []
    steps = zip([*found["steps"], found["final"]], [*reference["steps"], reference["final"]],
                strict=True)  # fmt: skip
    for one, other in steps:
        pairs += [(one["loss"], other["loss"]), (one["y"], rows(other["y"]))]
        for layer, known in zip(one["layers"], other["layers"], strict=True):
            assert layer["activation"] == known["activation"]
            for name in NAMES:
                if name not in known or known[name] is None:
                    assert layer.get(name) is None or name not in known
                    continue
                batch = name in ("z", "a", "delta")
                pairs.append((layer[name], rows(known[name]) if batch else known[name]))
    return max(float(np.abs(np.array(p) - np.array(q)).max()) for p, q in pairs)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_the_trace_of_the_reference(name: str) -> None:
    spec = PRESETS[name].spec
    found = call("trace", call("settingsOf", spec), {})
    assert largest_difference(found, trace(spec)) <= 1e-13 * max(1, spec.get("steps", 1))


def random_spec(rng: np.random.Generator, loss: str, activation: str) -> dict[str, Any]:
    """A network of one to six layers with values of order one, some layers without a bias."""
    depth = int(rng.integers(1, 7))
    sizes = rng.integers(1, 9, depth + 1).tolist()
    names = rng.choice(list(ACTIVATIONS), depth).tolist()
    names[int(rng.integers(depth))] = activation
    if LOSSES[loss].takes_logits:
        names[-1] = "identity"
    layers = [
        {
            "W": (rng.standard_normal((n_out, n_in)) / np.sqrt(n_in)).tolist(),
            "b": rng.standard_normal(n_out).tolist() if rng.random() < 0.8 else None,
            "activation": name,
        }
        for n_in, n_out, name in zip(sizes, sizes[1:], names, strict=False)
    ]
    batch = int(rng.integers(1, 5))
    x, t = rng.standard_normal((batch, sizes[0])), targets(LOSSES[loss], (batch, sizes[-1]), rng)
    return {
        "layers": layers,
        "loss": loss,
        "reduction": str(rng.choice(list(REDUCTIONS))),
        "x": x.tolist(),
        "target": t.tolist(),
        "learning_rate": 0.02,
        "steps": 1,
        "update_biases": bool(rng.random() < 0.8),
    }


def of_order_one(reference: dict[str, Any]) -> bool:
    """True where an absolute tolerance means something."""
    return all(
        np.abs(values).max() < 20
        for step in reference["steps"]
        for layer in step["layers"]
        for values in (np.array(layer["z"]), np.array(layer["dW"]))
    )


def test_random_networks_with_every_activation_and_loss_agree() -> None:
    rng = np.random.default_rng(20)
    kinds = list(product(LOSSES, ACTIVATIONS))
    specs: list[dict[str, Any]] = []
    references: list[dict[str, Any]] = []
    while len(specs) < RANDOM_NETWORKS:
        spec = random_spec(rng, *kinds[len(specs) % len(kinds)])
        if of_order_one(reference := trace(spec)):
            specs.append(spec)
            references.append(reference)
    found = json.loads(
        engine().evaljs(
            "JSON.stringify(JSON.parse(dukpy.text).map(function (spec) {"
            " return JSON.parse(call('trace', JSON.stringify([spec]))).value; }))",
            text=json.dumps(specs),
        )
    )
    differences = [
        largest_difference(one, known) for one, known in zip(found, references, strict=True)
    ]
    assert max(differences) <= TOLERANCE


def test_the_derived_function_gives_the_numbers_of_the_book() -> None:
    """The player computes the 2-2-1 network with what SymPy derived; both must be one."""
    spec = PRESETS["demo"].spec
    by_derivation = call("derivedTrace", call("settingsOf", spec))
    assert largest_difference(by_derivation, trace(spec)) <= 1e-15


def test_numbers_known_from_elsewhere_are_reproduced() -> None:
    def final_loss(name: str) -> float:
        return call("trace", call("settingsOf", PRESETS[name].spec), {})["final"]["loss"]

    assert final_loss("mazur") == pytest.approx(0.291027773694, abs=5e-13)
    played = call("trace", call("settingsOf", PRESETS["eigenvue"].spec), {})["steps"][0]
    assert played["loss"] == pytest.approx(0.5956659297922058, abs=1e-15)
    assert played["layers"][1]["delta"] == [[pytest.approx(-0.27186911589130647, abs=1e-15)]]
    assert final_loss("eigenvue") == pytest.approx(0.58162476501923, abs=1e-13)


def test_the_rate_meant_to_be_too_high_helps_and_the_step_meant_to_overshoot_does() -> None:
    def losses(name: str) -> list[float]:
        found = call("trace", call("settingsOf", PRESETS[name].spec), {})
        return [*(step["loss"] for step in found["steps"]), found["final"]["loss"]]

    assert losses("higher-rate")[1] < losses("higher-rate")[0]
    assert losses("overshoot")[1] > losses("overshoot")[0]
    assert losses("xor")[-1] < 0.05 < losses("xor-stuck")[-1]


# Slips ------------------------------------------------------------------------------------------


def network_of(spec: dict[str, Any]) -> list[Layer]:
    return [
        Layer(Affine(np.array(one["W"]), np.array(one["b"])), ACTIVATIONS[one["activation"]])
        for one in spec["layers"]
    ]


@pytest.mark.parametrize("slip", call("slips"))
def test_a_slip_is_the_one_of_the_catalogue(slip: str) -> None:
    spec = PRESETS["two-three-two"].spec
    network, rate = network_of(spec), spec["learning_rate"]
    data = np.array(spec["x"]), np.array(spec["target"]), LOSSES[spec["loss"]]
    tape = slips.forward([slip], network, data[0]) if "forward" in SLIPS[slip].changes else None
    slopes = slips.gradients([slip], network, *data, reduction="mean", learning_rate=rate)
    after = layers_as_data(slips.update([slip], network, slopes, rate), [True] * len(network))
    found = call("trace", call("settingsOf", spec), {"slip": slip})
    step = found["steps"][0]
    for k, slope in enumerate(slopes):
        assert np.abs(np.array(step["layers"][k]["dW"]) - slope.W).max() <= TOLERANCE
        assert np.abs(np.array(step["layers"][k]["db"]) - slope.b).max() <= TOLERANCE
        if tape is not None:
            assert np.abs(np.array(step["layers"][k]["z"]) - tape[k].z).max() <= TOLERANCE
        for name in ("W", "b"):
            new = np.array(found["final"]["layers"][k][name])
            assert np.abs(new - np.array(after[k][name])).max() <= TOLERANCE


@pytest.mark.parametrize("slip", call("slips"))
def test_a_slip_makes_a_difference_that_can_be_seen(slip: str) -> None:
    settings = call("settingsOf", PRESETS["two-three-two"].spec)
    assert call("trace", settings, {"slip": slip})["final"] != call("trace", settings, {})["final"]


# States -----------------------------------------------------------------------------------------


def states(name: str) -> set[str]:
    step = call("trace", call("settingsOf", PRESETS[name].spec), {})["steps"][0]
    return {found["state"] for found in call("findings", step)}


def test_states_are_named_where_they_are() -> None:
    assert states("demo") == set()
    assert states("dead-relu") == {"dead", "no gradient"}
    assert "saturated" in states("saturated")
    assert "vanished" in states("deep")


def test_an_overflow_is_a_state_that_says_where() -> None:
    layers = [{"W": [[1.0]], "b": [0.0], "activation": "identity"}]
    spec = {
        "layers": layers, "loss": "squared_error", "x": [3.0], "target": [0.0],
        "learning_rate": 1000.0, "steps": 1000,
    }  # fmt: skip
    found = call("trace", call("settingsOf", spec), {})
    assert found["final"] is None
    assert 10 < len(found["steps"]) < 100
    assert found["stopped"]["name"] == "loss"
    assert found["stopped"]["step"] == len(found["steps"]) + 1
