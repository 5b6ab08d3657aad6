"""The interactive figures: ES modules without a bundler, and what they are given from Python.

MODULES       the modules of the player, each after those it imports
needed()      what one of the smaller explorers is made of, in the same order
script()      modules as one classic script, for a page that stands alone and for tests
listings()    the lines of the reference that the player shows
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..activations import ACTIVATIONS
from ..losses import LOSSES

FOLDER = Path(__file__).parent
MADE = ("fragments", "generated")  # by the build
MODULES = (
    "numbers", "pieces", "engine", "formulas", "steps", "view", "state", "morph",
    "element", "player",
)  # fmt: skip
EXTRAS = ("export", "files")  # loaded when somebody asks for a file

IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.mjs";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)

# Which expression a step points to; each stands in exactly one line of its function.
MARKS = {
    "network.forward": {"z": "z = a_in.dot(", "a": "a = layer.activation.f(z)"},
    "network.backward": {
        "delta": "delta = dL_da *",
        "gradients": "gradients.append(",
        "passed down": "dL_da = delta.dot(",
    },
    "optimizers.sgd": {
        "W": "layer.affine.W - learning_rate",
        "b": "layer.affine.b - learning_rate",
    },
}


@dataclass(frozen=True)
class Listing:
    """A symbol of the reference as it stands in its file, and the lines that steps point to."""

    path: str
    line: int
    text: str
    marks: dict[str, list[int]]


def source(name: str) -> str:
    """The text of one module."""
    return (FOLDER / f"{name}.mjs").read_text(encoding="utf-8")


def needed(name: str) -> tuple[str, ...]:
    """A module and all that it imports, each after those it imports itself."""
    found: dict[str, None] = {}
    for other in IMPORT.findall(source(name)):
        if other not in MADE:
            found |= dict.fromkeys(needed(other))
    return (*found, name)


def script(made: str, modules: tuple[str, ...] = MODULES) -> str:
    """The modules one after the other, without the words that tie them together.

    `made` is the text of what nobody writes by hand, `fragments_module` and `generated_module`.
    """
    whole = "\n".join([made, *map(source, modules)])
    return EXPORT.sub("", IMPORT.sub("", whole))


def listings() -> dict[str, Listing]:
    """Every function of the reference that a step points to, by name."""
    found = {name: _listing(name, marks) for name, marks in MARKS.items()}
    for name in ("losses.Loss.value", "losses.Loss.gradient", *_called()):
        found[name] = _listing(name, {})
    return found


def _called() -> list[str]:
    activations = [f"activations.{name}{part}" for name in ACTIVATIONS for part in ("", "_slope")]
    return activations + [f"losses.{name}{part}" for name in LOSSES for part in ("", "_slope")]


def _listing(name: str, marks: dict[str, str]) -> Listing:
    module, *symbols = name.split(".")
    symbol: Any = importlib.import_module(f"chainrule.{module}")
    for part in symbols:
        symbol = getattr(symbol, part)
    lines, first = inspect.getsourcelines(symbol)
    text = inspect.cleandoc("\n" + "".join(lines))
    found = {mark: _lines_with(expression, text, name) for mark, expression in marks.items()}
    body = [n for n, line in enumerate(text.splitlines()) if line.lstrip().startswith("return ")]
    return Listing(f"src/chainrule/{module}.py", first, text, found or {"body": body})


def _lines_with(expression: str, text: str, name: str) -> list[int]:
    """The line of the expression; in a reference that has changed it may be gone."""
    lines = [n for n, line in enumerate(text.splitlines()) if expression in line]
    if len(lines) != 1:
        raise LookupError(f"'{expression}' stands in {len(lines)} lines of chainrule.{name}")
    return lines


def fragments_module(fragments: dict[str, str]) -> str:
    """The text of `fragments.mjs`: the typeset pieces of formulas, by name."""
    return f"export const FRAGMENTS = {_javascript(fragments)};\n"


def generated_module(code: dict[str, Any], derived: str, presets: dict[str, Any]) -> str:
    """The text of `generated.mjs`: what the player is given from Python.

    `derived` is a JavaScript function called two_two_one, or nothing.
    """
    constants = {"CODE": code, "PRESETS": presets}
    lines = [f"export const {name} = {_javascript(value)};" for name, value in constants.items()]
    return "\n".join([*lines, f"export const DERIVED = {derived or 'null'};", ""])


def _javascript(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.replace("</", "<\\/").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
