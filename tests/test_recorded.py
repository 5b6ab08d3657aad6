"""Figures of many tests become those of one run, and name a commit that there is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.recorded import KEPT, Recorded, git


def test_the_pieces_of_one_run_are_put_together(tmp_path: Path):
    recorded = Recorded()
    recorded.add("links", pages={"a", "b"}, dead=1, slowest=0.5, told="x", planted=True)
    recorded.add("links", pages={"b", "c"}, dead=2, slowest=0.25, told="y", planted=True)
    recorded.add("search", tried=1)
    recorded.write(tmp_path / "kept.json")
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["links"] | {"pages": 3, "dead": 3, "slowest": 0.5, "told": "y"} == kept["links"]
    assert kept["links"]["planted"] == 2
    assert kept["search"]["tried"] == 1


def test_a_name_is_written_anew_and_the_others_stay(tmp_path: Path):
    for name, tried in [("search", 30), ("load", 5), ("search", 3)]:
        recorded = Recorded()
        recorded.add(name, tried=tried)
        recorded.write(tmp_path / "kept.json")
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert {name: figures["tried"] for name, figures in kept.items()} == {"search": 3, "load": 5}


@pytest.mark.parametrize("name", json.loads(KEPT.read_text("utf-8")))
def test_what_is_kept_was_measured_at_a_commit_of_the_history(name: str):
    if not shutil.which("git") or git("rev-parse", "--is-shallow-repository").stdout != "false\n":
        pytest.skip("the history is not here")
    commit = json.loads(KEPT.read_text("utf-8"))[name]["commit"]
    assert git("merge-base", "--is-ancestor", commit, "HEAD").returncode == 0


def test_a_commit_that_nobody_made_is_not_in_the_history():
    assert git("merge-base", "--is-ancestor", "0123456", "HEAD").returncode != 0
