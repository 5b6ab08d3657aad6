"""What counts as a token on a page, and on which line it stands."""

import pytest

from weave.tokens import fill, formulas, tokens


def words(text: str) -> list[str]:
    return [token.word for token in tokens(text)]


def test_a_token_has_its_word_arguments_and_line():
    [token] = tokens("First.\n\nThe loss is {{ value demo.loss | .6f }}.\n")
    assert (token.word, token.arguments, token.line) == ("value", ("demo.loss", ".6f"), 3)


def test_lines_count_from_where_the_text_begins_in_its_file():
    [token] = tokens("{{ checks }}", first_line=5)
    assert token.line == 5


@pytest.mark.parametrize(
    "text",
    [
        "`{{ value a.b }}`",
        "``a ` {{ value a.b }}``",
        "```\n{{ value a.b }}\n```",
        "~~~~ text\n```\n{{ value a.b }}\n```\n~~~~",
        "- item\n\n    ```python\n    {{ value a.b }}\n    ```",
        "<!-- {{ value a.b }} -->",
        r"\{{ value a.b }}",
    ],
)
def test_code_comments_and_literals_are_left_alone(text: str):
    assert words(text) == []


def test_a_fence_ends_only_with_its_own_kind_of_ticks():
    assert words("````\n```\n{{ value a.b }}\n````\n\n{{ value c.d }}") == ["value"]


@pytest.mark.parametrize("text", ["$x = {{ value a.x }}$", "$$\nx = {{ value a.x }}\n$$"])
def test_a_token_in_a_formula_knows_it(text: str):
    assert [token.in_maths for token in tokens(text)] == [True]


def test_a_price_is_not_a_formula():
    [token] = tokens("It costs $5 or {{ value a.b }} and not $6.")
    assert not token.in_maths


def test_the_braces_of_tex_are_not_tokens():
    assert words(r"$\frac{{a}}{b}$ and $e^{{x}}$") == []


def test_a_token_may_stand_in_an_exponent():
    assert fill("$e^{-{{ value a.z }}}$", lambda token: "2") == "$e^{-2}$"


def test_a_caption_may_hold_formulas_bars_and_other_tokens():
    text = r"{{ figure net.forward | Two nodes. | Here $\frac{a}{b} = |x|$, or {{ value a.b }}. }}"
    figure, inner = tokens(text, first_line=7)
    assert figure.arguments[2] == r"Here $\frac{a}{b} = |x|$, or {{ value a.b }}."
    assert (inner.word, inner.line) == ("value", 7)


def test_fill_replaces_tokens_and_unescapes_literals():
    assert fill(r"{{ value a.b }} \{{ `{{ x }}`", lambda token: token[0]) == "a.b {{ `{{ x }}`"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ value demo.loss", "never closed"),
        ("{{ value demo.loss\n\n}}", "never closed"),
        ("{{ value }}", "takes a name"),
        ("{{ checks now }}", "takes nothing"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, problem: str):
    [token] = tokens(text)
    assert problem in token.problem


def test_formulas_come_with_their_lines():
    assert list(formulas("$a$ and\n\n$$\nb\n$$\n")) == [(1, "a", False), (3, "b", True)]


def test_a_bar_in_the_braces_of_another_token_divides_nothing():
    text = "{{ figure a.b | rises to {{ value figures.a.b.top | .1f }} | to {{ value x | .2f }} }}"
    (figure, *_) = tokens(text)
    assert figure.arguments == (
        "a.b",
        "rises to {{ value figures.a.b.top | .1f }}",
        "to {{ value x | .2f }}",
    )
