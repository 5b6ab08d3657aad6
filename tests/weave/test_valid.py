"""What the theme writes and the standard does not allow."""

import pytest

from weave.valid import valid


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ('<label class="x" for="a" tabindex="">', '<label class="x" for="a">'),
        ('<label for="a" tabindex="0">', '<label for="a" tabindex="0">'),
        (
            '<input class="x" type="checkbox" id="a" autocomplete="off">',
            '<input class="x" type="checkbox" id="a">',
        ),
        ('<input type="text" autocomplete="off">', '<input type="text" autocomplete="off">'),
    ],
)
def test_an_attribute_goes_where_it_may_not_stand_and_stays_where_it_may(theirs: str, ours: str):
    assert valid(theirs) == ours
