"""A scalar autodiff engine: every operation writes its local slopes on a tape.

The tape is a list. A value knows its place on it, and the entry that stands there reads:
place of an input, slope in it, place of the next input, slope in that. Whatever is used
was computed before, so the order of creation is an order in which the chain rule can be
applied backwards: no sorting, no recursion.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any


class Value:
    """A number with a place on a tape. Make the first ones with `variables`."""

    __slots__ = ("data", "place", "tape")

    def __init__(self, data: float, tape: list[tuple[Any, ...]], *entry: float):
        self.data, self.place, self.tape = data, len(tape), tape
        tape.append(entry)

    def meet(self, other: Value, data: float, slope: float, other_slope: float) -> Value:
        """What becomes of these two. Raises ValueError if they are not on one tape."""
        if other.tape is not self.tape:
            raise ValueError("values of two tapes met: make them in one call of `variables`")
        return Value(data, self.tape, self.place, slope, other.place, other_slope)

    def __add__(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            return self.meet(other, self.data + other.data, 1.0, 1.0)
        return Value(self.data + other, self.tape, self.place, 1.0)

    def __mul__(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            return self.meet(other, self.data * other.data, other.data, self.data)
        return Value(self.data * other, self.tape, self.place, other)

    def __pow__(self, exponent: float) -> Value:
        slope = exponent * self.data ** (exponent - 1) if exponent else 0.0
        return Value(self.data**exponent, self.tape, self.place, slope)

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Value | float) -> Value:
        return self + -other

    def __rsub__(self, other: float) -> Value:
        return -self + other

    def __truediv__(self, other: Value | float) -> Value:
        return self * other**-1.0

    def __rtruediv__(self, other: float) -> Value:
        return self**-1.0 * other

    __radd__, __rmul__ = __add__, __mul__

    def exp(self) -> Value:
        e = math.exp(self.data)
        return Value(e, self.tape, self.place, e)

    def log(self) -> Value:
        return Value(math.log(self.data), self.tape, self.place, 1 / self.data)

    def tanh(self) -> Value:
        a = math.tanh(self.data)
        return Value(a, self.tape, self.place, 1 - a * a)

    def sigmoid(self) -> Value:
        a = 0.5 * (1 + math.tanh(0.5 * self.data))
        return Value(a, self.tape, self.place, a * (1 - a))

    def relu(self) -> Value:
        return Value(max(self.data, 0.0), self.tape, self.place, float(self.data > 0))


def variables(*numbers: float) -> list[Value]:
    """Values with nothing before them, on a new tape of their own."""
    tape: list[tuple[Any, ...]] = []
    return [Value(number, tape) for number in numbers]


def gradient(output: Value, inputs: Sequence[Value]) -> list[float]:
    """The slope of the output in each input; nothing is stored in the values."""
    slopes = [0.0] * len(output.tape)
    slopes[output.place] = 1.0
    for place in range(output.place, -1, -1):
        if above := slopes[place]:
            entry = iter(output.tape[place])
            for earlier, slope in zip(entry, entry):  # two numbers at a time
                slopes[earlier] += slope * above
    return [slopes[value.place] for value in inputs]
