"""The same inputs every time, and no limit on how slow a busy machine may be."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.recorded import Recorded

RECORDED = pytest.StashKey[Recorded]()

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz", type=float, default=12, metavar="SECONDS", help="of random use of the player"
    )
    parser.addoption(
        "--record", type=Path, metavar="FILE", help="where to write down what the tests measured"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("record") and config.getoption("numprocesses", None):
        raise pytest.UsageError("--record puts together what one process measures: leave out -n")
    config.stash[RECORDED] = Recorded()


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Writes down figures under a name; those of one run are put together."""
    return request.config.stash[RECORDED].add


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    path: Path | None = session.config.getoption("record")
    whole = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    if path is not None and whole:
        session.config.stash[RECORDED].write(path)


@pytest.fixture(scope="session")
def once(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Callable[[Path], object]], Path]:
    """Gives a folder by its name, filled by whoever asks first: tests may run side by side."""
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # of pytest-xdist; each worker has a folder within
        shared = shared.parent

    def folder(name: str, fill: Callable[[Path], object]) -> Path:
        filled, begun = shared / name, shared / f"{name}-begun"
        with (shared / f"{name}-lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not filled.exists():
                shutil.rmtree(begun, ignore_errors=True)
                begun.mkdir()
                fill(begun)
                begun.rename(filled)
        return filled

    return folder
