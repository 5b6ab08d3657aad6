"""One sigmoid neuron: forward, backward, and a check without calculus."""

import numpy as np

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, forward, gradients

w, b, x, t, learning_rate = 0.8, -0.4, 1.5, 0.0, 0.5
inputs, targets = np.array([[x]]), np.array([[t]])
loss = LOSSES["half_squared_error"]


def neuron(w: float, b: float) -> list[Layer]:
    parameters = Affine(W=np.array([[w]]), b=np.array([b]))
    return [Layer(parameters, ACTIVATIONS["sigmoid"])]


def loss_at(w: float, b: float) -> float:
    y = forward(neuron(w, b), inputs)[-1].a
    return loss.value(y, targets, reduction="sum").item()


# Forward: the pre-activation, the activation, the loss.
[record] = forward(neuron(w, b), inputs)
z, y, L = record.z.item(), record.a.item(), loss_at(w, b)
print(f"z = {z:.4f}   y = {y:.4f}   L = {L:.4f}")

# Backward: one number per parameter.
[slopes] = gradients(neuron(w, b), inputs, targets, loss, reduction="sum")
dL_dw, dL_db = slopes.W.item(), slopes.b.item()
print(f"dL/dw = {dL_dw:.4f}   dL/db = {dL_db:.4f}")

# By hand: how wrong, times the sigmoid's slope, times what came in.
how_wrong, sigmoid_slope = y - t, y * (1 - y)
assert abs(how_wrong * sigmoid_slope * x - dL_dw) < 1e-15
without_slope = how_wrong * x  # the classic mistake

# Nudge the weight both ways and look at the loss.
h = 0.01
slope_by_nudging = (loss_at(w + h, b) - loss_at(w - h, b)) / (2 * h)
print(f"slope by nudging = {slope_by_nudging:.4f}")

# One step against the gradient.
w_after = w - learning_rate * dL_dw
b_after = b - learning_rate * dL_db
L_after = loss_at(w_after, b_after)
print(f"w = {w_after:.4f}   b = {b_after:.4f}   L = {L_after:.4f}")
