"""What could be updated, and what holds it back: `make outdated`.

Lists the direct requirements of pyproject.toml of which there is a newer release than the one in
constraints.txt, each with the requirement that bounds it and the reason beside that line. It asks
the package index through pip, and changes nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LINE = re.compile(r'^\s*"(?P<requirement>[^"]+)",\s*(?:# (?P<reason>.*))?$', re.MULTILINE)
BOUND = re.compile("==|<|~=")


@dataclass(frozen=True)
class Demand:
    """A line of pyproject.toml: what is required, and why it is or why not more."""

    requirement: Requirement
    reason: str


def demands(text: str) -> dict[str, Demand]:
    """Return the requirements that stand on lines of their own, by name."""
    found: dict[str, Demand] = {}
    for line in LINE.finditer(text):
        if not line["requirement"][0].isalpha() or "/" in line["requirement"]:
            continue
        requirement = Requirement(line["requirement"])
        found[canonicalize_name(requirement.name)] = Demand(requirement, line["reason"] or "")
    return found


def told(outdated: list[dict[str, str]], known: dict[str, Demand]) -> str:
    """Return a line for each requirement with a newer release; then how many others there are."""
    lines: list[str] = []
    own = [one for one in outdated if canonicalize_name(one["name"]) in known]
    for one in own:
        demand = known[canonicalize_name(one["name"])]
        held = BOUND.search(str(demand.requirement.specifier))
        pinned = f"held at {demand.requirement.specifier}" if held else "free to move"
        reason = f": {demand.reason}" if demand.reason else ""
        lines.append(f"{one['name']} {one['version']} -> {one['latest_version']}, {pinned}{reason}")
    others = len(outdated) - len(own)
    lines.append(f"{others} more came along with these; constraints.txt says how to move all on")
    return "\n".join(lines)


def main() -> None:
    command = [sys.executable, "-m", "pip", "list", "--outdated", "--format", "json"]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(f"outdated: pip could not ask: {(answer.stderr.strip() or '?').splitlines()[-1]}")
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    print(told(json.loads(answer.stdout), demands(text)))


if __name__ == "__main__":
    main()
