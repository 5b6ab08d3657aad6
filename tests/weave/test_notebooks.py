"""What a derivation says of itself before it begins."""

import pytest

from weave.notebooks import description

OPENING = "# %% [markdown]\n# # Title\n#\n"


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("# One is so.\n# Two is *so* too. Three.\n\n# %%\n", "One is so. Two is so too."),
        ("# One goes on\n# here. Then $x^2$ comes. Three.\n\n# %%\n", "One goes on here."),
        ("# See [the page](../a.md) first.\n\n# %%\n", "See the page first."),
        ("# $x$ comes at once.\n\n# %%\n", ""),
        ("\n# %%\nx = 1\n", ""),
    ],
)
def test_a_description_is_the_first_sentences_up_to_a_formula(program: str, said: str):
    assert description(OPENING + program) == said
