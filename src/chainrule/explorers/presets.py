"""Networks worth stepping through, each a spec of `chainrule.trace` and a word on what to watch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..activations import ACTIVATIONS, Array
from ..initializers import dense_network
from ..trace import layers_as_data

Spec = dict[str, Any]


@dataclass(frozen=True)
class Preset:
    """A network, its data, and what there is to see; `slip` is a mistake made on purpose."""

    title: str
    watch: str
    spec: Spec
    slip: str = ""


def layer(W: list[list[float]], b: list[float] | None, activation: str = "sigmoid") -> Spec:
    return {"W": W, "b": b, "activation": activation}


def example(layers: list[Spec], x: Any, target: Any, rate: float, **others: Any) -> Spec:
    settings = {"loss": "half_squared_error", "x": x, "target": target, "learning_rate": rate}
    return {"layers": layers, **settings, **others}


DEMO = [
    layer([[0.15, 0.20], [0.25, 0.30]], [0.35, 0.35]),
    layer([[0.40, 0.45]], [0.60]),
]
MAZUR = [DEMO[0], layer([[0.40, 0.45], [0.50, 0.55]], [0.60, 0.60])]
PLAYED = [  # the default network of another player, drawn by its own generator
    [[-0.7043063085678544, 1.0375733570462549], [-0.25599680372820793, 0.08681539438901478]],
    [[-1.2451748644854759, -0.9366147282565256]],
]
TWO_THREE_TWO = [
    layer([[0.2, -0.4], [0.5, 0.1], [-0.3, 0.6]], [0.1, -0.2, 0.3]),
    layer([[0.7, -0.5, 0.2], [-0.6, 0.4, 0.8]], [0.05, -0.1]),
]
XOR = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]


def played(activation: str = "sigmoid") -> list[Spec]:
    hidden, output = PLAYED
    return [layer(hidden, [0.01, 0.01], activation), layer(output, [0.01], activation)]


def uniform(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return rng.uniform(-1, 1, shape)


def drawn(seed: int) -> list[Spec]:
    """A 2-2-1 network of sigmoids, weights between -1 and 1."""
    sigmoid, rng = ACTIVATIONS["sigmoid"], np.random.default_rng(seed)
    network = dense_network([2, 2, 1], [sigmoid, sigmoid], uniform, rng)
    return layers_as_data(network, [True, True])


MAZUR_STEP = example(MAZUR, [0.05, 0.10], [0.01, 0.99], 0.5, update_biases=False)
MEAN = {"loss": "mean_squared_error"}

PRESETS = {
    "demo": Preset(
        "The 2-2-1 network of the book",
        "Every number of the worked pages, one at a time.",
        example(DEMO, [0.5, 0.8], [1.0], 0.5),
    ),
    "two-three-two": Preset(
        "A 2-3-2 network and four examples",
        "No layer is square, so every index has to be right. Choose which example is shown.",
        example(
            TWO_THREE_TWO,
            [[0.5, 0.8], [-0.2, 0.3], [0.9, -0.7], [0.0, 1.0]],
            [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [1.0, 1.0]],
            0.5,
            reduction="mean",
        ),
    ),
    "mazur": Preset(
        "Mazur's network, as it should be",
        "The error goes back through the old weights. The biases stay, as on his page.",
        MAZUR_STEP,
    ),
    "mazur-printed": Preset(
        "Mazur's network, in the wrong order",
        "Here the output weights change first, and the error goes back through the new ones.",
        MAZUR_STEP,
        slip="updated_weights",
    ),
    "eigenvue": Preset(
        "Eigenvue's default network",
        "The numbers of that player, and then what it does not show: the loss after the step.",
        example(played(), [0.5, 0.8], [1.0], 0.1, **MEAN),
    ),
    "higher-rate": Preset(
        "Eigenvue's higher learning rate",
        "Meant to show a step that is too long. The target is where the sigmoid ends, so even a "
        "rate of 10 only helps.",
        example(played(), [0.5, 0.8], [1.0], 10.0, **MEAN),
    ),
    "overshoot": Preset(
        "A step that is too long",
        "The same network with the target 0.5, which can be overshot: the loss rises.",
        example(played(), [0.5, 0.8], [0.5], 20.0, steps=6, **MEAN),
    ),
    "dead-relu": Preset(
        "A dead ReLU",
        "The same network with ReLUs. The output is cut off, so no gradient reaches any weight.",
        example(played("relu"), [0.5, 0.8], [1.0], 0.1, **MEAN),
    ),
    "saturated": Preset(
        "A saturated neuron",
        "The output is wrong and certain of it: almost no slope is left to learn by.",
        example([DEMO[0], layer([[6.0, 5.0]], [2.0])], [0.5, 0.8], [0.0], 0.5),
    ),
    "deep": Preset(
        "A gradient that fades",
        "Six layers of sigmoids. Compare the gradients of the first layer with those of the last.",
        example(
            [layer([[0.8, -0.6], [0.5, 0.9]], [0.1, -0.1]) for _ in range(5)]
            + [layer([[0.7, -0.4]], [0.2])],
            [0.5, 0.8],
            [1.0],
            0.5,
        ),
    ),
    "xor": Preset(
        "XOR, a batch of four",
        "Eight hundred updates. Drag the update and watch the curve of the loss.",
        example(drawn(8), XOR, [[0.0], [1.0], [1.0], [0.0]], 2.0, steps=800),
    ),
    "xor-stuck": Preset(
        "XOR from a start that sticks",
        "Another start, the same eight hundred updates. Half of the examples stay undecided.",
        example(drawn(0), XOR, [[0.0], [1.0], [1.0], [0.0]], 2.0, steps=800),
    ),
}


def as_data() -> dict[str, Any]:
    """Every preset as the player reads it."""
    return {name: vars(preset) for name, preset in PRESETS.items()}
