from typing import Any


def text(trace: dict[str, Any]) -> str:
    return ""
