"""How often the backprop doctor is right, and how long it takes.

    python -m benchmarks.diagnose [--styles N] [--singles N] [--pairs N]

Correct implementations are composed from styles and must raise no alarm. Every slip of the
catalogue is planted alone, at every place and in every setting where it changes the numbers,
and must be named first. Pairs of slips are drawn at random, and both must be named. Times
are processor times, since other programs may be running.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from chainrule import Report, diagnose
from tests.planted import Planted, drawn_pairs, every_single
from tests.styles import Style, drawn_styles

MISSES_SHOWN = 20


def measure(
    what: str,
    cases: Iterable[tuple[object, Callable[..., Any], dict[str, Any], Callable[[Report], bool]]],
) -> None:
    """Diagnose every case; print how many reports are as they should be, and the times."""
    seconds: list[float] = []
    misses: list[object] = []
    for case, function, options, as_it_should_be in cases:
        start = time.process_time()
        report = diagnose(function, **options)
        seconds.append(time.process_time() - start)
        if not as_it_should_be(report):
            misses.append(case)
    total, right = len(seconds), len(seconds) - len(misses)
    seconds.sort()
    print(
        f"{what}: {right} of {total} ({right / total:.1%}); "
        f"{seconds[total // 2]:.2f} s each, {seconds[-1]:.2f} s at most"
    )
    for miss in misses[:MISSES_SHOWN]:
        print(f"  not {miss}")


def correct(style: Style) -> tuple[object, Callable[..., Any], dict[str, Any], Any]:
    return style, style.gradients, style.options, lambda report: report.ok and not report.findings


def single(planted: Planted) -> tuple[object, Callable[..., Any], dict[str, Any], Any]:
    return planted, planted, planted.options, planted.is_named_first


def pair(planted: Planted) -> tuple[object, Callable[..., Any], dict[str, Any], Any]:
    return planted, planted, planted.options, planted.is_named


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--styles", type=int, default=500)
    parser.add_argument("--singles", type=int, help="all of them, if not given")
    parser.add_argument("--pairs", type=int, default=500)
    arguments = parser.parse_args()
    measure("correct, no alarm", map(correct, drawn_styles(arguments.styles)))
    measure("two slips, both named", map(pair, drawn_pairs(arguments.pairs)))
    measure("one slip, named first", map(single, islice(every_single(), arguments.singles)))
