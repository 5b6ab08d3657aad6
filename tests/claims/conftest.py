"""Every claim of the book as the build decides it, and as it keeps it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weave.programs import Failure, Runner, catalogue

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def decided() -> Callable[[str], dict[str, Any]]:
    """Gives a claim with its verdict and numbers, by its id."""
    known = catalogue(ROOT).claims
    runner = Runner(ROOT)
    results = runner.run(known.values())
    runner.close()

    def one(id: str) -> dict[str, Any]:
        result = results[known[id]]
        assert not isinstance(result, Failure), result.reason
        return result["claim"]

    return one


@pytest.fixture(scope="session")
def numbers(decided) -> Callable[[str], dict[str, Any]]:
    """Gives the numbers of a claim, by its id."""
    return lambda id: decided(id)["numbers"]
