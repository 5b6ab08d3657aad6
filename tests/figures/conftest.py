"""Every figure of the book, drawn once for all tests."""

from __future__ import annotations

import pytest

from tests.figures.every_figure import Drawn, draw, names


@pytest.fixture(scope="session")
def drawn() -> dict[str, Drawn]:
    return {name: draw(name) for name in names()}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "figure_name" in metafunc.fixturenames:
        metafunc.parametrize("figure_name", names())


@pytest.fixture
def figure(drawn: dict[str, Drawn], figure_name: str) -> Drawn:
    return drawn[figure_name]
