"""The explorers' modules in a JavaScript engine without a browser."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import dukpy

from chainrule import explorers
from chainrule.explorers import presets

EXPORTED = """
globalThis.call = function (name, text) {
  const functions = {trace, settingsOf, checked, toAddress, fromAddress, numberIn, reshaped,
    python, json, findings, stepsOf, explainAll, figures, derivedTrace,
    slips: () => Object.keys(SLIPS)};
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
  const scene = sceneOf(trace(settings, options), {grain: options.grain});
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
    drawing = tuple(name for name in explorers.MODULES if name not in ("morph", "player"))
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
