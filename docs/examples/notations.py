"""One slope as other texts find it: the same, double, or negative."""

import numpy as np

from chainrule import ACTIVATIONS

sigmoid = ACTIVATIONS["sigmoid"].f
x, t = np.array([0.5, 0.8]), np.array([1.0])
W1, b1 = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([0.35, 0.35])
W2, b2 = np.array([[0.40, 0.45]]), np.array([0.60])

# This book, Nielsen, Bishop: a column, half squares.
h = sigmoid(W1 @ x + b1)
y = sigmoid(W2 @ h + b2)
delta_y = (y - t) * y * (1 - y)
delta_h = (W2.T @ delta_y) * h * (1 - h)
half = np.outer(delta_h, x)[0, 1]
error = delta_h[0]
w_after = W1[0, 1] - 0.5 * half

# 3Blue1Brown, UDL, Eigenvue, PyTorch: squares without the half.
dl_df = 2 * (y - t) * y * (1 - y)
dl_df_below = (W2.T @ dl_df) * h * (1 - h)
whole = np.outer(dl_df_below, x)[0, 1]

# GeeksforGeeks: target minus output, and the update adds.
delta_5 = y[0] * (1 - y[0]) * (t[0] - y[0])
delta_3 = h[0] * (1 - h[0]) * W2[0, 0] * delta_5
added = delta_3 * x[1]

# CS231n: examples are rows, and W leads from rows to columns.
X, W, V = x[None], W1.T, W2.T
hidden = sigmoid(X @ W + b1)
scores = sigmoid(hidden @ V + b2)
dscores = (scores - t) * scores * (1 - scores)
dhidden = (dscores @ V.T) * hidden * (1 - hidden)
dW = X.T @ dhidden
transposed = dW[1, 0]

print(f"half squares, a column      {half:.8f}")
print(f"squares, no half            {whole:.8f}")
print(f"target minus output         {added:.8f}")
print(f"rows, entry [1, 0] of dW    {transposed:.8f}")
print(f"rows, entry [0, 1] of dW    {dW[0, 1]:.8f}   another weight")
