"""Each exercise fails with its holes, passes with the reference's lines, and runs as a file."""

import subprocess
import sys

import pytest

from chainrule.exercises import EXERCISES, HOLE, Exercise, cells, check, script

exercises = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


def answer(exercise: Exercise, source: str):
    names: dict = {}
    exec(cells(exercise, source)[1], names)
    return names[exercise.name]


@exercises
def test_what_is_missing_stands_in_the_reference_once(exercise):
    assert all(exercise.solved.count(expression) == 1 for expression in exercise.missing)
    assert exercise.unsolved.count(HOLE) == len(exercise.missing)


@exercises
def test_with_its_holes_it_is_refused_in_words(exercise):
    verdict = check(exercise.id, answer(exercise, exercise.unsolved))
    assert not verdict.ok
    assert verdict.text


@exercises
def test_with_the_lines_of_the_reference_it_passes(exercise):
    assert check(exercise.id, answer(exercise, exercise.solved)).ok


@exercises
def test_a_number_that_is_slightly_off_is_refused(exercise):
    first = exercise.missing[0]
    source = exercise.solved.replace(first, f"1.001 * ({first})")
    assert not check(exercise.id, answer(exercise, source)).ok


@pytest.mark.parametrize(
    ("id", "wrong", "slip"),
    [
        ("pre-activation", "a_in @ layer.affine.W.T", "bias_not_added"),
        ("error", "dL_da * record.a", "activation_for_slope"),
        ("passed-down", "dL_da @ layer.affine.W", "error_above_the_slope"),
        ("softmax", "softmax(logits)", "target_not_subtracted"),
        ("gradient-check", "(f(w + nudge) - f(w - nudge)) / h", "not_divided_by_two_h"),
    ],
)
def test_a_classic_mistake_is_named(id, wrong, slip):
    exercise = EXERCISES[id]
    source = exercise.solved.replace(exercise.missing[0], wrong)
    assert check(id, answer(exercise, source)).slip == slip


@pytest.mark.parametrize("id", ["error", "momentum"])
def test_the_file_runs_by_itself(id, tmp_path):
    exercise = EXERCISES[id]
    for source, said in ((exercise.unsolved, ""), (exercise.solved, "Right.")):
        file = tmp_path / "exercise.py"
        file.write_text(script(exercise, source), encoding="utf-8")
        run = subprocess.run(
            [sys.executable, file], capture_output=True, text=True, cwd=tmp_path, check=True
        )
        assert (run.stdout == "Right.\n") == bool(said)
        assert run.stderr == ""
