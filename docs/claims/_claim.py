"""A claim: what somebody published, and what a computation says of it."""

from __future__ import annotations

from dataclasses import dataclass

VERDICTS = ("true", "true only if", "false")


@dataclass(frozen=True)
class Claim:
    """A sentence with its source, the verdict on it, and the numbers behind the verdict.

    wording   at most two lines of the source, as printed
    source    who printed it, as a Markdown link
    verdict   one of VERDICTS; a program decides it, so it may change with the numbers
    because   what was found, in Markdown, with the correct sentence
    """

    wording: str
    source: str
    verdict: str
    because: str

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict must be one of {', '.join(VERDICTS)}, got {self.verdict}")


def verdict(*, always: bool, sometimes: bool) -> str:
    """true if it holds in every case tried, true only if in some, false in none."""
    return "true" if always else "true only if" if sometimes else "false"
