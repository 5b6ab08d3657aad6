"""A scalar autodiff engine: every operation writes its local slopes on a tape.

The tape is a list. A value knows its place on it, and what stands there are the
places of the values it was computed from, each with a slope. Whatever is used was
computed before, so the order of creation is an order in which the chain rule can be
applied backwards: no sorting, no recursion.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Entry = tuple[tuple[int, float], ...]


class Value:
    """A number with a place on a tape. Make the first ones with `variables`."""

    __slots__ = ("data", "place", "tape")

    def __init__(self, data: float, tape: list[Entry], *slopes: tuple[int, float]):
        self.data = data
        self.tape = tape
        self.place = len(tape)
        tape.append(slopes)

    def meet(self, other: Value) -> None:
        """Nothing, if both are on one tape. Raises ValueError if they are not."""
        if other.tape is not self.tape:
            raise ValueError("values of two tapes met: make them in one call of `variables`")

    def __add__(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            self.meet(other)
            return Value(self.data + other.data, self.tape, (self.place, 1.0), (other.place, 1.0))
        return Value(self.data + other, self.tape, (self.place, 1.0))

    def __mul__(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            self.meet(other)
            slopes = (self.place, other.data), (other.place, self.data)
            return Value(self.data * other.data, self.tape, *slopes)
        return Value(self.data * other, self.tape, (self.place, other))

    def __pow__(self, exponent: float) -> Value:
        slope = exponent * self.data ** (exponent - 1) if exponent else 0.0
        return Value(self.data**exponent, self.tape, (self.place, slope))

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

    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self) -> Value:
        e = math.exp(self.data)
        return Value(e, self.tape, (self.place, e))

    def log(self) -> Value:
        return Value(math.log(self.data), self.tape, (self.place, 1 / self.data))

    def tanh(self) -> Value:
        a = math.tanh(self.data)
        return Value(a, self.tape, (self.place, 1 - a * a))

    def sigmoid(self) -> Value:
        a = 0.5 * (1 + math.tanh(0.5 * self.data))
        return Value(a, self.tape, (self.place, a * (1 - a)))

    def relu(self) -> Value:
        return Value(max(self.data, 0.0), self.tape, (self.place, float(self.data > 0)))


def variables(*numbers: float) -> list[Value]:
    """Values with nothing before them, on a new tape of their own."""
    tape: list[Entry] = []
    return [Value(number, tape) for number in numbers]


def gradient(output: Value, inputs: Sequence[Value]) -> list[float]:
    """The slope of the output in each input; nothing is stored in the values."""
    slopes = [0.0] * len(output.tape)
    slopes[output.place] = 1.0
    for place in range(output.place, -1, -1):
        for earlier, slope in output.tape[place]:
            slopes[earlier] += slope * slopes[place]
    return [slopes[value.place] for value in inputs]
