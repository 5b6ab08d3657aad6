"""The markup of an explorer and the modules that wake it: `python -m weave.runners.explorers demo`.

The explorers' own modules draw it, run here with the trace of the reference; in the browser they
run with their engine. That both traces agree is seen to on the way.
"""

from __future__ import annotations

import functools
import json
import re
import sys
from html import escape
from typing import Any

import dukpy  # pyright: ignore[reportMissingTypeStubs]
import pygments.formatters  # pyright: ignore[reportUnusedImport]
import pygments.lexers  # pyright: ignore[reportUnusedImport]

from chainrule import explorers
from chainrule.explorers import presets
from chainrule.explorers.presets import PRESETS
from chainrule.trace import trace
from weave.errors import WeaveError, unknown
from weave.explorers import Made
from weave.maths import render_tex
from weave.roles import colour

_pygments: Any = pygments  # which has no types

TOLERANCE = 1e-12
DRAWING_MODULES = ("engine", "formulas", "steps", "view", "state")

SLOT = re.compile(r"⟦(\d)⟧")
TYPESET_SLOT = re.compile(
    r'<span class="enclosing slot(\d)(?: mtight)?"><span class="mord(?: mtight)?">0</span>'
    r'((?:<span class="mspace"[^>]*></span>)?)</span>'
)
DRAWN = re.compile(r"<katex-html[^>]*>(.*)</katex-html>", re.S)
STRUT = re.compile(r'<span class="katex-strut"[^>]*></span>')
COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)  # the reader of a page can do without
STYLE = re.compile(r' style="([^"]*)"')


def make(name: str) -> Made:
    """The player with this preset. Raises WeaveError if engine and reference disagree."""
    if name not in PRESETS:
        raise unknown("there is no preset", name, PRESETS)
    preset = PRESETS[name]
    data = {"spec": preset.spec, "trace": trace(preset.spec)}
    drawn = _engine().evaljs("staticPlayer(dukpy.spec, dukpy.trace)", **data)
    if drawn["residual"] > TOLERANCE:
        raise WeaveError(f"engine and reference differ by {drawn['residual']:.1e} in '{name}'")
    title, watch = escape(preset.title), escape(preset.watch)
    listings = "".join(drawn["listings"])
    html = (
        f'<cr-player preset="{name}"><div class="player__still">'
        f'<p class="player__watch"><strong>{title}.</strong> {watch}</p>'
        f'<figure class="player__diagram">{drawn["wide"]}{drawn["narrow"]}</figure>'
        f'<h3 class="player__head">Every number of the first update</h3>{drawn["table"]}'
        f'<h3 class="player__head">The code that computes them</h3>{listings}'
        f"</div></cr-player>"
    )
    module, sheet = generated()
    served = {
        f"{name}.mjs": COMMENT.sub("", explorers.source(name))
        for name in (*explorers.MODULES, *explorers.EXTRAS)
    }
    return Made(
        html, float(drawn["residual"]), {**served, "generated.mjs": module, "formulas.css": sheet}
    )


_STATIC = """
globalThis.staticPlayer = function (spec, reference) {
  const settings = settingsOf(spec);
  const found = trace(settings, {derived: DERIVED});
  const scene = sceneOf({...found, ...asRows(settings, reference)}, {});
  const loss = `losses.${settings.loss}`;
  const symbols = ["network.forward", loss, "network.backward", "optimizers.sgd"];
  return {
    residual: apart(found, asRows(settings, reference)),
    wide: diagram(scene, false), narrow: diagram(scene, true), table: table(scene),
    listings: symbols.map((symbol) => listing(symbol)),
  };
};
// The trace of the reference with its examples as rows, and what the engine adds to it.
function asRows(settings, reference) {
  const rows = (values) => Array.isArray(values[0]) ? values : [values];
  const own = trace(settings, {derived: DERIVED});
  return {
    steps: reference.steps.map((step, n) => ({
      loss: step.loss, y: rows(step.y),
      layers: step.layers.map((layer, k) => ({
        ...own.steps[n].layers[k], ...layer,
        z: rows(layer.z), a: rows(layer.a), delta: rows(layer.delta),
      })),
    })),
    final: {...own.final, ...reference.final, y: rows(reference.final.y)},
  };
}
function apart(one, other) {
  const numbers = ({loss, y, layers}) => [loss, ...y.flat(), ...layers.flatMap((l) =>
    ["z", "a", "delta", "dW", "db", "W", "b"].flatMap((name) => l[name] ? l[name].flat() : []))];
  const all = ({steps, final}) => [...steps, final].flatMap(numbers);
  const [left, right] = [all(one), all(other)];
  return left.length === right.length ? Math.max(...left.map((v, n) => Math.abs(v - right[n]))) : 1;
}
0"""


