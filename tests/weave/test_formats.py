"""Computed values in prose and in formulas."""

import pytest

from weave.errors import WeaveError
from weave.formats import attribute, walk, written


@pytest.mark.parametrize(
    ("value", "spec", "prose", "maths"),
    [
        (0.29027, ".3f", "0.290", "0.290"),
        (-0.25, "", "−0.25", "-0.25"),
        (-0.00004, ".3f", "0.000", "0.000"),
        (2.0, "", "2", "2"),
        (12345, ",d", "12,345", "12,345"),
        (1.23e-9, "sci", "1.2\u00a0×\u00a010⁻⁹", r"1.2 \times 10^{-9}"),
        (1.23e-9, ".2sci", "1.23\u00a0×\u00a010⁻⁹", r"1.23 \times 10^{-9}"),
        (0.0, "sci", "0", "0"),
        (1e-12, "", "1\u00a0×\u00a010⁻¹²", r"1 \times 10^{-12}"),
        (0.256, "pct", "26%", r"26\%"),
        (0.256, ".1pct", "25.6%", r"25.6\%"),
        ("sigmoid", "", "sigmoid", r"\text{sigmoid}"),
        (True, "", "True", r"\text{True}"),
        ([4, 2], "", "(4, 2)", "(4, 2)"),
        ([[1.0, -2.0], [3.0, 4.0]], ".1f", "((1.0, −2.0), (3.0, 4.0))",
         r"\begin{pmatrix} 1.0 & -2.0 \\ 3.0 & 4.0 \end{pmatrix}"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_its_place_demands(value, spec: str, prose: str, maths: str):
    assert written(value, spec, in_maths=False) == prose
    assert written(value, spec, in_maths=True) == maths


@pytest.mark.parametrize(
    ("value", "spec", "message"),
    [
        (1.5, "d", "1.5 cannot be written as 'd'"),
        (1.5, ".sixf", "1.5 cannot be written as '.sixf'"),
        ({"a": 1}, "", "it is not one value but several: a"),
    ],
)
def test_a_format_that_does_not_fit_is_an_error(value, spec: str, message: str):
    with pytest.raises(WeaveError, match=message):
        written(value, spec, in_maths=False)


DATA = {"layers": [{"delta": [0.1, 0.2]}, {"delta": [0.3]}], "loss": 0.5}


def test_a_path_leads_through_names_and_indices():
    assert walk(DATA, "layers[0].delta[1]", "demo") == 0.2
    assert walk(DATA, "layers[-1].delta", "demo") == [0.3]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("lss", "demo has no 'lss'; did you mean 'loss'?"),
        ("layers[0].detla", "demo.layers[0] has no 'detla'; did you mean 'delta'?"),
        ("layers[2]", "demo.layers has 2 items, so no [2]"),
        ("loss[0]", "demo.loss is not a list, so it has no [0]"),
        ("loss.x", "demo.loss has no names inside, so no 'x'"),
        ("layers[x]", "'layers[x]' is not a path such as layers[0].delta[1]"),
    ],
)
def test_a_path_that_leads_nowhere_says_where_it_ends(path: str, message: str):
    with pytest.raises(WeaveError) as caught:
        walk(DATA, path, "demo")
    assert str(caught.value) == message


def test_an_attribute_holds_nothing_that_markdown_would_read():
    assert not set('[]_*`|~$\\<>"') & set(attribute('a[0]_b*`c`|~$\\<>"'))
