"""A tutorial's worked example: its printed numbers, and what they are."""

from chainrule.trace import trace

specification = {
    "layers": [
        {"W": [[0.2, 0.2], [0.3, 0.3]], "activation": "sigmoid"},
        {"W": [[0.3, 0.9]], "activation": "sigmoid"},
    ],
    "loss": "half_squared_error",
    "x": [0.35, 0.7],
    "target": [0.5],
    "learning_rate": 1.0,
}
result = trace(specification)
[step], final = result["steps"], result["final"]
hidden, output = step["layers"]

# The page writes t - y; here its errors have the sign of y - t.
printed = {
    "y": (0.67, step["y"][0]),
    "error of the output": (0.0376, output["delta"][0]),
    "error of hidden 1": (0.0027, hidden["delta"][0]),
    "error of hidden 2": (0.0819, hidden["delta"][1]),
    "weight to the output, second": (
        0.877816,
        final["layers"][1]["W"][0][1],
    ),
    "weight to the output, first": (
        0.086615,
        final["layers"][1]["W"][0][0],
    ),
    "y after the step": (0.61, final["y"][0]),
}
for name, (there, here) in printed.items():
    print(f"{name:30} printed {there:9.6f}   computed {here:9.6f}")

printed_error, true_error = printed["error of hidden 2"]
times_too_large = printed_error / true_error
