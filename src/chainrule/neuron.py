"""A whole neuron as one operation of the scalar engine.

An operation may be as large as one likes, as long as it knows its slopes. A product and a
sum for each weight are so many entries of the tape, and here they are one.
"""

from __future__ import annotations

from collections.abc import Sequence

from .scalar import Value


def weighted_sum(w: Sequence[Value], a: Sequence[Value | float], b: Value) -> Value:
    """The pre-activation w·a + b in one entry: each a may be a value or a plain number.

    The slope in a weight is its input, in an input its weight, and in the bias 1.
    Raises ValueError if the values are not on one tape.
    """
    if any(value.tape is not b.tape for value in (*w, *a) if isinstance(value, Value)):
        raise ValueError("values of two tapes met: make them in one call of `variables`")
    z, entry = b.data, [b.place, 1.0]
    for w_j, a_j in zip(w, a, strict=True):
        if isinstance(a_j, Value):
            entry += a_j.place, w_j.data
            a_j = a_j.data
        entry += w_j.place, a_j
        z += w_j.data * a_j
    return Value(z, b.tape, *entry)
