"""The doctor: what it says of right functions, wrong ones, and ones that do not run."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, gradients
from chainrule.__main__ import main
from chainrule.diagnose import Report, diagnose
from chainrule.spec import SpecError
from tests.planted import IN_A_GRADIENT, Planted, drawn_pairs, drawn_settings
from tests.styles import drawn_styles


def reference(weights, biases, x, target):
    """A right function: sigmoids, half squared error, summed over the batch."""
    sigmoid = ACTIVATIONS["sigmoid"]
    network = [Layer(Affine(W, b), sigmoid) for W, b in zip(weights, biases, strict=True)]
    found = gradients(network, x, target, LOSSES["half_squared_error"], reduction="sum")
    return [affine.W for affine in found], [affine.b for affine in found]


def changed(change):
    """The reference with this done to its two lists afterwards."""

    def function(weights, biases, x, target):
        return change(*reference(weights, biases, x, target), x)

    return function


# Right functions


@pytest.mark.parametrize("style", list(drawn_styles(30, seed=1)), ids=str)
def test_a_correct_function_in_any_style_raises_no_alarm(style):
    report = diagnose(style.gradients, **style.options)
    assert report.ok, str(report)
    assert report.findings == []
    assert str(report).startswith("Your gradients are right.")


def test_a_numerical_derivative_is_right_enough():
    def function(weights, biases, x, target):
        noise = np.random.default_rng(0)
        dWs, dbs = reference(weights, biases, x, target)
        return [dW * (1 + 1e-8 * noise.standard_normal(dW.shape)) for dW in dWs], dbs

    report = diagnose(function)
    assert report.ok
    assert "relative error" in str(report)


def test_a_function_for_two_layers_is_judged_on_two_layers():
    def function(weights, biases, x, target):
        W1, W2 = weights
        return reference([W1, W2], biases, x, target)

    report = diagnose(function)
    assert report.ok
    assert "not made for 3 layers" in str(report)


def test_a_function_for_one_size_is_judged_on_that_size():
    def function(weights, biases, x, target):
        assert [W.shape for W in weights] == [(2, 2), (1, 2)]
        return reference(weights, biases, x, target)

    assert diagnose(function, layer_sizes=[2, 2, 1]).ok
    assert not diagnose(function).ok


# One slip


@pytest.mark.parametrize("slip", IN_A_GRADIENT, ids=lambda slip: slip.id)
def test_a_slip_is_named_first(slip):
    settings = drawn_settings(slip, 1)
    assert settings
    for planted in settings:
        report = diagnose(planted, **planted.options)
        assert planted.is_named_first(report), f"{planted}\n{report}"


@pytest.mark.parametrize("place", ["all", "hidden", "output", "1", "2"])
def test_the_layers_are_named_as_well(place):
    planted = Planted((f"missing_activation_derivative@{place}",), "tanh", "squared_error", "mean")
    (finding,) = diagnose(planted, **planted.options).findings
    assert (finding.slip, finding.layers) == ("missing_activation_derivative", place)
    assert (finding.kind, finding.confidence) == ("slip", 1.0)


def test_slips_that_give_the_same_numbers_are_both_named():
    planted = Planted(("relu_slope_one@hidden",), "relu", "softmax_cross_entropy", "mean")
    report = diagnose(planted, **planted.options)
    assert {f.slip for f in report.findings} == {"relu_slope_one", "missing_activation_derivative"}
    assert [f.confidence for f in report.findings] == [0.5, 0.5]
    assert "more than one explanation" in str(report)


@pytest.mark.parametrize("given", [None, 0.3])
def test_the_learning_rate_that_leaks_in_is_found_out(given):
    planted = Planted(("updated_weights",), "sigmoid", "half_squared_error", "sum")
    (finding,) = diagnose(planted, **planted.options, learning_rate=given).findings
    assert finding.slip == "updated_weights"
    assert "0.3" in finding.explanation


def test_a_wrong_learning_rate_explains_nothing():
    planted = Planted(("updated_weights",), "sigmoid", "half_squared_error", "sum")
    (finding,) = diagnose(planted, **planted.options, learning_rate=0.7).findings
    assert finding.kind == "unknown"


def test_a_tiny_leak_is_not_taken_for_rounding():
    def function(weights, biases, x, target):
        planted = Planted(("updated_weights",), "sigmoid", "half_squared_error", "sum")
        planted.learning_rate = 1e-7
        return planted(weights, biases, x, target)

    report = diagnose(function)
    assert not report.ok
    assert report.findings[0].slip == "updated_weights"


def test_a_report_tells_where_it_starts_what_explains_it_and_what_to_change():
    planted = Planted(("missing_activation_derivative@hidden",), "sigmoid", "squared_error", "sum")
    report = diagnose(planted, **planted.options)
    text = str(report)
    assert "first wrong quantity on the way back is db[0]" in text
    assert "Right: db[1], dW[1]." in text
    assert "digits" in text
    assert "delta = dL_da * layer.activation.df(record.z, record.a)" in report.findings[0].fix
    assert "Ruled out: " in text


def test_a_transposed_matrix_is_found_although_the_function_raises():
    planted = Planted(("transposed_weights",), "tanh", "half_squared_error", "sum")
    report = diagnose(planted, **planted.options)
    assert report.findings[0].slip == "transposed_weights"
    assert "passed: weights (5, 4), (3, 5)" in str(report)


# Two slips


def test_most_pairs_are_named():
    pairs = drawn_pairs(20, seed=3)
    named = [planted.is_named(diagnose(planted, **planted.options)) for planted in pairs]
    assert sum(named) >= 16


# Conventions


@pytest.mark.parametrize(
    ("factor", "slip"),
    [
        (lambda x: 2.0, "half_forgotten"),
        (lambda x: 0.5, "two_forgotten"),
        (lambda x: 1.0 / len(x), "mean_for_sum"),
        (lambda x: 1.0 * len(x), "sum_for_mean"),
    ],
    ids=["2", "1/2", "1/B", "B"],
)
def test_one_factor_on_everything_is_a_convention(factor, slip):
    function = changed(
        lambda dWs, dbs, x: ([factor(x) * dW for dW in dWs], [factor(x) * db for db in dbs])
    )
    report = diagnose(function)
    assert report.ok
    assert [(f.kind, f.slip) for f in report.findings] == [("convention", slip)]


def test_a_division_by_the_number_of_outputs_is_a_convention():
    def function(weights, biases, x, target):
        dWs, dbs = reference(weights, biases, x, target)
        n = target.shape[1]
        return [dW / n for dW in dWs], [db / n for db in dbs]

    (finding,) = diagnose(function).findings
    assert (finding.kind, finding.slip) == ("convention", "mean_over_outputs")


def test_everything_transposed_is_a_convention():
    report = diagnose(changed(lambda dWs, dbs, x: ([dW.T for dW in dWs], dbs)))
    assert report.ok
    assert [(f.kind, f.slip) for f in report.findings] == [("convention", "transposed_gradient")]


def test_a_factor_on_a_part_only_is_a_slip():
    report = diagnose(changed(lambda dWs, dbs, x: (dWs, [db / len(x) for db in dbs])))
    assert not report.ok
    assert [(f.kind, f.slip) for f in report.findings] == [("slip", "bias_mean_for_sum")]


def test_one_transposed_layer_is_a_slip():
    report = diagnose(changed(lambda dWs, dbs, x: ([dWs[0].T, *dWs[1:]], dbs)))
    assert not report.ok
    assert [(f.kind, f.layers) for f in report.findings] == [("slip", "1")]


def test_a_minus_on_everything_is_a_slip():
    report = diagnose(changed(lambda dWs, dbs, x: ([-dW for dW in dWs], [-db for db in dbs])))
    assert not report.ok
    assert [f.slip for f in report.findings] == ["reversed_error"]


def test_a_slip_and_a_convention_are_told_apart():
    planted = Planted(("dropped_input@hidden", "mean_for_sum"), "tanh", "squared_error", "sum")
    report = diagnose(planted, **planted.options)
    assert not report.ok
    assert [(f.slip, f.kind) for f in report.findings] == [
        ("dropped_input", "slip"),
        ("mean_for_sum", "convention"),
    ]


# What is not in the catalogue


UNKNOWN = {
    "a constant": lambda dWs, dbs, x: ([dW + 0.01 for dW in dWs], dbs),
    "the signs": lambda dWs, dbs, x: ([np.abs(dW) for dW in dWs], dbs),
    "a square": lambda dWs, dbs, x: ([dW**2 for dW in dWs], dbs),
    "noise": lambda dWs, dbs, x: (dWs, [db + 1e-4 * np.arange(db.size) for db in dbs]),
    "not a number": lambda dWs, dbs, x: ([np.nan * dW for dW in dWs], dbs),
    "nothing": lambda dWs, dbs, x: ([0 * dW for dW in dWs], [0 * db for db in dbs]),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_no_slip_reproduces_is_called_unknown(what):
    report = diagnose(changed(UNKNOWN[what]))
    assert not report.ok
    (finding,) = report.findings
    assert (finding.kind, finding.slip) == ("unknown", "")
    assert finding.explanation.startswith(
        "Wrong, and no known slip explains it; the first wrong quantity"
    )


def test_the_step_instead_of_the_gradient_is_recognised():
    function = changed(lambda dWs, dbs, x: ([-0.1 * dW for dW in dWs], [-0.1 * db for db in dbs]))
    report = diagnose(function)
    assert report.findings[0].kind == "unknown"
    assert "exactly -0.1 times right" in str(report)


def test_a_function_that_is_right_for_one_example_is_told_so():
    def function(weights, biases, x, target):
        dWs, dbs = reference(weights, biases, x, target)
        return [dW + 0.1 * (len(x) - 1) for dW in dWs], dbs

    assert "With one example at a time it is right" in str(diagnose(function))


def test_randomness_is_noticed():
    rng = np.random.default_rng(0)
    report = diagnose(changed(lambda dWs, dbs, x: ([dW * rng.random() for dW in dWs], dbs)))
    assert "Called twice" in str(report)


def test_changed_arguments_are_noticed():
    def function(weights, biases, x, target):
        found = reference(weights, biases, x, target)
        weights[0] -= 0.1
        return found

    report = diagnose(function)
    assert report.ok
    assert "changes what it is given (weights[0])" in str(report)


# What does not run


def test_an_exception_is_reported_with_the_shapes_that_were_passed():
    def function(weights, biases, x, target):
        return 1 / 0

    report = diagnose(function)
    assert not report.ok
    (finding,) = report.findings
    assert finding.kind == "exception"
    assert "ZeroDivisionError" in finding.explanation
    assert "weights (5, 4), (3, 5); biases (5,), (3,); x (7, 4); target (7, 3)" in finding.fix


def test_an_exception_on_some_networks_only_is_reported_too():
    def function(weights, biases, x, target):
        if len(weights) == 3:
            raise RuntimeError("too deep")
        return reference(weights, biases, x, target)

    report = diagnose(function)
    assert not report.ok
    assert [finding.kind for finding in report.findings] == ["exception"]
    assert "Where it ran it is right" in str(report)


@pytest.mark.parametrize(
    "returned", [None, 3, np.zeros(3), [], ([], []), ([1], [2], [3]), (["a", "b"], ["c", "d"])]
)
def test_something_else_than_two_lists_is_reported(returned):
    report = diagnose(lambda weights, biases, x, target: returned)
    assert not report.ok
    assert [finding.kind for finding in report.findings] == ["form"]


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ({"activation": "sigmod"}, "activation"),
        ({"output_activation": 3}, "output_activation"),
        ({"loss": "mse"}, "loss"),
        ({"reduction": "none"}, "reduction"),
        ({"layout": "diagonal"}, "layout"),
        ({"weight_layout": "in"}, "weight_layout"),
        ({"layer_sizes": [3]}, "layer_sizes"),
        ({"layer_sizes": [3, 0, 1]}, "layer_sizes"),
        ({"loss": "binary_cross_entropy", "output_activation": "sigmoid"}, "takes logits"),
        ({"loss": "softmax_cross_entropy", "layer_sizes": [2, 1]}, "at least 2"),
    ],
    ids=str,
)
def test_an_option_that_makes_no_sense_is_refused(option, says):
    with pytest.raises(SpecError, match=says):
        diagnose(reference, **option)


def test_a_report_takes_at_most_two_seconds():
    hardest = changed(UNKNOWN["a constant"])
    start = time.process_time()
    diagnose(hardest)
    assert time.process_time() - start < 2


# The command


@pytest.fixture
def my_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(
        """
