"""How often the backprop doctor is right, and how long it takes.

    python -m benchmarks.diagnose [--pairs N] [--styles N]

Every slip of the catalogue is planted alone, in every setting where it changes the numbers;
pairs of slips are drawn at random; correct implementations are composed from styles. The
figures are counts: how many slips stand in first place, how many false alarms there are.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from itertools import product

import numpy as np

from chainrule.diagnose import Report, diagnose
from tests.planted import ACTIVATION_NAMES, LOSS_NAMES, Planted, drawn_pairs, every_single
from tests.styles import drawn_styles


def timed(function, **options: object) -> tuple[Report, float]:
    start = time.perf_counter()
    report = diagnose(function, **options)
    return report, time.perf_counter() - start


def measure_singles() -> None:
    first, total, slowest, misses = 0, 0, 0.0, Counter[str]()
    for planted in every_single():
        report, seconds = timed(planted, **planted.options)
        total += 1
        slowest = max(slowest, seconds)
        if planted.is_named_first(report):
            first += 1
        else:
            misses[f"{planted.names} {planted.options}"] += 1
    print(
        f"one slip: {first} of {total} in first place ({first / total:.1%}), {slowest:.2f} s at most"
    )
    for miss, _ in misses.most_common(20):
        print("  missed:", miss)


def measure_pairs(n: int) -> None:
    found, total, slowest = 0, 0, 0.0
    times = []
    misses = []
    for planted in drawn_pairs(n):
        report, seconds = timed(planted, **planted.options)
        total += 1
        times.append(seconds)
        ok = planted.is_named(report)
        found += ok
        if not ok:
            misses.append(
                (planted.names, planted.options, [(f.slip, f.layers) for f in report.findings])
            )
    print(
        f"two slips: both named in {found} of {total} ({found / total:.1%}), {max(times):.2f} s at most, {np.median(times):.2f} s median"
    )
    for miss in misses[:25]:
        print("  missed:", *miss)


def measure_styles(n: int) -> None:
    alarms, slowest = 0, 0.0
    for style in drawn_styles(n):
        report, seconds = timed(style.gradients, **style.options)
        slowest = max(slowest, seconds)
        if not report.ok or report.findings:
            alarms += 1
            print("  alarm:", style)
    print(f"correct: {alarms} false alarms in {n} implementations, {slowest:.2f} s at most")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--styles", type=int, default=500)
    arguments = parser.parse_args()
    measure_styles(arguments.styles)
    measure_pairs(arguments.pairs)
    measure_singles()
