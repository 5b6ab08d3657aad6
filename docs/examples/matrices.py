"""The output layer of the 2-3-2 network: each product with its numbers."""

from contextlib import redirect_stdout

import numpy as np

import chainrule as cr

with redirect_stdout(None):  # what it prints belongs on its own page
    from docs.examples import two_three_two as n

np.set_printoptions(precision=4, suppress=True)
hidden, output = tape = cr.forward(n.network, n.x[:1])
h, y, t, W = hidden.a[0], output.a[0], n.t[0], n.W2

# Forward: row by row, added over the inputs.
z = W @ h + n.b2
print(f"z      = {z}       {W.shape} @ {h.shape}")

# The error: entry by entry, nothing is added.
delta = (y - t) * y * (1 - y)
print(f"delta  = {delta}       {y.shape} * {y.shape}")

# The gradient: each error with each input, nothing is added.
dL_dW = np.outer(delta, h)
print(f"dL/dW  = {dL_dW[0]}   outer {delta.shape}, {h.shape}")
print(f"         {dL_dW[1]}")

# Down: column by column, added over the neurons.
dL_dh = W.T @ delta
print(f"dL/dh  = {dL_dh}   {W.T.shape} @ {delta.shape}")

# And the error of the hidden layer: entry by entry once more.
delta_hidden = dL_dh * h * (1 - h)
print(f"delta1 = {delta_hidden}   {h.shape} * {h.shape}")

# The reference does the same.
dL_dy = n.error.gradient(output.a, n.t[:1], reduction="sum")
below, above = cr.backward(n.network, tape, dL_dy)
assert np.allclose(above.W, dL_dW, rtol=0, atol=1e-15)
assert np.allclose(below.b, delta_hidden, rtol=0, atol=1e-15)
