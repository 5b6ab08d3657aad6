"""The first gradient, and how long a signal lasts, by the start."""

import numpy as np

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    dense_network,
    forward,
    gradients,
)

x, t = np.array([[0.5, 0.8]]), np.array([[1.0, 0.0]])
tanh, identity = ACTIVATIONS["tanh"], ACTIVATIONS["identity"]
loss = LOSSES["half_squared_error"]

slopes = {}
for name in ("zeros", "constant", "xavier"):
    rng = np.random.default_rng(1)
    network = dense_network([2, 3, 2], [tanh] * 2, INITIALIZERS[name], rng)
    slopes[name] = gradients(network, x, t, loss, reduction="sum")[0].W
    rows = "  ".join(f"({a:7.4f} {b:7.4f})" for a, b in slopes[name])
    print(f"{name:9}", rows)

# How long a vector is after 50 layers, where it was 1 before the first.
depth, width, lengths = 50, 100, {}
for name in ("normal", "xavier", "he", "orthogonal"):
    rng = np.random.default_rng(1)
    layers = [identity] * depth
    deep = dense_network(
        [width] * (depth + 1), layers, INITIALIZERS[name], rng
    )
    v = rng.standard_normal((1, width))
    y = forward(deep, v / np.linalg.norm(v))[-1].a
    lengths[name] = np.linalg.norm(y)
    print(f"{name:11} {lengths[name]:.3g}")
