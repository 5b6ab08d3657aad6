"""A batch of four: the sum over examples, and what each convention does."""

from contextlib import redirect_stdout

import numpy as np

import chainrule as cr
from chainrule import slips

with redirect_stdout(None):  # what it prints belongs on its own page
    from docs.examples import two_three_two as n

np.set_printoptions(precision=4, suppress=True)
batch = n.network, n.x, n.t, n.error
_, whole = cr.gradients(*batch, reduction="sum")

# One example after the other: the bias's slope is then its error.
pairs = zip(n.x, n.t, strict=True)
alone = [
    cr.gradients(n.network, x[None], t[None], n.error, reduction="sum")[-1]
    for x, t in pairs
]
for k, slope in enumerate(alone, start=1):
    print(f"example {k}   delta = {slope.b}")
delta, db = np.array([slope.b for slope in alone]), whole.b
print(f"added up    db    = {db}")
assert np.allclose(sum(slope.b for slope in alone), db)
assert np.allclose(sum(slope.W for slope in alone), whole.W)

# The same network, other conventions: the first weight's slope.
conventions = [
    ("half_squared_error", "sum"),
    ("half_squared_error", "mean"),
    ("squared_error", "sum"),
    ("mean_squared_error", "mean"),
]
slopes, times = {}, {}
for name, reduction in conventions:
    found = cr.gradients(
        n.network, n.x, n.t, cr.LOSSES[name], reduction=reduction
    )
    key = f"{name}_{reduction}"
    slopes[key] = found[-1].W[0, 0].item()
    times[key] = slopes[key] / whole.W[0, 0].item()
    print(f"{key:24} {slopes[key]:+.4f}   x {times[key]:g}")

# What three mistakes do to the gradient of the mean.
right = cr.gradients(*batch, reduction="mean")
wrong = ["bias_sum_for_mean", "product_of_means", "only_last_example"]
off = {}
for name in wrong:
    gradient = slips.gradients([name], *batch, reduction="mean")
    off[name] = cr.relative_error(gradient, right)
