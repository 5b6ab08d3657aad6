"""Mistakes in a spec: one sentence that names the key, what was expected and what came."""

# ruff: noqa: E501 (a sentence is searched for as it is written)

from __future__ import annotations

import copy
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.spec import SpecError, read_json
from chainrule.trace import as_json, text, trace
from tests.test_trace import D1, DRAWN, Data

BATCH: Data = {**D1, "x": [[0.5, 0.8], [1, 0]], "target": [[1], [0]]}
LOGITS: Data = {
    **D1,
    "layers": [D1["layers"][0], {**D1["layers"][1], "activation": "identity"}],
    "loss": "binary_cross_entropy",
}


def changed(spec: Data, path: str, value: Any) -> Data:
    """A copy of the spec with one entry set; `layers.0.W.1` walks through keys and indices."""
    spec = copy.deepcopy(spec)
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    place: Any = spec
    for part in way:
        place = place[part]
    place[last] = value
    return spec


def without(spec: Data, key: str) -> Data:
    return {k: v for k, v in spec.items() if k != key}


WRONG_VALUES: list[tuple[Data, str, Any, str]] = [
    # spec, where, what came, the sentence
    (D1, "learnig_rate", 1, "`learnig_rate` must not be given: no key of spec; did you mean learning_rate?"),
    (D1, "layers.0.bias", [1], "`bias` must not be given: no key of layers[0], whose keys are W, b, activation"),
    (D1, "layers", [], "`layers` must be a list of layers, got an empty list"),
    (D1, "layers", {}, "`layers` must be a list of layers, got an object"),
    (D1, "layers.1", [], "`layers[1]` must be an object with named entries, got an empty list"),
    (D1, "layers.0.W", [], "`layers[0].W` must be a list of rows of numbers, got an empty list"),
    (D1, "layers.0.W", [[]], "`layers[0].W[0]` must be a list of numbers, got an empty list"),
    (D1, "layers.0.W", 3, "`layers[0].W` must be a list of rows of numbers, got 3"),
    (D1, "layers.0.W", [1, 2], "`layers[0].W[0]` must be a list of numbers, got 1"),
    (D1, "layers.0.W.1", [1], "`layers[0].W[1]` must be a list of 2 numbers, as many as the first row has, got a list of 1"),
    (D1, "layers.0.W.1", [1, 2, 3], "`layers[0].W[1]` must be a list of 2 numbers, as many as the first row has, got a list of 3"),
    (D1, "layers.1.W", [[1, 2, 3]], "`layers[1].W[0]` must be a list of 2 numbers, one for each neuron of the layer before, got a list of 3"),
    (D1, "layers.0.W.0.1", True, "`layers[0].W[0][1]` must be a finite number, got true"),
    (D1, "layers.0.W.0.1", "0.2", '`layers[0].W[0][1]` must be a finite number, got "0.2"'),
    (D1, "layers.0.W.0.1", None, "`layers[0].W[0][1]` must be a finite number, got null"),
    (D1, "layers.0.W.0.1", [1], "`layers[0].W[0][1]` must be a finite number, got a list of 1"),
    (D1, "layers.0.W.0.1", math.nan, "`layers[0].W[0][1]` must be a finite number, got NaN"),
    (D1, "layers.0.W.0.1", -math.inf, "`layers[0].W[0][1]` must be a finite number, got -Infinity"),
    (D1, "layers.0.W.0.1", 10**400, "`layers[0].W[0][1]` must be a finite number, got an integer too large"),
    (D1, "layers.0.W.0.1", np.float32(1), "`layers[0].W[0][1]` must be a finite number, got a Python float32"),
    (D1, "layers.0.b", [], "`layers[0].b` must be a list of 2 numbers, one for each row of W, got an empty list"),
    (D1, "layers.0.b", [1], "`layers[0].b` must be a list of 2 numbers, one for each row of W, got a list of 1"),
    (D1, "layers.1.b", 0.6, "`layers[1].b` must be a list of 1 number, one for each row of W, got 0.6"),
    (D1, "layers.1.b", [False], "`layers[1].b[0]` must be a finite number, got false"),
    (D1, "layers.1.activation", "sigmiod", 'got "sigmiod"; did you mean sigmoid?'),
    (D1, "layers.1.activation", "gelu", '`layers[1].activation` must be one of identity, sigmoid, tanh, relu, leaky_relu, softplus, gelu_tanh, got "gelu"'),
    (D1, "layers.1.activation", None, "gelu_tanh, got null"),
    (D1, "loss", "mae", '`loss` must be one of half_squared_error, squared_error, mean_squared_error, binary_cross_entropy, softmax_cross_entropy, got "mae"'),
    (D1, "loss", "mean_square_error", "did you mean mean_squared_error?"),
    (D1, "loss", ["squared_error"], "got a list of 1"),
    (D1, "reduction", "average", '`reduction` must be one of sum, mean, got "average"'),
    (D1, "reduction", "Mean", "did you mean mean?"),
    (D1, "x", [], "`x` must be a list of numbers, or a list of rows of numbers, got an empty list"),
    (D1, "x", 1, "`x` must be a list of numbers, or a list of rows of numbers, got 1"),
    (D1, "x", [1], "`x` must be a list of 2 numbers, one for each input of the network, got a list of 1"),
    (D1, "x", [1, math.inf], "`x[1]` must be a finite number, got Infinity"),
    (D1, "x", [1, [2]], "`x[1]` must be a finite number, got a list of 1"),
    (D1, "target", 1, "`target` must be a list of 1 number, one for each output of the network, got 1"),
    (D1, "target", "cat", '`target` must be a list of 1 number, one for each output of the network, got "cat"'),
    (D1, "target", [1, 2], "`target` must be a list of 1 number, one for each output of the network, got a list of 2"),
    (D1, "target", [[1]], "`target[0]` must be a finite number, got a list of 1"),
    (BATCH, "x", [[1, 2], 3], "`x[1]` must be a list of 2 numbers, one for each input of the network, got 3"),
    (BATCH, "x", [[1, 2], [3]], "`x[1]` must be a list of 2 numbers"),
    (BATCH, "x", [[]], "`x[0]` must be a list of 2 numbers"),
    (BATCH, "x.1.0", "a", '`x[1][0]` must be a finite number, got "a"'),
    (BATCH, "target", [1, 0], "`target[0]` must be a list of 1 number, one for each output of the network, got 1"),
    (BATCH, "target", [[1]], "`target` must be a list of 2 rows, one for each row of x, got a list of 1"),
    (BATCH, "target", 1, "`target` must be a list of 2 rows, one for each row of x, got 1"),
    (D1, "learning_rate", -0.1, "`learning_rate` must be a finite number of at least 0, got -0.1"),
    (D1, "learning_rate", math.nan, "`learning_rate` must be a finite number of at least 0, got NaN"),
    (D1, "learning_rate", "0.1", '`learning_rate` must be a finite number of at least 0, got "0.1"'),
    (D1, "learning_rate", True, "`learning_rate` must be a finite number of at least 0, got true"),
    (D1, "learning_rate", None, "`learning_rate` must be a finite number of at least 0, got null"),
    (D1, "steps", -1, "`steps` must be a whole number of at least 0, got -1"),
    (D1, "steps", 1.5, "`steps` must be a whole number of at least 0, got 1.5"),
    (D1, "steps", True, "`steps` must be a whole number of at least 0, got true"),
    (D1, "steps", "3", '`steps` must be a whole number of at least 0, got "3"'),
    (D1, "steps", 10**9, "`steps`, `x` and the layer sizes must make a trace of at most 5,000,000 entries, got 67,000,000,009"),
    (D1, "steps", 10**300, "at most 5,000,000 entries, got 67,000,000"),
    (D1, "update_biases", 0, "`update_biases` must be true or false, got 0"),
    (D1, "update_biases", "no", '`update_biases` must be true or false, got "no"'),
    (D1, "loss", "binary_cross_entropy", '`layers[1].activation` must be "identity", since binary_cross_entropy takes logits, got "sigmoid"'),
    (LOGITS, "target", [5], "`target[0]` must be a probability from 0 to 1, for binary_cross_entropy, got 5.0"),
    (LOGITS, "target", [-0.5], "`target[0]` must be a probability from 0 to 1, for binary_cross_entropy, got -0.5"),
    (D1, "layer_sizes", [2, 1], "`layer_sizes` must not be given together with `layers`, got both"),
    (D1, "seed", 1, "`seed` must not be given together with `layers`, got both"),
    (D1, "activation", "tanh", "`activation` must not be given together with `layers`, got both"),
    (DRAWN, "layer_sizes", [3], "`layer_sizes` must be a list of at least two sizes, got a list of 1"),
    (DRAWN, "layer_sizes", [], "`layer_sizes` must be a list of at least two sizes, got an empty list"),
    (DRAWN, "layer_sizes", "3-4-2", '`layer_sizes` must be a list of at least two sizes, got "3-4-2"'),
    (DRAWN, "layer_sizes.1", 0, "`layer_sizes[1]` must be a whole number of at least 1, got 0"),
    (DRAWN, "layer_sizes.1", -2, "`layer_sizes[1]` must be a whole number of at least 1, got -2"),
    (DRAWN, "layer_sizes.1", 2.5, "`layer_sizes[1]` must be a whole number of at least 1, got 2.5"),
    (DRAWN, "layer_sizes.1", True, "`layer_sizes[1]` must be a whole number of at least 1, got true"),
    (DRAWN, "layer_sizes.1", 10**12, "must make a trace of at most 5,000,000 entries, got 6,000,000,000,002"),
    (DRAWN, "activation", "swish", '`activation` must be one of identity, sigmoid'),
    (DRAWN, "output_activation", "softmax", '`output_activation` must be one of identity, sigmoid'),
    (DRAWN, "output_activation", "tanh", '`output_activation` must be "identity", since softmax_cross_entropy takes logits, got "tanh"'),
    (DRAWN, "initializer", "glorot", '`initializer` must be one of zeros, constant, normal, xavier, he, orthogonal, got "glorot"'),
    (DRAWN, "initializer", "orthognal", "did you mean orthogonal?"),
    (DRAWN, "seed", -1, "`seed` must be a whole number of at least 0, got -1"),
    (DRAWN, "seed", "backprop-default", '`seed` must be a whole number of at least 0, got "backprop-default"'),
    (DRAWN, "seed", None, "`seed` must be a whole number of at least 0, got null"),
    (DRAWN, "target.1", [1, 1], "`target[1]` must sum to 1, for softmax_cross_entropy, got a sum of 2"),
    (DRAWN, "target.2.1", 1.5, "`target[2][1]` must be a probability from 0 to 1, for softmax_cross_entropy, got 1.5"),
    (DRAWN, "loss", {"name": "squared_error"}, "got an object"),
    (D1, "a" * 200, 1, "`" + "a" * 39 + "…` must not be given"),
    (D1, "loss", "x" * 200, 'got "' + "x" * 38 + "…"),
    (D1, "los\n\x1b[31m", 1, "`los��[31m` must not be given"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "where", "came", "sentence"), WRONG_VALUES, ids=lambda value: str(value)[:30]
)
def test_a_wrong_entry_is_told_in_one_sentence(spec: Data, where: str, came: Any, sentence: str):
    assert sentence in mistake_in(changed(spec, where, came))


