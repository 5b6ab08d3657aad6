"""The worked network with nothing but numbers: no arrays, no library."""

from math import exp


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


x1, x2, t, learning_rate = 0.5, 0.8, 1.0, 0.5
w11, w12, b1 = 0.15, 0.20, 0.35
w21, w22, b2 = 0.25, 0.30, 0.35
w31, w32, b3 = 0.40, 0.45, 0.60

# Forward: two hidden neurons, one output, one loss.
z1 = w11 * x1 + w12 * x2 + b1
z2 = w21 * x1 + w22 * x2 + b2
h1, h2 = sigmoid(z1), sigmoid(z2)
z3 = w31 * h1 + w32 * h2 + b3
y = sigmoid(z3)
L = (y - t) ** 2 / 2
print(f"y = {y:.6f}   L = {L:.6f}")

# Backward, the output first.
dL_dy = y - t
one_minus_y = 1 - y
dL_dz3 = dL_dy * y * one_minus_y
dL_dw31, dL_dw32, dL_db3 = dL_dz3 * h1, dL_dz3 * h2, dL_dz3

# Down through the old output weights, then through each sigmoid.
dL_dh1, dL_dh2 = dL_dz3 * w31, dL_dz3 * w32
slope1, slope2 = h1 * (1 - h1), h2 * (1 - h2)
dL_dz1, dL_dz2 = dL_dh1 * slope1, dL_dh2 * slope2
dL_dw11, dL_dw12, dL_db1 = dL_dz1 * x1, dL_dz1 * x2, dL_dz1
dL_dw21, dL_dw22, dL_db2 = dL_dz2 * x1, dL_dz2 * x2, dL_dz2
print(f"hidden: {dL_dw11:.6f} {dL_dw12:.6f} {dL_db1:.6f}")
print(f"        {dL_dw21:.6f} {dL_dw22:.6f} {dL_db2:.6f}")
print(f"output: {dL_dw31:.6f} {dL_dw32:.6f} {dL_db3:.6f}")
