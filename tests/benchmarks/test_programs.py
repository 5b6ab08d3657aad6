"""What is said of how long the derivations take."""

from pathlib import Path

import pytest

from benchmarks import programs

LONG = ("attention", "batch_norm", "layer_norm", "two_two_one")


@pytest.mark.parametrize("name", LONG)
def test_a_long_derivation_says_why(name: str):
    assert len(programs.reason(name) or "") > 20


def test_a_short_derivation_has_nothing_to_say():
    assert programs.reason("relu") is None


def test_a_reason_is_a_whole_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "derivations").mkdir()
    (tmp_path / "derivations/none.py").write_text("# long:\n# long: because\n")
    monkeypatch.setattr(programs, "ROOT", tmp_path)
    assert programs.reason("none") is None
