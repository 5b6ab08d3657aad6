"""Numbers done by hand: what counts as right, which is the first wrong one, what gives it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainrule.__main__ import main
from chainrule.check import check, computed, numbers
from chainrule.slips import SLIPS
from chainrule.spec import SpecError, check_spec
from chainrule.trace import trace

D1: dict[str, Any] = {
    "layers": [
        {"W": [[0.15, 0.20], [0.25, 0.30]], "b": [0.35, 0.35], "activation": "sigmoid"},
        {"W": [[0.40, 0.45]], "b": [0.60], "activation": "sigmoid"},
    ],
    "loss": "half_squared_error",
    "x": [0.5, 0.8],
    "target": [1],
    "learning_rate": 0.5,
}

TWO_THREE_TWO: dict[str, Any] = {
    "layers": [
        {"W": [[0.5, -0.3], [0.8, 0.2], [-0.6, 0.4]], "b": [0.1, -0.2, 0.3], "activation": "tanh"},
        {"W": [[0.7, -0.5, 0.2], [-0.4, 0.6, 0.9]], "b": None, "activation": "identity"},
    ],
    "loss": "softmax_cross_entropy",
    "reduction": "mean",
    "x": [[0.5, -0.8], [0.9, 0.3], [-0.4, 0.7]],
    "target": [[1, 0], [0, 1], [1, 0]],
    "learning_rate": 0.2,
    "steps": 2,
}

SPECS = {"2-2-1": D1, "2-3-2": TWO_THREE_TWO}


def written(value: Any, figures: int = 3) -> Any:
    """A trace as somebody writes it down, with so many significant figures."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in {"settings", "activation"}}
        return {key: written(entry, figures) for key, entry in kept.items()}
    if isinstance(value, list):
        return [written(entry, figures) for entry in value]
    return None if value is None else float(f"{value:.{figures - 1}e}")


def rounded(value: Any) -> np.ndarray:
    """Numbers as a hand with three figures carries them on."""
    return np.vectorize(lambda v: float(f"{v:.2e}"))(value)


def one(path: str, value: float) -> dict[str, Any]:
    """Answers with a single number in them: one("loss", 3), one("layers.0.dW.1.0", 3)."""
    keys = path.split(".")
    found: Any = value
    for key in reversed(keys):
        found = [None] * int(key) + [found] if key.isdecimal() else {key: found}
    return found


# Right numbers


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
@pytest.mark.parametrize("figures", [3, 4, 6, 17])
def test_a_trace_written_down_is_right(spec, figures):
    verdict = check(spec, written(trace(spec), figures))
    assert (verdict.ok, verdict.first_wrong, verdict.slip) == (True, None, None)


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_rounding_at_every_step_is_forgiven(spec):
    checked = check_spec(spec)
    by_hand = computed(checked, [], checked.steps, rounded)
    assert check(spec, written(by_hand)).ok


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_without_a_slip_the_computation_is_the_trace(spec):
    checked = check_spec(spec)
    mine = numbers(computed(checked, [], checked.steps))
    theirs = numbers(trace(spec))
    assert list(mine) == list(theirs)
    assert all(mine[path].value == pytest.approx(theirs[path].value) for path in mine)


def test_a_trace_itself_can_be_handed_in():
    assert check(D1, trace(D1)).ok


def test_nothing_answered_is_nothing_wrong():
    assert check(D1, {"steps": [{"loss": None, "layers": [None, {"z": None}]}]}).ok
    assert check(D1, {}).ok


def test_one_step_may_stand_by_itself():
    assert check(D1, {"loss": 0.0285}).ok
    assert check(D1, {"steps": [{"loss": 0.0285}]}).ok


@pytest.mark.parametrize("weight", [0.151, 0.150998])
def test_an_updated_weight_is_right_to_the_figures_written(weight):
    assert check(D1, {"final": one("layers.0.W.0.0", weight)}).ok


@pytest.mark.parametrize("weight", [0.149, 0.152, 0.1502, 0.15])
def test_the_figures_of_the_step_count_in_an_updated_weight(weight):
    assert not check(D1, {"final": one("layers.0.W.0.0", weight)}).ok


# Wrong numbers


@pytest.mark.parametrize(
    ("path", "value", "slip"),
    [
        ("loss", 0.0570, "half_forgotten"),
        ("layers.1.delta.0", 0.0434, "reversed_error"),
        ("layers.1.delta.0", -0.239, "missing_activation_derivative"),
        ("layers.0.delta.0", -0.0174, "missing_activation_derivative"),
        ("layers.0.delta.0", -0.00316, "slope_of_layer_above"),
        ("layers.0.delta.1", -0.00957, "dropped_weight"),
        ("layers.0.dW.0.0", -0.00206, "updated_weights"),
        ("layers.0.dW.0.1", -0.00399, "dropped_input"),
        ("layers.1.db.0", -0.0330, "bias_times_activation"),
        ("layers.0.z.0", 0.235, "bias_not_added"),
    ],
)
def test_the_slip_that_gives_a_number_is_named(path, value, slip):
    verdict = check(D1, one(path, value))
    assert not verdict.ok
    assert verdict.slip == slip
    assert SLIPS[slip].statement in verdict.explanation


