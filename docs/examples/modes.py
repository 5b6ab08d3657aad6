"""One tape, walked from the end and from the start."""

import random
import sys
from itertools import batched, pairwise

from chainrule.scalar import Value, gradient, variables


def from_the_start(tape, place):
    """The slope of everything on the tape in one input."""
    slopes = [0.0] * len(tape)
    slopes[place] = 1.0
    for here, entry in enumerate(tape):
        if entry:
            arrows = batched(entry, 2)
            slopes[here] = sum(s * slopes[earlier] for earlier, s in arrows)
    return slopes


def neuron(inputs: list[Value], weights: list[Value]) -> Value:
    z = inputs[0] * weights[0]
    for a, w in zip(inputs[1:], weights[1:], strict=True):
        z = z + a * w
    return z.tanh()


# A 4-8-8-1 network, number by number.
rng = random.Random(0)
sizes = [4, 8, 8, 1]
counts = [m * n for m, n in pairwise(sizes)]
x = [0.2, -0.4, 0.6, 0.8]
w = variables(*(rng.gauss(0, 0.5) for _ in range(sum(counts))))
a, used = [Value(number, w[0].tape) for number in x], 0
for n_in, n_out in pairwise(sizes):
    rows = [
        w[used + k * n_in : used + (k + 1) * n_in] for k in range(n_out)
    ]
    a, used = [neuron(a, row) for row in rows], used + n_in * n_out
(y,) = a

tape = y.tape
arrows = sum(len(entry) // 2 for entry in tape)
weights = len(w)
reverse = gradient(y, w)
onward = [from_the_start(tape, v.place)[y.place] for v in w]
apart = max(abs(r - f) for r, f in zip(reverse, onward, strict=True))
print(f"{weights} weights, {len(tape)} entries, {arrows} arrows")
print(f"multiplications from the end   {arrows}")
print(f"multiplications from the start {arrows * weights}")
print(f"largest difference {apart:.0e}")

# A chain far longer than Python lets a function call itself.
(v,) = variables(0.5)
start, links = v, 100_000
for _ in range(links):
    v = v * 0.99999
slope = gradient(v, [start])[0]
deepest = sys.getrecursionlimit()
print(f"chain of {links}: slope {slope:.6f}, recursion limit {deepest}")
