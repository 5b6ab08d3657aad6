"""Names in listings take the colour of their role."""

from __future__ import annotations

import pytest
from markdown import markdown

from weave.roles import ROLES


def listing(code: str, language: str = "python") -> str:
    return markdown(
        f"```{language}\n{code}\n```",
        extensions=["pymdownx.superfences", "pymdownx.highlight", "weave.roles"],
        extension_configs={"pymdownx.highlight": {"pygments_lang_class": True}},
    )


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("W", "t-weight"),
        ("w12", "t-weight"),
        ("b3", "t-weight"),
        ("x", "t-act"),
        ("a_in", "t-act"),
        ("delta", "t-grad"),
        ("dW", "t-grad"),
        ("dL_dw11", "t-grad"),
        ("L", "t-loss"),
        ("loss", "t-loss"),
    ],
)
def test_a_name_of_the_book_has_its_colour(name: str, role: str) -> None:
    assert f'<span class="{role}">{name}</span>' in listing(f"{name} = 1")
    assert f'<span class="{role}">{name}</span>' in listing(f"print(layer.{name})")


@pytest.mark.parametrize("name", ["data", "T", "weight_decay", "days", "Layer", "losses"])
def test_other_names_stay_plain(name: str) -> None:
    assert not any(role in listing(f"{name} = layer.{name}") for role in ROLES)


def test_other_languages_stay_plain() -> None:
    assert not any(role in listing("W = 1", "javascript") for role in ROLES)


def test_words_in_comments_and_strings_stay_plain() -> None:
    assert not any(role in listing('print("x")  # x W loss') for role in ROLES)
