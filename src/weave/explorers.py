"""Explorers in pages: drawn while the site is built, woken by their modules in the browser.

    player(name)     the player with one preset: diagram, table and code, all there to be read
    explorer(name)   one of the smaller explorers, as it stands before anybody has touched it
    files(names)     the modules that wake the player and these explorers, by address on the site

Their own modules draw them, run here with numbers of the reference; in the browser they run with
their engine. That both find the same numbers is seen to on the way.
"""

from __future__ import annotations

import functools
import importlib
import math
import re
from collections.abc import Iterable
from html import escape
from typing import Any

import dukpy  # pyright: ignore[reportMissingTypeStubs]
import pygments.formatters  # pyright: ignore[reportUnusedImport]
import pygments.lexers  # pyright: ignore[reportUnusedImport]

from chainrule import explorers
from chainrule.explorers import presets
from chainrule.explorers.presets import PRESETS
from chainrule.trace import trace

from .errors import WeaveError, unknown
from .formats import Json
from .maths import render_tex
from .roles import colour

_pygments: Any = pygments  # which has no types

FOLDER = "assets/explorers"
TOLERANCE = 1e-12
PLAYER = tuple(name for name in explorers.MODULES if name not in ("morph", "element", "player"))

SLOT = re.compile(r"⟦(\d)⟧")
TYPESET_SLOT = re.compile(
    r'<span class="enclosing slot(\d)(?: mtight)?"><span class="mord(?: mtight)?">0</span>'
    r'((?:<span class="mspace[^>]*></span>)?)</span>'
)
DRAWN = re.compile(r"<katex-html[^>]*>(.*)</katex-html>", re.S)
STRUT = re.compile(r'<span class="katex-strut[^>]*></span>')
# What is drawn again with every step has to be light: spans that change nothing, small exponents.
PLAIN = re.compile(r'<span class="m(?:ord|op|bin|rel|open|close|punct)">([^<]+)</span>')
SIGN = re.compile(r'<span class="katex-base">([^<])</span>')
EXPONENT = re.compile(
    r'<span class="msupsub"><span class="vlist-t"><span class="vlist-r"><span class="vlist[^>]*>'
    r'<span[^>]*><span class="pstrut[^>]*></span><span class="katex-sizing[^>]*>'
    r'<span class="mord mtight">(?:<span class="mord mtight">([^<]*)</span>|([^<]*))</span>'
    r"(?:</span>){6}"
)
COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)  # the reader of a page can do without


def player(name: str) -> dict[str, Any]:
    """The player with this preset. Raises WeaveError if engine and reference disagree."""
    if name not in PRESETS:
        raise unknown("there is no preset", name, PRESETS)
    preset = PRESETS[name]
    data = {"spec": preset.spec, "trace": trace(preset.spec)}
    drawn = _engine().evaljs("staticPlayer(dukpy.spec, dukpy.trace)", **data)
    title, watch = escape(preset.title), escape(preset.watch)
    listings = "".join(drawn["listings"])
    html = (
        f'<cr-player preset="{name}"><div class="player__still">'
        f'<p class="player__watch"><strong>{title}.</strong> {watch}</p>'
        f'<figure class="player__diagram">{drawn["wide"]}{drawn["narrow"]}</figure>'
        f'<h2 class="player__head">Every number of the first update</h2>{drawn["table"]}'
        f'<h2 class="player__head">The code that computes them</h2>{listings}'
        f"</div></cr-player>"
    )
    return _agreed(f"player {name}", "player", html, float(drawn["residual"]))


