"""The same inputs every time, and no limit on how slow a busy machine may be."""

import json
import platform
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz", type=float, default=12, metavar="SECONDS", help="of random use of the player"
    )
    parser.addoption(
        "--record", type=Path, metavar="FILE", help="where long tests write down what they measured"
    )


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Writes down figures under a name, with day and commit, for the page that tells readers."""
    path: Path | None = request.config.getoption("record")

    def down(name: str, **figures: float | str) -> None:
        print(name, figures)
        if path is None:
            return
        known = json.loads(path.read_text("utf-8")) if path.exists() else {}
        git = ["git", "rev-parse", "--short", "HEAD"]
        commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
        known[name] = {
            **figures,
            "day": date.today().isoformat(),
            "commit": commit.stdout.strip(),
            "python": platform.python_version(),
        }
        path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    return down
