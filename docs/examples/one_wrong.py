"""What it looks like when one of the ways is wrong."""

from contextlib import redirect_stdout

import numpy as np

from chainrule import slips

with redirect_stdout(None):  # what it prints belongs on its own page
    from docs.examples import six_ways as six

mistakes = [
    "updated_weights",
    "missing_activation_derivative",
    "transposed_gradient@hidden",
    "half_forgotten",
]
nudged = six.by_nudging(six.chainrule.central_difference)
off = {}
for name in mistakes:
    slopes = slips.gradients(
        [name], *six.problem, reduction="sum", learning_rate=0.5
    )
    key = name.partition("@")[0]
    off[key] = np.abs(six.flat(slopes) - nudged).max().item()
    print(f"{key:30} off by {off[key]:.1e}")

least = min(off.values())
gap = least / six.central_difference_error
print(f"the least of them is {gap:.0e} times the noise of nudging")
