"""The explorers' own source of chance: the same numbers from a seed in Python and JavaScript."""

from __future__ import annotations

from collections.abc import Callable

WORD = 0xFFFFFFFF


def generator(seed: int) -> Callable[[], float]:
    """A function that draws a number from 0 up to 1: mulberry32, as in `numbers.mjs`."""
    state = seed & WORD

    def draw() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & WORD
        t = (state ^ (state >> 15)) * (1 | state) & WORD
        t = ((t + ((t ^ (t >> 7)) * (61 | t) & WORD)) & WORD) ^ t
        return (t ^ (t >> 14)) / 2**32

    return draw
