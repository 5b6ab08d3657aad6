"""XOR from sixteen starting points: which of them learn it?"""

import numpy as np

from chainrule import ACTIVATIONS, LOSSES, dense_network, train

x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
t = np.array([[0.0], [1.0], [1.0], [0.0]])
sigmoid, loss = ACTIVATIONS["sigmoid"], LOSSES["half_squared_error"]
starts, rounds, good_enough = 16, 800, 0.05


def uniform(shape, rng):
    return rng.uniform(-1, 1, shape)


losses = []
for seed in range(starts):
    rng = np.random.default_rng(seed)
    network = dense_network([2, 2, 1], [sigmoid] * 2, uniform, rng)
    network, history = train(
        network,
        x,
        t,
        loss,
        reduction="sum",
        learning_rate=2.0,
        epochs=rounds,
        batch_size=len(x),
        rng=rng,
    )
    losses.append(history[-1])
    learned = "learned" if history[-1] < good_enough else "stuck"
    print(f"start {seed:2}   loss {history[-1]:.4f}   {learned}")

solved = sum(last < good_enough for last in losses)
print(f"{solved} of {starts} learned XOR in {rounds} rounds")
