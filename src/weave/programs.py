"""The programs of the book: found by name, run in clean children, and not run twice."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Literal, get_args

from . import bytecode, cache, sources
from .crew import Crew
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


type Family = tuple[Kind, tuple[str, ...], tuple[str, ...]]


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
        self.folder = root / ".cache/weave/programs"
        self.limit = limit
        self.seconds: dict[Program, float] = {}  # of a processor, for what ran and was not kept
        self._used: set[str] = set()
        self._memory: dict[str, dict[str, Any]] = {}  # of what was kept, from build to build
        self._crew = Crew(root, tell)

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
        jobs = list(self._jobs(programs, results, keys))
        with ThreadPoolExecutor(1) as beside:
            others = [beside.submit(meanwhile)] if jobs else []
            for reply in self._crew.answers(self._lines(jobs)):
                number: int = reply["id"]
                program = jobs[number].program
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

    def _jobs(
        self, programs: Iterable[Program], results: dict[Program, Result], keys: dict[Program, str]
    ) -> Iterator[Job]:
        """Yield what has to run; note the key of each, and the results that are known."""
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
            if kept is not None:
                results[program] = kept
                continue
            preload = sorted(libraries & PRELOAD.keys())
            self._crew.expect(preload)  # a worker imports while this goes on
            limit = max(chain.from_iterable(map(seconds, files)), default=self.limit)
            packages = {sources.dotted(file, where).partition(".")[0] for file in files}
            needed.update(files)
            yield Job(program, tuple(preload), tuple(sorted(packages)), frozenset(files), limit)
        imports.remember()
        bytecode.refresh(sorted(needed))

    def _lines(self, jobs: list[Job]) -> list[dict[str, Any]]:
        """Return what the workers are told of each job; its number is its place."""
        modules = {
            family: [sources.dotted(file, roots(self.root)) for file in sorted(files)]
            for family, files in shared(jobs).items()
        }
        return [
            {
                "id": number,
                "kind": job.program.kind,
                "name": job.program.name,
                "path": job.program.path,
                "root": str(self.root),
                "preload": job.preload,
                "shared": modules[job.family],
                "limit": job.limit,
            }
            for number, job in enumerate(jobs)
        ]

    def forget_the_rest(self) -> None:
        """Remove from the cache what nobody has had a use for since this was last called."""
        cache.prune(self.folder, self._used)
        self._memory = {key: self._memory[key] for key in self._used & self._memory.keys()}
        self._used = set()

    def _files(self, program: Program) -> list[Path]:
        text = READER if program.kind == "published" else program.path
        return [self.root / text, Path(__file__).parent / f"runners/{program.kind}.py"]

    def warm(self) -> None:
        """Have the workers ready before there is anything to run."""
        self._crew.warm()

    def close(self) -> None:
        """End the workers and everything they run."""
        self._crew.close()


def _asked(file: Path) -> list[float]:
    """Return the seconds that a file asks for."""
    return [float(seconds) for seconds in LONG.findall(sources.read(file))]


def _blame(reason: str, program: Program) -> str:
    """Return the reason with the file it is to be found in."""
    return reason if ".py:" in reason else f"{program.path}:{program.line}: {reason}"
