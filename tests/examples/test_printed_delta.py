"""A tutorial's printed numbers beside computed ones."""

import runpy

import pytest


@pytest.fixture(scope="module")
def program():
    return runpy.run_path("docs/examples/printed_delta.py")


@pytest.mark.parametrize(
    ("name", "computed"),
    [
        ("y", 0.665074), ("error of the output", 0.0367703), ("error of hidden 1", 0.0027276),
        ("error of hidden 2", 0.0080714), ("weight to the output, second", 0.878743),
        ("weight to the output, first", 0.279691), ("y after the step", 0.659554),
    ],
)  # fmt: skip
def test_the_computed_numbers_are_those_of_an_exact_run(program, name, computed):
    assert program["printed"][name][1] == pytest.approx(computed, abs=1e-6)


def test_the_printed_error_is_ten_times_too_large(program):
    assert program["times_too_large"] == pytest.approx(10.1, abs=0.1)
