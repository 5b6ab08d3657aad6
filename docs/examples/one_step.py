"""One step on the worked network, and what it did to the loss."""

from chainrule.trace import trace

specification = {
    "layers": [
        {
            "W": [[0.15, 0.20], [0.25, 0.30]],
            "b": [0.35, 0.35],
            "activation": "sigmoid",
        },
        {"W": [[0.40, 0.45]], "b": [0.60], "activation": "sigmoid"},
    ],
    "loss": "half_squared_error",
    "x": [0.5, 0.8],
    "target": [1.0],
    "learning_rate": 0.5,
}

result = trace(specification)
before, after = result["steps"][0], result["final"]
layers, y_after, loss_after = after["layers"], after["y"][0], after["loss"]

# To first order, each parameter lowers the loss by
# the learning rate times its slope squared.
slopes = [
    slope
    for layer in before["layers"]
    for slope in [*(w for row in layer["dW"] for w in row), *layer["db"]]
]
predicted_drop = specification["learning_rate"] * sum(
    slope**2 for slope in slopes
)
real_drop = before["loss"] - loss_after
move_w11 = layers[0]["W"][0][0] - before["layers"][0]["W"][0][0]

print(f"loss before       {before['loss']:.6f}")
print(f"loss after        {loss_after:.6f}")
print(f"it fell by        {real_drop:.6f}")
print(f"slopes predicted  {predicted_drop:.6f}")
