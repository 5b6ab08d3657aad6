"""The command line: `python -m chainrule COMMAND ...`.

A command is the module of its name, with two functions: `add_arguments(parser)` says what it
takes, and `run(arguments)` prints the answer and returns the exit status. To add one, name it
in COMMANDS. A mistake of the user's is raised as `SpecError`, and becomes one sentence here.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from .spec import SpecError

COMMANDS = {
    "trace": "everything one pass computes, as JSON or as worked steps",
    "check": "the first wrong one of numbers worked out by hand, and what it comes from",
    "diagnose": "what is wrong with a backward pass of your own",
    "worksheet": "questions to print, with a key",
    "show": "a network of your own to step through, as one HTML file",
}
ELSEWHERE = {"show": "explorers.show"}  # a module that does not stand beside this one


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 when done, 2 for a mistake in what was asked."""
    parser = argparse.ArgumentParser(
        prog="python -m chainrule", description="Backpropagation you can check.", allow_abbrev=False
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, summary in COMMANDS.items():
        module = import_module(f".{ELSEWHERE.get(name, name)}", __package__)
        command = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        module.add_arguments(command)
        command.set_defaults(name=name, run=module.run)
    arguments = parser.parse_args(argv)
    _speak_utf8()
    if "run" not in arguments:
        parser.print_help()
        return 0
    try:
        status: int = arguments.run(arguments)
        print(end="", flush=True)  # a full disk or a closed pipe is met here, not after the return
        return status
    except SpecError as error:
        mistake = str(error)
    except MemoryError:
        mistake = "there is not enough memory for this"
    except BrokenPipeError:  # whoever was reading, `head` perhaps, has seen enough
        _discard_output()
        return 1
    except OSError as error:
        _discard_output()
        mistake = f"cannot write the answer: {error.strerror}"
    except KeyboardInterrupt:
        return 130
    print(f"chainrule {arguments.name}: {mistake}", file=sys.stderr)
    return 2


def _speak_utf8() -> None:
    """σ and ∂ are printed as they are, whatever the locale."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8")


def _discard_output() -> None:
    """Keep the interpreter from flushing, as it exits, what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
