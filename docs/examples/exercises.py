"""Every exercise, as it is handed out, as it is solved, and with a slip."""

from chainrule.exercises import EXERCISES, cells, check, script

SLIPS = {  # what somebody puts in, and the slip that this is
    "pre-activation": (["a_in @ layer.affine.W.T"], "bias_not_added"),
    "error": (["dL_da"], "missing_activation_derivative"),
    "gradients": (
        ["delta.T @ record.a_in", "delta.mean(axis=0)"],
        "bias_mean_for_sum",
    ),
    "passed-down": (["dL_da @ layer.affine.W"], "error_above_the_slope"),
    "softmax": (["softmax(logits)"], "target_not_subtracted"),
    "update": (
        ["layer.affine.W - gradient.W", "layer.affine.b - gradient.b"],
        "learning_rate_forgotten",
    ),
    "gradient-check": (
        ["(f(w + nudge) - f(w)) / h"],
        "forward_difference",
    ),
    "momentum": (["v + g", "w - self.learning_rate * v"], ""),
}


def judged(exercise, source):
    """The verdict on this source, run as the reader would run it."""
    names = {}
    _, function, _ = cells(exercise, source)
    exec(compile(function, exercise.id, "exec"), names)
    return check(exercise.id, names[exercise.name])


rows = []
for exercise in EXERCISES.values():
    unsolved, solved = exercise.unsolved, exercise.solved
    answers, slip = SLIPS[exercise.id]
    slipped = solved
    for missing, answer in zip(exercise.missing, answers, strict=True):
        slipped = slipped.replace(missing, answer)
    verdicts = [judged(exercise, s) for s in (unsolved, solved, slipped)]
    assert [verdict.ok for verdict in verdicts] == [False, True, False]
    assert verdicts[2].slip == slip
    known = f"named: {slip}" if slip else "noticed"
    print(
        f"{exercise.id:14}  unsolved refused, solved passes, slip {known}"
    )
    rows.append(
        {
            "id": exercise.id,
            "title": exercise.title,
            "task": exercise.task,
            "function": exercise.function,
            "unsolved": unsolved,
            "script": script(exercise, unsolved),
            "cells": cells(exercise, unsolved),
        }
    )
count = len(rows)
