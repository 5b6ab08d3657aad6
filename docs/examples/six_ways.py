"""The nine slopes of the worked network, found in six ways that share as little as possible."""

from contextlib import redirect_stdout

import numpy as np

from chainrule import LOSSES, central_difference, complex_step, gradients, numerical_gradients
from chainrule.scalar import gradient, variables
from chainrule.spec import check_spec

with redirect_stdout(None):  # what they print belongs on their own pages
    from derivations import two_two_one
    from docs.examples import by_hand, one_step

spec = check_spec(one_step.specification)
network, x, t, loss = spec.network, spec.x, spec.t, LOSSES["half_squared_error"]
names = ["w11", "w12", "w21", "w22", "b1", "b2", "w31", "w32", "b3"]


def flat(layers) -> np.ndarray:
    return np.concatenate([part.ravel() for layer in layers for part in (layer.W, layer.b)])


def on_a_tape() -> list[float]:
    w11, w12, w21, w22, b1, b2, w31, w32, b3 = values = variables(
        *(getattr(by_hand, name) for name in names)
    )
    h1 = (w11 * by_hand.x1 + w12 * by_hand.x2 + b1).sigmoid()
    h2 = (w21 * by_hand.x1 + w22 * by_hand.x2 + b2).sigmoid()
    y = (w31 * h1 + w32 * h2 + b3).sigmoid()
    return gradient((y - by_hand.t) ** 2 * 0.5, values)


def derived(name: str) -> float:
    derivation = getattr(two_two_one, f"dL_d{name}")
    return derivation.numpy()(*(getattr(by_hand, str(a)) for a in derivation.given.arguments))


def by_nudging(method) -> np.ndarray:
    return flat(numerical_gradients(network, x, t, loss, reduction="sum", method=method))


reference = flat(gradients(network, x, t, loss, reduction="sum"))
others = {
    "plain numbers": [getattr(by_hand, f"dL_d{name}") for name in names],
    "SymPy derivation": [derived(name) for name in names],
    "tape": on_a_tape(),
    "complex step": by_nudging(complex_step),
    "central difference": by_nudging(central_difference),
}
distances = {way: np.abs(np.array(slopes) - reference).max() for way, slopes in others.items()}
for way, distance in distances.items():
    print(f"{way:20} {distance:.1e}")

ways, worst = 1 + len(others), max(distances.values())
central_difference_error = distances["central difference"]
assert worst < 1e-10
