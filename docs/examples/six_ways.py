"""The nine slopes of the worked network, found in six ways."""

from contextlib import redirect_stdout

import numpy as np

import chainrule
from chainrule import scalar, spec

with redirect_stdout(None):  # what they print belongs on their own pages
    from derivations import two_two_one
    from docs.examples import by_hand as n
    from docs.examples import one_step

worked = spec.check_spec(one_step.specification)
problem = (worked.network, worked.x, worked.t, worked.loss)
names = ["w11", "w12", "w21", "w22", "b1", "b2", "w31", "w32", "b3"]


def flat(layers: list[chainrule.Affine]) -> np.ndarray:
    return np.concatenate([p.ravel() for a in layers for p in (a.W, a.b)])


def by_nudging(method) -> np.ndarray:
    return flat(
        chainrule.numerical_gradients(
            *problem, reduction="sum", method=method
        )
    )


def derived(name: str) -> float:
    derivation = getattr(two_two_one, f"dL_d{name}")
    return derivation.numpy()(
        *(getattr(n, str(a)) for a in derivation.given.arguments)
    )


# On a tape, one number at a time.
parameters = scalar.variables(*(getattr(n, name) for name in names))
w11, w12, w21, w22, b1, b2, w31, w32, b3 = parameters
h1 = (w11 * n.x1 + w12 * n.x2 + b1).sigmoid()
h2 = (w21 * n.x1 + w22 * n.x2 + b2).sigmoid()
L = ((w31 * h1 + w32 * h2 + b3).sigmoid() - n.t) ** 2 * 0.5

reference = flat(chainrule.gradients(*problem, reduction="sum"))
others = {
    "plain numbers": [getattr(n, f"dL_d{name}") for name in names],
    "SymPy derivation": [derived(name) for name in names],
    "tape": scalar.gradient(L, parameters),
    "complex step": by_nudging(chainrule.complex_step),
    "central difference": by_nudging(chainrule.central_difference),
}
distances = {
    way: np.abs(slopes - reference).max() for way, slopes in others.items()
}
for way, distance in distances.items():
    print(f"{way:20} {distance:.1e}")

ways, worst = 1 + len(others), max(distances.values())
central_difference_error = distances["central difference"]
