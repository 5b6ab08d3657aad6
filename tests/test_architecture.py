"""The house: which room may import which, and nothing generated in the repository."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
OUR_ROOMS = {"chainrule", "derivations", "docs", "weave", "benchmarks", "tests", "tools"}
SYMBOLIC = {"sympy", "mpmath", "dukpy", "numpy"}


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """The full dotted name of everything a file imports, wherever in the file it does so."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    if package[:1] == ("src",):
        package = package[1:]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


def named(paths: list[Path]) -> dict[str, Path]:
    assert paths, "no such file: the test would pass for want of anything to look at"
    return {str(path.relative_to(ROOT)): path for path in paths}


REFERENCE = named(sources("src/chainrule"))
COMMANDS = {"__main__", "worksheet"}  # the two that print questions
CORE = named(
    [
        path
        for path in sources("src/chainrule")
        if path.parent.name == "chainrule" and path.stem not in COMMANDS
    ]
)
DERIVATIONS = named(sources("derivations"))
PROGRAMS = named(sources("docs"))
WEAVE = named([p for p in sources("src/weave") if not p.name.startswith("plugin")])


@pytest.mark.parametrize("name", REFERENCE)
def test_the_reference_needs_only_numpy(name: str):
    assert rooms(REFERENCE[name]) <= {*sys.stdlib_module_names, "numpy", "chainrule"}


@pytest.mark.parametrize("name", CORE)
def test_the_core_knows_neither_questions_nor_explorers(name: str):
    known = {module for module in imports(CORE[name]) if module.startswith("chainrule.")}
    assert not {m for m in known if m.split(".")[1] in {"practice", "explorers"}}


@pytest.mark.parametrize("name", DERIVATIONS)
def test_a_derivation_needs_nothing_but_sympy_and_something_to_be_compared_with(name: str):
    allowed = {*sys.stdlib_module_names, *SYMBOLIC, "derivations", "chainrule"}
    assert rooms(DERIVATIONS[name]) <= allowed


@pytest.mark.parametrize("name", ["calculus", "nodes", "printing", "symbols"])
def test_what_makes_the_lines_of_a_derivation_does_not_know_the_reference(name: str):
    assert "chainrule" not in rooms(ROOT / f"derivations/{name}.py")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_on_a_page_knows_nothing_of_the_build(name: str):
    assert not rooms(PROGRAMS[name]) & (OUR_ROOMS - {"chainrule", "derivations", "docs"})


@pytest.mark.parametrize("name", WEAVE)
def test_the_build_can_do_without_mkdocs(name: str):
    assert "mkdocs" not in rooms(WEAVE[name])


def test_everything_imported_is_a_requirement():
    """A package that came along with another may leave with it."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = told["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    required = {Requirement(line).name.lower() for group in groups for line in group}
    folders = ["src", "derivations", "docs", "tests", "tools"]
    elsewhere = ROOT / "docs" / "frameworks"  # shown, and not run by the build
    imported = {
        room
        for folder in folders
        for path in sources(folder)
        if path.parent != elsewhere
        for room in rooms(path)
    }
    distributions = packages_distributions()
    where_installed = {"torch", "jax"}  # two more witnesses
    foreign = imported - sys.stdlib_module_names - OUR_ROOMS - where_installed
    foreign -= {Requirement(line).name for line in told["build-system"]["requires"]}
    assert {
        name
        for name in foreign
        if required.isdisjoint(distribution.lower() for distribution in distributions[name])
    } == set()


def tracked(*options: str) -> list[str]:
    command = ["git", "-C", str(ROOT), "ls-files", *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_nothing_generated_is_committed():
    assert tracked("--cached", "--ignored", "--exclude-standard") == []
    drawn_or_written_by_hand = ("docs/assets/", "docs/published/", "src/weave/theme/")
    made_by_the_build = {".html", ".svg", ".png", ".ipynb", ".json", ".gz", ".br", ".pyc"}
    measured_once = {"benchmarks/results.json", "tests/recorded.json"}  # on one machine, one day
    assert [
        path
        for path in tracked()
        if Path(path).suffix in made_by_the_build
        and not path.startswith(drawn_or_written_by_hand)
        and path not in measured_once
    ] == []
