"""A claim: what somebody published, and the program that decides it.

    @claim(
        wording="The slope of the sigmoid is at most 0.4.",
        source="[A tutorial](https://example.org/sigmoid)",
        right="There is a largest slope, at 0.",
        correct="The slope of the sigmoid is at most a quarter.",
        finding="At 0 the slope is {{ largest | .4f }}.",
    )
    def C00():
        largest = slope(0.0)
        return verdict(largest > 0.25), {"largest": largest}

The function measures and decides; its last line gives the verdict and the numbers. The
page shows the function with everything in the file that it uses. Numbers in the words
are taken from what it returned, never typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Verdict = Literal["true", "true only if", "false", "sourced"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
Decision = tuple[Verdict, Mapping[str, Any]]


@dataclass(frozen=True)
class Claim:
    """A sentence with its source, what is to be said of it, and the program that decides.

    wording   at most two lines of the source, as printed; Markdown
    source    who printed it, a link; or "Commonly said"
    right     what the authors got right
    correct   the sentence as it should read
    finding   what was found; `{{ name | format }}` is a number that `decide` returns
    decide    runs the program; returns the verdict and the numbers by name
    """

    wording: str
    source: str
    right: str
    correct: str
    finding: str
    decide: Callable[[], Decision]

    def decided(self) -> dict[str, Any]:
        """Run the program; return all parts of the claim with `verdict` and `numbers`."""
        verdict, numbers = self.decide()
        if verdict not in VERDICTS:
            raise ValueError(
                f"a verdict is one of {', '.join(VERDICTS)}, not {verdict}"
            )
        return {**vars(self), "verdict": verdict, "numbers": dict(numbers)}


def claim(
    *, wording: str, source: str, right: str, correct: str, finding: str
) -> Callable[[Callable[[], Decision]], Claim]:
    """Make a claim of the function that decides it; line ends in the words do not count."""
    words = [
        " ".join(text.split())
        for text in (wording, source, right, correct, finding)
    ]
    return lambda decide: Claim(*words, decide)


def verdict(cases: object) -> Verdict:
    """Return "true" if it holds in every case tried, "true only if" in some, "false" in none.

    A single case may stand alone; more of them are anything that can be looped over.
    """
    held = [
        bool(case)
        for case in (cases if isinstance(cases, Iterable) else [cases])
    ]
    return "true" if all(held) else "true only if" if any(held) else "false"
