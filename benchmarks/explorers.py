"""What a change costs in the smaller explorers: `python -m benchmarks.explorers SITE ...`.

A SITE is the address of the book, built and served. `benchmarks.frames` says what is measured.
"""

from __future__ import annotations

import argparse

from benchmarks.frames import Change, compare


def drag(name: str, least: float, most: float) -> str:
    """Another place for the slider of this setting, as while it is dragged."""
    return f"it.change({{{name}: {least} + ({most} - {least}) * (n % 40) / 40}}, true)"


def whole(name: str, least: int, count: int) -> str:
    return f"it.change({{{name}: {least} + n % {count}}}, true)"


EXPLORERS = {
    "idea/chain-rule/": (
        "cr-chain-rule",
        [
            Change("x, two functions", drag("x", -2, 2)),
            Change("x, fork", drag("x", -2, 2), "it.change({shape: 'fork'})"),
        ],
    ),
    "training/step-size/": (
        "cr-descent",
        [
            Change("start", drag("w1", -2.5, 2.5)),
            Change("learning rate", drag("rate", 0.01, 0.3)),
            Change(
                "all three, 200 steps",
                drag("w1", -2.5, 2.5),
                "it.change({momentum: true, adam: true, steps: 200})",
            ),
            Change("curvature, 200 steps", drag("curvature1", 1, 12)),
        ],
    ),
    "training/vanishing/": (
        "cr-vanishing",
        [
            Change("gain", drag("gain", 0.5, 4)),
            Change("depth", whole("depth", 2, 39)),
            Change("gain, 40 layers", drag("gain", 0.5, 4), "it.change({depth: 40})"),
        ],
    ),
    "training/learning/": (
        "cr-learning",
        [
            Change("learning rate", drag("rate", 1, 8)),
            Change("one step", "it.go(it.run.losses.length)"),
            Change("one step of three layers", "it.go(it.run.losses.length)",
                   "it.change(it.tries['Three layers of sigmoids'])"),
        ],
    ),
}  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", nargs="+")
    sites = parser.parse_args().site
    for path, (tag, changes) in EXPLORERS.items():
        compare([site.rstrip("/") + "/" + path for site in sites], tag, changes)
