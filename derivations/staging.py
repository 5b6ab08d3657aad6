"""From a set of derivations to one JavaScript function that computes everything, step by step.

A derivation ends in a formula that repeats what other formulas also contain. Here each slope is
one short product of a slope already found and a local one: the first line of its derivation,
which is the chain rule. The locals of the function are the quantities of the lesson.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from . import printing
from .calculus import Derivation, chain_rule
from .given import Given
from .nodes import Slope
from .symbols import sigma


@dataclass(frozen=True)
class Stage:
    """A quantity, and how it is computed from the arguments and the stages before it."""

    name: str
    formula: Any


def stages(given: Given, derivations: Sequence[Derivation]) -> list[Stage]:
    """The forward quantities in order, then one stage a derivation, in the order they come."""
    forward = [
        Stage(str(name), meaning)
        for name, meaning in given.definitions.items()
    ]
    return forward + [
        Stage(d.name, _one_link(d, given)) for d in derivations
    ]


def _one_link(derivation: Derivation, given: Given) -> Any:
    """The chain rule's line: slopes found before go by their names, local ones are worked out."""
    first = derivation.steps[0]
    if first.rule != chain_rule.name:
        return derivation.result
    names = {meaning: name for name, meaning in given.definitions.items()}

    def link(of: Any, by: Any) -> Any:
        if of == derivation.lhs.of:
            return sp.Symbol(f"d{of}_d{by}")
        return (
            given.definitions[of]
            .diff(by)
            .replace(sigma, lambda u: names[sigma(u)])
        )

    return first.line.replace(Slope, link)


def javascript(
    name: str, given: Given, derivations: Sequence[Derivation]
) -> str:
    """One JavaScript function of the arguments; it returns every quantity under its name."""
    computed = stages(given, derivations)
    lines = [
        f"  const {one.name} = {printing.javascript(one.formula)};"
        for one in computed
    ]
    arguments = ", ".join(map(str, given.arguments))
    result = ", ".join(one.name for one in computed)
    return "\n".join(
        [
            f"function {name}({arguments}) {{",
            *lines,
            f"  return {{ {result} }};",
            "}",
        ]
    )
