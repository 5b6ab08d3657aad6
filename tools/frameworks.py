"""Run the listings in docs/frameworks and record what they printed, in ran.toml.

    python -m tools.frameworks [PYTHON ...]

Each listing is run by the first of these Pythons (this one, if none is named) that has its
package. What cannot be run keeps its last record. The book is built from the record, so
that nobody needs four frameworks to build it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "docs" / "frameworks"
RECORD = FOLDER / "ran.toml"
PACKAGES = {
    "with_pytorch": "torch",
    "with_jax": "jax",
    "with_tensorflow": "tensorflow",
    "with_micrograd": "micrograd",
    "with_autograd": "autograd",
}
VERSIONS = """
import platform, sys
from importlib.metadata import packages_distributions, version
print(platform.python_version(), version(packages_distributions()[sys.argv[1]][0]))
"""


def recorded() -> dict[str, dict[str, Any]]:
    """What each listing printed when it was last run, with the versions and the day."""
    return tomllib.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}


def printed(listing: str, python: str = sys.executable) -> dict[str, Any]:
    """The gradients that a listing prints, by name. Raises CalledProcessError if it fails."""
    command = [python, str(FOLDER / f"{listing}.py")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    lines = (line.partition(" ") for line in done.stdout.splitlines())
    return {name: json.loads(slopes) for name, _, slopes in lines}


def run(listing: str, pythons: list[str]) -> dict[str, Any] | None:
    """A record of the listing, or None if none of the Pythons has its package."""
    for python in pythons:
        command = [python, "-c", VERSIONS, PACKAGES[listing]]
        found = subprocess.run(command, capture_output=True, text=True)
        if found.returncode == 0:
            version_of_python, version = found.stdout.split()
            about = {
                "python": version_of_python,
                "version": version,
                "day": date.today(),
            }
            return about | printed(listing, python)
    return None


def written(value: Any) -> str:
    """A value as TOML: a text in quotes, a day and numbers as they are."""
    return json.dumps(value) if isinstance(value, str) else str(value)


if __name__ == "__main__":
    pythons = sys.argv[1:] or [sys.executable]
    record = recorded()
    for listing in PACKAGES:
        if about := run(listing, pythons):
            record[listing] = about
    RECORD.write_text(
        "# Written by tools/frameworks.py.\n"
        + "".join(
            f"\n[{listing}]\n" + "".join(f"{k} = {written(v)}\n" for k, v in about.items())
            for listing, about in sorted(record.items())
        ),
        encoding="utf-8",
    )
