"""What the tests that take long measured when they last ran."""

import json
from pathlib import Path

measured = json.loads(Path("tests/recorded.json").read_text("utf-8"))
for test, figures in sorted(measured.items()):
    print(f"{test:13} {figures['day']} at {figures['commit']}")
