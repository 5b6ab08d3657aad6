"""A warm process that forks a clean child for every program.

Importing the big libraries takes seconds, so it is done once, here: of those that the command line
names at once, of others when a job wants them. Nothing of the project is ever imported here: it is
read afresh for every lot of jobs, and an edit can never be missed. What all programs of one kind
import of it is imported once a lot, in between (`weave.family`).

Jobs arrive on standard input and answers leave on standard output, one JSON object a line.
    {"id": 1, "kind": "example", "name": "demo", "root": "/book", "preload": ["numpy"],
     "shared": ["chainrule"], "limit": 60}
    {"id": 1, "result": {...}, "reads": ["data.csv"]}   or   {"id": 1, "error": "demo.py:3: ..."}
Each answer also says how many `seconds` of a processor the program took.
While nothing is answered for some seconds, a line says what is still running: {"running": [1]}
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import selectors
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, NoReturn

from .addresses import ADDRESS
from .family import PATIENCE as TO_IMPORT
from .family import Family, imported
from .warm import FIRST

AT_ONCE = max(2, os.cpu_count() or 1) if sys.platform != "win32" else 1
MEMORY = 2 << 30  # bytes that a program may have, its libraries included
TO_SAY_SO = 1 << 28  # bytes more, in which to say that this was too much
SELDOM = 100_000  # new objects before garbage is looked for: what is imported stays, programs end
GRACE = 2.0  # seconds a program has to end by itself after its time limit
PATIENCE = 2.0  # seconds without an answer after which it says what it waits for
PRELOAD = {
    "numpy": ("numpy", "numpy.random", "inspect"),
    "markdown": ("markdown",),
    "dukpy": ("dukpy",),
    "sympy": ("sympy",),
    "fontTools": ("fontTools.ttLib",),
    "matplotlib": ("matplotlib.figure", "matplotlib.backends.backend_svg"),
    "sklearn": ("sklearn.datasets",),
    "IPython": ("IPython.core.formatters",),
    "jupytext": ("jupytext", "nbformat"),
    "mkdocs_jupyter": ("mkdocs_jupyter.convert",),
}

Job = dict[str, Any]


@dataclass
class Child:
    """A running program and what it has answered so far."""

    job: Job
    pid: int
    family: Family | None
    deadline: float
    answer: bytearray = field(default_factory=bytearray)


def main(libraries: list[str]) -> None:
    """Import the libraries, and serve jobs until standard input closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the master, who ends this
    gc.set_threshold(SELDOM)
    for library in libraries:
        warm_up(library)
    waiting: list[Job] = []
    running: dict[int, Child] = {}
    families: dict[str, Family | None] = {}
    open_for_jobs, unread = True, b""
    with selectors.DefaultSelector() as ready:
        ready.register(0, selectors.EVENT_READ)
        while open_for_jobs or waiting or running:
            while waiting and len(running) < AT_ONCE:
                pipe, child = start(waiting.pop(0), families)
                running[pipe] = child
                ready.register(pipe, selectors.EVENT_READ)
            deadline = min((c.deadline for c in running.values()), default=None)
            timeout = None if deadline is None else max(0.0, deadline - time.monotonic())
            events = ready.select(None if timeout is None else min(timeout, PATIENCE))
            if not events:
                say({"running": [child.job["id"] for child in running.values()]})
            for event, _ in events:
                data = os.read(event.fd, 1 << 16)
                if event.fd == 0:
                    if not data:
                        ready.unregister(0)
                        open_for_jobs, waiting = False, []
                        stop(running.values())
                    *lines, unread = (unread + data).split(b"\n")
                    waiting += [json.loads(line) for line in lines]
                elif data:
                    running[event.fd].answer += data
                else:
                    ready.unregister(event.fd)
                    finish(event.fd, running.pop(event.fd))
            if not (waiting or running):  # the next lot reads the project afresh
                disband(families)
            stop(c for c in running.values() if c.deadline <= time.monotonic())


def start(job: Job, families: dict[str, Family | None]) -> tuple[int, Child]:
    """Fork the child for a job; return the pipe it will answer on."""
    for library in job["preload"]:
        warm_up(library)
    family = family_of(job, families)
    reading, writing = os.pipe()
    pid = family.fork(job, writing) if family else None
    if pid is None:
        family, pid = None, os.fork()
        if pid == 0:
            os.close(reading)
            answer(job, writing)
    os.close(writing)
    return reading, Child(job, pid, family, time.monotonic() + job["limit"] + GRACE)


def family_of(job: Job, families: dict[str, Family | None]) -> Family | None:
    """Return the process that has imported what the job shares with others, if it shares any."""
    name = json.dumps([job["root"], job["kind"], job["preload"], job["shared"]])
    if name not in families:
        raised = partial(raise_family, job["root"], job["shared"])
        families[name] = Family(raised) if job["shared"] else None
    return families[name]


def disband(families: dict[str, Family | None]) -> None:
    """End all of these processes."""
    for family in filter(None, families.values()):
        family.end()
    families.clear()


@cache
def warm_up(library: str) -> None:
    """Import a library, and let it do what it does only once."""
    for module in PRELOAD.get(library, ()):
        importlib.import_module(module)
    FIRST.get(library, lambda: None)()
    gc.freeze()  # children need not look through all of this for garbage


def stop(children: Any) -> None:
    """Kill these children with all they have started; their pipes then close."""
    for child in children:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            with suppress(ProcessLookupError):  # or it is gone
                os.kill(child.pid, signal.SIGKILL)  # it has not yet made its own group