@pytest.mark.parametrize("key", ["layers", "loss", "x", "target", "learning_rate"])
def test_a_missing_key_is_named(key: str):
    assert f"`{key}` must be given" in mistake_in(without(D1, key))


@pytest.mark.parametrize("key", ["activation", "initializer", "seed"])
def test_a_missing_key_of_a_drawing_is_named(key: str):
    assert f"`{key}` must be given, but is missing" in mistake_in(without(DRAWN, key))


@pytest.mark.parametrize("key", ["W", "activation"])
def test_a_missing_key_of_a_layer_is_named_with_its_layer(key: str):
    spec = {**D1, "layers": [D1["layers"][0], without(D1["layers"][1], key)]}
    assert mistake_in(spec) == f"`layers[1].{key}` must be given, but is missing"


@pytest.mark.parametrize("spec", [None, 3, [], [D1], "spec", True])
def test_a_spec_that_is_no_object_is_refused(spec: Any):
    assert mistake_in(spec).startswith("`spec` must be an object with named entries, got ")


def mistake_in(spec: Any) -> str:
    """The sentence, which must be one: no second line, nothing left to say after it."""
    with pytest.raises(SpecError) as caught:
        trace(spec)
    sentence = str(caught.value)
    assert sentence.isprintable()
    return sentence


