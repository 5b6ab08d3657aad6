"""`make outdated` says what could move, and why a thing is held."""

from __future__ import annotations

from pathlib import Path

from tools.outdated import BOUND, demands, told

TEXT = """\
dependencies = ["numpy>=2.2"]
docs = [
  "mkdocs==1.6.1",                 # 2.0 drops plugins
  "ruff>=0.17",
]
"src/*.py" = ["N802"]
"""


def newer(name: str) -> dict[str, str]:
    return {"name": name, "version": "1", "latest_version": "2"}


def test_a_pinned_requirement_is_listed_with_the_reason_beside_it():
    assert told([newer("MkDocs")], demands(TEXT)).splitlines()[0] == (
        "MkDocs 1 -> 2, held at ==1.6.1: 2.0 drops plugins"
    )


def test_a_requirement_without_an_upper_bound_is_free():
    assert told([newer("ruff")], demands(TEXT)).splitlines()[0] == "ruff 1 -> 2, free to move"


def test_what_nobody_asked_for_is_only_counted():
    assert told([newer("idna"), newer("attrs")], demands(TEXT)).startswith("2 more came along")


def test_every_requirement_that_is_held_has_a_reason():
    text = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    known = demands(text).values()
    held = [one for one in known if BOUND.search(str(one.requirement.specifier))]
    assert held
    assert [str(one.requirement) for one in held if not one.reason] == []
