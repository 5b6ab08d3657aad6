"""One step that is too long: with a target to overshoot, and with none."""

import numpy as np

import chainrule as cr

W1 = np.array(
    [
        [-0.7043063085678544, 1.0375733570462549],
        [-0.25599680372820793, 0.08681539438901478],
    ]
)
W2 = np.array([[-1.2451748644854759, -0.9366147282565256]])
b1, b2 = np.array([0.01, 0.01]), np.array([0.01])
error, sigmoid = cr.LOSSES["mean_squared_error"], cr.ACTIVATIONS["sigmoid"]
affines = [cr.Affine(W1, b1), cr.Affine(W2, b2)]
network = [cr.Layer(affine, sigmoid) for affine in affines]
x, target = np.array([[0.5, 0.8]]), 0.5


def loss_of(network, target):
    y = cr.forward(network, x)[-1].a
    return error.value(y, np.array([[target]]), reduction="sum").item()


def loss_after(learning_rate, target):
    t = np.array([[target]])
    slopes = cr.gradients(network, x, t, error, reduction="sum")
    return loss_of(cr.sgd(network, slopes, learning_rate), target)


learning_rates = [0.1, 0.5, 1, 5, 10, 20, 100, 1000]
before, before_one = loss_of(network, target), loss_of(network, 1.0)
after = [loss_after(rate, target) for rate in learning_rates]
after_one = [loss_after(rate, 1.0) for rate in learning_rates]

print(f"learning rate   target 1   target {target}")
print(f"no step         {before_one:8.4f}   {before:8.4f}")
for rate, one, half in zip(learning_rates, after_one, after, strict=True):
    worse = "   worse than no step" if half > before else ""
    print(f"{rate:<13g}   {one:8.4f}   {half:8.4f}{worse}")
