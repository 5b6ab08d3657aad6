"""`make bench`: what the book's code costs beside its peers, kept in `benchmarks/results.json`.

    python -m benchmarks [PART ...] [--rounds N] [--to FILE] [--without VARIABLE ...]

Each part runs in a process of its own, in one thread on one core, but for `build`. It uses the
peers of `.venv-bench` (`make bench-peers`) or of the Python that runs this. Parts that are not
asked for keep the results they have. A variable of the environment that holds a library back can
be left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks/results.json"
BESIDE_PEERS = ["steps", "scalars", "calls", "processes"]  # run where the peers are installed
PARTS = [*BESIDE_PEERS, "tuning", "programs", "build"]
PACKAGES = [
    "numpy", "scipy", "torch", "jax", "autograd", "scikit-learn", "micrograd", "sympy",
    "matplotlib", "mkdocs",
]  # fmt: skip
ROUNDS = 15

THREADS = {
    **{f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")},
    "TORCHINDUCTOR_COMPILE_THREADS": "1",
}
TUNING = re.compile(r"(OPENBLAS|MKL|OMP|VECLIB|XLA|JAX|TORCH|NPY)_")  # names that change speeds


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--to", type=Path, default=RESULTS)
    parser.add_argument("--without", nargs="+", default=[], metavar="VARIABLE")
    parser.add_argument("--inside", help=argparse.SUPPRESS)  # this is the part's own process
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    if given.inside:
        inside(given.inside, given.rounds, given.to)
        return
    left_out = {name: os.environ.pop(name) for name in given.without if name in os.environ}
    results = json.loads(given.to.read_text(encoding="utf-8")) if given.to.exists() else {}
    for part in given.parts or PARTS:
        print(f"\n{part}", flush=True)
        results[part] = outside(part, given.rounds)
        results[part]["about"]["left_out"] = left_out
        text = json.dumps(results, indent=1, sort_keys=True, ensure_ascii=False)
        given.to.write_text(f"{text}\n", encoding="utf-8")


def outside(part: str, rounds: int) -> dict[str, Any]:
    """Run a part in a process of its own; return what it found, and where and when."""
    own = ROOT / ".venv-bench/bin/python"
    python = own if part in BESIDE_PEERS and own.exists() else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "found.json"
        command = [python, "-m", "benchmarks", "--inside", part, "--rounds", str(rounds)]
        path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        environment = {**os.environ, **THREADS, "PYTHONPATH": path}
        ended = subprocess.run([*command, "--to", kept], cwd=ROOT, env=environment)
        if ended.returncode:
            sys.exit(f"the part {part} ended with status {ended.returncode}; nothing was recorded")
        return json.loads(kept.read_text(encoding="utf-8"), parse_float=four_digits)


def four_digits(number: str) -> float:
    """A measured number without the digits that mean nothing."""
    return float(f"{float(number):.4g}")


def inside(part: str, rounds: int, to: Path) -> None:
    """Measure a part here, and write what it found beside the facts about this machine."""
    if part != "build" and hasattr(os, "sched_setaffinity"):  # a book is built on every core
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    about = surroundings(rounds)
    found = import_module(f"benchmarks.{part}").measure(rounds, tell)
    about["load_after"] = load()
    to.write_text(json.dumps({"about": about, "found": found}), encoding="utf-8")


def tell(line: str) -> None:
    print(line, flush=True)


def surroundings(rounds: int) -> dict[str, Any]:
    """The machine, the day, the code and the libraries."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    )
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {package: v for package in PACKAGES if (v := installed(package))},
        "blas": blas(),
        "environment": {name: v for name, v in sorted(os.environ.items()) if TUNING.match(name)},
        "day": datetime.now(UTC).date().isoformat(),
        "commit": commit.stdout.strip(),
        "rounds": rounds,
        "load_before": load(),
    }


def processor() -> str:
    """What the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def blas() -> str | None:
    """NumPy's matrix library with the kernels it has chosen for this processor."""
    import numpy as np  # noqa: F401  (loads the library that is looked at)

    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return None
    found = [entry for entry in threadpool_info() if entry["user_api"] == "blas"]
    return f"{found[0]['internal_api']} {found[0]['version']}, {found[0].get('architecture')}"


def load() -> float | None:
    """Processes that want to run, on average over the last minute."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


if __name__ == "__main__":
    main()
