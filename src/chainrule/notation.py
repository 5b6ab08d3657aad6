"""Notation: how numbers, names, activations and losses are written on paper.

Numbers are rounded to six figures, for reading. A minus is a minus sign, not a hyphen, and a
negative number stands in brackets where something stands before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .activations import GELU_CUBIC, LEAK

Row = list[float]

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def number(value: float) -> str:
    """Six figures: 0.642217, −0.00399065, 1.2·10⁻⁹."""
    digits, _, exponent = f"{value + 0.0:.6g}".partition("e")
    power = f"·10{str(int(exponent)).translate(SUPERSCRIPTS)}" if exponent else ""
    return digits.replace("-", "−") + power


def inner(value: float) -> str:
    """A number behind an operator: −2 is written (−2)."""
    written = number(value)
    return f"({written})" if value < 0 or "·" in written else written


def product(p: float, q: float) -> str:
    return f"{number(p)}·{inner(q)}"


def difference(p: float, q: float) -> str:
    return f"{number(p)} − {inner(q)}"


def total(terms: Iterable[str]) -> str:
    """The sum of terms already written; a minus in front of a term takes the place of the plus."""
    return " + ".join(terms).replace("+ −", "− ")


def vector(values: Row) -> str:
    return number(values[0]) if len(values) == 1 else f"({', '.join(map(number, values))})"


def over(*divisors: int) -> str:
    """The end of a fraction; a divisor of 1 is not written."""
    written = [str(divisor) for divisor in divisors if divisor != 1]
    return "/" + (written[0] if len(written) == 1 else f"({'·'.join(written)})") if written else ""


def aligned(
    rows: Sequence[Sequence[str]], justify: Callable[[str, int], str] = str.ljust
) -> list[str]:
    """One line a row, its cells in columns; a column with nothing in it is left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(map(len, column)) for column in columns]
    padded = [map(justify, cells, widths) for cells in zip(*columns, strict=True)]
    return ["  " + " ".join(cells).rstrip() for cells in padded]


@dataclass(frozen=True)
class Names:
    """The letters of a network of these sizes; layer 0 is its input."""

    sizes: Sequence[int]

    def layer(self, layer: int) -> str:
        """The mark of a layer, ⁽²⁾, where there is more than one."""
        return f"⁽{str(layer).translate(SUPERSCRIPTS)}⁾" if len(self.sizes) > 2 else ""

    def neuron(self, letter: str, layer: int, j: int) -> str:
        """z⁽²⁾₁, or z⁽²⁾ where the layer has one neuron."""
        return letter + self.layer(layer) + (subscript(j) if self.sizes[layer] > 1 else "")

    def a(self, layer: int, j: int) -> str:
        """An activation: x in the input, y in the output, a between."""
        if 0 < layer < len(self.sizes) - 1:
            return self.neuron("a", layer, j)
        return ("y" if layer else "x") + (subscript(j) if self.sizes[layer] > 1 else "")

    def weight(self, layer: int, j: int, i: int) -> str:
        return f"w{self.layer(layer)}{subscript(j, i)}"


def subscript(*indices: int) -> str:
    """Counted from 1, as on paper."""
    comma = "," if max(indices) >= 9 else ""
    return comma.join(str(i + 1).translate(SUBSCRIPTS) for i in indices)


@dataclass(frozen=True)
class WrittenActivation:
    """An activation and its slope: as formulas, and with numbers filled in."""

    formula: str
    f: Callable[[float], str]
    slope: str
    df: Callable[[float, float], str]


