"""The tuned step: the same numbers as the taught one, and fewer instructions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from chainrule import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    REDUCTIONS,
    Activation,
    Affine,
    Layer,
    dense_network,
    gradients,
    sgd,
    tuned,
)
from chainrule.tuned import Tuned

STEPS = 4
TOLERANCES = {"float32": 5e-6, "float64": 1e-13}
USUAL = ("half_squared_error", "squared_error", "softmax_cross_entropy")
SIZES = [4, 6, 6, 3]  # two neighbours of one size, and an odd one


def network(activation: str, last: str, dtype: str) -> list[Layer]:
    names = [activation, activation, last]
    functions = [ACTIVATIONS[name] for name in names]
    drawn = dense_network(SIZES, functions, INITIALIZERS["xavier"], np.random.default_rng(0))
    return [
        Layer(Affine(layer.affine.W.astype(dtype), np.full(len(layer.affine.b), 0.1, dtype)), f)
        for layer, f in zip(drawn, functions, strict=True)
    ]


def apart(found: list[Layer], expected: list[Layer]) -> float:
    """The largest difference of a parameter."""
    pairs = zip(found, expected, strict=True)
    return max(
        np.abs(mine - other).max()
        for a, b in pairs
        for mine, other in [(a.affine.W, b.affine.W), (a.affine.b, b.affine.b)]
    )


@pytest.fixture(params=["NumPy", "SciPy"])
def scipy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """With SciPy, layers count as large that are not."""
    if request.param == "SciPy":
        pytest.importorskip("scipy")
        monkeypatch.setattr(tuned, "LARGE", 25)
    return request.param == "SciPy"


@pytest.mark.parametrize("batch_size", [1, 5])
@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_it_trains_as_the_taught_code_does(
    activation: str, loss: str, dtype: str, batch_size: int, scipy: bool
):
    last = "identity" if LOSSES[loss].takes_logits else activation
    start, rng = network(activation, last, dtype), np.random.default_rng(1)
    x = rng.standard_normal((batch_size, SIZES[0])).astype(dtype)
    t = rng.random((batch_size, SIZES[-1])).astype(dtype)
    for reduction in REDUCTIONS:
        taught = start
        it = Tuned(
            start, batch_size, LOSSES[loss], reduction=reduction, learning_rate=0.01, scipy=scipy
        )
        it.x[...], it.t[...] = x, t
        for _ in range(STEPS):
            step = gradients(taught, x, t, LOSSES[loss], reduction=reduction)
            taught = sgd(taught, step, 0.01)
            it.step()
            assert apart(it.network, taught) < TOLERANCES[dtype]
        parts = [part for layer in it.network for part in (layer.affine.W, layer.affine.b)]
        assert {part.dtype for part in parts} == {np.dtype(dtype)}
        assert apart(it.network, start) > 1e-4


def test_a_step_of_learning_rate_one_is_the_gradient(scipy: bool):
    start, loss = network("tanh", "tanh", "float64"), LOSSES["half_squared_error"]
    x, t = np.random.default_rng(1).random((2, 5, 4))[0], np.full((5, 3), 0.3)
    it = Tuned(start, 5, loss, reduction="sum", learning_rate=1, scipy=scipy)
    it.x[...], it.t[...] = x, t
    it.step()
    for old, new, gradient in zip(
        start, it.network, gradients(start, x, t, loss, reduction="sum"), strict=True
    ):
        np.testing.assert_allclose(old.affine.W - new.affine.W, gradient.W, atol=1e-14)
        np.testing.assert_allclose(old.affine.b - new.affine.b, gradient.b, atol=1e-14)


def test_the_given_network_and_the_network_told_are_left_alone(scipy: bool):
    start = network("sigmoid", "sigmoid", "float64")
    before = network("sigmoid", "sigmoid", "float64")
    it = Tuned(start, 1, LOSSES["squared_error"], reduction="sum", learning_rate=1, scipy=scipy)
    told = it.network
    it.step()
    assert apart(start, before) == apart(told, before) == 0 < apart(it.network, before)


def one_step(start: list[Layer], loss: str, x: np.ndarray, t: np.ndarray) -> tuple[Tuned, float]:
    """A network after one step, and how far it is from what the taught code makes of it."""
    it = Tuned(start, len(x), LOSSES[loss], reduction="mean", learning_rate=0.1)
    it.x[...], it.t[...] = x, t
    it.step()
    step = gradients(start, x, t, LOSSES[loss], reduction="mean")
    return it, apart(it.network, sgd(start, step, 0.1))


@pytest.mark.usefixtures("scipy")
def test_one_layer_is_a_network():
    start = network("sigmoid", "sigmoid", "float64")[:1]
    _, off = one_step(start, "squared_error", np.ones((1, 4)), np.ones((1, 6)))
    assert off < 1e-14


def test_an_activation_of_your_own_is_trained_too():
    own = Activation("own", np.tanh, lambda z, a: 1 - a * a)
    start = [Layer(layer.affine, own) for layer in network("tanh", "tanh", "float64")]
    _, off = one_step(start, "squared_error", np.ones((2, 4)), np.ones((2, 3)))
    assert off < 1e-14


def test_large_logits_do_no_harm():
    start = network("identity", "identity", "float64")
    x, t = np.full((2, 4), 1e5), np.eye(3)[:2]
    _, off = one_step(start, "softmax_cross_entropy", x, t)
    assert off < 1e-9


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(
    ("large", "alone"),
    [(30, [True, True, False]), (42, [False, True, False]), (43, [False, False, False])],
)
def test_scipys_product_moves_the_large_matrices(
    monkeypatch: pytest.MonkeyPatch, dtype: str, large: int, alone: list[bool]
):
    """With their biases they have 30, 42 and 21 numbers. Told not to use SciPy, it moves none."""
    pytest.importorskip("scipy")
    monkeypatch.setattr(tuned, "LARGE", large)
    start, settings = network("tanh", "tanh", dtype), {"reduction": "sum", "learning_rate": 1}
    it = Tuned(start, 2, LOSSES["squared_error"], **settings)
    assert [layer.step is None for layer in it.layers] == alone
    moved, *_ = it.plan[-1].args
    assert moved.size == sum(
        size for size, apart in zip((30, 42, 21), alone, strict=True) if not apart
    )
    it = Tuned(start, 2, LOSSES["squared_error"], **settings, scipy=False)
    assert all(layer.step is not None for layer in it.layers)


def test_a_slope_of_one_is_not_multiplied_with():
    x, t = np.ones((2, 4)), np.ones((2, 3))
    calls = {
        last: len(one_step(network("tanh", last, "float64"), "squared_error", x, t)[0].plan)
        for last in ("tanh", "identity")
    }
    assert calls["tanh"] - calls["identity"] == 1


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_the_usual_steps_are_prepared_calls_and_nothing_in_them_is_cast(activation: str, loss: str):
    last = "identity" if LOSSES[loss].takes_logits else activation
    start = network(activation, last, "float32")
    it = Tuned(start, 2, LOSSES[loss], reduction="mean", learning_rate=0.1)
    calls = [call for call in it.plan if isinstance(call, partial)]
    as_taught = [call for call in calls if call.func is tuned.write]
    assert len(it.plan) == len(calls)
    assert len(as_taught) == (last == "identity") + (loss not in USUAL)
    given = [argument for call in calls for argument in (*call.args, *call.keywords.values())]
    numbers = [argument for argument in given if isinstance(argument, np.ndarray | np.generic)]
    assert {number.dtype for number in numbers} == {np.dtype("float32")}


def test_a_step_makes_no_array(scipy: bool):
    """Of the usual activations and losses; tracemalloc sees what NumPy asks for."""
    import tracemalloc

    for activation, loss in [("sigmoid", "half_squared_error"), ("relu", "softmax_cross_entropy")]:
        last = "identity" if LOSSES[loss].takes_logits else activation
        wide = dense_network(
            [256, 256, 256], [ACTIVATIONS[activation], ACTIVATIONS[last]], INITIALIZERS["he"],
            np.random.default_rng(0),
        )  # fmt: skip
        it = Tuned(wide, 256, LOSSES[loss], reduction="mean", learning_rate=0.1, scipy=scipy)
        it.step()
        tracemalloc.start()
        it.step()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 256 * 256 * 8 / 4  # a cast goes through a small buffer


# Instructions ---------------------------------------------------------------------------------

PROGRAM = """
import os
import sys
import numpy as np
from chainrule.activations import ACTIVATIONS
from chainrule.losses import LOSSES
from chainrule.network import Affine, Layer
from chainrule.optimizers import sgd
from chainrule.training import gradients
from chainrule.tuned import Tuned

