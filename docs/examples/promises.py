"""What the tests that take long measured when they last ran."""

from docs.measured import measured

tests = measured("tests/recorded.json")
for name, figures in sorted(tests.items()):
    print(f"{name:13} {figures['day']} at {figures['commit']}")
