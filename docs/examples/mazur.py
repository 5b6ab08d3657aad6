"""Mazur's 2-2-2 network: one step as it should be, and as printed."""

import numpy as np

import chainrule as cr

x, t = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
learning_rate = 0.5
W1, b1 = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([0.35, 0.35])
W2, b2 = np.array([[0.40, 0.45], [0.50, 0.55]]), np.array([0.60, 0.60])
error, sigmoid = cr.LOSSES["half_squared_error"], cr.ACTIVATIONS["sigmoid"]
affines = [cr.Affine(W1, b1), cr.Affine(W2, b2)]
network = [cr.Layer(affine, sigmoid) for affine in affines]


def loss_of(network):
    y = cr.forward(network, x)[-1].a
    return error.value(y, t, reduction="sum").item()


def stepped(gradients):
    return cr.sgd(network, gradients, learning_rate)


def without_biases(gradients):
    return [cr.Affine(slope.W, 0 * slope.b) for slope in gradients]


# As his page has it, the biases stay where they are.
tape = cr.forward(network, x)
dL_dy = error.gradient(tape[-1].a, t, reduction="sum")
gradients = cr.backward(network, tape, dL_dy)
loss_before = loss_of(network)
loss_after = loss_of(stepped(without_biases(gradients)))

# Wrong on purpose: the error goes back through the new output weights.
mixed = [network[0], stepped(without_biases(gradients))[1]]
wrong = cr.backward(mixed, tape, dL_dy)
printed_after = loss_of(stepped(without_biases(wrong)))

# His drawing has one bias for each layer: its two slopes add up.
shared = [cr.Affine(g.W, g.b.sum() + 0 * g.b) for g in gradients]
loss_if_separate = loss_of(stepped(gradients))
loss_if_shared = loss_of(stepped(shared))

print(f"before the step               {loss_before:.9f}")
print(f"error through the old weights {loss_after:.9f}")
print(f"error through the new weights {printed_after:.9f}, as printed")
print(f"a bias for each neuron moves  {loss_if_separate:.9f}")
print(f"a bias for each layer moves   {loss_if_shared:.9f}")
