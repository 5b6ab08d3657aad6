"""What a step and an edit cost in the player: `python -m benchmarks.player [ADDRESS ...]`.

An ADDRESS is a page with a player; without one it is the page that `chainrule.show` writes. Several
take turns, so that a change of the code is measured against the code before it while the machine
does the same other work. `benchmarks.frames` says what is measured.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.frames import Change, compare
from chainrule.explorers.presets import PRESETS
from chainrule.explorers.show import player

PRESET = "two-three-two"


def start(grain: str = "neuron", position: int = 0, unfolded: str = "nothing") -> str:
    """The network, at this step, with steps of this size and one fold open."""
    return f"""
        it.choose("{PRESET}");
        it.regrain("{grain}");
        it.go({{position: {position}}});
        for (const fold of it.querySelectorAll("details")) fold.open = fold.matches("{unfolded}");
    """


STEP = "it.go({position: (it.scene.position + 1) % it.scene.steps.length})"
EDIT = "it.setNumber(`W.${n % 2}.0.${n % 2}`, String((n * 37 % 200) / 100 - 1))"
FIELDS, TABLE = ".player__change", ".player__all"
CHANGES = [
    Change("step, each path", STEP, start("path")),
    Change("step, each neuron", STEP, start()),
    Change("step, each layer", STEP, start("layer")),
    Change("step, table open", STEP, start(unfolded=TABLE)),
    Change("edit of a weight", EDIT, start(position=20)),
    Change("edit, fields open", EDIT, start(position=20, unfolded=FIELDS)),
    Change("edit, table open", EDIT, start(position=20, unfolded=TABLE)),
]


def main(addresses: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if not addresses:
            path = Path(folder) / "player.html"
            path.write_text(player(PRESETS[PRESET].spec).html, encoding="utf-8")
            addresses = [path.as_uri()]
        compare(addresses, "cr-player", CHANGES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("address", nargs="*")
    main(parser.parse_args().address)
