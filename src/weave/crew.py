"""The workers that run programs (`weave.worker`): started, given their jobs, listened to, ended.

What wants SymPy has a worker of its own. What the other programs import takes as long to import,
so the two do it side by side, and hardly anything is imported twice.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, get_args

Job = dict[str, Any]
Place = Literal["with SymPy", "without SymPy"]
Worker = subprocess.Popen[bytes]

READ = 1 << 20  # bytes of answers at a time
ENDED = "the process that runs programs has ended"


class Crew:
    """The workers of one project. `tell` is given a line for every few seconds of waiting."""

    def __init__(self, root: Path, tell: Callable[[str], None]) -> None:
        self.root = root
        self.tell = tell
        self._workers: dict[Place, Worker] = {}

    def warm(self) -> list[Worker]:
        """Return the running workers, started if need be."""
        return [self._worker(place) for place in get_args(Place)]

    def expect(self, libraries: Iterable[str]) -> Worker:
        """Return the worker for what wants these libraries; a new one imports them at once."""
        place: Place = "with SymPy" if "sympy" in libraries else "without SymPy"
        return self._worker(place, libraries)

    def answers(self, jobs: Iterable[Job]) -> Iterator[dict[str, Any]]:
        """Yield what the workers answer to these jobs, in the order the answers come."""
        waiting: dict[Worker, dict[int, Job]] = {}
        for job in jobs:
            waiting.setdefault(self.expect(job["preload"]), {})[job["id"]] = job
        total, start = sum(map(len, waiting.values())), time.monotonic()
        with ThreadPoolExecutor() as sending:  # a worker reads when it has nothing better to do
            for worker, its_jobs in waiting.items():
                lines = "".join(f"{json.dumps(job)}\n" for job in its_jobs.values())
                sending.submit(_send, worker, lines)
            for worker, line in _lines(waiting):
                its_jobs = waiting[worker]
                reply: dict[str, Any] = json.loads(line) if line else {}
                if "running" in reply:
                    running = [its_jobs[number] for number in reply["running"]]
                    done, seconds = total - _left(waiting), time.monotonic() - start
                    self.tell(f"{done} of {total} programs, {seconds:.0f} s: {_names(running)}")
                elif reply:
                    del its_jobs[reply["id"]]
                    yield reply
                else:
                    self._end(worker)
                    while its_jobs:
                        number, _ = its_jobs.popitem()
                        yield {"id": number, "error": ENDED}
                if not _left(waiting):
                    return

    def close(self) -> None:
        """End the workers and everything they run."""
        for worker in list(self._workers.values()):
            self._end(worker)

    def _worker(self, place: Place, libraries: Iterable[str] = ()) -> Worker:
        if place not in self._workers or self._workers[place].poll() is not None:
            self._workers[place] = subprocess.Popen(
                [sys.executable, "-m", "weave.worker", *libraries],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment(self.root),
            )
        return self._workers[place]

    def _end(self, worker: Worker) -> None:
        worker.communicate()  # closes its input, and it stops what it runs
        self._workers = {place: one for place, one in self._workers.items() if one is not worker}


def _send(worker: Worker, lines: str) -> None:
    assert worker.stdin
    with suppress(BrokenPipeError, ValueError):  # gone, or closed as gone: its answers will tell
        worker.stdin.write(lines.encode())
        worker.stdin.flush()


def _lines(workers: Iterable[Worker]) -> Iterator[tuple[Worker, bytes]]:
    """Yield what workers write, line by line as it comes; an empty one when a worker has ended."""
    unread = dict.fromkeys(workers, b"")
    with selectors.DefaultSelector() as ready:
        for worker in unread:
            assert worker.stdout
            ready.register(worker.stdout, selectors.EVENT_READ, worker)
        while ready.get_map():
            for event, _ in ready.select():
                worker: Worker = event.data
                if data := os.read(event.fd, READ):
                    *lines, unread[worker] = (unread[worker] + data).split(b"\n")
                    yield from ((worker, line) for line in lines)
                else:
                    ready.unregister(event.fileobj)
                    yield worker, b""


def _left(waiting: dict[Worker, dict[int, Job]]) -> int:
    return sum(map(len, waiting.values()))


def _names(jobs: Iterable[Job]) -> str:
    return ", ".join(f"{job['kind']} {job['name']}" for job in jobs)


def environment(root: Path) -> dict[str, str]:
    """Return all that a program sees of its surroundings: no secrets, and the same everywhere."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    folders = ("HOME", "MPLCONFIGDIR", "IPYTHONDIR")
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "svg",
        "NBCONVERT_DISABLE_CONFIG_EXPORTERS": "1",  # it would make one of each when imported
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        **dict.fromkeys(threads, "1"),
        **dict.fromkeys(folders, str(root / ".cache/weave/home")),
    }
