"""What a reader may set, what an address may hold, and what can be taken away."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest

from chainrule.explorers import listings, presets
from chainrule.explorers.presets import PRESETS
from chainrule.notation import number
from chainrule.trace import trace
from chainrule.worked import text

from .modules import MistakeError, call

VIEW = {"update": 0, "position": 3, "grain": "path", "example": 0, "slip": ""}


def settings(name: str) -> dict[str, Any]:
    return call("settingsOf", PRESETS[name].spec)


# The address --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_an_address_leads_back_to_the_same_network(name: str) -> None:
    known = presets.as_data()
    own = call("toAddress", settings(name), VIEW, "", known)
    found = call("fromAddress", own, known)
    assert (found["settings"], found["view"]) == (settings(name), VIEW)
    short = call("toAddress", settings(name), VIEW, name, known)
    assert len(short) < 50
    assert call("fromAddress", short, known)["preset"] == name


def test_a_preset_brings_its_slip_unless_the_address_says_otherwise() -> None:
    known = presets.as_data()
    found = call("fromAddress", "#p=mazur-printed", known)
    assert found["view"]["slip"] == "updated_weights"
    without = call("toAddress", settings("mazur-printed"), VIEW, "mazur-printed", known)
    assert call("fromAddress", without, known)["view"]["slip"] == ""


def test_addresses_of_others_are_left_alone() -> None:
    for address in ("", "#how-to-use-it", "#q=one-neuron.step.7"):
        assert call("fromAddress", address, presets.as_data()) is None


def test_a_mangled_address_gets_a_sentence_and_never_an_error() -> None:
    known, chance = presets.as_data(), random.Random(7)
    address = call("toAddress", settings("two-three-two"), VIEW, "", known)
    sentences: set[str] = set()
    for _ in range(400):
        letters = list(address)
        for _ in range(chance.randint(1, 4)):
            letters[chance.randrange(3, len(letters))] = chance.choice("0-9.,/:&=e%x~")
        try:
            found = call("fromAddress", "".join(letters)[: chance.randint(5, 400)], known)
            call("checked", found["settings"])
        except MistakeError as mistake:
            sentences.add(str(mistake))
    assert len(sentences) > 5
    assert all(sentence[0] in '“TEA"W' and sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("#p=nothing", "no network called"),
        ("#n=2-2-1", "is missing"),
        ("#n=" + "-".join("2" * 51) + "&f=a&w=1&x=1&t=1&l=a&e=1", "number of layers"),
        ("#n=2-99&f=tanh&w=1&x=1&t=1&l=a&e=1", "from 1 to 8"),
        ("#n=1-1&f=tanh&w=1e999:0&x=1&t=1&l=squared_error&e=1", "too large"),
        ("#n=1-1&f=tanh&w=NaN:0&x=1&t=1&l=squared_error&e=1", "not a number"),
        ("#n=1-1&f=tanh&w=1:0&x=1&t=1&l=squared_error&e=-1", "learning rate"),
        ("#n=1-1&f=toString&w=1:0&x=1&t=1&l=squared_error&e=1", "no activation"),
        ("#p=%E0%A4%A", "damaged"),
        ("#p=demo&at=-1", "whole number"),
    ],
)
def test_a_wrong_address_says_what_is_wrong(address: str, said: str) -> None:
    with pytest.raises(MistakeError, match=said):
        call("fromAddress", address, presets.as_data())


# Numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0.25", 0.25), (" .25 ", 0.25), ("0,25", 0.25), ("−1", -1), ("2.5e-1", 0.25), ("1/4", 0.25)],
)
def test_a_number_is_read_as_people_write_it(typed: str, value: float) -> None:
    assert call("numberIn", typed) == value


@pytest.mark.parametrize(
    "typed", ["", "a quarter", "1e400", "NaN", "Infinity", "1/0", "--1", "<b>"]
)
def test_what_is_no_number_gets_a_sentence(typed: str) -> None:
    with pytest.raises(MistakeError, match=r"\.$"):
        call("numberIn", typed)


@pytest.mark.parametrize("value", [0.642217, -0.00399065, 1.2e-9, 0.0, 1e6, 123456.7, -5.0, 0.15])
def test_numbers_are_written_as_the_reference_writes_them(value: float) -> None:
    digits, power = call("figures", value)
    exponent = power.translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    assert digits + (f"·10{exponent}" if power else "") == number(value)


# Shapes -------------------------------------------------------------------------------------------


def test_another_shape_keeps_what_fits() -> None:
    before = settings("two-three-two")
    after = call("checked", call("reshaped", before, [3, 3, 4, 1]))
    assert after["layers"][0]["W"][1][:2] == before["layers"][0]["W"][1]
    assert [len(layer["W"]) for layer in after["layers"]] == [3, 4, 1]
    assert after == call("reshaped", before, [3, 3, 4, 1])


# Steps --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["demo", "two-three-two", "mazur", "deep"])
def test_every_size_of_step_ends_with_the_same_numbers(name: str) -> None:
    def numbers(grain: str) -> dict[str, float]:
        found = call("explainAll", settings(name), {"grain": grain})
        return {
            f"{one['kind']}{one.get('k')}{one.get('j')}{one.get('i')}": one["value"]
            for one in found
            if one["kind"] not in ("product", "path")
        }

    assert numbers("path") == numbers("neuron") == numbers("layer")


def test_a_line_says_what_the_worked_text_of_the_reference_says() -> None:
    """Both write out D1; the player's lines, without spaces, hold every number of the other."""
    shown = " ".join(
        one["text"] for one in call("explainAll", settings("demo"), {"grain": "neuron"})
    )
    worked = text(trace(PRESETS["demo"].spec))
    numbers = {word.strip("(),;:") for word in worked.replace("·", " ").split()}
    known = {word for word in numbers if word.replace("−", "").replace(".", "").isdecimal()}
    missing = {word for word in known if len(word) > 6 and word not in shown}
    assert missing == set()


