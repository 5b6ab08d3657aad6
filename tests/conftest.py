"""The same inputs every time, and no limit on how slow a busy machine may be."""

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz", type=float, default=12, metavar="SECONDS", help="of random use of the player"
    )