network = [
    Layer(Affine(np.array(W), np.array(b)), ACTIVATIONS["sigmoid"])
    for W, b in [([[0.15, 0.2], [0.25, 0.3]], [0.35, 0.35]), ([[0.4, 0.45]], [0.6])]
]
x, t, loss = np.array([[0.5, 0.8]]), np.array([[1.0]]), LOSSES["half_squared_error"]
tuned = Tuned(network, 1, loss, reduction="sum", learning_rate=0.5)
tuned.x[...], tuned.t[...] = x, t

def taught():
    global network
    network = sgd(network, gradients(network, x, t, loss, reduction="sum"), 0.5)

for step in (tuned.step, taught):
    for _ in range(20):  # Python makes faster what it has met a few times
        step()
    os.getppid()  # where valgrind writes down what it has counted since the last one
    for _ in range(int(sys.argv[1])):
        step()
    os.getppid()
"""
STEPS_COUNTED = 100
BOUNDS = {"tuned": 110_000, "taught": 230_000}


def instructions(steps: int, folder: Path) -> dict[str, float]:
    """Of one step of each, as valgrind counts them."""
    command = [
        "valgrind", "--tool=callgrind", f"--callgrind-out-file={folder / 'out'}",
        "--dump-before=getppid", sys.executable, "-c", PROGRAM, str(steps),
    ]  # fmt: skip
    environment = {
        "PYTHONPATH": str(Path(__file__).parent.parent / "src"),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    given = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    subprocess.run(command, env=given | environment, capture_output=True, check=True)
    dumps = sorted(folder.glob("out.*"), key=lambda path: int(path.suffix[1:]))
    _, tuned, _, taught = (
        int(re.findall(r"^totals: (\d+)", path.read_text(), re.MULTILINE)[0]) for path in dumps[-4:]
    )
    return {"tuned": tuned / steps, "taught": taught / steps}


@pytest.mark.skipif(not shutil.which("valgrind"), reason="valgrind counts the instructions")
def test_a_step_of_the_worked_network_takes_few_instructions(tmp_path: Path):
    found = instructions(STEPS_COUNTED, tmp_path)
    assert found["tuned"] <= BOUNDS["tuned"], found
    assert found["taught"] <= BOUNDS["taught"], found
