"""The explorers' modules in a JavaScript engine without a browser."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import dukpy

from chainrule import explorers
from chainrule.explorers import presets
from weave.explorers import NO_BROWSER

EXPORTED = """
globalThis.call = function (name, text) {
  const functions = {trace, settingsOf, checked, toAddress, fromAddress, numberIn, reshaped,
    python, json, findings, stepsOf, explainAll, figures, derivedTrace,
    knownAfter: (settings, position) => [...knownAt(stepsOf(settings, "path"), position)],
    atoms: (settings) => stepsOf(settings, "path").map(({atoms}) => atoms.map(keyOf)),
    slips: () => Object.keys(SLIPS), slipDoes: () => SLIP_DOES};
  try {
    return JSON.stringify({value: functions[name](...JSON.parse(text))});
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return JSON.stringify({mistake: error.message, where: error.where});
  }
};
function derivedTrace(settings) {
  return trace(settings, {derived: DERIVED});
}
function explainAll(settings, options) {
  const scene = sceneOf(trace(settings, options), options);
  return scene.steps.flatMap(({atoms}) =>
    atoms.map((atom) => ({...atom, text: explain(atom, scene).text, value: valueOf(atom, scene)})));
}
"""


class MistakeError(Exception):
    """What a module said to a reader."""


@cache
def engine() -> Any:
    interpreter = dukpy.JSInterpreter()
    made = explorers.fragments_module({})
    made += explorers.generated_module({}, derived(), presets.as_data())
    drawing = tuple(
        name for name in explorers.MODULES if name not in ("morph", "element", "player")
    )
    text = explorers.script(made, (*drawing, "export"))
    interpreter.evaljs(f"(function () {{ {text} {EXPORTED} }})(); 0")
    return interpreter


@cache
def derived() -> str:
    from derivations import two_two_one

    return str(two_two_one.javascript_module())


def call(name: str, *arguments: Any) -> Any:
    """What the function of this name answers; raises MistakeError where it complains."""
    answer = json.loads(
        engine().evaljs("call(dukpy.name, dukpy.text)", name=name, text=json.dumps(arguments))
    )
    if "mistake" in answer:
        raise MistakeError(answer["mistake"])
    return answer.get("value")


@cache
def explorer(name: str) -> Any:
    """One of the smaller explorers, and all that it is made of."""
    interpreter = dukpy.JSInterpreter()
    text = explorers.script(explorers.fragments_module({}), explorers.needed(name))
    interpreter.evaljs(
        f"(function () {{ {NO_BROWSER} {text}; "
        "globalThis.inside = (expression) => eval(expression); })(); 0"
    )
    return interpreter


def inside(name: str, expression: str, **given: Any) -> Any:
    """What the expression is worth among the names of an explorer; `given` is what it is given.

    Raises MistakeError where a module complains of what a reader wrote.
    """
    answer = json.loads(
        explorer(name).evaljs(
            "try { JSON.stringify({value: inside(dukpy.expression)}) }"
            "catch (error) { if (error.where === undefined) throw error;"
            " JSON.stringify({mistake: error.message}) }",
            expression=f"((given) => {expression})({json.dumps(given)})",
        )
    )
    if "mistake" in answer:
        raise MistakeError(answer["mistake"])
    return answer["value"]
