"""A network as JSON in, the worked steps out."""

import json
import subprocess
import sys

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

command = [sys.executable, "-m", "chainrule", "trace", "-", "--text"]
answer = subprocess.run(
    command, input=json.dumps(specification), capture_output=True, text=True
)
print(answer.stdout or answer.stderr)