WRITTEN_ACTIVATIONS = {
    "identity": WrittenActivation(
        "f(z) = z", number,
        "f′ = 1", lambda z, a: "1"),
    "sigmoid": WrittenActivation(
        "f(z) = σ(z) = 1/(1 + e⁻ᶻ)", lambda z: f"σ({number(z)})",
        "f′ = f·(1 − f)", lambda z, a: f"{number(a)}·(1 − {number(a)})"),
    "tanh": WrittenActivation(
        "f(z) = tanh(z)", lambda z: f"tanh({number(z)})",
        "f′ = 1 − f²", lambda z, a: f"1 − {inner(a)}²"),
    "relu": WrittenActivation(
        "f(z) = max(0, z)", lambda z: f"max(0, {number(z)})",
        "f′ = 1 where z > 0, else 0", lambda z, a: "1" if z > 0 else "0"),
    "leaky_relu": WrittenActivation(
        f"f(z) = z where z > 0, else {LEAK}·z", lambda z: number(z) if z > 0 else product(LEAK, z),
        f"f′ = 1 where z > 0, else {LEAK}", lambda z, a: "1" if z > 0 else number(LEAK)),
    "softplus": WrittenActivation(
        "f(z) = ln(1 + eᶻ)", lambda z: f"ln(1 + e^{inner(z)})",
        "f′ = σ(z) = 1/(1 + e⁻ᶻ)", lambda z, a: f"σ({number(z)})"),
    "gelu_tanh": WrittenActivation(
        f"f(z) = GELU(z) = ½·z·(1 + tanh u), u = √(2/π)·(z + {GELU_CUBIC}·z³)",
        lambda z: f"GELU({number(z)})",
        "f′ = GELU′(z) = ½·(1 + tanh u) + ½·z·(1 − tanh² u)·u′",
        lambda z, a: f"GELU′({number(z)})"),
}  # fmt: skip


@dataclass(frozen=True)
class WrittenLoss:
    """The loss of one example, and its slope in one output: as formulas, and with numbers.

    Losses that take logits are written with p, the probability that a logit y stands for,
    and s, the logarithm of the sum of all eʸ.
    """

    formula: str
    f: Callable[[Row, Row, float], str]  # of y, t and s
    slope: str
    df: Callable[[float, float, float, int, int], str]  # of y, t, p, outputs and examples
    p: Callable[[float, float], str] | None = None  # of y and s
    s: Callable[[Row], str] | None = None  # of y


WRITTEN_LOSSES = {
    "half_squared_error": WrittenLoss(
        "½·Σ (y − t)²", lambda y, t, s: f"½·{bracketed(squares(y, t), y)}",
        "y − t", lambda y, t, p, n, B: fraction(difference(y, t), B)),
    "squared_error": WrittenLoss(
        "Σ (y − t)²", lambda y, t, s: squares(y, t),
        "2·(y − t)", lambda y, t, p, n, B: f"2·({difference(y, t)}){over(B)}"),
    "mean_squared_error": WrittenLoss(
        "Σ (y − t)² / n", lambda y, t, s: f"{bracketed(squares(y, t), y)}{over(len(y))}",
        "2·(y − t)/n", lambda y, t, p, n, B: f"2·({difference(y, t)}){over(n, B)}"),
    "binary_cross_entropy": WrittenLoss(
        "Σ −t·ln p − (1 − t)·ln(1 − p) = Σ ln(1 + eʸ) − t·y, where p = σ(y)",
        lambda y, t, s: total(
            f"ln(1 + e^{inner(y_k)}) − {product(t_k, y_k)}"
            for y_k, t_k in zip(y, t, strict=True)),
        "p − t", lambda y, t, p, n, B: fraction(difference(p, t), B),
        lambda y, s: f"σ({number(y)})"),
    "softmax_cross_entropy": WrittenLoss(
        "−Σ t·ln p = Σ t·(s − y), where p = softmax(y) and s = ln Σ eʸ",
        lambda y, t, s: total(
            f"{number(t_k)}·({difference(s, y_k)})"
            for y_k, t_k in zip(y, t, strict=True) if t_k),
        "p − t", lambda y, t, p, n, B: fraction(difference(p, t), B),
        lambda y, s: f"e^({difference(y, s)})",
        lambda y: f"ln({total(f'e^{inner(y_k)}' for y_k in y)})"),
}  # fmt: skip


def squares(y: Row, t: Row) -> str:
    return total(f"({difference(*pair)})²" for pair in zip(y, t, strict=True))


def bracketed(sum_of_terms: str, terms: Row) -> str:
    return f"({sum_of_terms})" if len(terms) > 1 else sum_of_terms


def fraction(numerator: str, *divisors: int) -> str:
    below = over(*divisors)
    return f"({numerator}){below}" if below else numerator
