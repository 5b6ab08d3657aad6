"""A published sample updates each layer before the error has passed it."""

from contextlib import redirect_stdout

import numpy as np

from chainrule import LOSSES, slips

with redirect_stdout(None):  # what it prints belongs on its own page
    from docs.examples.overshoot import network, x

loss = LOSSES["half_squared_error"]  # the sample starts from y - t


def slopes_of_first_weights(mistakes, learning_rate):
    return slips.gradients(
        mistakes,
        *(network, x, np.array([[1.0]]), loss),
        reduction="sum",
        learning_rate=learning_rate,
    )[0].W


right = slopes_of_first_weights([], 1.0)
off = {}
for rate in (0.1, 0.5, 1.0):
    wrong = slopes_of_first_weights(["updated_weights"], rate)
    off[rate] = np.abs(wrong / right - 1).max()
    print(f"learning rate {rate:3}   off by {off[rate]:.1%}")
worst = off[1.0]
