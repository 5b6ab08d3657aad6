"""What the programs of one kind share is imported once, by a process that then forks them all.

It stands between the worker and the programs, and lives for one lot of jobs. It has imported only
modules that every one of its programs imports by itself, so each finds them as it would have made
them. It is a shortcut and nothing else: where it ends or hangs, programs are forked without it.

The worker asks it in JSON, one question at a time, and each has one answer.
    a job, with the pipe to answer on     ->  {"pid": 1}
    {"ended": 1}                          ->  {"status": 0, "seconds": 0.2}
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

PATIENCE = 10.0  # seconds for all that it imports
MESSAGE = 1 << 16  # bytes, more than any job has

Job = dict[str, Any]
Runs = Callable[[Job, int], NoReturn]


class Family:
    """The process, as the worker sees it."""

    def __init__(self, raised: Callable[[], Runs]) -> None:
        """Fork it. `raised` does the imports, and gives what runs a job and answers on a pipe."""
        self._socket, theirs = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            self._socket.close()
            serve(theirs, raised)
        theirs.close()
        self._socket.settimeout(2 * PATIENCE)

    def fork(self, job: Job, pipe: int) -> int | None:
        """Return the process id of a new child that runs the job and answers on the pipe.

        None if there is no such child, nor will there be one.
        """
        answer = self._ask(job, [pipe])
        return answer["pid"] if answer else None

    def ended(self, pid: int) -> tuple[int, float]:
        """Wait for a child; return its status, and the seconds of a processor it took."""
        answer = self._ask({"ended": pid}, []) or {"status": signal.SIGKILL, "seconds": 0.0}
        return answer["status"], answer["seconds"]

    def end(self) -> None:
        """End the process, but none of the programs it has forked."""
        if self._pid:
            self._socket.close()
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0

    def _ask(self, question: Job, pipes: list[int]) -> dict[str, Any] | None:
        """Return the answer; where there is none in time, there is never one again."""
        if self._pid:
            with suppress(OSError):
                socket.send_fds(self._socket, [json.dumps(question).encode()], pipes)
                if answer := self._socket.recv(MESSAGE):
                    return json.loads(answer)
            self.end()
        return None


def serve(worker: socket.socket, raised: Callable[[], Runs]) -> NoReturn:
    """Answer the worker's questions until it asks no more."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # these are the worker's own lines to its master
        os.dup2(nowhere, stream)
    try:
        run = raised()
    except BaseException:
        os._exit(1)  # every program meets the same fault, and says it in its own name
    gc.freeze()  # children need not look through all of this for garbage
    while True:
        text, pipes, _, _ = socket.recv_fds(worker, MESSAGE, 1)
        if not text:
            os._exit(0)
        question = json.loads(text)
        if pipes:
            pid = os.fork()
            if pid == 0:
                worker.close()
                run(question, pipes[0])
            os.close(pipes[0])
            answer = {"pid": pid}
        else:
            _, status, spent = os.wait4(question["ended"], 0)
            answer = {"status": status, "seconds": spent.ru_utime + spent.ru_stime}
        worker.sendall(json.dumps(answer).encode())


def imported(modules: list[str]) -> None:
    """Import these modules, up to the first that fails: whoever needs it will say what is wrong."""
    with suppress(BaseException):
        for module in modules:
            importlib.import_module(module)
