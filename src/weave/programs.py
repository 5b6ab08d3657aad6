"""The programs of the book: found by name, run in clean children, and not run twice."""

from __future__ import annotations

import functools
import json
import os
import re
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Literal, get_args

from . import bytecode, cache, sources
from .errors import WeaveError, sentence, unknown
from .runners.published import READER
from .sources import roots
from .worker import PRELOAD

Kind = Literal[
    "example", "figure", "derivation", "questions", "claim", "player", "explorer", "modules",
    "published", "social",
]  # fmt: skip

LONG = re.compile(r"^# limit: (\d+) s\b", re.MULTILINE)  # a file may ask for more time
EXPLORERS = "src/chainrule/explorers"
LIMIT = 60.0  # seconds for one program
ROOM = 1 << 20  # bytes of a pipe, where the system lets one choose: all jobs are sent at once


@dataclass(frozen=True, slots=True, order=True)
class Program:
    """Something that can be run, and the file and line where it is written."""

    kind: Kind
    name: str
    path: str
    line: int = field(default=1, compare=False)

    @property
    def id(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Catalogue:
    """Every program of a project by kind and name.

    `problems` are the files that cannot be read as Python.
    """

    root: Path
    programs: dict[Kind, dict[str, Program]]
    problems: list[str]

    def __getitem__(self, wanted: tuple[Kind, str]) -> Program:
        kind, name = wanted
        known = self.programs[kind]
        if name not in known:
            raise unknown(f"there is no {kind}", name, known)
        return known[name]

    @property
    def claims(self) -> dict[str, Program]:
        """The programs that decide claims, by the claim's id alone."""
        return {name.partition(".")[2]: p for name, p in self.programs["claim"].items()}

    def claim(self, id: str) -> Program:
        known = self.claims
        if id not in known:
            raise unknown("there is no claim", id, known)
        return known[id]

    def __iter__(self) -> Iterator[Program]:
        return (program for known in self.programs.values() for program in known.values())


def catalogue(root: Path) -> Catalogue:
    """Return all programs of the project; nothing is run."""
    problems: list[str] = []

    def named(find: Callable[[Path], dict[str, int]], path: Path) -> dict[str, int]:
        try:
            return find(path)
        except WeaveError as error:
            problems.append(sentence(error, root))
            return {}

    def modules(kind: Kind, folder: str) -> list[Program]:
        paths = sorted((root / folder).glob("[!_]*.py"))
        return [Program(kind, path.stem, f"{folder}/{path.name}") for path in paths]

    figures = [
        Program("figure", f"{module.name}.{name}", module.path, line)
        for module in modules("figure", "docs/figures")
        for name, line in named(sources.functions, root / module.path).items()
    ]
    derivations = [
        module
        for module in modules("derivation", "derivations")
        if (root / module.path).read_bytes().startswith(b"# %%")  # not a tool
    ]
    explorers = [
        program
        for program in modules("explorer", EXPLORERS)
        if (root / program.path).with_suffix(".mjs").exists()
    ]
    claims = [
        Program("claim", f"{module.name}.{name}", module.path, line)
        for module in modules("claim", "docs/claims")
        for name, line in named(sources.bindings, root / module.path).items()
        if name.startswith("C") and name[1:].isdigit()
    ]
    examples = modules("example", "docs/examples")
    published = [
        Program("published", path.stem, f"docs/published/{path.name}")
        for path in sorted((root / "docs/published").glob("*.json"))
    ]
    known = [*examples, *figures, *derivations, *claims, *explorers, *published]
    programs: dict[Kind, dict[str, Program]] = {kind: {} for kind in get_args(Kind)}
    for program in known:
        programs[program.kind][program.name] = program
    return Catalogue(root, programs, problems)


# Running them ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Failure:
    """Why a program has no result, in one sentence."""

    reason: str


Result = dict[str, Any] | Failure


@dataclass(frozen=True, slots=True)
class Job:
    """A program to be run, the big libraries it wants, its files, and the seconds it may take."""

    program: Program
    preload: tuple[str, ...]
    packages: tuple[str, ...]  # of the project, that it imports from
    files: frozenset[Path]
    limit: float

    @property
    def family(self) -> Family:
        """What it has in common with programs that are alike."""
        return self.program.kind, self.preload, self.packages

    @property
    def place(self) -> Place:
        """Which worker runs it: two import side by side, and hardly anything twice."""
        return "with SymPy" if "sympy" in self.preload else "without SymPy"


type Family = tuple[Kind, tuple[str, ...], tuple[str, ...]]
Place = Literal["with SymPy", "without SymPy"]
Worker = subprocess.Popen[bytes]


def shared(jobs: Iterable[Job]) -> dict[Family, frozenset[Path]]:
    """Return the files that all of several programs import, if they are alike in all else."""
    alike: dict[Family, list[frozenset[Path]]] = {}
    for job in jobs:
        alike.setdefault(job.family, []).append(job.files)
    return {
        family: files[0].intersection(*files[1:]) if len(files) > 1 else frozenset[Path]()
        for family, files in alike.items()
    }


class Runner:
    """Runs programs, and remembers what each has given for as long as nothing it needs changes.

    `tell` is given a line for every few seconds of waiting: how far it is, and what is running.
    """

    def __init__(
        self, root: Path, limit: float = LIMIT, tell: Callable[[str], None] = lambda line: None
    ) -> None:
        self.root = root
        self.tell = tell
        self.folder = root / ".cache/weave/programs"
        self.limit = limit
        self.seconds: dict[Program, float] = {}  # of a processor, for what ran and was not kept
        self._used: set[str] = set()
        self._memory: dict[str, dict[str, Any]] = {}  # of what was kept, from build to build
        self._workers: dict[Place, Worker] = {}

    def run(
        self,
        programs: Iterable[Program],
        meanwhile: Callable[[], None] = lambda: None,
        arrived: Callable[[Program, dict[str, Any]], None] = lambda program, result: None,
    ) -> dict[Program, Result]:
        """Return the result or the failure of each program, in the order asked.

        If some have to run, a thread calls `meanwhile`, and `arrived` with each new result.
        """
        programs = list(programs)
        results: dict[Program, Result] = {}
        keys: dict[Program, str] = {}
        jobs: list[Job] = []
        where = roots(self.root)
        imports = cache.Imports(where, self.root / cache.KEPT)
        needed: set[Path] = set()
        known: dict[Path, bytes] = {}
        seconds = functools.cache(_asked)
        for program in programs:
            try:
                files, libraries = imports.closure(self._files(program))
            except WeaveError as error:
                results[program] = Failure(sentence(error, self.root))
                continue
            except FileNotFoundError as error:
                results[program] = Failure(
                    f"there is no {Path(error.filename).relative_to(self.root)}"
                )
                continue
            identity = program.kind, program.name, *cache.others(libraries)
            keys[program] = cache.key(identity, files, self.root, known)
            kept = cache.load(self.folder, keys[program], self.root, self._memory)
            if kept is None:
                preload = sorted(libraries & PRELOAD.keys())
                limit = max(chain.from_iterable(map(seconds, files)), default=self.limit)
                packages = {sources.dotted(file, where).partition(".")[0] for file in files}
                common = tuple(preload), tuple(sorted(packages))
                jobs.append(Job(program, *common, frozenset(files), limit))
                self._worker(jobs[-1].place, jobs[-1].preload)  # which imports while this goes on
                needed.update(files)
            else:
                results[program] = kept
        imports.remember()
        bytecode.refresh(sorted(needed))
        self._send(jobs)
        with ThreadPoolExecutor(1) as beside:
            others = [beside.submit(meanwhile)] if jobs else []
            for program, reply in self._answers(jobs):
                self.seconds[program] = reply.get("seconds", 0.0)
                if "error" in reply:
                    results[program] = Failure(_blame(reply["error"], program))
                    continue
                results[program] = result = reply["result"]
                self._memory.pop(keys[program], None)
                cache.store(self.folder, keys[program], result, reply["reads"], self.root)
                others.append(beside.submit(arrived, program, result))
        for other in others:
            other.result()  # or what it raised
        self._used |= set(keys.values())
        return {program: results[program] for program in programs}

    def forget_the_rest(self) -> None:
        """Remove from the cache what nobody has had a use for since this was last called."""
        cache.prune(self.folder, self._used)
        self._memory = {key: self._memory[key] for key in self._used & self._memory.keys()}
        self._used = set()

    def _files(self, program: Program) -> list[Path]:
        text = READER if program.kind == "published" else program.path
        return [self.root / text, Path(__file__).parent / f"runners/{program.kind}.py"]

    def _send(self, jobs: list[Job]) -> None:
        """Give each job to its worker."""
        modules = {
            family: [sources.dotted(file, roots(self.root)) for file in sorted(files)]
            for family, files in shared(jobs).items()
        }
        lines: dict[Worker, list[str]] = {}
        for number, job in enumerate(jobs):
            line = {
                "id": number,
                "kind": job.program.kind,
                "name": job.program.name,
                "path": job.program.path,
                "root": str(self.root),
                "preload": job.preload,
                "shared": modules[job.family],
                "limit": job.limit,
            }
            lines.setdefault(self._worker(job.place), []).append(f"{json.dumps(line)}\n")
        for worker, its_lines in lines.items():
            assert worker.stdin
            with suppress(BrokenPipeError):  # that it is gone, its answers will tell
                worker.stdin.write("".join(its_lines).encode())
                worker.stdin.flush()

    def _answers(self, jobs: list[Job]) -> Iterator[tuple[Program, dict[str, Any]]]:
        """Yield what the workers answer to their jobs, in the order the answers come."""
        asked: dict[Worker, dict[int, Program]] = {}
        for number, job in enumerate(jobs):
            asked.setdefault(self._workers[job.place], {})[number] = job.program
        start = time.monotonic()
        for worker, line in _lines(asked):
            waiting = asked[worker]
            reply: dict[str, Any] = json.loads(line) if line else {}
            if "running" in reply:
                names = ", ".join(waiting[number].id for number in reply["running"])
                done, seconds = len(jobs) - sum(map(len, asked.values())), time.monotonic() - start
                self.tell(f"{done} of {len(jobs)} programs, {seconds:.0f} s: {names}")
            elif reply:
                yield waiting.pop(reply["id"]), reply
            else:
                self._end(worker)
                while waiting:
                    _, program = waiting.popitem()
                    yield program, {"error": "the process that runs programs has ended"}
            if not any(asked.values()):
                return

    def warm(self) -> list[Worker]:
        """Return the running workers, started if need be."""
        return [self._worker(place) for place in get_args(Place)]

    def _worker(self, place: Place, libraries: Iterable[str] = ()) -> Worker:
        """Return the worker of this place; one that is started imports these libraries at once."""
        if place not in self._workers or self._workers[place].poll() is not None:
            self._workers[place] = subprocess.Popen(
                [sys.executable, "-m", "weave.worker", *libraries],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pipesize=ROOM,
                env=environment(self.root),
            )
        return self._workers[place]

    def close(self) -> None:
        """End the workers and everything they run."""
        for worker in list(self._workers.values()):
            self._end(worker)

    def _end(self, worker: Worker) -> None:
        worker.communicate()  # closes its input, and it stops what it runs
        self._workers = {place: one for place, one in self._workers.items() if one is not worker}


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
                if data := os.read(event.fd, ROOM):
                    *lines, unread[worker] = (unread[worker] + data).split(b"\n")
                    yield from ((worker, line) for line in lines)
                else:
                    ready.unregister(event.fileobj)
                    yield worker, b""


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


def _asked(file: Path) -> list[float]:
    """Return the seconds that a file asks for."""
    return [float(seconds) for seconds in LONG.findall(sources.read(file))]


def _blame(reason: str, program: Program) -> str:
    """Return the reason with the file it is to be found in."""
    return reason if ".py:" in reason else f"{program.path}:{program.line}: {reason}"
