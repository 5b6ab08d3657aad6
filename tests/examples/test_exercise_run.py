"""The exercise on the page prints a verdict that names the mistake made in it."""

from docs.examples import exercise_run


def test_the_mistake_is_named():
    assert not exercise_run.verdict.ok
    assert exercise_run.verdict.slip == "activation_for_slope"
