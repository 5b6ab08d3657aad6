"""A result is kept for exactly as long as nothing it depends on has changed."""

import hashlib
import json
from importlib import metadata
from pathlib import Path

import pytest

from weave import cache


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {
        "src/pack/__init__.py": "from .core import one\n",
        "src/pack/core.py": "def one(): return 1\n",
        "src/pack/other.py": "x = 1\n",
        "tools/helper.py": "import numpy\n\nfrom pack.core import one\n",
        "tools/unused.py": "x = 1\n",
        "program.py": "from tools import helper\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def key(project: Path) -> str:
    imports = cache.Imports([project, project / "src"])
    files, _ = imports.closure([project / "program.py"])
    return cache.key(("example", "program"), files, project)


@pytest.mark.parametrize(
    "edited", ["program.py", "tools/helper.py", "src/pack/core.py", "src/pack/__init__.py"]
)
def test_editing_what_a_program_imports_changes_its_key(project: Path, edited: str):
    before = key(project)
    path = project / edited
    path.write_text(path.read_text() + "# edited\n")
    assert key(project) != before


@pytest.mark.parametrize("edited", ["tools/unused.py", "src/pack/other.py"])
def test_editing_anything_else_does_not(project: Path, edited: str):
    before = key(project)
    (project / edited).write_text("x = 2\n")
    assert key(project) == before


def test_what_was_read_for_one_key_serves_the_next_and_changes_none(project: Path):
    program, known = project / "program.py", {}
    alone = cache.key(["a"], [program], project)
    assert [cache.key(["a"], [program], project, known) for _ in range(2)] == [alone, alone]
    program.unlink()
    assert cache.key(["a"], [program], project, known) == alone


def test_the_same_project_elsewhere_has_the_same_key(project: Path, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for path in project.rglob("*.py"):
        copy = elsewhere / path.relative_to(project)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    assert key(elsewhere) == key(project)


def test_a_new_version_of_a_library_changes_the_key(project: Path, monkeypatch):
    before = key(project)
    monkeypatch.setattr(cache, "versions", lambda: {"python": "3.99", "numpy": "9"})
    assert key(project) != before


def test_libraries_are_found_through_project_modules(project: Path):
    _, libraries = cache.Imports([project, project / "src"]).closure([project / "program.py"])
    assert "numpy" in libraries


def test_relative_imports_inside_functions_count(project: Path):
    (project / "src/pack/core.py").write_text("def one():\n    from . import other\n")
    files, _ = cache.Imports([project, project / "src"]).closure([project / "program.py"])
    assert project / "src/pack/other.py" in files


def test_a_result_comes_back_as_it_was(tmp_path: Path):
    result = {"output": "δ = −0.1\n", "values": {"x": [1.5, None]}}
    cache.store(tmp_path / "kept", "k", result, [], tmp_path)
    assert cache.load(tmp_path / "kept", "k", tmp_path) == result


def test_there_is_no_result_where_none_was_kept(tmp_path: Path):
    assert cache.load(tmp_path, "k", tmp_path) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("1.5", "1.6"),
        lambda text: "\x00\xff" + text,
    ],
)
def test_a_damaged_entry_is_no_result(tmp_path: Path, damage):
    cache.store(tmp_path, "k", {"x": 1.5}, [], tmp_path)
    entry = tmp_path / "k.json"
    entry.write_text(damage(entry.read_text()))
    assert cache.load(tmp_path, "k", tmp_path) is None


def test_bytes_that_are_not_text_are_no_result(tmp_path: Path):
    (tmp_path / "k.json").write_bytes(b"\xff\xfe\x80")
    assert cache.load(tmp_path, "k", tmp_path) is None


def test_a_result_lasts_until_a_file_it_read_changes_or_goes(tmp_path: Path):
    data = tmp_path / "data.csv"
    data.write_text("1,2\n")
    cache.store(tmp_path / "kept", "k", {"x": 1}, ["data.csv"], tmp_path)
    assert cache.load(tmp_path / "kept", "k", tmp_path) == {"x": 1}
    data.write_text("1,3\n")
    assert cache.load(tmp_path / "kept", "k", tmp_path) is None
    data.unlink()
    assert cache.load(tmp_path / "kept", "k", tmp_path) is None


def test_old_entries_go_and_an_unfinished_write_of_another_build_stays(tmp_path: Path):
    for name in ("old", "new"):
        cache.store(tmp_path, name, {}, [], tmp_path)
    (tmp_path / "half.part").write_text("")
    cache.prune(tmp_path, ["new"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["half.part", "new.json"]


def test_an_entry_can_be_read_by_a_person(tmp_path: Path):
    cache.store(tmp_path, "k", {"x": 1}, [], tmp_path)
    assert json.loads((tmp_path / "k.json").read_text().partition("\n")[2])["result"] == {"x": 1}


def test_what_was_parsed_is_kept_and_every_edit_is_seen(project: Path, monkeypatch):
    folder, program = project / "kept", project / "program.py"
    parsed: list[str] = []
    parse = cache._statements
    monkeypatch.setattr(cache, "_statements", lambda *a: parsed.append(a[1].name) or parse(*a))

    def imported() -> list[str]:
        parsed.clear()
        imports = cache.Imports([project, project / "src"], folder)
        files, _ = imports.closure([program])
        imports.remember()
        return [file.name for file in files]

    first = imported()
    assert "core.py" in parsed  # which imports nothing
    assert imported() == first
    assert parsed == []
    assert "unused.py" not in first
    program.write_text("from tools import unused\n")
    assert imported() == ["program.py", "unused.py"]
    (project / "alone.py").write_text("import json\n")
    another = cache.Imports([project, project / "src"], folder)
    another.closure([project / "alone.py"])
    another.remember()
    assert imported() == ["program.py", "unused.py"]
    assert parsed == []  # who asked for other files has forgotten none of these
    [entry] = folder.glob("*.json")
    entry.write_text("half an entry, {")
    assert imported() == ["program.py", "unused.py"]


@pytest.mark.parametrize("body", ["[]", "{}", '{"reads": [], "result": {}}', "null"])
def test_an_entry_of_another_shape_is_no_result(tmp_path: Path, body: str):
    digest = hashlib.sha256(body.encode()).hexdigest()
    (tmp_path / "k.json").write_text(f"{digest}\n{body}")
    assert cache.load(tmp_path, "k", tmp_path) is None


def test_a_library_that_only_some_programs_import_is_in_their_keys_alone():
    assert cache.others({"json", "numpy", "docs", "sklearn"}) == []
    [told] = cache.others({"json", "mkdocs_jupyter"})
    assert told == f"mkdocs_jupyter {metadata.version('mkdocs-jupyter')}"
