"""A slope, two partial slopes, a matrix times a vector, a transpose."""

import numpy as np

from chainrule import central_difference

# One number goes in. Nudge it both ways: the slope of x squared at 3.
x = 3.0
slope = central_difference(lambda x: x**2, np.array(x)).item()
print(f"slope of x squared at {x}: {slope:.6f}")
assert abs(slope - 2 * x) < 1e-9

# Two numbers go in: one slope for each, the other one held still.
u, v = 3.0, 4.0
partial = central_difference(lambda p: p[0] ** 2 * p[1], np.array([u, v]))
print(f"slopes of u squared times v: {partial.round(6)}")
assert np.allclose(partial, [2 * u * v, u**2])

# A matrix with a row for each result and a column for each input.
W = np.array([[1, 2], [3, 4], [5, 6]])
a = np.array([10, 1])
z = W @ a
print(f"W @ a = {z}   shapes {W.shape} and {a.shape} make {z.shape}")

# Its transpose goes the other way: from three numbers to two.
delta = np.array([1, 0, 2])
back = W.T @ delta
print(f"W.T @ delta = {back}")

# For the test on the page.
point = 2.0
cube = point**3
slope_of_cube = central_difference(lambda x: x**3, np.array(point)).item()
partial_u, partial_v = partial
both_at_once = partial_u + partial_v
