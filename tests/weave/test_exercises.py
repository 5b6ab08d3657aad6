"""Exercises as sections of a page and as files to fill in."""

import ast
import json

import nbformat
import pytest

from chainrule.exercises import EXERCISES, HOLE, cells, script
from weave.exercises import files, sections

ROWS = [
    {
        "id": exercise.id,
        "title": exercise.title,
        "task": exercise.task,
        "function": exercise.function,
        "unsolved": exercise.unsolved,
        "script": script(exercise, exercise.unsolved),
        "cells": cells(exercise, exercise.unsolved),
    }
    for exercise in EXERCISES.values()
]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return dict(files(ROWS))


def test_each_has_a_section_with_its_hole_and_links_to_both_files(made):
    page = sections(ROWS, lambda path: f"../../{path}")
    parts = page.split("\n### ")
    assert len(parts) == len(ROWS)
    for row, part in zip(ROWS, parts, strict=True):
        assert f"{row['title']} {{ #{row['id']} }}" in part
        assert row["task"] in part
        assert HOLE in part
        for kind in ("py", "ipynb"):
            assert f'href="../../downloads/exercises/{row["id"]}.{kind}"' in part
            assert f"downloads/exercises/{row['id']}.{kind}" in made


def test_no_file_gives_an_answer_away(made):
    for row in ROWS:
        exercise = EXERCISES[row["id"]]
        for kind in ("py", "ipynb"):
            text = made[f"downloads/exercises/{row['id']}.{kind}"]
            assert not any(expression in text for expression in exercise.missing)


def test_a_program_and_a_notebook_have_the_same_code(made):
    for row in ROWS:
        program = made[f"downloads/exercises/{row['id']}.py"]
        notebook = json.loads(made[f"downloads/exercises/{row['id']}.ipynb"])
        nbformat.validate(notebook)
        code = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
        of_notebook = ast.parse("\n".join(code))
        of_program = ast.parse(program)
        assert ast.dump(ast.Module(of_program.body[1:], [])) == ast.dump(of_notebook)


def test_a_notebook_opens_with_its_task_as_a_heading(made):
    for row in ROWS:
        first = json.loads(made[f"downloads/exercises/{row['id']}.ipynb"])["cells"][0]
        assert first["cell_type"] == "markdown"
        assert first["source"] == f"# {row['title']}\n\n{row['task']}"
