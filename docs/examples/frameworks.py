"""What each framework found when it was last run, beside the reference."""

import numpy as np

import chainrule as cr
from docs.frameworks.ran import RAN

W1, b1 = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([0.35, 0.35])
W2, b2 = np.array([[0.40, 0.45]]), np.array([0.60])
x, t = np.array([[0.5, 0.8]]), np.array([[1.0]])
loss, sigmoid = cr.LOSSES["half_squared_error"], cr.ACTIVATIONS["sigmoid"]


def network(kind: type) -> list[cr.Layer]:
    affines = [
        cr.Affine(W.astype(kind), b.astype(kind))
        for W, b in ((W1, b1), (W2, b2))
    ]
    return [cr.Layer(affine, sigmoid) for affine in affines]


def slopes(kind: type) -> list[cr.Affine]:
    example = x.astype(kind), t.astype(kind)
    return cr.gradients(network(kind), *example, loss, reduction="sum")


reference = slopes(np.float64)
off, versions, days = {}, {}, {}
for listing, about in RAN.items():
    name = listing.removeprefix("with_")
    found = [
        cr.Affine(np.array(about[f"W{k}"]), np.array(about[f"b{k}"]))
        for k in (1, 2)
    ]
    off[name] = cr.relative_error(found, reference)
    versions[name], days[name] = about["version"], about["day"]
    run = f"{name} {versions[name]}, {days[name]}"
    print(f"{run:32} off by {off[name]:.1e}")

single = cr.relative_error(slopes(np.float32), reference)
print(f"{'the reference, single precision':32} off by {single:.1e}")
