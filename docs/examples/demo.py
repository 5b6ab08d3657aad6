"""One full step of the worked network, and the same step as a trace."""

import numpy as np

import chainrule as cr
from chainrule.trace import trace as trace_of

W1, b1 = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([0.35, 0.35])
W2, b2 = np.array([[0.40, 0.45]]), np.array([0.60])
x, t, learning_rate = np.array([0.5, 0.8]), np.array([1.0]), 0.5
error, sigmoid = cr.LOSSES["half_squared_error"], cr.ACTIVATIONS["sigmoid"]
affines = [cr.Affine(W1, b1), cr.Affine(W2, b2)]
network = [cr.Layer(affine, sigmoid) for affine in affines]

# Forward, with a batch of one row; each layer records its z and its a.
hidden, output = tape = cr.forward(network, x[None])
z1, h, z3, y = hidden.z[0], hidden.a[0], output.z.item(), output.a.item()
loss = error.value(output.a, t[None], reduction="sum").item()
print(f"z1 = {z1}   h = {h}\nz3 = {z3:.6f}   y = {y:.6f}")

# Backward: a slope for every weight and every bias.
dL_dy = error.gradient(output.a, t[None], reduction="sum")
gradients = cr.backward(network, tape, dL_dy)
(dW1, db1), (dW2, db2) = [(slope.W, slope.b) for slope in gradients]
print(f"dW1 = {dW1[0]}\n      {dW1[1]}\ndb1 = {db1}")
print(f"dW2 = {dW2[0]}\ndb2 = {db2}")

# With one example the slope of a bias is the error of its neuron, dL/dz.
delta_hidden, delta_out = db1, db2.item()
dL_dh = delta_out * W2[0]  # not an error: the sigmoid's slope is missing
print(f"dL/dh = {dL_dh}")

# Update everything at once, and look again.
after = cr.sgd(network, gradients, learning_rate)
y_after = cr.forward(after, x[None])[-1].a
loss_after = error.value(y_after, t[None], reduction="sum").item()
print(f"the loss was {loss:.6f} and is {loss_after:.6f}")

# The same step as data, every number under its name.
layers = [
    {"W": W1.tolist(), "b": b1.tolist(), "activation": "sigmoid"},
    {"W": W2.tolist(), "b": b2.tolist(), "activation": "sigmoid"},
]
spec = {
    "layers": layers,
    "loss": error.name,
    "learning_rate": learning_rate,
}
whole = trace_of({**spec, "x": x.tolist(), "target": t.tolist()})
trace, final = whole["steps"][0], whole["final"]
