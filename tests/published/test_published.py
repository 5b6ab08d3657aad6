"""Worked examples in print: each number comes out, or says why not; a wrong digit is found."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from docs.published import _reader as reader

FILES = {path.stem: path for path in sorted(reader.FOLDER.glob("*.json"))}
LONG = {"mazur", "rumelhart_symmetry"}  # seconds: planted mistakes are tried on the others

NETWORK: dict[str, Any] = {
    "title": "A neuron",
    "authors": "Somebody",
    "link": "https://example.org",
    "about": "One neuron.",
    "network": {
        "layers": [{"W": [[2.0]], "activation": "identity"}],
        "x": [3.0],
        "target": [5.0],
        "loss": "half_squared_error",
        "learning_rate": 0.1,
    },
    "printed": [{"what": "output", "printed": "6.0", "at": "steps[0].y[0]"}],
}


@pytest.fixture(scope="module")
def examples() -> dict[str, reader.Example]:
    return {name: reader.read(name) for name in FILES}


def with_number(**entry: Any) -> dict[str, Any]:
    data = copy.deepcopy(NETWORK)
    data["printed"] = [{"what": "it", "printed": "6.0", "at": "steps[0].y[0]", **entry}]
    return data


def computed(**computation: Any) -> dict[str, Any]:
    """The data with another computation in place of the network."""
    return {**{key: value for key, value in NETWORK.items() if key != "network"}, **computation}


def test_every_source_of_the_page_is_there():
    assert len(FILES) >= 16


@pytest.mark.parametrize("name", FILES)
def test_every_printed_number_comes_out_or_says_why_not(examples, name: str):
    for number in examples[name].numbers:
        if number.verdict == "reproduced" and not isinstance(number.ours, list):
            unit = 10.0 ** int(Decimal(number.printed).as_tuple().exponent)
            assert number.because or abs(number.ours - float(number.printed)) <= 0.5001 * unit
        elif number.verdict != "reproduced":
            assert number.because


def test_most_of_what_is_printed_is_right(examples):
    numbers = [number for example in examples.values() for number in example.numbers]
    right = [number for number in numbers if number.verdict == "reproduced"]
    assert len(right) > 0.7 * len(numbers)


@pytest.mark.parametrize(
    ("what", "printed", "explained"),
    [
        ("total error after one step", "0.291027924", 0.291027923905),
        ("output $o_1$ after 10,000 steps", "0.015912196", 0.015912196),
        ("total error after 10,000 steps", "0.0000351085", 3.51085e-5),
    ],
)
def test_mazur_printed_what_the_updated_weights_give(examples, what, printed, explained):
    (number,) = [n for n in examples["mazur"].numbers if n.what == what]
    assert (number.printed, number.verdict) == (printed, "only if")
    assert number.explained == pytest.approx(explained, rel=2e-6)


def test_mazur_in_the_right_order_ends_elsewhere(examples):
    ours = {number.what: number.ours for number in examples["mazur"].numbers}
    assert ours["total error after one step"] == pytest.approx(0.291027773694, abs=1e-12)


@pytest.mark.parametrize("name", sorted(FILES.keys() - LONG))
def test_a_planted_wrong_digit_is_found(name: str):
    """Random starts give a range, and a number ten times as large lies outside of it."""
    data = json.loads(FILES[name].read_text(encoding="utf-8"))
    for entry in data["printed"]:
        wrong = copy.deepcopy(data)
        step = Decimal(1).scaleb(Decimal(entry["printed"]).as_tuple().exponent)
        if "decimals" in entry:
            step = Decimal(1).scaleb(-entry["decimals"])
        shift = 2 * step if "experiment" not in data else 9 * Decimal(entry["printed"]) + 2 * step
        wrong["printed"] = [{**entry, "printed": str(Decimal(entry["printed"]) + shift)}]
        if not ({"only_if", "instead"} & entry.keys()):
            wrong["printed"][0].pop("because", None)
        with pytest.raises(reader.PublishedError, match="printed"):
            reader.check(wrong)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({**NETWORK, "author": "x"}, "`author` is not one of title, authors"),
        ({**NETWORK, "link": ""}, "`link` must be given"),
        ({**NETWORK, "experiment": "symmetry"}, "one of network, expression, descent, experiment"),
        (with_number(at="steps[3].y[0]"), r"`printed\[0\].at`: 'steps\[3\].y\[0\]' leads nowhere"),
        (with_number(at="steps["), r"`printed\[0\].at`: 'steps\[' is not an expression"),
        (with_number(at="__import__('os')"), "leads nowhere"),
        (with_number(printed="six"), r"`printed\[0\].printed` must be a number"),
        (with_number(printed="7.0"), r"`printed\[0\].because` must be given: 7.0 was printed"),
        (with_number(printed="7.0", because="?", instead="3 * 4"), "its explanation gives 12"),
        (with_number(instead="2 * 3", because="?"), "is reproduced, and needs no explanation"),
        (with_number(printed="7", because="?", only_if={"slips": ["nothing"]}), "no slip called"),
        (with_number(given={"steps": -1}), "`network`: `steps` must be a whole number"),
        (with_number(wat=1), r"`printed\[0\].wat` is not one of"),
        (computed(expression={"values": {"x": 1}}), "`expression.lines` must be given"),
        (computed(expression={"values": {"x": 1}, "lines": {"f": "x / 0"}}), "has no value here"),
        (computed(expression={"values": {"x": -1}, "lines": {"f": "log(x)"}}), "math domain"),
        (computed(descent={"loss": "x", "start": {"x": 1}}), "`descent.learning_rate` must be"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_data_is_one_sentence_with_its_key(data: dict[str, Any], reason: str):
    with pytest.raises(reader.PublishedError, match=reason) as found:
        reader.check(data)
    assert "\n" not in str(found.value)


def test_a_file_that_is_not_json_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader, "FOLDER", tmp_path)
    (tmp_path / "broken.json").write_text('{"title": \n}')
    with pytest.raises(reader.PublishedError, match=r"docs/published/broken\.json: line 2 is not"):
        reader.read("broken")


def test_a_slip_gives_its_gradient_and_its_end():
    spec = {**NETWORK["network"], "slips": ["reversed_error"]}
    result = reader.network(spec)
    assert result["steps"][0]["layers"][0]["dW"] == [[-3.0]]
    assert result["final"]["layers"][0]["W"] == [[2.3]]


def test_slopes_of_an_expression_are_those_of_a_nudge():
    data = {"values": {"x": 0.3, "y": 2.0}, "lines": {"u": "sin(x) * y", "v": "cos(u) / exp(y)"}}
    slope, h = reader.expression(data)["slopes"]["x"], 1e-6
    ends = [
        reader.expression({**data, "values": {"x": 0.3 + side, "y": 2.0}})["v"] for side in (-h, h)
    ]
    assert slope == pytest.approx((ends[1] - ends[0]) / (2 * h), rel=1e-8)
