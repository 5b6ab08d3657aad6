"""A 2-3-2 network and a batch: its shapes, and a check without calculus."""

import numpy as np

import chainrule as cr

W1 = np.array([[0.2, -0.4], [0.5, 0.1], [-0.3, 0.6]])
W2 = np.array([[0.7, -0.5, 0.2], [-0.6, 0.4, 0.8]])
b1, b2 = np.array([0.1, -0.2, 0.3]), np.array([0.05, -0.1])
x = np.array([[0.5, 0.8], [-0.2, 0.3], [0.9, -0.7], [0.0, 1.0]])
t = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [1.0, 1.0]])
batch_size = len(x)  # one example a row

error, sigmoid = cr.LOSSES["half_squared_error"], cr.ACTIVATIONS["sigmoid"]
affines = [cr.Affine(W1, b1), cr.Affine(W2, b2)]
network = [cr.Layer(affine, sigmoid) for affine in affines]

tape = cr.forward(network, x)
y = tape[-1].a
dL_dy = error.gradient(y, t, reduction="mean")
gradients = cr.backward(network, tape, dL_dy)

print("a_in    W       z       dW      db")
for affine, seen, slope in zip(affines, tape, gradients, strict=True):
    row = [seen.a_in, affine.W, seen.z, slope.W, slope.b]
    print("  ".join(str(array.shape) for array in row))
first = {"a_in": x, "W": W1, "b": b1, "z": tape[0].z}
shapes = {name: str(array.shape) for name, array in first.items()}

# Nudge every weight, and with imaginary nudges once more.
batch = network, x, t, error
nudged = cr.numerical_gradients(*batch, reduction="mean")
stepped = cr.numerical_gradients(
    *batch, reduction="mean", method=cr.complex_step
)
against_nudging = cr.relative_error(gradients, nudged)
against_complex_step = cr.relative_error(gradients, stepped)
print(f"relative difference from nudging: {against_nudging:.0e}")
print(f"and from complex steps: {against_complex_step:.0e}")
