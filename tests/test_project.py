"""The two commands: what they find, what they install, and when they do nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# Answers like a Python of a version that suits, and notes what it was asked to do.
PRETENDER = """#!/bin/sh
case "$*" in
    *"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python && echo environment >>"$LOG" ;;
    *"-m pip"*) echo packages >>"$LOG" ;;
esac
"""
TOO_OLD = "#!/bin/sh\nexit 1\n"
SHIM_FOR_NOTHING = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"


def requirements() -> list[Requirement]:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [Requirement(line) for group in groups for line in group]


def test_every_requirement_has_a_version_in_the_constraints_that_suits_it():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split("==") for line in lines if not line.startswith("#")]
    versions = {canonicalize_name(name): version for name, version in pins}
    for requirement in requirements():
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


class Machine:
    """A machine with a shell and a checkout, and only the Pythons that are put on it."""

    def __init__(self, folder: Path):
        self.home, self.path, self.checkout = folder / "home", folder / "bin", folder / "checkout"
        self.log = folder / "log"
        for name in ["cat", "cmp", "cp", "dirname", "mkdir", "sh"]:
            self.path.mkdir(exist_ok=True)
            (self.path / name).symlink_to(str(shutil.which(name)))
        (self.checkout / "tools").mkdir(parents=True)
        for name in ["pyproject.toml", "constraints.txt", ".python-version", "tools/setup.sh"]:
            shutil.copy(ROOT / name, self.checkout / name)

    def set_up(self) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(self.home), "PATH": str(self.path), "LOG": str(self.log)}
        return subprocess.run(
            [self.checkout / "tools/setup.sh"], env=environment, capture_output=True, text=True
        )

    def done(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").split() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def no_python_elsewhere() -> bool:
    """Whether the machine that tests has none in the folders that belong to no user."""
    return not any(Path("/usr/local/bin").glob("python3.*"))


@pytest.mark.skipif(not no_python_elsewhere(), reason="there is a Python in /usr/local/bin")
def test_without_a_python_one_sentence_says_what_to_install(machine: Machine):
    executable(machine.path / "python3", TOO_OLD)
    answer = machine.set_up()
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert "3.12" in answer.stderr
    assert not (machine.checkout / ".venv").exists()


@pytest.mark.parametrize(
    "place",
    [
        "bin/python3.12",
        "bin/python3.13",
        "home/.pyenv/versions/3.12.1/bin/python3",
        "home/.local/share/uv/python/cpython-3.13.0-linux-x86_64-gnu/bin/python3",
        "home/miniforge3/envs/book/bin/python3",
    ],
)
def test_a_python_is_found_behind_old_ones_and_broken_shims(machine: Machine, place: str):
    for name in ["python3", "python3.12", "python3.14"]:
        executable(machine.path / name, SHIM_FOR_NOTHING)
    executable(machine.home.parent / place, PRETENDER)
    answer = machine.set_up()
    assert answer.returncode == 0, answer.stderr
    assert place in answer.stdout
    assert machine.done() == ["environment", "packages"]


def test_the_set_up_is_repeated_only_when_something_changed(machine: Machine):
    executable(machine.path / "python3", PRETENDER)
    machine.set_up()
    again = machine.set_up()
    assert (again.returncode, again.stdout) == (0, "")
    assert machine.done() == ["environment", "packages"]

    with (machine.checkout / "constraints.txt").open("a", encoding="utf-8") as constraints:
        constraints.write("# a new line\n")
    machine.set_up()
    assert machine.done() == ["environment", "packages", "packages"]

    executable(machine.checkout / ".venv/bin/python", SHIM_FOR_NOTHING)  # its Python is gone
    machine.set_up()
    assert machine.done()[3:] == ["environment", "packages"]


def test_continuous_integration_runs_the_tests_from_any_folder(tmp_path: Path):
    executable(tmp_path / "make", '#!/bin/sh\npwd; echo "$@"\n')
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    answer = subprocess.run(
        ["bash", ROOT / ".ci/run"], cwd="/", env=environment, capture_output=True, text=True
    )
    assert answer.stdout.split() == [str(ROOT), "test"]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", ".github/workflows/book.yml"])
def test_every_command_that_a_text_names_exists(page: str):
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = (ROOT / page).read_text(encoding="utf-8").replace("`", " ").split()
    named = {after for word, after in pairwise(words) if word == "make"}
    assert named - {"lists"}
    assert all(f"\n{target}:" in targets for target in named - {"lists"})
