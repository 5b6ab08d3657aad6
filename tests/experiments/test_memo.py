"""An experiment runs again when, and only when, something it depends on has changed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from docs.experiments import _memo

TEXT = """\
from docs.experiments._memo import memo
from helper import factor

runs = []

@memo
def times(number):
    runs.append(number)
    return {"product": factor * number}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the memo takes for the project, with one experiment and what it imports."""
    monkeypatch.setattr(_memo, "ROOT", tmp_path)
    monkeypatch.setattr(_memo, "KEPT", tmp_path / "kept")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "experiment.py").write_text(TEXT)
    (tmp_path / "helper.py").write_text("factor = 2\n")
    (tmp_path / "stranger.py").write_text("")
    return tmp_path


def loaded(project: Path) -> ModuleType:
    """The experiment as a new process would load it."""
    sys.modules.pop("helper", None)
    _memo.text_of.cache_clear()
    _memo.depends_on.cache_clear()
    spec = importlib.util.spec_from_file_location("experiment", project / "experiment.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_second_call_runs_nothing(project: Path):
    first, second = loaded(project), loaded(project)
    assert first.times(3) == second.times(3) == {"product": 6}
    assert (first.runs, second.runs) == ([3], [])


def test_other_arguments_are_another_experiment(project: Path):
    module = loaded(project)
    assert [module.times(3), module.times(number=3), module.times(4)] == [
        {"product": 6}, {"product": 6}, {"product": 8},
    ]  # fmt: skip


def test_a_change_in_what_it_imports_is_noticed_and_the_old_result_goes(project: Path):
    loaded(project).times(3)
    (project / "helper.py").write_text("factor = 5\n")
    assert loaded(project).times(3) == {"product": 15}
    assert len(list((project / "kept").glob("*.json"))) == 1


def test_a_change_elsewhere_is_not(project: Path):
    loaded(project).times(3)
    (project / "stranger.py").write_text("# changed\n")
    module = loaded(project)
    module.times(3)
    assert module.runs == []


def test_arrays_come_back_as_lists_both_times(project: Path):
    (project / "helper.py").write_text("import numpy as np\nfactor = np.array([1.0, 0.1])\n")
    module = loaded(project)
    assert module.times(3) == module.times(3) == {"product": list(3 * np.array([1.0, 0.1]))}


@pytest.mark.parametrize("damage", [b"", b'{"product": 7}', b"\x80\xff", b'0\n{"product": 7}'])
def test_a_damaged_result_is_computed_again(project: Path, damage: bytes):
    first, second = loaded(project), loaded(project)
    first.times(3)
    [kept] = (project / "kept").glob("*.json")
    kept.write_bytes(damage)
    assert second.times(3) == {"product": 6}
    assert second.runs == [3]
