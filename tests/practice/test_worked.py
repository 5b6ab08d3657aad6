"""The worked network that fades: every line right, and the lines that are left out left out."""

import pytest

from chainrule.practice.worked import LINES, STAGES, worked

SEEDS = 20


@pytest.mark.parametrize("stage", range(1, len(STAGES) + 1))
def test_every_line_agrees_with_a_second_method(stage):
    for seed in range(SEEDS):
        for line in worked(stage, seed).lines:
            assert line.question.check.residual <= 1e-7
            assert line.question.value is not None
            for wrong in line.question.wrong:
                assert wrong.value is None or not line.question.accepts(wrong.value)


@pytest.mark.parametrize("stage", range(1, len(STAGES) + 1))
def test_no_line_below_a_blank_gives_the_blank_away(stage):
    example = worked(stage, 0)
    blanks = [line.blank for line in example.lines]
    for place, line in enumerate(example.lines):
        assert bool(line.formula) == (True not in blanks[: place + 1])


def test_each_stage_leaves_more_to_the_reader():
    left = [sum(line.blank for line in worked(stage, 0).lines) for stage in range(1, 6)]
    assert left == sorted(set(left))
    assert left[0] == 0
    assert left[-1] == len(LINES)


def test_the_same_seed_gives_the_same_example():
    assert worked(3, 5) == worked(3, 5)
    assert worked(3, 5) != worked(3, 6)
