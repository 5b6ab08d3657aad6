"""Traces: the numbers people printed, the ones the chain rule demands, and their shapes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    REDUCTIONS,
    Affine,
    Layer,
    complex_step,
    forward,
    numerical_gradients,
)
from chainrule.activations import Array
from chainrule.trace import as_json, trace
from tests.random_networks import Case, random_case

Data = dict[str, Any]

D1: Data = {
    "layers": [
        {"W": [[0.15, 0.20], [0.25, 0.30]], "b": [0.35, 0.35], "activation": "sigmoid"},
        {"W": [[0.40, 0.45]], "b": [0.60], "activation": "sigmoid"},
    ],
    "loss": "half_squared_error",
    "x": [0.5, 0.8],
    "target": [1],
    "learning_rate": 0.5,
}

MAZUR: Data = {
    "layers": [
        {"W": [[0.15, 0.20], [0.25, 0.30]], "b": [0.35, 0.35], "activation": "sigmoid"},
        {"W": [[0.40, 0.45], [0.50, 0.55]], "b": [0.60, 0.60], "activation": "sigmoid"},
    ],
    "loss": "half_squared_error",
    "x": [0.05, 0.10],
    "target": [0.01, 0.99],
    "learning_rate": 0.5,
    "update_biases": False,
}

# A 2-2-1 network whose first weights a JavaScript generator drew, and all that another
# published implementation computes from them, to the last digit.
PUBLISHED: Data = {
    "layers": [
        {
            "W": [
                [-0.7043063085678544, 1.0375733570462549],
                [-0.25599680372820793, 0.08681539438901478],
            ],
            "b": [0.01, 0.01],
            "activation": "sigmoid",
        },
        {"W": [[-1.2451748644854759, -0.9366147282565256]], "b": [0.01], "activation": "sigmoid"},
    ],
    "loss": "mean_squared_error",
    "x": [0.5, 0.8],
    "target": [1],
    "learning_rate": 0.1,
}


def close(found: Any, expected: Any, tolerance: float = 1e-12) -> None:
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=0)


# Printed numbers


def test_the_demonstration_network_gives_its_numbers():
    step = trace(D1)["steps"][0]
    hidden, output = step["layers"]
    close(hidden["z"], [0.585, 0.715])
    close(hidden["a"], [0.642217, 0.671505], 1e-6)
    close(step["y"], [0.7611626158], 1e-10)
    close(step["loss"], 0.0285216480, 1e-8)
    close(output["delta"], [-0.0434192], 1e-5)
    close(output["dW"], [[-0.0278846, -0.0291562]], 1e-5)
    close(hidden["delta"], [-0.00399065, -0.00430995], 1e-5)
    close(hidden["dW"], [[-0.00199532, -0.00319252], [-0.00215498, -0.00344796]], 2e-5)
    assert hidden["db"] == hidden["delta"]


def test_mazurs_network_gives_every_number_he_printed_up_to_its_update():
    result = trace(MAZUR)
    hidden, output = result["steps"][0]["layers"]
    after = result["final"]["layers"]
    for found, printed in [
        (hidden["z"][0], 0.3775),
        (hidden["a"], [0.593269992, 0.596884378]),
        (output["z"][0], 1.105905967),
        (output["a"], [0.75136507, 0.772928465]),
        (result["steps"][0]["loss"], 0.298371109),
        (output["dW"][0][0], 0.082167041),
        (after[1]["W"], [[0.35891648, 0.408666186], [0.511301270, 0.561370121]]),
        (after[0]["W"], [[0.149780716, 0.19956143], [0.24975114, 0.29950229]]),
    ]:
        np.testing.assert_allclose(found, printed, rtol=0, atol=6e-9)


@pytest.mark.parametrize(
    ("biases", "loss"), [(False, 0.291027773694), (True, 0.280471446791)], ids=["fixed", "updated"]
)
def test_mazurs_network_after_one_step(biases: bool, loss: float):
    final = trace({**MAZUR, "update_biases": biases})["final"]
    assert final["loss"] == pytest.approx(loss, rel=0, abs=6e-13)


def test_a_published_trace_comes_out_to_the_last_digits():
    step = trace(PUBLISHED)["steps"][0]
    hidden, output = step["layers"]
    close(hidden["z"], [0.48790553135307674, -0.04854608635289214])
    close(hidden["a"], [0.6196129050833258, 0.4878658613846364])
    close(output["z"], [-1.218468766306989])
    close(step["y"], [0.22820603151345778])
    close(step["loss"], 0.5956659297922058)
    close(output["delta"], [-0.27186911589130647])
    close(hidden["delta"], [0.07978779244519725, 0.06362166251226237])
    close(
        hidden["dW"],
        [
            [0.039893896222598625, 0.0638302339561578],
            [0.03181083125613118, 0.050897330009809894],
        ],
    )
    close(output["dW"], [[-0.16845361269984777, -0.13263566040819177]])
    assert (hidden["db"], output["db"]) == (hidden["delta"], output["delta"])


PUBLISHED_UPDATES = {
    0.1: {
        "W1": [
            [-0.7082956981901142, 1.0311903336506392],
            [-0.25917788685382104, 0.08172566138803379],
        ],
        "b1": [0.0020212207554802745, 0.0036378337487737635],
        "W2": [[-1.228329503215491, -0.9233511622157065]],
        "b2": [0.03718691158913065],
    },
    0.5: {
        "W1": [
            [-0.7242532566791536, 1.005658240068176],
            [-0.2719022193562735, 0.061366729384109836],
        ],
        "b1": [-0.029893896222598623, -0.02181083125613118],
        "W2": [[-1.160948058135552, -0.8702968980524297]],
        "b2": [0.14593455794565324],
    },
}


@pytest.mark.parametrize("learning_rate", PUBLISHED_UPDATES)
def test_a_published_update_comes_out_to_the_last_digits(learning_rate: float):
    hidden, output = trace({**PUBLISHED, "learning_rate": learning_rate})["final"]["layers"]
    expected = PUBLISHED_UPDATES[learning_rate]
    close(hidden["W"], expected["W1"])
    close(hidden["b"], expected["b1"])
    close(output["W"], expected["W2"])
    close(output["b"], expected["b2"])


@pytest.mark.parametrize(
    ("learning_rate", "y", "loss", "later"),
    [
        (0.1, 0.23735672492362, 0.58162476501923, {10: 0.445362, 100: 0.038772, 1000: 0.002274}),
        (0.5, 0.27605348043714, 0.52409856318720, {10: 0.099946, 100: 0.004963, 1000: 0.000390}),
    ],
)
def test_a_published_network_trains_as_it_should(
    learning_rate: float, y: float, loss: float, later: dict[int, float]
):
    result = trace({**PUBLISHED, "learning_rate": learning_rate, "steps": 1000})
    close(result["steps"][1]["y"], [y], 1e-12)
    close(result["steps"][1]["loss"], loss, 1e-12)
    for steps, expected in later.items():
        assert steps_later(result, steps)["loss"] == pytest.approx(expected, abs=6e-7)


def steps_later(result: Data, steps: int) -> Data:
    return result["final"] if steps == len(result["steps"]) else result["steps"][steps]


def test_a_published_network_under_other_losses_and_activations():
    logits = [PUBLISHED["layers"][0], {**PUBLISHED["layers"][1], "activation": "identity"}]
    crossed = trace({**PUBLISHED, "layers": logits, "loss": "binary_cross_entropy"})["steps"][0]
    close(crossed["loss"], 1.477506411081987)
    close(crossed["layers"][1]["delta"], [-0.7717939684865422])

    tanh = [{**layer, "activation": "tanh"} for layer in PUBLISHED["layers"]]
    step = trace({**PUBLISHED, "layers": tanh})["steps"][0]
    close(step["y"], [-0.4684429631886012])
    close(step["loss"], 2.1563247361381195)

    dead = [{**layer, "activation": "relu"} for layer in PUBLISHED["layers"]]
    step = trace({**PUBLISHED, "layers": dead})["steps"][0]
    assert (step["y"], step["loss"]) == ([0.0], 1.0)
    assert all(delta == 0 for layer in step["layers"] for delta in layer["delta"])


# What the chain rule demands


def spec_of(case: Case, **options: Any) -> Data:
    return {
        "layers": [
            {
                "W": layer.affine.W.tolist(),
                "b": layer.affine.b.tolist(),
                "activation": layer.activation.name,
            }
            for layer in case.network
        ],
        "loss": case.loss.name,
        "x": case.x.tolist(),
        "target": case.t.tolist(),
        "learning_rate": 0.1,
        **options,
    }


def a_case(activation: str, loss: str, seed: int = 0) -> Case:
    output = "identity" if LOSSES[loss].takes_logits else activation
    return random_case(ACTIVATIONS[activation], ACTIVATIONS[output], LOSSES[loss], 3, seed)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_gradient_and_every_delta_agrees_with_a_complex_step(
    activation: str, loss: str, reduction: str
):
    case = a_case(activation, loss)
    step = trace(spec_of(case, reduction=reduction))["steps"][0]
    batch = case.network, case.x, case.t, case.loss
    expected = numerical_gradients(*batch, reduction=reduction, method=complex_step)
    for k, layer in enumerate(step["layers"]):
        close_to_the_largest(layer["dW"], expected[k].W)
        close_to_the_largest(layer["db"], expected[k].b)
        close_to_the_largest(layer["delta"], delta_by_complex_step(case, k, reduction))


def close_to_the_largest(found: Any, expected: Array) -> None:
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


def delta_by_complex_step(case: Case, k: int, reduction: str) -> Array:
    """dL/dz of layer k: each example is given a bias of its own, and that bias is nudged."""
    W, b = case.network[k].affine.W, case.network[k].affine.b

    def loss_with(biases: Array) -> Array:
        nudged = [*case.network]
        nudged[k] = Layer(Affine(W, biases), case.network[k].activation)
        return case.loss.value(forward(nudged, case.x)[-1].a, case.t, reduction=reduction)

    return complex_step(loss_with, np.tile(b, (len(case.x), 1)))


def test_the_mean_divides_loss_delta_and_gradients_by_the_batch_size():
    case = a_case("tanh", "squared_error")
    summed = trace(spec_of(case))["steps"][0]
    averaged = trace(spec_of(case, reduction="mean"))["steps"][0]
    B = len(case.x)
    close(averaged["loss"], summed["loss"] / B)
    for mean_layer, sum_layer in zip(averaged["layers"], summed["layers"], strict=True):
        for name in ("delta", "dW", "db"):
            close(mean_layer[name], np.array(sum_layer[name]) / B, 1e-11)
        for name in ("z", "a", "W", "b"):
            assert mean_layer[name] == sum_layer[name]


# Shapes and settings


def test_one_example_gives_lists_and_a_batch_of_it_gives_lists_of_rows():
    one = trace(D1)
    batch = trace({**D1, "x": [D1["x"]], "target": [D1["target"]]})
    for alone, in_batch in zip(one["steps"][0]["layers"], batch["steps"][0]["layers"], strict=True):
        for name in ("z", "a", "delta"):
            assert in_batch[name] == [alone[name]]
        for name in ("dW", "db", "W", "b", "activation"):
            assert in_batch[name] == alone[name]
    assert batch["steps"][0]["y"] == [one["steps"][0]["y"]]
    assert batch["final"]["y"] == [one["final"]["y"]]
    assert batch["final"]["loss"] == one["final"]["loss"]


def test_every_gradient_has_the_shape_of_what_it_is_the_gradient_of():
    case = a_case("sigmoid", "half_squared_error")
    for layer in trace(spec_of(case))["steps"][0]["layers"]:
        assert np.shape(layer["dW"]) == np.shape(layer["W"])
        assert np.shape(layer["db"]) == np.shape(layer["b"])
        assert np.shape(layer["z"]) == np.shape(layer["a"]) == np.shape(layer["delta"])


def test_a_step_tells_its_parameters_before_the_update_and_its_keys_in_order():
    result = trace(D1)
    step = result["steps"][0]
    assert list(result) == ["settings", "steps", "final"]
    assert list(step) == ["layers", "y", "loss"]
    assert list(result["final"]) == ["layers", "y", "loss"]
    for layer, given in zip(step["layers"], D1["layers"], strict=True):
        assert list(layer) == ["z", "a", "delta", "dW", "db", "W", "b", "activation"]
        assert {key: layer[key] for key in given} == given
    for layer in result["final"]["layers"]:
        assert list(layer) == ["W", "b", "activation"]


def test_an_update_goes_against_the_gradient_by_the_learning_rate():
    result = trace(D1)
    pairs = zip(result["steps"][0]["layers"], result["final"]["layers"], strict=True)
    for before, after in pairs:
        close(after["W"], np.array(before["W"]) - 0.5 * np.array(before["dW"]))
        close(after["b"], np.array(before["b"]) - 0.5 * np.array(before["db"]))


def test_the_settings_name_every_default():
    assert trace(D1)["settings"] == {
        **D1,
        "target": [1.0],
        "reduction": "sum",
        "steps": 1,
        "update_biases": True,
    }


def test_no_steps_need_no_learning_rate_and_change_nothing():
    spec = {key: value for key, value in D1.items() if key != "learning_rate"}
    result = trace({**spec, "steps": 0})
    assert result["steps"] == []
    assert result["final"]["layers"] == D1["layers"]
    assert result["final"]["loss"] == trace(D1)["steps"][0]["loss"]


DRAWN: Data = {
    "layer_sizes": [3, 4, 2],
    "activation": "tanh",
    "output_activation": "identity",
    "initializer": "xavier",
    "seed": 7,
    "loss": "softmax_cross_entropy",
    "reduction": "mean",
    "x": [[1, 0, -1], [0.5, 2, 0], [0, 0, 1], [1, 1, 1]],
    "target": [[1, 0], [0, 1], [0.5, 0.5], [0.25, 0.75]],
    "learning_rate": 0.2,
    "steps": 5,
    "update_biases": False,
}

WITHOUT_BIASES: Data = {
    **D1,
    "layers": [{**D1["layers"][0], "b": None}, {"W": [[0.4, 0.45]], "activation": "relu"}],
}


@pytest.mark.parametrize(
    "spec", [D1, MAZUR, DRAWN, WITHOUT_BIASES, {**D1, "steps": 0}],
    ids=["one example", "fixed biases", "drawn", "no biases", "no steps"],
)  # fmt: skip
def test_the_settings_are_a_spec_of_the_same_trace(spec: Data):
    result = trace(spec)
    assert trace(result["settings"]) == result
    assert trace(json.loads(as_json(result))["settings"]) == result


@pytest.mark.parametrize("spec", [D1, MAZUR, WITHOUT_BIASES], ids=["plain", "fixed", "no biases"])
def test_the_final_layers_given_back_go_on_where_they_stopped(spec: Data):
    at_once = trace({**spec, "steps": 6})
    first = trace({**spec, "steps": 2})
    second = trace({**spec, "layers": first["final"]["layers"], "steps": 4})
    assert first["steps"] + second["steps"] == at_once["steps"]
    assert second["final"] == at_once["final"]


# Biases


def test_a_layer_without_b_has_none_anywhere_and_computes_as_if_it_were_zero():
    bare = trace({**WITHOUT_BIASES, "steps": 3})
    for step in bare["steps"]:
        assert [(layer["b"], layer["db"]) for layer in step["layers"]] == [(None, None)] * 2
    assert [layer["b"] for layer in bare["final"]["layers"]] == [None, None]

    zeros = [{**layer, "b": [0] * len(layer["W"])} for layer in WITHOUT_BIASES["layers"]]
    with_zeros = trace({**WITHOUT_BIASES, "layers": zeros, "steps": 3, "update_biases": False})
    assert bare["final"]["loss"] == with_zeros["final"]["loss"]


def test_biases_that_are_not_updated_stay_but_their_gradient_is_told():
    fixed = trace({**D1, "update_biases": False})
    free = trace(D1)
    for k in range(2):
        assert fixed["final"]["layers"][k]["b"] == D1["layers"][k]["b"]
        assert fixed["final"]["layers"][k]["W"] == free["final"]["layers"][k]["W"]
        assert fixed["steps"][0]["layers"][k]["db"] == free["steps"][0]["layers"][k]["db"]


def test_one_layer_may_have_a_bias_and_the_next_none():
    mixed = trace({**D1, "layers": [D1["layers"][0], WITHOUT_BIASES["layers"][1]]})
    assert mixed["final"]["layers"][0]["b"] != D1["layers"][0]["b"]
    assert mixed["final"]["layers"][1]["b"] is None


# Drawn networks


def test_drawn_weights_come_layer_by_layer_and_row_by_row():
    first, second = trace({**DRAWN, "steps": 1})["steps"][0]["layers"]
    numbers = np.random.default_rng(7).standard_normal(3 * 4 + 4 * 2)
    close(np.ravel(first["W"]), numbers[:12] * np.sqrt(2 / 7))
    close(np.ravel(second["W"]), numbers[12:] * np.sqrt(2 / 6))
    assert (first["b"], second["b"]) == ([0.0] * 4, [0.0] * 2)
    assert (first["activation"], second["activation"]) == ("tanh", "identity")


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_every_initializer_can_be_asked_for_and_a_seed_settles_it(initializer: str):
    spec = {**DRAWN, "initializer": initializer}
    assert trace(spec) == trace(spec)


def test_the_last_layer_is_like_the_others_where_nothing_else_is_said():
    spec = {key: value for key, value in DRAWN.items() if key != "output_activation"}
    result = trace({**spec, "loss": "squared_error"})
    assert [layer["activation"] for layer in result["final"]["layers"]] == ["tanh", "tanh"]
    assert result["settings"]["output_activation"] == "tanh"
