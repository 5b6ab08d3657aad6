"""A downloaded program runs by itself where only the reference package is installed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from weave.bundles import standalone, tools
from weave.crew import environment
from weave.errors import WeaveError
from weave.programs import Failure, Runner, catalogue

ROOT = Path(__file__).parents[2]

# What a reader has who installed NumPy, SymPy and the reference package, and nothing of the book.
READERS_PYTHON = """\
import sys
for name in ("dukpy", "weave", "matplotlib", "IPython", "jupytext"):
    sys.modules[name] = None
sys.path[:] = [path for path in sys.path if path != {root!r}]
code = open(sys.argv[1], encoding="utf-8").read()
cells = [code]
if sys.argv[1].endswith(".ipynb"):
    import json
    cells = ["".join(c["source"]) for c in json.loads(code)["cells"] if c["cell_type"] == "code"]
for cell in cells:
    exec(compile(cell, "cell", "exec"), vars(sys.modules["__main__"]))
"""


@pytest.fixture(scope="module")
def results():
    runner = Runner(ROOT)
    known = catalogue(ROOT).programs
    yield runner.run([*known["derivation"].values(), *known["example"].values()])
    runner.close()


def run_alone(text: str, name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / name).write_text(text, encoding="utf-8")
    script = READERS_PYTHON.format(root=str(ROOT))
    command = [sys.executable, "-c", script, name]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(ROOT),
        capture_output=True,
        text=True,
        check=False,
    )


NAMES = sorted(catalogue(ROOT).programs["derivation"])


@pytest.mark.parametrize("name", NAMES)
def test_the_downloaded_python_runs_in_an_empty_folder(name: str, results, tmp_path: Path):
    result = results[catalogue(ROOT)["derivation", name]]
    assert not isinstance(result, Failure), result.reason
    done = run_alone(result["script"], f"{name}.py", tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", NAMES[:2])
def test_the_downloaded_notebook_runs_in_an_empty_folder(name: str, results, tmp_path: Path):
    result = results[catalogue(ROOT)["derivation", name]]
    done = run_alone(json.dumps(result["download"]), f"{name}.ipynb", tmp_path)
    assert done.returncode == 0, done.stderr


# These tell what was measured, and that stands in a file of the checkout.
OF_A_MEASUREMENT = {"how_fast", "how_fast_goals", "promises"}


@pytest.mark.parametrize("name", sorted(OF_A_MEASUREMENT))
def test_a_downloaded_example_says_what_it_lacks(name: str, results, tmp_path: Path):
    done = run_alone(results[catalogue(ROOT)["example", name]]["script"], f"{name}.py", tmp_path)
    assert done.returncode == 1
    assert done.stderr.endswith("is not here: run this in a checkout of the book\n")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "name", sorted(catalogue(ROOT).programs["example"].keys() - OF_A_MEASUREMENT)
)
def test_a_downloaded_example_prints_in_an_empty_folder_what_the_page_shows(
    name: str, results, tmp_path: Path
):
    result = results[catalogue(ROOT)["example", name]]
    assert not isinstance(result, Failure), result.reason
    done = run_alone(result["script"], f"{name}.py", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == result["output"]


def test_tools_import_each_other_in_any_order_and_print_nothing(project, tmp_path: Path):
    root = project(
        {
            "rules/__init__.py": '"""Rules."""\n',
            "rules/first.py": "from . import second\nfrom .third import z\nprint('noise')\n",
            "rules/second.py": "x = 'from second'\n",
            "rules/third.py": "z = 'and third'\n",
            "rules/main.py": "# %% [markdown]\n# # Main\n# Here $\\w{w_1}$ is\n\n"
            "# %%\nfrom rules.first import second, z\nprint(second.x, z)\n",
        }
    )
    main = root / "rules/main.py"
    code = tools(main, sorted((root / "rules").glob("*.py")), [root])
    text = standalone(main.read_text(), code)
    assert text.startswith("# %% [markdown]\n# # Main\n")
    assert text.endswith(main.read_text().partition("# %%\n")[2])
    assert r"Here ${w_1}$ is" in text
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert run_alone(text, "main.py", elsewhere).stdout == "from second and third\n"


def test_a_tool_that_cannot_be_written_out_is_named(project):
    root = project({"rules/tool.py": "x = '''text'''\n", "rules/main.py": "# %%\n"})
    with pytest.raises(WeaveError, match=r"tool\.py: three single quotes"):
        tools(root / "rules/main.py", [root / "rules/tool.py"], [root])
