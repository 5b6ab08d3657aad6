"""One step of a two-layer network, from readable to fast, held equal."""

import numpy as np

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    Layer,
    dense_network,
    gradients,
    sgd,
)
from chainrule.network import Affine
from chainrule.tuned import Tuned

RATE = 0.5
LOSS = LOSSES["half_squared_error"]


def as_taught(network, x, t):
    def step():
        nonlocal network
        slopes = gradients(network, x, t, LOSS, reduction="sum")
        network = sgd(network, slopes, RATE)

    return step, lambda: [(n.affine.W, n.affine.b) for n in network]


def moved_in_place(network, x, t):
    (W1, b1), (W2, b2) = parameters = copies(network)
    f, df = sigmoid.f, sigmoid.df

    def step():
        h = f(x.dot(W1.T) + b1)
        y = f(h.dot(W2.T) + b2)
        delta2 = (y - t) * df(None, y)
        delta1 = delta2.dot(W2) * df(None, h)
        for W, b, delta, a_in in (W1, b1, delta1, x), (W2, b2, delta2, h):
            W -= RATE * delta.T.dot(a_in)
            b -= RATE * delta.sum(axis=0)

    return step, lambda: parameters


def nothing_made(network, x, t):
    (W1, b1), (W2, b2) = parameters = copies(network)
    h, y = np.empty((len(x), b1.size), x.dtype), np.empty_like(t)
    slope1, delta1 = np.empty_like(h), np.empty_like(h)
    slope2, delta2 = np.empty_like(y), np.empty_like(y)
    steps = [np.empty_like(part) for part in (W1, b1, W2, b2)]
    dW1, db1, dW2, db2 = steps
    half, one, rate = (np.array(n, x.dtype) for n in (0.5, 1, RATE))
    ones = np.ones(len(x), x.dtype)

    def step():
        x.dot(W1.T, out=h)
        np.add(h, b1, out=h)
        activate(h, half)
        h.dot(W2.T, out=y)
        np.add(y, b2, out=y)
        activate(y, half)
        np.subtract(y, t, out=delta2)
        np.multiply(delta2, rate, out=delta2)
        through(y, one, slope2, delta2)
        delta2.dot(W2, out=delta1)
        through(h, one, slope1, delta1)
        delta1.T.dot(x, out=dW1)
        delta2.T.dot(h, out=dW2)
        ones.dot(delta1, out=db1)
        ones.dot(delta2, out=db2)
        for part, its_step in zip((W1, b1, W2, b2), steps, strict=True):
            np.subtract(part, its_step, out=part)

    return step, lambda: parameters


def activate(z, half):
    np.multiply(z, half, out=z)
    np.tanh(z, out=z)
    np.multiply(z, half, out=z)
    np.add(z, half, out=z)


def through(a, one, slope, delta):
    np.subtract(one, a, out=slope)
    np.multiply(slope, a, out=slope)
    np.multiply(delta, slope, out=delta)


def biases_inside(network, x, t):
    W1, W2 = (np.column_stack(pair) for pair in copies(network))
    dW1, dW2 = np.empty_like(W1), np.empty_like(W2)
    x_1 = np.column_stack([x, np.ones_like(x[:, 0])]).T
    h_1 = np.ones((len(W1) + 1, len(x)), x.dtype)
    h, targets = h_1[:-1], t.T.copy()
    y = np.empty_like(targets)
    slope1, slope2 = np.empty_like(h), np.empty_like(y)
    delta1_0, delta2 = np.empty_like(h_1), np.empty_like(y)
    delta1 = delta1_0[:-1]
    half, one, rate = (np.array(n, x.dtype) for n in (0.5, 1, RATE))

    def step():
        W1.dot(x_1, out=h)
        activate(h, half)
        W2.dot(h_1, out=y)
        activate(y, half)
        np.subtract(y, targets, out=delta2)
        np.multiply(delta2, rate, out=delta2)
        through(y, one, slope2, delta2)
        W2.T.dot(delta2, out=delta1_0)
        through(h, one, slope1, delta1)
        delta1.dot(x_1.T, out=dW1)
        delta2.dot(h_1.T, out=dW2)
        np.subtract(W1, dW1, out=W1)
        np.subtract(W2, dW2, out=W2)

    return step, lambda: [(W[:, :-1], W[:, -1]) for W in (W1, W2)]


def prepared(network, x, t):
    it = Tuned(network, len(x), LOSS, reduction="sum", learning_rate=RATE)
    it.x[...], it.t[...] = x, t
    return it.step, lambda: [(n.affine.W, n.affine.b) for n in it.network]


def copies(network):
    return [(n.affine.W.copy(), n.affine.b.copy()) for n in network]


def problem(sizes, examples, dtype):
    rng = np.random.default_rng(0)
    drawn = dense_network(sizes, [sigmoid] * 2, INITIALIZERS["xavier"], rng)
    x, t = (
        rng.random((examples, sizes[0])),
        rng.random((examples, sizes[-1])),
    )
    network = [
        Layer(
            Affine(n.affine.W.astype(dtype), n.affine.b.astype(dtype)),
            sigmoid,
        )
        for n in drawn
    ]
    return network, x.astype(dtype), t.astype(dtype)


sigmoid = ACTIVATIONS["sigmoid"]
STEPS = {
    "as_taught": as_taught,
    "moved_in_place": moved_in_place,
    "nothing_made": nothing_made,
    "biases_inside": biases_inside,
    "prepared": prepared,
}
differences = {}
for name, build in STEPS.items():
    given = problem([2, 3, 2], 4, "float64")
    step, parameters = build(*given)
    taught, expected = as_taught(*given)
    for _ in range(10):
        step()
        taught()
    pairs = zip(parameters(), expected(), strict=True)
    differences[name] = max(
        np.abs(mine - other).max()
        for pair, same in pairs
        for mine, other in zip(pair, same, strict=True)
    ).item()
    assert differences[name] < 1e-14, name
    print(f"{name:15} differs by {differences[name]:.0e} after ten steps")
