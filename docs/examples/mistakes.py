"""What classic mistakes make of the worked network's gradient."""

import numpy as np

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, forward, gradients, slips

sigmoid = ACTIVATIONS["sigmoid"]
half, mean = LOSSES["half_squared_error"], LOSSES["mean_squared_error"]
x, t = np.array([[0.5, 0.8]]), np.array([[1.0]])
W1, b1 = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([0.35, 0.35])
network = [
    Layer(Affine(W1, b1), sigmoid),
    Layer(Affine(np.array([[0.40, 0.45]]), np.array([0.60])), sigmoid),
]


def slope_of_w11(*mistakes: str, learning_rate: float = 0.5) -> float:
    found = slips.gradients(
        mistakes, network, x, t, half, reduction="sum", learning_rate=learning_rate
    )
    return found[0].W[0, 0].item()


right = slope_of_w11()
print(f"{'right':42} {right:10.6f}")
for mistake in [
    "missing_activation_derivative@output",
    "missing_activation_derivative@hidden",
    "dropped_input",
    "updated_weights",
]:
    print(f"{mistake:42} {slope_of_w11(mistake):10.6f}")

no_output_slope_factor = slope_of_w11("missing_activation_derivative@output") / right
no_hidden_slope_dw11 = slope_of_w11("missing_activation_derivative@hidden")
mean_squared_error = mean.value(forward(network, x)[-1].a, t, reduction="sum").item()
swapped_h1, swapped_h2 = sigmoid.f(x @ W1 + b1)[0].tolist()  # W1 where its transpose belongs
updated_weights_error = slope_of_w11("updated_weights") / right - 1
updated_weights_error_at_10 = slope_of_w11("updated_weights", learning_rate=10) / right - 1
