"""What holds for every claim: it is decided, said fairly, linked, and shown where it is taught."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.claims._claim import VERDICTS, claim, verdict
from weave import claims as shown
from weave.programs import catalogue
from weave.tokens import tokens

ROOT = Path(__file__).parents[2]
CLAIMS = catalogue(ROOT).claims
LONGEST = 240  # letters in two lines

# When a verdict changes, a sentence on some page has become wrong.
EXPECTED = {
    "C01": "false",
    "C02": "true only if",
    "C03": "false",
    "C04": "true only if",
    "C05": "true only if",
    "C06": "false",
    "C07": "false",
    "C08": "true only if",
    "C09": "false",
    "C10": "true only if",
    "C11": "sourced",
    "C12": "true only if",
    "C13": "true only if",
    "C14": "true only if",
    "C15": "true only if",
    "C16": "true only if",
    "C17": "false",
    "C18": "false",
    "C19": "true only if",
    "C20": "true only if",
    "C21": "false",
    "C22": "false",
    "C23": "true only if",
    "C24": "true only if",
    "C25": "true only if",
    "C26": "false",
    "C27": "false",
    "C28": "true only if",
    "C29": "false",
    "C30": "true only if",
    "C31": "true only if",
    "C32": "true only if",
    "C33": "true only if",
    "C34": "true only if",
    "C35": "true only if",
    "C36": "true only if",
    "C37": "true only if",
    "C38": "true only if",
    "C39": "true only if",
    "C40": "true only if",
    "C41": "true only if",
    "C42": "true only if",
    "C43": "true only if",
    "C44": "true only if",
    "C45": "true only if",
    "C46": "true only if",
    "C47": "true only if",
    "C48": "true",
    "C49": "true only if",
    "C50": "true",
    "C51": "true only if",
    "C52": "false",
    "C53": "true",
    "C54": "true only if",
    "C55": "true only if",
    "C56": "true only if",
    "C57": "sourced",
    "C58": "true only if",
    "C59": "true only if",
    "C60": "false",
    "C61": "false",
    "C62": "false",
    "C63": "true only if",
}


def pages_with_claims() -> dict[str, list[str]]:
    """The pages that show each claim in one paragraph."""
    found: dict[str, list[str]] = {id: [] for id in CLAIMS}
    for page in sorted((ROOT / "docs").rglob("*.md")):
        for token in tokens(page.read_text(encoding="utf-8")):
            if token.word == "claim" and token[0] in found:
                found[token[0]].append(str(page.relative_to(ROOT / "docs")))
    return found


def test_the_expected_verdicts_are_those_of_all_claims():
    assert EXPECTED.keys() == CLAIMS.keys()


@pytest.mark.parametrize(("id", "expected"), EXPECTED.items())
def test_the_verdict_is_the_one_the_pages_speak_of(decided, id, expected):
    assert decided(id)["verdict"] == expected


@pytest.mark.parametrize("id", CLAIMS)
def test_a_quotation_is_at_most_two_lines(decided, id):
    assert 10 < len(decided(id)["wording"]) <= LONGEST


@pytest.mark.parametrize("id", CLAIMS)
def test_the_source_is_linked_or_said_to_be_common(decided, id):
    source = decided(id)["source"]
    assert re.search(r"\]\(https?://\S+\)", source) or source.startswith("Commonly said")


@pytest.mark.parametrize("id", CLAIMS)
def test_what_is_not_plainly_true_is_put_right_and_its_authors_get_their_due(decided, id):
    found = decided(id)
    assert found["finding"]
    assert found["verdict"] == "true" or (found["correct"] and found["right"])


@pytest.mark.parametrize("id", CLAIMS)
def test_every_number_in_the_words_is_one_that_was_computed(decided, id):
    data = decided(id)
    checked = shown.Checked(id, "topic", data)
    for part in ("wording", "source", "right", "correct", "finding"):
        assert "{{" not in checked.words(part)
    said = re.sub(r"\{\{.*?\}\}|\$[^$]*\$|\]\(\S+\)|`[^`]*`", "", data["finding"])
    not_results = r"\b(19|20)\d\d\b|\b\d+(-\d+)+\b"  # years, and networks such as 64-32-10
    assert not re.search(r"\d\.\d|\d{3}", re.sub(not_results, "", said))


@pytest.mark.parametrize("id", CLAIMS)
def test_a_claim_is_shown_once_where_its_topic_is_taught(id):
    assert len(pages_with_claims()[id]) == 1


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ([True, True], "true"),
        ([False, True], "true only if"),
        ([False, False], "false"),
        (True, "true"),
        (False, "false"),
    ],
)
def test_a_verdict_follows_from_the_cases(cases, expected):
    assert verdict(cases) == expected


def test_a_verdict_of_another_kind_is_refused():
    made = claim(wording="w", source="s", right="r", correct="c", finding="f")
    with pytest.raises(ValueError, match="not perhaps"):
        made(lambda: ("perhaps", {})).decided()


def test_the_page_knows_the_same_verdicts():
    assert shown.VERDICTS == VERDICTS
