"""Slopes along a chain multiply; slopes over two paths add."""

from math import cos, sin

x, h = 2.0, 0.01


def nudged(f, x: float) -> float:
    """The slope of f at x, by looking a hair to both sides."""
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6


# One function: u = x².
u, u_nudged = x**2, (x + h) ** 2
du = u_nudged - u
growth_u, slope_u = du / h, 2 * x

# Two and three: v = sin u, L = v³.
v, slope_v = sin(u), cos(u)
slope_L = 3 * v**2
dv_dx = slope_v * slope_u
dL_dx = slope_L * slope_v * slope_u

# A fork: x goes to u = x² and to q = 3x, and they meet in L = u q.
q = 3 * x
through_u, through_q = q * slope_u, u * 3
fork, fork_direct = through_u + through_q, 9 * x**2

for name, slope, f in [
    ("two functions", dv_dx, lambda x: sin(x**2)),
    ("three functions", dL_dx, lambda x: sin(x**2) ** 3),
    ("a fork", fork, lambda x: x**2 * (3 * x)),
]:
    print(f"{name:16} {slope:9.5f}   by nudging {nudged(f, x):9.5f}")
