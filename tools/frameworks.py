"""Run the listings in docs/frameworks and record what they printed, in ran.py.

    python -m tools.frameworks [PYTHON ...]

Each listing is run by the first of these Pythons (this one, if none is named) that has its
package. What cannot be run keeps its last record. The book is built from the record, so
that nobody needs four frameworks to build it.
"""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "docs" / "frameworks"
RECORD = FOLDER / "ran.py"
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
    return runpy.run_path(str(RECORD))["RAN"] if RECORD.exists() else {}


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
                "day": date.today().isoformat(),
            }
            return about | printed(listing, python)
    return None


def written(record: dict[str, dict[str, Any]]) -> str:
    """A record as a Python module, which the example of the page imports and takes along."""
    entries = (
        f'    "{listing}": {{\n'
        + "".join(f'        "{name}": {json.dumps(value)},\n' for name, value in about.items())
        + "    },\n"
        for listing, about in sorted(record.items())
    )
    return (
        '"""What each listing printed when it was last run. Written by tools/frameworks.py."""\n\n'
        "# ruff: noqa: E501\n# fmt: off\nRAN = {\n" + "".join(entries) + "}\n"
    )


if __name__ == "__main__":
    pythons = sys.argv[1:] or [sys.executable]
    record = recorded()
    for listing in PACKAGES:
        if about := run(listing, pythons):
            record[listing] = about
    RECORD.write_text(written(record), encoding="utf-8")
