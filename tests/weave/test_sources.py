"""Source by dotted name: whole symbols, with their lines, nothing run."""

from pathlib import Path

import pytest

from weave import sources
from weave.errors import WeaveError

MODULE = '''\
"""A module."""

import os

LIMIT = 3
if os.name:
    BRANCH = 1


def decorate(f):
    return f


@decorate
@decorate
def shown(a, b=(1, 2)):
    """What it does."""
    # why
    return a


class Box:
    """A box."""

    SIZE = 1

    def fill(self):
        return "full"


raise SystemExit("running this module is a mistake")
'''


@pytest.fixture
def roots(tmp_path: Path) -> list[Path]:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/__init__.py").write_text("VERSION = 1\n")
    (tmp_path / "pack/module.py").write_text(MODULE)
    return [tmp_path]


def test_a_function_comes_with_decorators_docstring_and_comments(roots: list[Path]):
    found = sources.find("pack.module.shown", roots)
    assert found.line == 14
    assert found.text.splitlines()[0] == "@decorate"
    assert found.text.splitlines()[-1] == "    return a"
    assert '"""What it does."""' in found.text
    assert "# why" in found.text


@pytest.mark.parametrize(
    ("name", "line", "text"),
    [
        ("pack.module.LIMIT", 5, "LIMIT = 3"),
        ("pack.module.BRANCH", 7, "BRANCH = 1"),
        ("pack.VERSION", 1, "VERSION = 1"),
        ("pack.module.Box.SIZE", 25, "SIZE = 1"),
        ("pack.module.Box.fill", 27, 'def fill(self):\n    return "full"'),
    ],
)
def test_constants_methods_and_attributes_are_found(
    roots: list[Path], name: str, line: int, text: str
):
    found = sources.find(name, roots)
    assert (found.line, found.text) == (line, text)


def test_a_module_is_its_whole_file(roots: list[Path]):
    assert sources.find("pack.module", roots).text == MODULE.strip("\n")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pack.module.show", "pack.module has no 'show'; did you mean 'shown'?"),
        ("pack.module.Box.fil", "pack.module.Box has no 'fil'; did you mean 'fill'?"),
        ("pack.modul.shown", "pack has no 'modul'"),
        ("nowhere.shown", "no module 'nowhere' to take 'nowhere.shown' from"),
    ],
)
def test_an_unknown_name_says_what_is_near(roots: list[Path], name: str, message: str):
    with pytest.raises(WeaveError) as caught:
        sources.find(name, roots)
    assert str(caught.value) == message


def test_bindings_give_the_last_line_of_each_name(tmp_path: Path):
    path = tmp_path / "m.py"
    path.write_text(
        "a, (b, c) = 1, (2, 3)\na = 2\nfor i in range(3):\n    d = i\nx = {}\nx[a] = 1\n"
    )
    assert sources.bindings(path) == {"a": 2, "b": 1, "c": 1, "i": 3, "d": 4, "x": 5}


def test_functions_are_the_public_ones_that_take_nothing(tmp_path: Path):
    path = tmp_path / "m.py"
    path.write_text("def draw(): ...\ndef _help(): ...\ndef scale(x): ...\n")
    assert sources.functions(path) == {"draw": 1}
