"""The one date that a build knows: that of its commit, so that two builds of it are the same."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

EPOCH = "SOURCE_DATE_EPOCH"  # reproducible-builds.org/specs/source-date-epoch


def settle(root: Path) -> None:
    """Have everything that asks for the time of the build be told the time of the commit.

    Who has set a date keeps it. Outside a repository it is the time of the build after all.
    """
    if EPOCH not in os.environ and (seconds := committed(root)):
        os.environ[EPOCH] = seconds


def committed(root: Path) -> str:
    """Return the time of the last commit in seconds since 1970; nothing if there is none."""
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
