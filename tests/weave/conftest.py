"""Small projects to weave, made of the files a test names."""

from collections.abc import Callable
from pathlib import Path

import pytest

type Project = Callable[..., Path]


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Writes files by name into an empty folder, and returns the folder."""
    return lambda files: write(tmp_path, files)