# Overflow on the way


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (changed(D1, "layers.0.W.0.0", 1e308) | {"x": [10, 1]},
         "step 1: `layers[0].z` must be finite, got an overflow"),
        ({**D1, "target": [1e200]}, "step 1: `loss` must be finite, got an overflow"),
        ({**D1, "learning_rate": 1e308, "target": [-1e10]},
         "step 1: the updated `layers[0].W` must be finite, got an overflow"),
        ({**D1, "steps": 0, "target": [1e200]},
         "after step 0: `loss` must be finite, got an overflow"),
        (changed(changed(D1, "layers.1.activation", "identity"), "layers.0.activation", "identity")
         | {"learning_rate": 1e3, "steps": 50}, "step 5: `loss` must be finite, got an overflow"),
        (changed(D1, "layers.1.activation", "gelu_tanh") | {"x": [1e160, 0]}
         | {"layers": [{"W": [[1, 0]], "activation": "gelu_tanh"}], "loss": "half_squared_error"},
         "step 1: `loss` must be finite, got an overflow"),
    ],
    ids=["z", "loss", "update", "no steps", "divergence", "gelu"],
)  # fmt: skip
def test_an_overflow_is_told_with_its_step(spec: Data, sentence: str):
    assert sentence in mistake_in(spec)