@functools.cache
def _engine() -> Any:
    engine: Any = dukpy.JSInterpreter()
    # Without a scope of their own the names of the modules would be lost after this call.
    body = explorers.script(generated()[0], DRAWING_MODULES) + _STATIC.rstrip("0")
    engine.evaljs(f"(function () {{ {body} }})(); 0")
    return engine


@functools.cache
def generated() -> tuple[str, str]:
    """The module that the explorers import, and the style sheet of its formulas."""
    fragments, sheet = typeset()
    return explorers.generated_module(fragments, code(), _derived(), presets.as_data()), sheet


def typeset() -> tuple[dict[str, str], str]:
    """Every piece of a formula as HTML by name, and the style sheet that all of them need."""
    styles: dict[str, str] = {}

    def as_class(found: re.Match[str]) -> str:
        return f' data-k="{styles.setdefault(found[1], str(len(styles)))}"'

    fragments = {name: STYLE.sub(as_class, _fragment(tex)) for name, tex in _pieces().items()}
    return fragments, "".join(f'[data-k="{k}"]{{{style}}}\n' for style, k in styles.items())


def code() -> dict[str, dict[str, Any]]:
    """The listings of the reference, coloured, by the name of their symbol."""
    return {name: _listing(found) for name, found in explorers.listings().items()}


def _pieces() -> dict[str, str]:
    """The TeX of every piece of a formula, as the module `formulas` has it."""
    empty = explorers.generated_module({}, {}, "", {})
    body = explorers.script(empty, ("engine", "formulas"))
    found: Any = dukpy.evaljs(f"(function () {{ {body}; return PIECES; }})()")  # pyright: ignore[reportUnknownMemberType]
    return {name: str(piece[0]) for name, piece in found.items()}


def _fragment(tex: str) -> str:
    slotted = SLOT.sub(lambda slot: rf"\htmlClass{{slot{slot[1]}}}{{0}}", tex)
    drawn = DRAWN.search(render_tex(slotted, display=False))
    assert drawn is not None, "KaTeX draws every piece"
    light = STRUT.sub("", drawn[1])  # the lines of the player are high enough without
    return TYPESET_SLOT.sub(lambda slot: f"⟦{slot[1]}⟧{slot[2]}", light)


def _listing(found: explorers.Listing) -> dict[str, Any]:
    formatted = _pygments.highlight(
        found.text, _pygments.lexers.PythonLexer(), _pygments.formatters.HtmlFormatter(nowrap=True)
    )
    in_roles = colour(f'<div class="language-python highlight"><pre>{formatted}</pre>')
    lines = in_roles.partition("<pre>")[2].removesuffix("</pre>").rstrip("\n").split("\n")
    return {"path": found.path, "line": found.line, "lines": lines, "marks": found.marks}


def _derived() -> str:
    """The function SymPy derived for the 2-2-1 network."""
    from derivations import two_two_one

    return str(two_two_one.javascript_module())


if __name__ == "__main__":
    try:
        print(json.dumps(vars(make(sys.argv[1]))))
    except WeaveError as error:
        sys.exit(str(error))