def test_a_step_points_to_lines_of_the_reference() -> None:
    found = listings()
    marked = {
        name: [one.text.splitlines()[n].strip() for lines in one.marks.values() for n in lines]
        for name, one in found.items()
    }
    assert marked["network.backward"][0].startswith("delta = dL_da *")
    assert marked["activations.sigmoid_slope"] == ["return a * (1 - a)"]
    assert all(marked.values())


# To take away -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_the_json_is_a_spec_of_the_command_line(name: str) -> None:
    assert trace(json.loads(call("json", settings(name)))) == trace(PRESETS[name].spec)


@pytest.mark.parametrize("name", PRESETS)
def test_the_program_runs_and_prints_the_same_numbers(name: str) -> None:
    program = call("python", settings(name))
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    known = trace(PRESETS[name].spec)
    losses = [line.split()[-1] for line in ran.stdout.splitlines() if "loss" in line]
    printed = [float(loss.removeprefix("np.float64(").rstrip(")")) for loss in losses]
    assert printed == pytest.approx(
        [*(step["loss"] for step in known["steps"]), known["final"]["loss"]], abs=1e-12
    )
    for k, layer in enumerate(known["final"]["layers"], start=1):
        assert f"layer {k}: new W = {layer['W']}" in ran.stdout
        assert f"layer {k}: dW = {known['steps'][0]['layers'][k - 1]['dW']}" in ran.stdout


def test_a_layer_without_a_bias_is_taken_away_without_one() -> None:
    spec = PRESETS["two-three-two"].spec
    bare = [{**layer, "b": None} for layer in spec["layers"]]
    without = call("settingsOf", {**spec, "layers": bare})
    ran = subprocess.run(
        [sys.executable, "-c", call("python", without)], capture_output=True, text=True, check=True
    )
    assert str(trace({**spec, "layers": bare})["final"]["loss"])[:12] in ran.stdout
    assert all(one["kind"] not in ("b", "db") for one in call(
        "explainAll", without, {"grain": "neuron"}))  # fmt: skip


def test_steps_follow_each_other_without_a_gap() -> None:
    steps = call("stepsOf", settings("two-three-two"), "neuron")
    order = ["forward", "loss", "backward", "update", "again"]
    assert all(
        order.index(one["phase"]) <= order.index(other["phase"]) for one, other in pairwise(steps)
    )


def test_after_a_step_what_it_computed_is_known_and_what_comes_next_is_not() -> None:
    atoms = call("atoms", settings("two-three-two"))
    for position in range(len(atoms)):
        known = [key for step in atoms[: position + 1] for key in step]
        assert call("knownAfter", settings("two-three-two"), position) == known


# Slips ------------------------------------------------------------------------------------------


def test_the_numbers_in_a_line_of_the_wrong_order_are_those_that_were_multiplied() -> None:
    """Mazur's slip goes back through the new weights, so they have to stand in the line."""
    lines = call("explainAll", settings("mazur"), {"grain": "neuron", "slip": "updated_weights"})
    arriving = [one for one in lines if one["kind"] == "dL_da" and one["k"] == 1]
    assert len(arriving) == 2
    for line in arriving:
        sides = line["text"].split(" = ")
        terms = sides[-2].replace("−", "-").replace("·", "*")
        assert eval(terms) == pytest.approx(line["value"], rel=1e-4)


@pytest.mark.parametrize("slip", call("slips"))
def test_every_slip_says_what_it_does_where_it_does_it(slip: str) -> None:
    says = call("slipDoes")[slip]
    assert {place.removesuffix(" top") for place in says} <= {
        "z", "a", "dL_da", "delta", "dW", "db", "W", "b"
    }  # fmt: skip
    assert all(text.split()[0].endswith("s") for text in says.values())