import numpy as np

def right(weights, biases, x, target):
    a, tape = x, []
    for W, b in zip(weights, biases):
        tape.append(a)
        a = np.tanh(a @ W.T + b)
    tape.append(a)
    delta, dWs, dbs = (a - target) / len(x), [], []
    for k in reversed(range(len(weights))):
        delta = delta * (1 - tape[k + 1] ** 2)
        dWs.insert(0, delta.T @ tape[k])
        dbs.insert(0, delta.sum(axis=0))
        delta = delta @ weights[k]
    return dWs, dbs

def wrong(weights, biases, x, target):
    dWs, dbs = right(weights, biases, x, target)
    return dWs, [0 * db for db in dbs]

not_a_function = 3
""",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(("name", "status"), [("right", 0), ("wrong", 1)])
def test_the_command_prints_the_report(name, status, my_file, capsys):
    options = ["--activation", "tanh", "--reduction", "mean"]
    assert main(["diagnose", f"{my_file}:{name}", *options]) == status
    printed = capsys.readouterr()
    assert printed.out.startswith("Your gradients are")
    assert ("bias_gradient_forgotten" in printed.out) is (name == "wrong")


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("{file}:nowhere", "no function nowhere"),
        ("{file}:not_a_function", "no function not_a_function"),
        ("{file}", "FILE.py:FUNCTION"),
        ("nowhere.py:right", "no file nowhere.py"),
    ],
)
def test_the_command_says_in_one_sentence_what_it_cannot_run(place, says, my_file, capsys):
    assert main(["diagnose", place.format(file=my_file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert printed.err.count("\n") == 1


def test_a_file_that_does_not_run_is_no_traceback(my_file, capsys):
    my_file.write_text("import nothing_of_this_name", encoding="utf-8")
    assert main(["diagnose", f"{my_file}:right"]) == 2
    assert "ModuleNotFoundError" in capsys.readouterr().err


@pytest.mark.parametrize("sizes", ["2,x,1", "2", ""])
def test_layer_sizes_on_the_command_line_must_be_numbers(sizes, my_file, capsys):
    assert main(["diagnose", f"{my_file}:right", "--layer-sizes", sizes]) == 2
    assert "layer" in capsys.readouterr().err


def test_a_report_without_findings_has_a_verdict():
    assert str(Report(True, [], "Your gradients are right.", [], [])) == "Your gradients are right."
