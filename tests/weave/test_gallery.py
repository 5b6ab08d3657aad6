"""The bug gallery says what its program found out."""

import pytest

from weave import gallery


def effect(error, noticed=(), curve=(1.0, 2.0)):
    checks = {check: check in noticed for check in ("shapes", "loss", "one", "all")}
    return {"error": error, "curve": list(curve), **checks}


def row(worked, batch, **more):
    return {
        "id": "a_slip",
        "statement": "Something is <wrong>.",
        "why": "It is short.",
        "symptom": "It shows.",
        "part": "update",
        "right": "a + b",
        "wrong": "a - b",
        "seen": [],
        "setting": ["sigmoid", "identity", "half_squared_error", "mean"],
        "worked": worked,
        "two_three_two": batch,
        "reference_curve": [1.0, 0.5],
        **more,
    }


@pytest.mark.parametrize(
    ("error", "words"), [(None, "shapes clash"), (0.0, "none"), (0.005, "0.50%"), (0.5, "50%")]
)
def test_an_error_is_told_in_words(error, words):
    assert f">{words}</td>" in gallery.table([row(effect(0.0), effect(error, ["all"]))])


def test_the_table_links_each_mistake_to_its_section_and_escapes_it():
    table = gallery.table([row(effect(0.0), effect(0.5, ["all"]))])
    section = gallery.sections([row(effect(0.0), effect(0.5, ["all"]))])
    assert 'href="#slip-a-slip">Something is &lt;wrong&gt;.</a>' in table
    assert "{ #slip-a-slip }" in section


def test_a_section_says_which_checks_notice():
    section = gallery.sections([row(effect(0.1, ["all"]), effect(0.5, ["one", "all"]))])
    assert "Noticed by: one coordinate, all coordinates." in section
    assert "10% on the worked network, 50% on 2-3-2" in section


def test_a_mistake_that_leaves_the_gradient_alone_says_where_it_is():
    section = gallery.sections([row(effect(0.0), effect(0.0))])
    assert "the gradient is right, and the mistake is in the update" in section


def test_a_curve_that_leaves_the_frame_or_all_numbers_stays_drawable():
    wild = effect(0.5, ["all"], curve=[1.0, 1e9, float("nan")])
    section = gallery.sections([row(wild, wild)])
    assert "nan" not in section.lower()
