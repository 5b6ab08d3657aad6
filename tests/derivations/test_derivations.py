"""Every derivation of the book, found by looking: its lines, its checks, its page."""

import ast
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from derivations.calculus import Derivation
from weave.maths import render_tex

FOLDER = Path(__file__).parents[2] / "derivations"
PAGES = sorted(p.stem for p in FOLDER.glob("*.py") if p.read_text("utf-8").startswith("# %%"))
ASKED_FOR = {
    "sigmoid": ["slope"],
    "tanh": ["slope"],
    "relu": ["slope"],
    "neuron": ["dL_dw", "dL_db"],
    "two_two_one": [
        *["dL_dw11", "dL_dw12", "dL_dw21", "dL_dw22", "dL_db1", "dL_db2"],
        *["dL_dw31", "dL_dw32", "dL_db3", "dL_dz1", "dL_dz2", "dL_dz3", "dL_dh1", "dL_dh2"],
    ],
    "softplus": ["slope"],
    "gelu": ["slope", "slope_of_the_slope", "slope_with_tanh"],
    "losses": ["half_squared_error", "mean_squared_error", "in_the_logit", "stable"],
    "softmax": ["own", "other", "dL_dz1", "cross_entropy", "dlse_dz1", "shift"],
    "difference_error": ["both_sides", "balance", "remains"],
    "cost": ["backward_to_forward", "up", "down"],
    "steepest_descent": ["slope", "step", "fall"],
    "momentum": ["one_step", "pace", "complex_range", "best_beta", "at_minus_one"],
    "adam": ["mean_of_equal_slopes", "first", "spike"],
    "weight_decay": ["plain", "coupled", "decoupled"],
    "initial_variance": ["size_of_z", "size_of_a", "he", "xavier"],
    "residual": ["product_of_sums", "paths"],
    "vec_trace": ["dL_dX"],
    "hessian_vector": ["hessian_times_v"],
    "layer_norm": ["dL_dc1", "dL_dx1"],
    "batch_norm": ["dL_dgamma", "dL_dbeta", "scale_free"],
    "dropout": ["dL_da", "mean_stays", "noise"],
    "recurrent": ["by_first", "dh3_dw"],
    "convolution": ["dL_dw1", "dL_dx3", "dL_dx1"],
    "attention": ["dL_dV", "dL_dP", "dL_dQ", "dL_dK"],
    "layer_recursion": ["dL_da", "error", "dL_dW", "dL_db"],
    "batch": ["dL_dW", "dL_db", "dL_dA", "sum_of_examples"],
    "quadratic_descent": ["many_steps", "settles", "best_step", "after_a_step"],
    "vanishing_bound": ["largest_slope", "bound", "window"],
}
ALL = {
    f"{page}.{name}": value
    for page in PAGES
    for name, value in vars(import_module(f"derivations.{page}")).items()
    if isinstance(value, Derivation)
}


@pytest.fixture(params=ALL)
def derivation(request: pytest.FixtureRequest) -> Derivation:
    return ALL[request.param]


@pytest.mark.parametrize(("page", "names"), ASKED_FOR.items())
def test_every_derivation_asked_for_is_there(page: str, names: list[str]):
    assert {f"{page}.{name}" for name in names} <= ALL.keys()


def test_a_derivation_has_more_than_one_step(derivation: Derivation):
    assert len(derivation.steps) >= 2


def test_every_line_has_its_rule_or_its_reason(derivation: Derivation):
    for step in derivation.steps:
        assert step.rule
        assert step.statement or step.because


def test_a_derivation_agrees_with_every_witness(derivation: Derivation):
    for check in derivation.checks():
        assert check.residual <= check.tolerance
        assert check.tolerance == (1e-8 if check.against == "central differences" else 1e-12)
        assert check.points >= 6


def test_a_slope_is_held_against_differences(derivation: Derivation):
    witnesses = {check.against for check in derivation.checks()}
    assert {"SymPy, line by line", "the generated JavaScript"} <= witnesses
    if hasattr(derivation.lhs, "by") and derivation.relation == "=":
        assert "central differences" in witnesses


def test_no_difference_is_taken_across_the_kink_of_relu():
    points = {check.against: check.points for check in ALL["relu.slope"].checks()}
    assert points["central differences"] == points["the generated JavaScript"] - 1


STEPPING_STONES = {
    "two_two_one": ["dy_dz3", "dz3_dh1", "dh1_dz1", "dz1_dw11"],
    "quadratic_descent": ["slope_of_the_drop"],
    "steepest_descent": ["slope"],
    "weight_decay": ["slope"],
    "layer_norm": ["dL_dc1", "dL_dc2", "dL_dc3"],
    "hessian_vector": ["dz_dr", "dy_dz", "dg_dy"],
    "residual": ["first_block", "second_block", "third_block"],
    "recurrent": [
        *["dh1_dz1", "dh2_dz2", "dh3_dz3", "dz2_dh1", "dz3_dh2", "dh3_dh2"],
        *["dz1_dcopy", "dz2_dcopy", "dz3_dcopy", "by_last", "by_second", "by_first"],
    ],
}


def test_only_stepping_stones_have_no_witness_in_the_reference():
    without = {name for name, derivation in ALL.items() if derivation.agrees_with is None}
    assert without == {
        f"{page}.{name}" for page, names in STEPPING_STONES.items() for name in names
    }


def test_every_line_can_be_typeset(derivation: Derivation):
    data = derivation.to_data()
    statements = [step["statement"] for step in data["steps"] if step["statement"]]
    lines = [step["latex"] for step in data["steps"]]
    for tex in [data["lhs"], data["result"], data["equation"], *lines, *statements]:
        assert tex
        assert render_tex(tex, display=True)


def test_a_notebook_shows_all_lines_at_once(derivation: Derivation):
    shown = derivation._repr_latex_()
    assert shown.startswith("$$")
    assert shown.endswith("$$")
    assert shown.count("&&") == len(derivation.steps)
    assert render_tex(shown.strip("$"), display=True)


def test_the_data_survive_json(derivation: Derivation):
    data = derivation.to_data()
    assert json.loads(json.dumps(data)) == data
    assert data["javascript"].startswith(f"function {derivation.name}(")
    assert derivation.name.isidentifier()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_a_title_and_a_lead(page: str):
    first_cell, _ = (FOLDER / f"{page}.py").read_text("utf-8").split("\n\n", 1)
    opening, title, blank, *lead = first_cell.splitlines()
    assert opening == "# %% [markdown]"
    assert title.startswith("# # ")
    assert blank == "#"
    assert all(line.startswith("# ") for line in lead)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_from_top_to_bottom_by_itself(page: str):
    run = f"import runpy; runpy.run_path({str(FOLDER / page)!r} + '.py', run_name='__main__')"
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", run], capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr
    assert "SymPy, line by line" in child.stdout


@pytest.mark.parametrize("page", PAGES)
def test_importing_a_page_prints_nothing(page: str):
    for line in (FOLDER / f"{page}.py").read_text("utf-8").splitlines():
        assert not line.startswith(("print(", "report("))


def test_no_derivation_is_left_to_simplify():
    """Its rules are nobody's reason, and it takes a thousand times as long as the steps."""
    for path in (Path(__file__).parents[2] / "derivations").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = getattr(node, "id", getattr(node, "attr", getattr(node, "name", "")))
            assert named not in ("simplify", "nsimplify"), f"{path.name}:{node.lineno}"
