"""Derivations and figures: what running all of them costs, and what it costs when nothing changed.

Long experiments are kept on disk by themselves (`docs/experiments`), and are not counted. A
derivation that takes longer than `LONG` seconds says why in a line of its own: `# long: why.`
"""

from __future__ import annotations

import re
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.race import quartiles

ROOT = Path(__file__).parent.parent
SLOWEST_SHOWN = 3
LONG = 0.5  # seconds from which a derivation states its reason
REASON = re.compile(r"^# long: (.+\.)$", re.MULTILINE)


def measure(rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Seconds of processor time, cold and warm, in all and for the slowest derivations."""
    from weave.programs import Runner, catalogue

    known = catalogue(ROOT).programs
    programs = [*known["derivation"].values(), *known["figure"].values()]

    seconds: dict[str, float] = {}  # of each derivation, when it was last run

    def run(folder: Path | None = None) -> float:
        before = used()
        runner = Runner(ROOT)
        runner.folder = folder or runner.folder
        results = runner.run(programs)
        runner.close()
        failed = [program.id for program, result in results.items() if not isinstance(result, dict)]
        if failed:
            raise RuntimeError(f"failed: {', '.join(failed)}")
        seconds.update({p.name: s for p, s in runner.seconds.items() if p.kind == "derivation"})
        return used() - before

    with tempfile.TemporaryDirectory() as folder:
        run()  # as the book is built: the long experiments are kept from here on
        cold = run(Path(folder) / "programs")
        warm = [run(Path(folder) / "programs") for _ in range(rounds)]
    slowest = sorted(seconds, key=seconds.__getitem__, reverse=True)
    found = {
        "derivations": len(known["derivation"]),
        "figures": len(known["figure"]),
        "cold_seconds": cold,
        "stated_long_seconds": sum(seconds[name] for name in slowest if reason(name)),  # among them
        "warm_seconds": quartiles(warm),
        "slowest": [
            {"name": name, "seconds": seconds[name], "reason": reason(name)}
            for name in slowest[:SLOWEST_SHOWN]
        ],
        "without_a_reason": [
            name for name in slowest if seconds[name] > LONG and reason(name) is None
        ],
    }
    tell(f"  {found}")
    return found


def reason(name: str) -> str | None:
    """Why a derivation takes long, in its own words."""
    found = REASON.search((ROOT / f"derivations/{name}.py").read_text(encoding="utf-8"))
    return found[1] if found else None


def used() -> float:
    """Processor seconds of this process and of all its ended children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
