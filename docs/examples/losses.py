"""The error at the output, dL/dz, for four pairs of activation and loss."""

import numpy as np

from chainrule import ACTIVATIONS, LOSSES, central_difference, slips
from chainrule.losses import softmax

np.set_printoptions(precision=4, suppress=True)
z, t = np.array([[1.2, -0.4, 0.3]]), np.array([[1.0, 0.0, 0.0]])
pairs = [
    ("identity", "half_squared_error"),
    ("sigmoid", "half_squared_error"),
    ("identity", "binary_cross_entropy"),  # its sigmoid is in the loss
    ("identity", "softmax_cross_entropy"),  # and so is its softmax
]
errors = {}
for activation, name in pairs:
    squash, loss = ACTIVATIONS[activation], LOSSES[name]
    y = squash.f(z)
    delta = loss.gradient(y, t, reduction="sum") * squash.df(z, y)
    nudged = central_difference(
        lambda z, squash=squash, loss=loss: loss.f(squash.f(z), t)[0], z
    )
    assert np.allclose(delta, nudged, rtol=0, atol=1e-9)
    errors[f"{activation}_{name}"] = delta[0]
    print(f"{activation:9} {name:22} {delta[0]}")

# One sigmoid output, taken apart: two slopes that cancel.
p, target = ACTIVATIONS["sigmoid"].f(z)[0, 0].item(), 1.0
dL_dp = (p - target) / (p * (1 - p))
dp_dz = p * (1 - p)
assert abs(dL_dp * dp_dz - (p - target)) < 1e-15

# A softmax with its probabilities, and its slopes taken for elementwise.
probabilities = softmax(z)[0]
elementwise = slips.function(
    "losses.softmax_cross_entropy_slope",
    [slips.SLIPS["softmax_elementwise"]],
)(z, t)[0]

# A sigmoid output that is sure and wrong: its error by both losses.
sure = np.array([0.0, 2.0, 5.0, 10.0])
said = ACTIVATIONS["sigmoid"].f(sure)
by_squares = said * said * (1 - said)  # (y - 0) y (1 - y)
by_entropy = said
for row in zip(sure, said, by_squares, by_entropy, strict=True):
    print("z = {:4.0f}   says {:.5f}   {:.5f} or {:.5f}".format(*row))
