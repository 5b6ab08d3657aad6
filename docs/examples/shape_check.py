"""How many products of errors and inputs have the shape of the weights?"""

from contextlib import redirect_stdout
from itertools import product

import numpy as np

import chainrule as cr
from chainrule import slips

with redirect_stdout(None):  # what it prints belongs on its own page
    from docs.examples import demo


def fitting(batch_size: int, n_in: int, n_out: int) -> dict[str, float]:
    """How far each product that fits is from plain nudging."""
    rng = np.random.default_rng(0)
    delta = rng.normal(size=(batch_size, n_out))
    a_in = rng.normal(size=(batch_size, n_in))
    truth = cr.central_difference(
        lambda W: (delta * (a_in @ W.T)).sum(), np.zeros((n_out, n_in))
    )
    errors = {"delta": delta, "delta.T": delta.T}
    inputs = {"a_in": a_in, "a_in.T": a_in.T}
    pairs = [*product(errors, inputs), *product(inputs, errors)]
    found = {}
    for left, right in pairs:
        p, q = (errors | inputs)[left], (errors | inputs)[right]
        if p.shape[1] == q.shape[0] and (p.shape[0], q.shape[1]) == (
            n_out,
            n_in,
        ):
            off = np.linalg.norm(p @ q - truth) / np.linalg.norm(truth)
            found[f"{left} @ {right}"] = off.item()
    return found


oblong = fitting(batch_size=4, n_in=2, n_out=3)
square = fitting(batch_size=4, n_in=3, n_out=3)
all_equal = fitting(batch_size=3, n_in=3, n_out=3)
for shape, found in {
    "3 x 2, batch of 4": oblong,
    "3 x 3, batch of 4": square,
    "3 x 3, batch of 3": all_equal,
}.items():
    print(f"{shape}:")
    for name, off in found.items():
        print(f"    {name:17} off by {off:.2f}")
nearest_wrong = min(off for off in all_equal.values() if off > 1e-6)

# The hidden layer of the worked network is square.
network, x, t = demo.network, demo.x[None], demo.t[None]
batch = network, x, t, demo.error
slope = cr.gradients(*batch, reduction="sum")
wrong = slips.gradients(["transposed_gradient@1"], *batch, reduction="sum")
same_shapes = all(
    p.W.shape == q.W.shape for p, q in zip(wrong, slope, strict=True)
)
off = cr.relative_error(wrong[:1], slope[:1])
y_after = cr.forward(cr.sgd(network, wrong, 0.5), x)[-1].a
loss_after = demo.error.value(y_after, t, reduction="sum").item()
print(f"transposed by mistake: off by {off:.3f}, loss {loss_after:.6f}")