def test_numbers_near_the_limits_are_no_mistake():
    spec = {**LOGITS, "x": [1e300, -1e300], "steps": 1, "learning_rate": 0}
    spec["layers"] = [{"W": [[1e-300, 1e-300]], "activation": "identity"}]
    assert trace(spec)["steps"][0]["loss"] == pytest.approx(math.log(2))


# What stands in a file


def read(tmp_path: Path, content: bytes) -> object:
    (tmp_path / "spec.json").write_bytes(content)
    return read_json(str(tmp_path / "spec.json"))


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"", "must be valid JSON, got a mistake at line 1, column 1"),
        (b'{"x": [1, 2,,]}', "must be valid JSON, got a mistake at line 1, column 13"),
        (b'{"x": 1\n "y": 2}', "line 2, column 2"),
        (b"{} {}", "must be valid JSON"),
        (b"{'x': 1}", "must be valid JSON"),
        (b'{"x": \xff}', "must be UTF-8 text, got the byte 0xff at position 6"),
        ("{}".encode("utf-16"), "must be UTF-8 text, got the byte 0xff at position 0"),
        (b'{"x": 1, "x": 2}', "`x` must be given once, got it 2 times"),
        (b'{"layers": [{"W": [[1]], "b": [1], "b": [2], "b": [3]}]}',
         "`b` must be given once, got it 3 times"),
        (b"[" * 100_000, "must be a spec, got lists nested too deeply"),
        (b'{"x":' * 100_000, "must be a spec, got lists nested too deeply"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_as_a_spec_is_told(
    content: bytes, fragment: str, tmp_path: Path
):
    with pytest.raises(SpecError) as caught:
        read(tmp_path, content)
    assert fragment in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 400])
