"""The smaller explorers: their numbers are those of the reference, whatever is set."""

from __future__ import annotations

import importlib
import json
import random
from contextlib import suppress
from functools import cache
from typing import Any

import dukpy
import pytest

from chainrule import explorers
from chainrule.explorers.generator import generator
from weave.explorers import NO_BROWSER, TOLERANCE, apart

from .modules import MistakeError

NAMES = ["chain_rule", "descent"]
TAME = {"descent": {"rate": 0.3}}  # a longer step in a valley makes more of every last digit

CALLED = """
globalThis.call = function (name, text) {
  const element = new Made();
  const functions = {
    compute, still, start: () => START, parts: (s) => element.parts(s, compute(s)),
    spoken: (s) => element.spoken(s, compute(s)),
    kinds: () => Object.fromEntries(Object.entries(element.fields).map(([name, field]) =>
      [name, {least: field.least, most: field.most, log: field.log, whole: field.whole,
              known: field.known && Object.keys(field.known)}])),
    toAddress: (s) => toAddress(element, s), fromAddress: (hash) => fromAddress(element, hash),
    draws: (seed, n) => { const draw = generator(seed); return [...Array(n)].map(() => draw()); },
  };
  try {
    return JSON.stringify({value: functions[name](...JSON.parse(text))});
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return JSON.stringify({mistake: error.message});
  }
};
"""


@cache
def engine(name: str) -> Any:
    interpreter = dukpy.JSInterpreter()
    body = explorers.script(explorers.fragments_module({}), explorers.needed(name))
    browser = NO_BROWSER.replace("define() {}", "define(name, element) { Made = element; }")
    interpreter.evaljs(f"(function () {{ let Made; {browser} {body} {CALLED} }})(); 0")
    return interpreter


def call(name: str, function: str, *arguments: Any) -> Any:
    text = json.dumps(arguments)
    answer = json.loads(engine(name).evaljs("call(dukpy.f, dukpy.text)", f=function, text=text))
    if "mistake" in answer:
        raise MistakeError(answer["mistake"])
    return answer["value"]


def reference(name: str, settings: dict[str, Any]) -> Any:
    return importlib.import_module(f"chainrule.explorers.{name}").reference(settings)


def drawn(name: str, rng: random.Random) -> dict[str, Any]:
    """Settings at random, every one of them allowed."""
    found: dict[str, Any] = {}
    for key, kind in call(name, "kinds").items():
        if kind.get("known"):
            found[key] = rng.choice(kind["known"])
        elif kind.get("whole"):
            found[key] = rng.randint(kind["least"], min(kind["most"], 40))
        elif kind.get("log"):
            found[key] = kind["least"] * (kind["most"] / kind["least"]) ** rng.random()
        elif "least" in kind:
            found[key] = rng.uniform(kind["least"], kind["most"])
        else:
            found[key] = rng.random() < 0.5
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_are_those_of_the_reference(name: str) -> None:
    rng = random.Random(4)
    for _ in range(150):
        settings = drawn(name, rng)
        settings |= {key: min(settings[key], most) for key, most in TAME.get(name, {}).items()}
        try:
            known = reference(name, settings)
        except OverflowError:
            continue
        assert apart(call(name, "compute", settings), known) < TOLERANCE, settings


@pytest.mark.parametrize("name", NAMES)
def test_an_address_leads_back_to_what_was_set(name: str) -> None:
    rng = random.Random(5)
    assert call(name, "toAddress", call(name, "start")) == ""
    for _ in range(30):
        settings = drawn(name, rng)
        address = call(name, "toAddress", settings)
        assert call(name, "fromAddress", address) == settings
        letters = list(address)
        for _ in range(3):
            letters[rng.randrange(3, len(letters))] = rng.choice("0-9.,&=e%x~")
        with suppress(MistakeError):  # anything else would be an error in the page
            call(name, "fromAddress", "".join(letters))


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_set_can_be_drawn_and_said(name: str) -> None:
    rng = random.Random(6)
    for _ in range(20):
        settings = drawn(name, rng)
        whole = "".join(call(name, "parts", settings).values()) + call(name, "spoken", settings)
        assert not any(word in whole for word in ("NaN", "Infinity", "undefined", "[object"))


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_chance_is_the_same_in_both_languages(seed: int) -> None:
    draw = generator(seed)
    assert call(NAMES[0], "draws", seed, 50) == [draw() for _ in range(50)]
