"""Random numbers that a browser can draw as well: mulberry32, which keeps 32 bits of state.

The same numbers come from `numbers.mjs`, so what the build draws and what the reader's browser
draws from one seed is one network. NumPy's own generators have no twin in JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..activations import Array

MASK = 0xFFFFFFFF
Draw = Callable[[], float]


def generator(seed: int) -> Draw:
    """A function that draws the next number from 0 up to, not including, 1."""
    state = seed & MASK

    def draw() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & MASK
        t = (state ^ state >> 15) * (1 | state) & MASK
        t = (t + ((t ^ t >> 7) * (61 | t)) & MASK) ^ t
        return ((t ^ t >> 14) & MASK) / 2**32

    return draw


def uniform(shape: tuple[int, ...], reach: float, draw: Draw) -> Array:
    """An array of numbers between -reach and reach, drawn row by row."""
    return reach * np.array([2 * draw() - 1 for _ in range(int(np.prod(shape)))]).reshape(shape)
