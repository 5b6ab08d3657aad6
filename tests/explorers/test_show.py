"""A network of one's own in the player: from Python, from the command line, as one file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainrule
from chainrule.__main__ import main
from chainrule.explorers.presets import PRESETS
from chainrule.explorers.show import player, show
from chainrule.spec import SpecError

DEMO = PRESETS["demo"].spec


def test_a_network_becomes_one_file_that_needs_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "player.html"
    made = chainrule.show(**DEMO, out=out)
    html = out.read_text(encoding="utf-8")
    assert made.html == html
    assert not any(word in html for word in ("src=", "@import", "https://", "import {"))
    assert set(re.findall(r"url\((.{0,5})", html)) == {"data:"}
    assert html.count("</script") == 1
    assert html.index('"own"') < html.index('"demo"')


def test_layers_of_the_reference_can_be_shown(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    tanh = chainrule.ACTIVATIONS["tanh"]
    network = chainrule.dense_network(
        [3, 4, 2], [tanh, tanh], chainrule.INITIALIZERS["xavier"], rng
    )
    made = show(network, np.ones(3), np.zeros(2), learning_rate=0.1, out=tmp_path / "p.html")
    assert "A 3-4-2 network, step by step" in made.html
    assert json.dumps(network[0].affine.W.tolist()) in made.html


def test_a_notebook_shows_it_in_place() -> None:
    shown = player(DEMO)._repr_html_()
    assert shown.startswith("<iframe")
    assert "embedded&gt;" in shown


def test_without_a_file_a_browser_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    made = chainrule.show(**DEMO)
    path = Path(opened[0].removeprefix("file://"))
    assert path.read_text(encoding="utf-8") == made.html
    path.unlink()


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    spec, out = tmp_path / "spec.json", tmp_path / "player.html"
    spec.write_text(json.dumps(DEMO))
    assert main(["show", str(spec), "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == player(DEMO).html


def test_a_drawn_network_is_shown_with_its_weights() -> None:
    drawn = {"layer_sizes": [2, 3, 1], "activation": "tanh", "initializer": "xavier", "seed": 4}
    rest = {key: DEMO[key] for key in ("loss", "x", "target", "learning_rate")}
    assert "A 2-3-1 network" in player({**drawn, **rest}).html


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"layers": []}, "`layers`"),
        ({"x": [0.5]}, "`x`"),
        ({"steps": 0}, "at least 1"),
        ({"steps": 5000}, "at most 1000 updates"),
        ({"x": [[0.5, 0.8]] * 17, "target": [[1.0]] * 17}, "at most 16 examples"),
        ({"layers": [{"W": [[1.0, 1.0]] * 9, "activation": "tanh"}], "target": [0.0] * 9},
            "8 neurons"),
        ({"learning_rate": 1e308, "layers": [
            {"W": [[1e300, 1.0]], "activation": "identity"}]}, "at most a million"),
        ({"learning_rate": 2e6}, "at most a million"),
        ({"layers": 5}, "`layers`"),
        ({"x": [[0.5, 0.8], [1.0]]}, "`x"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_one_sentence(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        player({**DEMO, **change})


def test_layers_of_arrays_will_do_and_a_mistake_in_python_is_a_sentence_too(tmp_path: Path) -> None:
    network = [{"W": np.ones((1, 2)), "b": np.zeros(1), "activation": "sigmoid"}]
    out = tmp_path / "p.html"
    made = show(network, (0.5, np.float64(0.8)), [1], learning_rate=1, out=out)
    assert "A 2-1 network" in made.html
    with pytest.raises(SpecError, match="`x"):
        show(network, [[0.5, 0.8], [1.0]], [1], learning_rate=1, out=out)


def test_a_later_overflow_is_shown_and_not_refused() -> None:
    layers = [{"W": [[1.0]], "b": [0.0], "activation": "identity"}]
    rest = {"loss": "squared_error", "x": [3.0], "target": [0.0]}
    assert player({"layers": layers, "learning_rate": 1e3, "steps": 500, **rest}).html


def test_python_does_not_print_a_whole_page() -> None:
    assert len(repr(player(DEMO))) < 50


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere.json"], "cannot read"), (["-", "--out", "no/such/folder/p.html"], "cannot write")],
)
def test_a_mistake_on_the_command_line_is_one_sentence_and_status_2(
    arguments: list[str], said: str
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "chainrule", "show", *arguments],
        input=json.dumps(DEMO), capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert re.fullmatch(rf"chainrule show: {said}[^\n]*\n", ran.stderr)


def test_the_core_is_loaded_without_the_explorers() -> None:
    check = "import sys, chainrule; print('chainrule.explorers' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
    with pytest.raises(AttributeError, match="no attribute 'shows'"):
        _ = chainrule.shows
