"""Blocks of larger networks, worked and checked."""

import numpy as np

from chainrule import complex_step
from chainrule.blocks import attention, layer_norm, recurrent

rng = np.random.default_rng(0)

# Layer normalisation of three neurons; only the first is asked about.
x, asked = np.array([[1.0, 2.0, 6.0]]), np.array([[1.0, 0.0, 0.0]])
norm = layer_norm.LayerNorm(gamma=np.ones(3), beta=np.zeros(3))
record = layer_norm.forward(norm, x, eps=0)
_, dL_dx = layer_norm.backward(norm, record, asked)


def first_unit(x):
    return layer_norm.forward(norm, x, eps=0).y[0, 0]


norm_off = abs(dL_dx - complex_step(first_unit, x)).max()
print("x_hat ", record.x_hat[0].round(4))
print("dL/dx ", dL_dx[0].round(4), f" off by {norm_off:.0e}")

# Attention: the queries of three words, looking at three others.
Q, K, V, upstream = (rng.standard_normal((3, 2)) for _ in range(4))
inputs = attention.Inputs(Q, K, V)
seen = attention.forward(inputs)
dL_dQ = attention.backward(inputs, seen, upstream).Q


def loss(Q):
    return (upstream * attention.forward(attention.Inputs(Q, K, V)).Y).sum()


attention_off = abs(dL_dQ - complex_step(loss, Q)).max()
print(f"attention, slopes of the queries off by {attention_off:.0e}")

# A recurrent layer: what is left of an error after 20 steps back.
gains, left = (0.5, 0.9, 1.1), {}
orthogonal, _ = np.linalg.qr(rng.standard_normal((8, 8)))
for gain in gains:
    layer = recurrent.Recurrent(np.eye(8), gain * orthogonal, np.zeros(8))
    silence, error = np.zeros((20, 1, 8)), np.zeros((20, 1, 8))
    error[-1] = rng.standard_normal((1, 8))
    h = recurrent.forward(layer, silence, 1e-3 * np.ones((1, 8)))
    _, _, dL_dh_0 = recurrent.backward(layer, silence, h, error)
    left[gain] = np.linalg.norm(dL_dh_0) / np.linalg.norm(error)
    print(f"gain {gain}: {left[gain]:.2g} of the error is left")

slopes, x_hat = dL_dx[0], record.x_hat[0]
total, overlap = slopes.sum(), slopes @ x_hat
half, nine_tenths, above = left.values()
