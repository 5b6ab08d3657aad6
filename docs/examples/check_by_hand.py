"""Numbers done with a pencil, and the first one that is wrong."""

import json
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

with redirect_stdout(None):  # what it prints belongs on its own page
    from docs.examples import one_step

# Three digits each. The hidden errors lack the slope of the sigmoid.
answers = {
    "steps": [
        {
            "layers": [
                {
                    "z": [0.585, 0.715],
                    "a": [0.642, 0.672],
                    "delta": [-0.0174, -0.0195],
                },
                {
                    "z": [1.16],
                    "a": [0.761],
                    "delta": [-0.0434],
                    "db": [-0.0434],
                },
            ],
            "loss": 0.0285,
        }
    ]
}

with tempfile.TemporaryDirectory() as folder:
    network, mine = (
        Path(folder, "network.json"),
        Path(folder, "my_numbers.json"),
    )
    network.write_text(json.dumps(one_step.specification))
    mine.write_text(json.dumps(answers))
    command = [
        sys.executable,
        "-m",
        "chainrule",
        "check",
        str(network),
        str(mine),
    ]
    report = subprocess.run(command, capture_output=True, text=True)
print(report.stdout or report.stderr)
