"""One sigmoid neuron: forward, backward, and a check that knows no calculus."""

import numpy as np

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, backward, forward, sgd

loss = LOSSES["half_squared_error"]
x, t, w, b = 1.5, 0.0, 0.8, -0.4
learning_rate = 0.5


def neuron_with(w: float, b: float) -> list[Layer]:
    """A network of one neuron with one input."""
    return [Layer(Affine(W=np.array([[w]]), b=np.array([b])), ACTIVATIONS["sigmoid"])]


def loss_at(w: float, b: float) -> float:
    """The loss of that neuron on our one example."""
    y = forward(neuron_with(w, b), np.array([[x]]))[-1].a
    return loss.value(y, np.array([[t]]), reduction="sum").item()


# Forward: the pre-activation, the activation, the loss.
neuron = neuron_with(w, b)
tape = forward(neuron, np.array([[x]]))
z, y, L = tape[0].z.item(), tape[0].a.item(), loss_at(w, b)
print(f"z = {z:.4f}   y = {y:.4f}   L = {L:.4f}")

# Backward: one number per parameter.
dL_dy = loss.gradient(tape[0].a, np.array([[t]]), reduction="sum")
gradient = backward(neuron, tape, dL_dy)
dL_dw, dL_db = gradient[0].W.item(), gradient[0].b.item()
print(f"dL/dw = {dL_dw:.4f}   dL/db = {dL_db:.4f}")

# The same by hand: how wrong, times the sigmoid's slope, times what came in.
how_wrong, sigmoid_slope = y - t, y * (1 - y)
assert abs(how_wrong * sigmoid_slope * x - dL_dw) < 1e-15
without_slope = how_wrong * x  # the classic mistake

# Nudge the weight both ways and look at the loss.
h = 0.01
slope_by_nudging = (loss_at(w + h, b) - loss_at(w - h, b)) / (2 * h)
print(f"slope by nudging = {slope_by_nudging:.4f}")

# One step against the gradient.
updated = sgd(neuron, gradient, learning_rate)[0].affine
w_after, b_after = updated.W.item(), updated.b.item()
L_after = loss_at(w_after, b_after)
print(f"after one step: w = {w_after:.4f}   b = {b_after:.4f}   L = {L_after:.4f}")