@pytest.mark.parametrize(
    ("weight", "slip"), [(0.428, "learning_rate_forgotten"), (0.386, "step_uphill")]
)
def test_the_slip_in_an_update_is_named(weight, slip):
    assert check(D1, {"final": one("layers.1.W.0.0", weight)}).slip == slip


def test_the_first_wrong_number_is_first_in_the_order_of_computing():
    answers = written(trace(D1))
    step = answers["steps"][0]
    step["layers"][0]["dW"][1][1] = 7.0
    assert check(D1, answers).first_wrong == "steps[0].layers[0].dW[1][1]"
    step["layers"][1]["dW"][0][0] = 7.0
    assert check(D1, answers).first_wrong == "steps[0].layers[1].dW[0][0]"
    step["layers"][1]["delta"][0] = 7.0
    assert check(D1, answers).first_wrong == "steps[0].layers[1].delta[0]"
    step["loss"] = 7.0
    assert check(D1, answers).first_wrong == "steps[0].loss"
    step["layers"][1]["z"][0] = 7.0
    assert check(D1, answers).first_wrong == "steps[0].layers[1].z[0]"
    answers["final"]["loss"] = 7.0
    assert check(D1, answers).first_wrong == "steps[0].layers[1].z[0]"


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
@pytest.mark.parametrize(
    "slip",
    [
        "missing_activation_derivative@hidden",
        "dropped_input",
        "updated_weights",
        "bias_times_activation",
        "step_uphill",
        "slope_twice@hidden",
    ],
)
def test_whoever_makes_a_slip_throughout_is_told_so(spec, slip):
    checked = check_spec(spec)
    verdict = check(spec, written(computed(checked, [slip], checked.steps)))
    assert not verdict.ok
    assert slip.partition("@")[0] in verdict.explanation


def test_a_number_that_no_slip_gives_is_only_called_wrong():
    verdict = check(D1, {"loss": 0.777})
    assert (verdict.first_wrong, verdict.slip) == ("steps[0].loss", None)
    assert "No known slip" in verdict.explanation


# Answers that cannot be read


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([1, 2], "must be an object"),
        (3, "must be an object"),
        (None, "must be an object"),
        ({"nonsense": 3}, "nonsense"),
        ({"loss": True}, "loss"),
        ({"loss": "0.03"}, "loss"),
        ({"loss": float("nan")}, "loss"),
        ({"loss": [0.03]}, "loss"),
        ({"steps": [{}, {"loss": 1}]}, "steps"),
        ({"layers": [{"delta": [1, 2, 3]}]}, "delta"),
        ({"layers": [{"z": 0.5}]}, "z"),
        ({"layers": [None, None, {"z": [0.5]}]}, "layers"),
        ({"final": {"layers": [{"z": [0.5]}]}}, "final"),
    ],
    ids=str,
)
def test_answers_that_have_no_place_in_the_trace_are_refused(answers, says):
    with pytest.raises(SpecError, match=says):
        check(D1, answers)


def test_an_answer_for_a_bias_that_is_not_there_is_refused():
    with pytest.raises(SpecError, match="db"):
        check(TWO_THREE_TWO, {"steps": [one("layers.1.db.0", 1.0)]})


def test_the_answers_are_left_as_they_are():
    answers = written(trace(D1))
    before = copy.deepcopy(answers)
    check(D1, answers)
    assert answers == before


# The command


@pytest.fixture
def files(tmp_path: Path):
    def write(answers: object, spec: object = D1) -> list[str]:
        paths = tmp_path / "spec.json", tmp_path / "answers.json"
        for path, data in zip(paths, (spec, answers), strict=True):
            text = data if isinstance(data, str) else json.dumps(data)
            path.write_text(text, encoding="utf-8")
        return [str(path) for path in paths]

    return write


@pytest.mark.parametrize(("loss", "status"), [(0.0285, 0), (0.0570, 1)])
def test_the_command_prints_the_verdict(loss, status, files, capsys):
    assert main(["check", *files({"loss": loss})]) == status
    assert ("half_forgotten" in capsys.readouterr().out) is (status == 1)


def test_the_verdict_as_json(files, capsys):
    assert main(["check", *files({"loss": 0.0570}), "--json"]) == 1
    verdict = json.loads(capsys.readouterr().out)
    assert list(verdict) == ["ok", "first_wrong", "slip", "explanation"]
    assert verdict["ok"] is False
    assert (verdict["first_wrong"], verdict["slip"]) == ("steps[0].loss", "half_forgotten")


@pytest.mark.parametrize(
    ("answers", "spec"),
    [
        ("{", D1),
        ({"loss": "x"}, D1),
        ({"loss": 1}, {"loss": "mse"}),
        ('{"loss": 1, "loss": 2}', D1),
    ],
)
def test_what_cannot_be_read_is_one_sentence(answers, spec, files, capsys):
    assert main(["check", *files(answers, spec)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1


def test_standard_input_serves_once(capsys):
    assert main(["check", "-", "-"]) == 2
    assert "only one" in capsys.readouterr().err
