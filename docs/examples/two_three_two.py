"""A 2-3-2 network and a batch: its shapes, and a check without calculus."""

import chainrule as cr
import numpy as np

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

for affine, seen, slope in zip(affines, tape, gradients, strict=True):
    print(
        f"a_in {seen.a_in.shape}   W {affine.W.shape}   z {seen.z.shape}",
        end="",
    )
    print(f"   dW {slope.W.shape}   db {slope.b.shape}")
shapes = {
    "a_in": x.shape,
    "W": W1.shape,
    "b": b1.shape,
    "z": tape[0].z.shape,
}
shapes = {name: str(shape) for name, shape in shapes.items()}

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
