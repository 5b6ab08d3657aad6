"""Every line of the reference matters: change one, and a test fails.

mutmut changes one operator, number, argument or name at a time, in a copy of the checkout. What
survives is either a hole in the tests or says the same as before; the second kind is listed here
with its reason.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COPIED = ("src/chainrule", "tests", "pyproject.toml")

LOOSE = ("strict=None", "", "strict=False")
THE_SAME = {
    "return self / -1.0": "dividing by minus one is multiplying by it",
    "q /= np.sign(np.diag(r))  # else the signs are those the factorisation prefers": (
        "a sign is its own inverse"
    ),
    "return q if n_out > n_in else q.T": "the transpose of a random rotation is as random",
    "distance_from_zero = np.where(np.real(z) >= 0, z, -z)": "at zero both are zero",
    "yield partial(np.maximum.reduce, y, keepdims=True, out=row)": "the first axis, unless told",
    **{
        line.format(loose): "both are as long"
        for line in (
            "shapes = zip(layer_sizes[1:], layer_sizes[:-1], {})",
            "together = [W[:0] if apart else W for W, apart in zip(Ws, alone, {})]",
            "return vector, [piece.reshape(part.shape) for piece, part in zip(pieces, parts, {})]",
        )
        for loose in LOOSE
    },
}


@pytest.mark.long
def test_no_line_of_the_reference_can_be_changed_unnoticed(
    tmp_path: Path, record: Callable[..., None]
):
    for name in COPIED:
        source, copy = ROOT / name, tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, copy) if source.is_dir() else shutil.copy(source, copy)
    ran = mutmut("run", cwd=tmp_path)
    tried = int(re.findall(r"(\d+)/\d+ ", ran)[-1])
    names = re.findall(r"^\s*(\S+): \w", mutmut("results", cwd=tmp_path), re.MULTILINE)
    survivors = {name: changed(mutmut("show", name, cwd=tmp_path)) for name in names}
    record("mutants", tried=tried, killed=tried - len(survivors), the_same=len(survivors))
    assert tried > 500
    assert {name: line for name, line in survivors.items() if line not in THE_SAME} == {}


def mutmut(*arguments: str, cwd: Path) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True).stdout


def changed(shown: str) -> str:
    """What a mutant says instead; nothing, if a line is only gone."""
    return " ".join(re.findall(r"^\+(?!\+\+) *(.*)$", shown, re.MULTILINE))
