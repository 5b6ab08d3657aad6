"""A gradient check: every array of parameters by itself."""

import numpy as np

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    Affine,
    Layer,
    dense_network,
    gradients,
    numerical_gradients,
)

loss, conventions = LOSSES["half_squared_error"], {"reduction": "sum"}
rng = np.random.default_rng(5)
x, t = rng.standard_normal((4, 2)), rng.standard_normal((4, 2))


def start(hidden):
    layers = [ACTIVATIONS[hidden], ACTIVATIONS["identity"]]
    return dense_network([2, 3, 2], layers, INITIALIZERS["xavier"], rng)


def check(title, network, x, spoil=lambda mine: None):
    mine = gradients(network, x, t, loss, **conventions)
    spoil(mine)
    nudged = numerical_gradients(network, x, t, loss, **conventions)
    found = {}
    for k, (m, n) in enumerate(zip(mine, nudged, strict=True), 1):
        for name, a, b in ((f"W{k}", m.W, n.W), (f"b{k}", m.b, n.b)):
            found[name] = np.linalg.norm(a - b) / np.linalg.norm(b)
    print(f"{title:16}", *(f"{n} {e:.0e}" for n, e in found.items()))
    return found


def average_the_bias(mine):
    mine[0].b /= len(x)


tanh, relu = start("tanh"), start("relu")
right = check("correct", tanh, x)
averaged = check("bias averaged", tanh, x, average_the_bias)

single = [
    Layer(
        Affine(layer.affine.W.astype("f4"), layer.affine.b.astype("f4")),
        layer.activation,
    )
    for layer in tanh
]
in_single = check("single precision", single, x.astype("f4"))

x_zero = x * [[1], [1], [1], [0]]  # one example is all zeros
on_the_kink = check("on the kink", relu, x_zero)
relu[0].affine.b += 0.1
off_the_kink = check("off the kink", relu, x_zero)
