"""Every row of the table, held against finite differences on 2-3-2."""

import numpy as np

import chainrule as cr

rng = np.random.default_rng(0)
x = rng.normal(size=(4, 2))
t = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])

last_layers = {
    "half_squared_error": ["identity", "sigmoid", "tanh"],
    "mean_squared_error": ["identity", "sigmoid", "tanh"],
    "binary_cross_entropy": ["identity"],  # its sigmoid is in the loss
    "softmax_cross_entropy": ["identity"],
}


def slopes(network, loss):
    """The lines of the table, one after the other."""
    below, above = cr.forward(network, x)
    hidden, last = network
    delta = loss.df(above.a, t) * last.activation.df(above.z, above.a)
    dW2, db2 = delta.T @ above.a_in, delta.sum(axis=0)
    dL_dh = delta @ last.affine.W
    delta_h = dL_dh * hidden.activation.df(below.z, below.a)
    dW1, db1 = delta_h.T @ below.a_in, delta_h.sum(axis=0)
    return [cr.Affine(dW1, db1), cr.Affine(dW2, db2)]


apart = {}
for loss, outputs in last_layers.items():
    for output in outputs:
        for hidden in cr.ACTIVATIONS:
            network = [
                cr.Layer(
                    cr.Affine(
                        rng.normal(size=size), rng.normal(size=size[0])
                    ),
                    cr.ACTIVATIONS[name],
                )
                for size, name in (((3, 2), hidden), ((2, 3), output))
            ]
            by_table = slopes(network, cr.LOSSES[loss])
            nudged = cr.numerical_gradients(
                network, x, t, cr.LOSSES[loss], reduction="sum"
            )
            apart[loss, output, hidden] = max(
                np.abs(found - other).max()
                for one, two in zip(by_table, nudged, strict=True)
                for found, other in ((one.W, two.W), (one.b, two.b))
            )

combinations, worst = len(apart), max(apart.values())
del apart  # keys of three words are no data for a page
print(f"{combinations} networks, furthest apart {worst:.0e}")
