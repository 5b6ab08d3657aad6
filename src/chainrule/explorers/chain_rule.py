"""What the chain-rule explorer shows, found by the reference: `scalar`, the tape of slopes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..scalar import Value, gradient, variables


def sine(u: Value) -> Value:
    return Value(math.sin(u.data), u.tape, u.place, math.cos(u.data))


FUNCTIONS: dict[str, Callable[[Value, float], Value]] = {
    "square": lambda u, c: u**2,
    "cube": lambda u, c: u**3,
    "sine": lambda u, c: sine(u),
    "sigmoid": lambda u, c: u.sigmoid(),
    "tanh": lambda u, c: u.tanh(),
    "exp": lambda u, c: u.exp(),
    "times": lambda u, c: u * c,
    "plus": lambda u, c: u + c,
}
JOINS: dict[str, Callable[[Value, Value], Value]] = {
    "product": lambda u, w: u * w,
    "sum": lambda u, w: u + w,
}


def reference(settings: dict[str, Any]) -> dict[str, Any]:
    """The values at x and at x + dx, each local slope, and the slope of each value in x.

    `settings` are those of the module: shape, f, g, k, join, c, x and dx.
    """
    x, nudged = settings["x"], settings["x"] + settings["dx"]
    values = _values(settings, x)
    local = {
        f"{after}/{before}": gradient(values[after], [values[before]])[0]
        for before, after in _arrows(settings["shape"])
    }
    return {
        "values": {name: value.data for name, value in values.items()},
        "nudged": {name: value.data for name, value in _values(settings, nudged).items()},
        "local": local,
        "slopes": {name: gradient(value, [values["x"]])[0] for name, value in values.items()},
    }


def _values(settings: dict[str, Any], x: float) -> dict[str, Value]:
    """Every quantity in the order in which it is computed."""
    f, g, k = (FUNCTIONS[settings[name]] for name in ("f", "g", "k"))
    c = settings["c"]
    found = {"x": variables(x)[0]}
    found["u"] = f(found["x"], c)
    if settings["shape"] == "fork":
        found["w"] = g(found["x"], c)
        found["L"] = JOINS[settings["join"]](found["u"], found["w"])
    elif settings["shape"] == "two":
        found["L"] = g(found["u"], c)
    else:
        found["v"] = g(found["u"], c)
        found["L"] = k(found["v"], c)
    return found


def _arrows(shape: str) -> list[tuple[str, str]]:
    return {
        "two": [("x", "u"), ("u", "L")],
        "three": [("x", "u"), ("u", "v"), ("v", "L")],
        "fork": [("x", "u"), ("x", "w"), ("u", "L"), ("w", "L")],
    }[shape]
