"""A hook of the build: the wheel gets what the player needs of the book, which is made from it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Kit(BuildHookInterface[Any]):
    """Puts `kit.json` beside the modules of the player; `chainrule.explorers.show` reads it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a checkout makes it when it is wanted
            return
        root = Path(self.root)
        paths = os.pathsep.join(map(str, (root / "src", root)))
        made = subprocess.run(
            [sys.executable, "-m", "weave.runners.kit"],
            cwd=root,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([paths, *sys.path])},
            stdout=subprocess.PIPE,
            check=True,
        )
        self.folder = tempfile.TemporaryDirectory()
        kit = Path(self.folder.name) / "kit.json"
        kit.write_bytes(made.stdout)
        build_data["force_include"][str(kit)] = "chainrule/explorers/kit.json"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self.folder.cleanup()
