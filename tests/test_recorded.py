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


def in_history(commit: str) -> bool:
    return git("merge-base", "--is-ancestor", commit, "HEAD").returncode == 0


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_what_is_kept_was_measured_at_commits_of_one_history():
    commits = {one["commit"] for one in json.loads(KEPT.read_text("utf-8")).values()}
    assert not in_history("0123456")
    if not any(map(in_history, commits)):
        pytest.skip("this is a copy without the history")
    assert {commit for commit in commits if not in_history(commit)} == set()
