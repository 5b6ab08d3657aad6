"""Training on a few handwritten digits, and what becomes of those that are held out."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule import ACTIVATIONS, INITIALIZERS, LOSSES, dense_network, forward, train
from docs.experiments import _data
from docs.experiments._memo import memo

EXAMPLES, HELD_OUT, EPOCHS, SEEDS = 100, 500, 60, 5


@memo
def curves() -> dict[str, Any]:
    """The loss of both parts, (SEEDS, EPOCHS + 1), and the share of held-out digits right."""
    x, t = _data.digits()
    labels = t.argmax(axis=1)
    loss, layers = LOSSES["softmax_cross_entropy"], [ACTIVATIONS["relu"], ACTIVATIONS["identity"]]
    found: dict[str, list[list[float]]] = {"trained": [], "held_out": [], "right": []}
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        seen, held, _ = np.split(rng.permutation(len(x)), [EXAMPLES, EXAMPLES + HELD_OUT])
        network = dense_network([64, 32, 10], layers, INITIALIZERS["he"], rng)
        rows: list[tuple[float, float, float]] = []
        for epoch in range(EPOCHS + 1):
            if epoch:
                network, _ = train(
                    network, x[seen], t[seen], loss, reduction="mean",
                    learning_rate=0.3, epochs=1, batch_size=10, rng=rng,
                )  # fmt: skip
            outputs = [forward(network, x[part])[-1].a for part in (seen, held)]
            rows.append(
                (
                    float(loss.value(outputs[0], t[seen], reduction="mean")),
                    float(loss.value(outputs[1], t[held], reduction="mean")),
                    float((outputs[1].argmax(axis=1) == labels[held]).mean()),
                )
            )
        for name, column in zip(found, zip(*rows, strict=True), strict=True):
            found[name].append(list(column))
    return {**found, "examples": EXAMPLES, "held": HELD_OUT}