def explorer(name: str) -> dict[str, Any]:
    """An explorer at its start. Raises WeaveError if module and reference disagree.

    The module `NAME.mjs` has `START`, the settings; `compute(settings)`, the numbers that follow;
    and `still(settings, numbers)`, the markup. `NAME.py` has `reference(settings)`, which finds
    the same numbers with the reference code.
    """
    reference: Any = importlib.import_module(f"chainrule.explorers.{name}")
    made = explorers.fragments_module(typeset(name))
    body = explorers.script(made, explorers.needed(name))
    engine: Any = dukpy.JSInterpreter()
    engine.evaljs(
        f"(function () {{ {NO_BROWSER} {body}; Object.assign(globalThis, "
        "{START, compute, still}); })(); 0"
    )
    numbers = reference.reference(engine.evaljs("START"))
    residual = apart(engine.evaljs("compute(START)"), numbers)
    drawn = str(engine.evaljs("still(START, dukpy.numbers)", numbers=numbers))
    tag = f"cr-{name.replace('_', '-')}"
    html = f'<{tag} class="explorer"><div class="explorer__still">{drawn}</div></{tag}>'
    return _agreed(f"explorer {name}", name, html, residual)


def files(names: Iterable[str]) -> dict[str, str]:
    """What the site serves for the player and for these explorers."""
    names = list(names)
    made = {
        "fragments.mjs": explorers.fragments_module(typeset("player", *names)),
        "generated.mjs": explorers.generated_module(code(), _derived(), presets.as_data()),
    }
    served = dict.fromkeys([*explorers.MODULES, *explorers.EXTRAS])
    for name in names:
        served |= dict.fromkeys(explorers.needed(name))
    made |= {f"{name}.mjs": COMMENT.sub("", explorers.source(name)) for name in served}
    return {f"{FOLDER}/{name}": text for name, text in made.items()}


def _agreed(what: str, module: str, html: str, residual: float) -> dict[str, Any]:
    if not residual <= TOLERANCE:
        raise WeaveError(f"{what}: the module and the reference differ by {residual:.1e}")
    return {"html": html, "residual": residual, "module": module}


def apart(one: Json, other: Json) -> float:
    """How far two pieces of data are apart at most; infinite if they have not the same form.

    Numbers above one are compared by their ratio.
    """
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return max((apart(one[key], other[key]) for key in one), default=0.0)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return max(map(apart, one, other), default=0.0)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) / max(1.0, abs(other))
    return 0.0 if one == other else math.inf


NO_BROWSER = "const HTMLElement = class {}, customElements = { define() {} };"

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
    made = explorers.fragments_module(typeset("player"))
    made += explorers.generated_module(code(), _derived(), presets.as_data())
    # Without a scope of their own the names of the modules would be lost after this call.
    body = explorers.script(made, PLAYER) + _STATIC.rstrip("0")
    engine.evaljs(f"(function () {{ {body} }})(); 0")
    return engine


# Formulas ---------------------------------------------------------------------------------------


def typeset(*names: str) -> dict[str, str]:
    """Every piece of these explorers' formulas as HTML by its TeX."""
    return {tex: _fragment(tex) for name in names for tex in _pieces(name).values()}


def _pieces(name: str) -> dict[str, str]:
    """The TeX of every piece of a formula, as the modules have it."""
    modules = PLAYER if name == "player" else explorers.needed(name)
    empty = explorers.fragments_module({}) + explorers.generated_module({}, "", {})
    body = explorers.script(empty, modules)
    found: Any = dukpy.evaljs(  # pyright: ignore[reportUnknownMemberType]
        f"(function () {{ {NO_BROWSER} {body}; "
        'return typeof PIECES === "undefined" ? {} : PIECES; })()'
    )
    return {key: str(piece[0]) for key, piece in found.items()}


def _fragment(tex: str) -> str:
    slotted = SLOT.sub(lambda slot: rf"\htmlClass{{slot{slot[1]}}}{{0}}", tex)
    drawn = DRAWN.search(render_tex(slotted, display=False))
    assert drawn is not None, "KaTeX draws every piece"
    light = STRUT.sub("", drawn[1])  # the lines of the player are high enough without
    slots = TYPESET_SLOT.sub(lambda slot: f"⟦{slot[1]}⟧{slot[2]}", light)
    raised = EXPONENT.sub(lambda found: f"<sup>{found[1] or found[2]}</sup>", slots)
    return SIGN.sub(r"\1", PLAIN.sub(r"\1", raised))


def code() -> dict[str, dict[str, Any]]:
    """The listings of the reference, coloured, by the name of their symbol."""
    return {name: _listing(found) for name, found in explorers.listings().items()}


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