def test_numbers_that_no_float_holds_are_refused_under_their_key(number: bytes, tmp_path: Path):
    content = json.dumps({**D1, "x": ["?", 0.8]}).encode().replace(b'"?"', number)
    assert mistake_in(read(tmp_path, content)).startswith("`x[0]` must be a finite number, got ")


def test_an_integer_of_any_length_is_refused_under_its_key(tmp_path: Path):
    content = json.dumps({**D1, "steps": "?"}).encode().replace(b'"?"', b"9" * 10_000)
    assert "`steps` must be a whole number" in mistake_in(read(tmp_path, content))


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path):
    assert read(tmp_path, b"\xef\xbb\xbf" + json.dumps(D1).encode()) == D1


def test_a_file_that_is_not_there_and_a_folder_are_told(tmp_path: Path):
    with pytest.raises(SpecError, match=r"^cannot read .*none\.json: No such file"):
        read_json(str(tmp_path / "none.json"))
    with pytest.raises(SpecError, match=r"^cannot read .*: Is a directory"):
        read_json(str(tmp_path))
    with pytest.raises(SpecError, match=r"^cannot read no.such: No such file"):
        read_json("no\nsuch")


# Whatever may come

NUMBERS = st.one_of(
    st.integers(), st.floats(), st.sampled_from([0, 1, -1, 0.5, 1e308, 10**400, True, None, "1"])
)
ANYTHING = st.recursive(
    st.one_of(NUMBERS, st.text(max_size=5), st.booleans()),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(st.text(max_size=5), inside, max_size=3)
    ),
    max_leaves=6,
)
PLACES = [
    "layers", "layers.0", "layers.0.W", "layers.0.W.0", "layers.0.W.0.0", "layers.0.b",
    "layers.0.b.0", "layers.0.activation", "layers.1", "loss", "x", "x.0", "target", "target.0",
    "learning_rate", "steps", "reduction", "update_biases", "extra",
]  # fmt: skip
PLACES_OF_A_DRAWING = [
    "layer_sizes", "layer_sizes.0", "layer_sizes.1", "activation", "output_activation",
    "initializer", "seed", "loss", "x", "x.0.0", "target", "target.0", "steps", "layers",
]  # fmt: skip


def traced_or_refused(spec: Any) -> None:
    """A trace of finite numbers that can be written both ways, or one sentence."""
    try:
        result = trace(spec)
    except SpecError as mistake:
        sentence = str(mistake)
    else:
        assert json.loads(as_json(result)) == result
        sentence = text(result).replace("\n", " ")
    assert sentence.isprintable()


@settings(max_examples=400, deadline=None, derandomize=True)
@given(place=st.sampled_from(PLACES), value=st.one_of(NUMBERS, ANYTHING))
def test_anything_in_any_place_is_traced_or_refused(place: str, value: Any):
    traced_or_refused(changed(D1, place, value))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(place=st.sampled_from(PLACES_OF_A_DRAWING), value=st.one_of(NUMBERS, ANYTHING))
def test_anything_in_any_place_of_a_drawing_is_traced_or_refused(place: str, value: Any):
    traced_or_refused(changed(DRAWN, place, value))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=9, max_size=9))
def test_any_finite_numbers_are_traced_or_overflow_with_their_step(numbers: list[float]):
    spec = copy.deepcopy(D1)
    spec["layers"][0]["W"] = [numbers[0:2], numbers[2:4]]
    spec["layers"][1]["W"] = [numbers[4:6]]
    spec |= {"x": numbers[6:8], "target": [numbers[8]], "steps": 2}
    traced_or_refused(spec)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(content=st.one_of(st.binary(max_size=40), st.text(max_size=40).map(str.encode)))
def test_any_bytes_are_read_or_refused(content: bytes, tmp_path_factory: Any):
    sentence = ""
    try:
        read(tmp_path_factory.getbasetemp(), content)
    except SpecError as mistake:
        sentence = str(mistake)
    assert sentence.isprintable()