def finish(pipe: int, child: Child) -> None:
    """Pass on what a child has answered, or say how it ended without an answer."""
    os.close(pipe)
    status, seconds = child.family.ended(child.pid) if child.family else ended(child.pid)
    try:
        reply = json.loads(child.answer)
    except ValueError:
        late = time.monotonic() >= child.deadline
        how = "killed at the time limit" if late else f"status {os.waitstatus_to_exitcode(status)}"
        reply = {"error": f"it ended without an answer: {how}"}
    say({"id": child.job["id"], "seconds": seconds, **reply})


def ended(pid: int) -> tuple[int, float]:
    """Wait for a child of this process; return its status, and its seconds of a processor."""
    _, status, spent = os.wait4(pid, 0)
    return status, spent.ru_utime + spent.ru_stime


def say(reply: dict[str, Any]) -> None:
    """Write one line to the master."""
    with suppress(BrokenPipeError):  # it is gone, as the end of standard input will tell
        os.write(1, f"{json.dumps(reply)}\n".encode())


# In the child ---------------------------------------------------------------------------------


def raise_family(root: str, shared: list[str]) -> Callable[[Job, int], NoReturn]:
    """Import what programs share, as each would; return what runs a job in a child of it."""
    reads = surroundings(root)
    allow(MEMORY)
    stop_after(TO_IMPORT)
    imported(shared)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return partial(answer, reads=reads)


def surroundings(root: str) -> set[str]:
    """Make the process one of the project's; return the data files it will have read."""
    reads: set[str] = set()
    os.chdir(root)
    sys.path[:0] = [root, f"{root}/src"]
    watch_files(Path(root), reads)
    for category in (RuntimeWarning, UserWarning):  # an overflow, a missing glyph
        warnings.simplefilter("error", category)
    return reads


def answer(job: Job, pipe: int, reads: set[str] | None = None) -> NoReturn:
    """Run a job, write its answer to the pipe and end the process.

    `reads` is there where the process is already one of the project's.
    """
    os.setsid()
    stop_after(job["limit"])
    allow(MEMORY)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # these are the worker's own lines to its master
        os.dup2(nowhere, stream)
    root = Path(job["root"])
    try:
        reads = surroundings(job["root"]) if reads is None else reads
        runner = importlib.import_module(f"weave.runners.{job['kind']}")
        reply = {"result": runner.run(job["name"]), "reads": sorted(reads)}
        text = json.dumps(reply)
        if address := ADDRESS.search(text):
            raise ValueError(f"it tells an address, '{address[0][4:]}', which no two builds share")
    except BaseException as error:
        allow(MEMORY + TO_SAY_SO)
        text = json.dumps({"error": describe(error, root, job["path"])})
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    with os.fdopen(pipe, "w", encoding="utf-8") as out:
        out.write(text)
    os._exit(0)


def stop_after(seconds: float) -> None:
    """End a program that takes too long, at the line where it is."""

    def overdue(*_: Any) -> NoReturn:
        raise TimeoutError(f"it is still running after {seconds:g} s")

    signal.signal(signal.SIGALRM, overdue)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def allow(memory: int) -> None:
    """Have the system refuse this process more memory than that, where it can."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, most))


def watch_files(root: Path, reads: set[str]) -> None:
    """Note every data file of the project that is opened from now on, and let none be written.

    What lies in hidden folders, such as .cache, is nobody's source and may be written.
    """
    inside, hidden = f"{root}/", f"{root}/."

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str):
            return
        path = os.path.abspath(arguments[0])
        if not path.startswith(inside) or path.startswith(hidden) or "/site-packages/" in path:
            return
        name = path.removeprefix(inside)
        if arguments[2] & (os.O_WRONLY | os.O_RDWR):
            raise PermissionError(f"it writes to {name}; a program leaves the book as it is")
        if not path.endswith((".py", ".pyc")) and os.path.isfile(path):
            reads.add(name)

    sys.addaudithook(hook)


def describe(error: BaseException, root: Path, program: str = "") -> str:
    """Return `file:line: Type: message`, with the innermost line that belongs to the project.

    What the project itself complains of is the fault of whoever called it: of the program.
    """
    if type(error).__module__ == "weave.errors":
        return str(error)
    name, message = type(error).__name__, said(error)
    if isinstance(error, SyntaxError) and error.filename:
        places = [(error.filename, error.lineno or 1)]
        message = error.msg
    else:
        frames = traceback.extract_tb(error.__traceback__)
        places = [(frame.filename, frame.lineno or 1) for frame in frames]
    own = [
        (path.relative_to(root), line)
        for path, line in ((root / file, line) for file, line in places if file[0] != "<")
        if path.is_relative_to(root) and "site-packages" not in path.parts
    ]
    own = [(path, line) for path, line in own if path.parts[:2] != ("src", "weave")]
    if is_complaint(error, root):
        mine = [(path, line) for path, line in own if path.as_posix() == program]
        own = mine or ([(Path(program), 1)] if program else own)
    where = f"{own[-1][0].as_posix()}:{own[-1][1]}: " if own else ""
    return f"{where}{name}: {message}" if message else f"{where}{name}"


def is_complaint(error: BaseException, root: Path) -> bool:
    """Whether an error is of a kind that the project has made for the purpose."""
    file = getattr(sys.modules.get(type(error).__module__), "__file__", None)
    return bool(file) and Path(str(file)).is_relative_to(root) and "site-packages" not in str(file)


def said(error: BaseException) -> str:
    """Return the first line of what an error says."""
    if isinstance(error, MemoryError):
        return f"it needs more than {MEMORY >> 30} GB of memory"
    try:
        return (str(error).strip().splitlines() or [""])[0]
    except Exception:  # its own fault, too
        return ""


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)  # to take the libraries down piece by piece would keep the master waiting
