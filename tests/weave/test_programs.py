"""Programs run in clean children: what comes back, and what is said when nothing does."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import weave
from weave.cache import Imports
from weave.programs import Failure, Program, Runner, catalogue
from weave.worker import PRELOAD


@pytest.fixture
def run(project):
    """Runs the example `demo` with this text and these other files."""
    runners: list[Runner] = []

    def run_demo(text: str, limit: float = 60, **files: str):
        root = project({"docs/examples/demo.py": text, **files})
        runners.append(Runner(root, limit))
        program = catalogue(root)["example", "demo"]
        return runners[-1].run([program])[program]

    yield run_demo
    for runner in runners:
        runner.close()


def test_an_example_gives_its_output_and_its_values(run):
    result = run(
        "from dataclasses import dataclass\n"
        "import numpy as np\n"
        "@dataclass\n"
        "class Point:\n"
        "    x: float\n"
        "W = np.array([[1.0, 2.0]])\n"
        "point, total, _hidden = Point(x=np.float64(0.5)), np.sum(W), 1\n"
        "def f(): ...\n"
        "print('δ =', total)\n"
    )
    assert result["output"] == "δ = 3.0\n"
    assert result["values"] == {"W": [[1.0, 2.0]], "point": {"x": 0.5}, "total": 3.0}


def test_an_example_runs_as_a_script(run):
    assert run("if __name__ == '__main__':\n    x = 1\n")["values"] == {"x": 1}


def test_floats_come_back_exactly(run):
    assert run("x = 0.1 + 0.2")["values"]["x"] == 0.1 + 0.2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1\n1 / 0\n", "docs/examples/demo.py:2: ZeroDivisionError: division by zero"),
        ("x = (\n", "docs/examples/demo.py:1: SyntaxError: '(' was never closed"),
        ("import nowhere\n", "docs/examples/demo.py:1: ModuleNotFoundError: No module named"),
        ("import json\njson.loads('{')\n", "docs/examples/demo.py:2: JSONDecodeError: "),
        ("import sys\nsys.exit(3)\n", "docs/examples/demo.py:2: SystemExit: 3"),
        ("import numpy as np\n\nnp.exp(1000.0)\n", "docs/examples/demo.py:3: RuntimeWarning: "),
        ("import os\nos._exit(7)\n", "docs/examples/demo.py:1: it ended without an answer: "),
        ("import os\nos.kill(os.getpid(), 9)\n", "docs/examples/demo.py:1: it ended without an"),
    ],
)
def test_a_failing_program_is_one_sentence_with_file_and_line(run, text: str, reason: str):
    result = run(text)
    assert isinstance(result, Failure)
    assert result.reason.startswith(reason)
    assert "\n" not in result.reason


def test_the_line_is_the_innermost_one_of_the_project(run):
    files = {"src/helper.py": "def halve(x):\n    return x / 0\n"}
    result = run("from helper import halve\nhalve(1)\n", **files)
    assert result == Failure("src/helper.py:2: ZeroDivisionError: division by zero")


def test_an_endless_program_is_stopped_at_its_line(run):
    start = time.monotonic()
    result = run("x = 1\nwhile True:\n    x += 1\n", limit=0.5)
    assert isinstance(result, Failure)
    assert result.reason.startswith("docs/examples/demo.py:")
    assert result.reason.endswith("TimeoutError: it is still running after 0.5 s")
    assert time.monotonic() - start < 10


def test_a_program_that_refuses_to_stop_is_killed_with_all_it_started(run, tmp_path):
    result = run(
        "import pathlib, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '100'])\n"
        f"pathlib.Path({str(tmp_path / '.pid')!r}).write_text(str(child.pid))\n"
        "while True:\n"
        "    try:\n"
        "        time.sleep(100)\n"
        "    except TimeoutError:\n"
        "        pass\n",
        limit=0.5,
    )
    reason = "docs/examples/demo.py:1: it ended without an answer: killed at the time limit"
    assert result == Failure(reason)
    assert _gone(int((tmp_path / ".pid").read_text()))


def test_a_long_wait_is_told_with_the_name_of_what_is_running(project):
    root = project({"docs/examples/demo.py": "import time\ntime.sleep(2.5)\n"})
    told: list[str] = []
    runner = Runner(root, tell=told.append)
    try:
        runner.run(catalogue(root))
    finally:
        runner.close()
    assert told
    assert re.fullmatch(r"0 of 1 programs, \d+ s: example demo", told[0])


def test_a_program_sees_no_secret_and_always_the_same_surroundings(run, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "swordfish")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    values = run("import os\nseen, folder = dict(os.environ), os.getcwd()\n")["values"]
    assert "swordfish" not in values["seen"].values()
    assert values["seen"]["PYTHONHASHSEED"] == "0"
    assert values["seen"]["OMP_NUM_THREADS"] == "1"


def test_one_program_cannot_disturb_the_next(project):
    root = project(
        {
            "src/shared.py": "x = 1\n",
            "docs/examples/first.py": "import shared\nshared.x = 2\n",
            "docs/examples/second.py": "import shared\nx = shared.x\n",
        }
    )
    runner = Runner(root)
    try:
        results = runner.run(catalogue(root))
    finally:
        runner.close()
    assert results[Program("example", "second", "docs/examples/second.py")]["values"]["x"] == 1


def test_an_edit_of_what_a_program_imports_is_seen_by_a_warm_worker(project):
    root = project({"src/shared.py": "x = 1\n", "docs/examples/demo.py": "from shared import x\n"})
    program = catalogue(root)["example", "demo"]
    runner = Runner(root)
    try:
        for x in (1, 2, 3):
            (root / "src/shared.py").write_text(f"x = {x}\n")
            assert runner.run([program])[program]["values"]["x"] == x
    finally:
        runner.close()


@pytest.fixture
def two(project):
    """Runs two examples that both import `shared`, as often as it is given another text."""
    runners: list[Runner] = []

    def run_two(shared: str) -> list[dict | Failure]:
        example = "import os\nimport shared\nfrom shared import x\nown = os.getpid()\n"
        files = {f"docs/examples/{name}.py": example for name in ("first", "second")}
        root = project({"src/shared.py": shared, **files})
        runners[:] = runners or [Runner(root)]
        return list(runners[0].run(catalogue(root)).values())

    yield run_two
    for runner in runners:
        runner.close()


def test_what_programs_share_is_imported_once(two):
    first, second = (result["values"] for result in two("import os\nx = os.getpid()\n"))
    assert first["x"] == second["x"]
    assert len({first["own"], second["own"], first["x"]}) == 3


def test_an_edit_of_what_programs_share_is_seen_by_a_warm_worker(two):
    for x in (1, 2, 3):
        assert [result["values"]["x"] for result in two(f"x = {x}\n")] == [x, x]


@pytest.mark.parametrize(
    ("shared", "reason"),
    [
        ("x = 1 / 0\n", "src/shared.py:1: ZeroDivisionError: division by zero"),
        ("import os\nos._exit(3)\n", "it ended without an answer: status 3"),
        ("raise SystemExit(4)\n", "src/shared.py:1: SystemExit: 4"),
    ],
)
def test_a_fault_of_what_programs_share_is_told_of_each(two, shared: str, reason: str):
    results = two(shared)
    assert len(results) == 2
    assert all(result.reason.endswith(reason) for result in results)


def test_a_process_between_that_dies_costs_no_more_than_itself(two):
    dies_there = (
        "import os, sys\nx = 1\nif 'weave.runners.example' not in sys.modules: os._exit(3)\n"
    )
    assert [result["values"]["x"] for result in two(dies_there)] == [1, 1]


def test_a_result_is_not_computed_twice(project):
    root = project({"docs/examples/demo.py": "import os\npid = os.getpid()\n"})
    program = catalogue(root)["example", "demo"]
    runner = Runner(root)
    try:
        assert runner.run([program]) == runner.run([program])
    finally:
        runner.close()


def test_a_failure_is_tried_again(project):
    root = project({"docs/examples/demo.py": "open('data.txt').close()\nx = 1\n"})
    program = catalogue(root)["example", "demo"]
    runner = Runner(root)
    try:
        assert isinstance(runner.run([program])[program], Failure)
        (root / "data.txt").write_text("now")
        assert runner.run([program])[program]["values"] == {"x": 1}
    finally:
        runner.close()


def test_a_program_depends_on_the_data_it_reads(project):
    root = project({"docs/examples/demo.py": "x = open('data.txt').read()\n", "data.txt": "old"})
    program = catalogue(root)["example", "demo"]
    runner = Runner(root)
    try:
        for text in ("old", "new", "old"):
            (root / "data.txt").write_text(text)
            for _ in ("run", "read from disk", "remembered"):
                assert runner.run([program])[program]["values"] == {"x": text}
    finally:
        runner.close()


def test_a_worker_that_dies_is_reported_and_replaced(project):
    text = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nx = 1\n"
    root = project({"docs/examples/demo.py": text})
    program = catalogue(root)["example", "demo"]
    runner = Runner(root)
    try:
        result = runner.run([program])[program]
        assert isinstance(result, Failure)
        assert result.reason.endswith("the process that runs programs has ended")
        (root / "docs/examples/demo.py").write_text("x = 2\n")
        assert runner.run([program])[program]["values"] == {"x": 2}
    finally:
        runner.close()


def test_what_wants_sympy_runs_beside_the_rest(project):
    """Each program sees the other begin, and ends only then."""
    text = (
        "import os, pathlib, time\n"
        "here, there = pathlib.Path('.cache/{own}'), pathlib.Path('.cache/{other}')\n"
        "here.parent.mkdir(exist_ok=True)\n"
        "here.touch()\n"
        "while not there.exists():\n"
        "    time.sleep(0.01)\n"
        "worker = os.getppid()\n"
    )
    root = project(
        {
            "docs/examples/light.py": "import numpy\n" + text.format(own="light", other="heavy"),
            "docs/examples/heavy.py": "import sympy\n" + text.format(own="heavy", other="light"),
        }
    )
    runner = Runner(root, limit=20)
    try:
        results = runner.run(catalogue(root))
    finally:
        runner.close()
    workers = {program.name: result["values"]["worker"] for program, result in results.items()}
    assert workers["light"] != workers["heavy"]


def test_something_else_is_done_meanwhile_if_and_only_if_programs_run(project):
    root = project({"docs/examples/demo.py": "import time\ntime.sleep(0.5)\n"})
    runner, calls = Runner(root), []
    try:
        for _ in range(2):
            runner.run(catalogue(root), meanwhile=lambda: calls.append(time.monotonic()))
            end = time.monotonic()
    finally:
        runner.close()
    assert len(calls) == 1
    assert end - calls[0] > 0.4


def test_what_is_new_is_told_as_it_arrives(project):
    first = "import pathlib\nx = 1\n"
    second = (
        "import pathlib, time\n"
        "while not pathlib.Path('.cache/told').exists():\n"
        "    time.sleep(0.01)\n"
        "x = 2\n"
    )
    root = project({"docs/examples/first.py": first, "docs/examples/second.py": second})
    (root / "docs/examples/wrong.py").write_text("1 / 0\n")
    told: list[tuple[str, int]] = []

    def arrived(program, result):
        told.append((program.name, result["values"]["x"]))
        (root / ".cache/told").touch()

    runner = Runner(root, limit=20)
    try:
        for _ in range(2):
            runner.run(catalogue(root), arrived=arrived)
    finally:
        runner.close()
    assert told == [("first", 1), ("second", 2)]


@pytest.mark.parametrize("when", ["meanwhile", "arrived"])
def test_a_fault_of_what_is_done_beside_is_not_lost(project, when: str):
    root = project({"docs/examples/demo.py": "x = 1\n"})
    runner = Runner(root)
    try:
        with pytest.raises(ZeroDivisionError):
            runner.run(catalogue(root), **{when: lambda *_: 1 / 0})
    finally:
        runner.close()


def test_nothing_keeps_running_when_its_master_is_killed(project):
    root = project({"docs/examples/demo.py": "import time\ntime.sleep(100)\n"})
    script = (
        "import pathlib\n"
        "from weave.programs import Runner, catalogue\n"
        f"root = pathlib.Path({str(root)!r})\n"
        "runner = Runner(root)\n"
        "print(*[worker.pid for worker in runner._crew.warm()], flush=True)\n"
        "runner.run(catalogue(root))\n"
    )
    master = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    with master:
        assert master.stdout is not None
        workers = list(map(int, master.stdout.readline().split()))
        time.sleep(0.3)
        master.kill()
    assert len(workers) == 2
    assert all(map(_gone, workers))


def _gone(pid: int) -> bool:
    """Whether a process ends within ten seconds: even a killed one does so in its own time."""
    for _ in range(100):
        if not _alive(pid):
            return True
        time.sleep(0.1)
    return False


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def test_a_run_with_everything_kept_imports_none_of_the_big_libraries(project):
    root = project({"docs/examples/demo.py": "import numpy\nx = 1\n"})
    script = (
        "import pathlib, sys\n"
        "from weave import pages\n"
        "from weave.programs import Runner, catalogue\n"
        f"root = pathlib.Path({str(root)!r})\n"
        "runner = Runner(root)\n"
        "runner.run(catalogue(root))\n"
        "print(len(runner._crew._workers))\n"
        "runner.close()\n"
        "print(*{'numpy', 'sympy', 'matplotlib', 'IPython', 'mkdocs'} & sys.modules.keys())\n"
    )

    def go() -> list[str]:
        command = [sys.executable, "-c", script]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )

    assert go()[:2] == ["1", ""]
    assert go()[:2] == ["0", ""]


@pytest.mark.parametrize(
    ("kind", "wanted"), [("example", set()), ("claim", set()), ("figure", {"matplotlib"})]
)
def test_what_runs_a_program_has_no_library_imported_that_it_may_not_want(kind: str, wanted):
    package = Path(weave.__file__).parent
    _, libraries = Imports([package.parent]).closure([package / f"runners/{kind}.py"])
    assert libraries & PRELOAD.keys() == wanted


def test_programs_are_found_by_where_they_lie(project):
    root = project(
        {
            "docs/examples/demo.py": "",
            "docs/examples/_helper.py": "",
            "docs/figures/plot.py": "\ndef one(): ...\ndef _two(): ...\ndef three(x): ...\n",
            "docs/claims/topic.py": "x = 1\nC12 = 3\n",
            "derivations/rule.py": "# %% [markdown]\n# # A rule\n",
            "derivations/tools.py": '"""Not a derivation."""\n',
        }
    )
    found = catalogue(root)
    assert [program.id for program in found] == [
        "example demo", "figure plot.one", "derivation rule", "claim topic.C12",
    ]  # fmt: skip
    assert found["figure", "plot.one"].line == 2
    assert found.claim("C12").path == "docs/claims/topic.py"
    assert found.claim("C12").line == 2


def test_a_file_that_is_not_python_is_a_problem_with_its_line(project):
    root = project({"docs/figures/plot.py": "x = 1\ndef one(:\n"})
    assert catalogue(root).problems == ["docs/figures/plot.py:2: SyntaxError: invalid syntax"]
