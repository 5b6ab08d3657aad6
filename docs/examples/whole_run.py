"""Digits in three parts, minibatches, and a rule for when to stop."""

import numpy as np
from sklearn.datasets import load_digits

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    dense_network,
    forward,
    train,
)

pixels, labels = load_digits(return_X_y=True)
x, t = pixels / 16, np.eye(10)[labels]
rng = np.random.default_rng(0)
ours, held_out, sealed = np.split(rng.permutation(len(x)), [1000, 1300])

relu, identity = ACTIVATIONS["relu"], ACTIVATIONS["identity"]
loss = LOSSES["softmax_cross_entropy"]
network = dense_network(
    [64, 32, 10], [relu, identity], INITIALIZERS["he"], rng
)


def tried_on(network, part):
    logits = forward(network, x[part])[-1].a
    right = (logits.argmax(axis=1) == labels[part]).mean()
    return loss.value(logits, t[part], reduction="mean").item(), right


best, patience, epoch, waited = np.inf, 5, 0, 0
history = [tried_on(network, held_out)]
while waited < patience and epoch < 100:
    network, _ = train(
        network,
        x[ours],
        t[ours],
        loss,
        reduction="mean",
        learning_rate=0.3,
        epochs=1,
        batch_size=32,
        rng=rng,
    )
    epoch += 1
    history.append(tried_on(network, held_out))
    if history[-1][0] < best:
        best, kept, of_epoch, waited = history[-1][0], network, epoch, 0
    else:
        waited += 1

for shown in (0, 1, 2, 5, of_epoch, epoch):
    print(
        f"epoch {shown:3}   held out: loss {history[shown][0]:.3f}, ",
        end="",
    )
    print(f"right {history[shown][1]:.1%}")
final_loss, final_right = tried_on(kept, sealed)
trained_loss, trained_right = tried_on(kept, ours)
print(f"kept epoch {of_epoch}. Trained on: right {trained_right:.1%}")
print(f"Sealed until now: loss {final_loss:.3f}, right {final_right:.1%}")
sizes = {
    "ours": len(ours),
    "held_out": len(held_out),
    "sealed": len(sealed),
}
