"""The command line: what it prints, where, and with which exit status."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chainrule.__main__ import COMMANDS, main
from chainrule.trace import text, trace
from tests.test_trace import D1, DRAWN

PYTHON = [sys.executable, "-m", "chainrule"]


@pytest.fixture
def spec(tmp_path: Path) -> str:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(D1), encoding="utf-8")
    return str(path)


def written(folder: Path, content: bytes) -> str:
    path = folder / "given.json"
    path.write_bytes(content)
    return str(path)


# In this process


def test_a_trace_is_printed_as_json_at_full_precision(
    spec: str, capsys: pytest.CaptureFixture[str]
):
    assert main(["trace", spec]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == trace(D1)
    assert printed.err == ""


def test_text_prints_the_worked_steps(spec: str, capsys: pytest.CaptureFixture[str]):
    assert main(["trace", spec, "--text"]) == 0
    assert capsys.readouterr().out == text(trace(D1)) + "\n"


def test_the_json_keeps_a_list_of_numbers_on_one_line(
    spec: str, capsys: pytest.CaptureFixture[str]
):
    main(["trace", spec])
    assert '"x": [0.5, 0.8],' in capsys.readouterr().out


def test_without_a_command_the_help_is_printed(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert all(command in printed for command in COMMANDS)


@pytest.mark.parametrize(
    "arguments", [["trace"], ["trac", "-"], ["trace", "-", "--txt"], ["trace", "a", "b"]]
)
def test_a_command_line_that_makes_no_sense_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"", "given.json must be valid JSON"),
        (b"[]", "`spec` must be an object"),
        (json.dumps({**D1, "x": [1]}).encode(), "`x` must be a list of 2 numbers"),
        (json.dumps({**D1, "target": [1e200]}).encode(), "step 1: `loss` must be finite"),
        (b'{"loss": "a", "loss": "b"}', "`loss` must be given once"),
        (b"\xff\xfe", "given.json must be UTF-8 text"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--text"]])
def test_a_mistake_is_one_line_on_standard_error(
    content: bytes,
    fragment: str,
    options: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    assert main(["trace", written(tmp_path, content), *options]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("chainrule trace: ")
    assert fragment in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (MemoryError(), 2, "chainrule trace: there is not enough memory for this\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_goes_wrong_elsewhere_leaves_no_traceback(
    error: BaseException,
    status: int,
    said: str,
    spec: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def fail(data: object) -> Any:
        raise error

    monkeypatch.setattr("chainrule.trace.trace", fail)
    assert main(["trace", spec]) == status
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    assert f"chainrule {name}" in capsys.readouterr().out


# In a process of its own


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*PYTHON, *arguments], capture_output=True, timeout=60, **options)


def test_the_module_runs_as_a_command(spec: str):
    done = run("trace", spec)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == trace(D1)


def test_a_dash_reads_standard_input():
    done = run("trace", "-", input=json.dumps(DRAWN).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == trace(DRAWN)


def test_a_closed_standard_input_is_told():
    closed = f"exec {shlex.join(PYTHON)} trace - <&-"
    done = subprocess.run(["sh", "-c", closed], capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"chainrule trace: cannot read standard input: Bad file descriptor\n"


def test_an_endless_input_is_refused():
    with open("/dev/zero", "rb") as zeros:
        done = run("trace", "-", stdin=zeros)
    assert (
        done.stderr
        == b"chainrule trace: standard input must be at most 100,000,000 bytes, got more\n"
    )


def test_a_mistake_exits_with_2_and_prints_nothing_but_the_sentence(tmp_path: Path):
    done = run("trace", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"chainrule trace: cannot read {tmp_path}: ")
    assert b"Traceback" not in done.stderr


def test_greek_letters_are_printed_whatever_the_locale(spec: str):
    done = run("trace", "--text", spec, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8") == text(trace(D1)) + "\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_answer_that_cannot_be_written_is_told(spec: str):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*PYTHON, "trace", spec], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr == b"chainrule trace: cannot write the answer: No space left on device\n"


def test_a_reader_who_leaves_early_leaves_no_traceback(tmp_path: Path):
    path = tmp_path / "long.json"
    path.write_text(json.dumps({**D1, "steps": 2000}), encoding="utf-8")
    process = subprocess.Popen(
        [*PYTHON, "trace", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, b"")
