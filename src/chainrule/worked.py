"""Worked steps: a trace as a careful person would write it out, every number filled in.

A small network is worked neuron by neuron, one line for one thing. A network or a batch too
large for that is shown by its matrices.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from .activations import ACTIVATIONS, Array, identity, sigmoid
from .losses import LOSSES, log_sum_exp, softmax
from .notation import (
    WRITTEN_ACTIVATIONS,
    WRITTEN_LOSSES,
    Names,
    aligned,
    fraction,
    inner,
    number,
    product,
    subscript,
    total,
    vector,
)

MOST_PRODUCTS = 100  # parameters times examples; beyond that nobody works by hand
MOST_TERMS = 8  # in one sum, before its line is too long to read
MOST_STEPS = 3  # in full
MOST_LOSSES = 10  # of the steps between
MOST_ENTRIES = 6  # rows, or columns, of a matrix

PROBABILITIES = {"binary_cross_entropy": sigmoid, "softmax_cross_entropy": softmax}

Data = dict[str, Any]
Rows = list[list[float]]
Lines = list[str]


def text(trace: Data) -> str:
    """The steps of a trace, worked; of many steps, the first two and the last."""
    steps, final = trace["steps"], trace["final"]
    sheet = Sheet(trace)
    work = by_hand if sheet.small else by_matrices
    updated = [*(step["layers"] for step in steps[1:]), final["layers"]]
    blocks = [heading(sheet)]
    for k, step in enumerate(steps):
        if len(steps) <= MOST_STEPS or k in (0, 1, len(steps) - 1):
            blocks += [title(f"Step {k + 1} of {len(steps)}"), *work(sheet, step, updated[k])]
        elif k == 2:
            blocks.append(losses_between(steps))
    blocks.append(outcome(sheet, steps, final))
    return "\n\n".join("\n".join(block) for block in blocks)


class Sheet:
    """What stays the same from step to step. One example is a batch of one here."""

    def __init__(self, trace: Data) -> None:
        settings, layers = trace["settings"], trace["final"]["layers"]
        self.x = as_rows(settings["x"])
        self.t = as_rows(settings["target"])
        self.examples = len(self.x)
        self.sizes = [self.x.shape[1], *(len(layer["W"]) for layer in layers)]
        self.names = Names(self.sizes)
        self.loss = LOSSES[settings["loss"]]
        self.reduction: str = settings["reduction"]
        self.shared_by = self.examples if self.reduction == "mean" else 1
        self.learning_rate: float = settings["learning_rate"]
        self.update_biases: bool = settings["update_biases"]

    @property
    def small(self) -> bool:
        """Whether a person would work it by hand."""
        parameters = sum(n_out * (n_in + 1) for n_in, n_out in pairwise(self.sizes))
        longest_sum = max(*self.sizes, self.examples)
        return parameters * self.examples <= MOST_PRODUCTS and longest_sum <= MOST_TERMS

    def example(self, i: int, j: int = 0) -> str:
        """The mark before the first line about an example, where there are several."""
        return f"example {i + 1}:" if self.examples > 1 and j == 0 else ""

    def symbols(self, formula: str) -> str:
        """A formula in letters; of several examples it would not say whose letters they are."""
        return f"= {formula}" if self.examples == 1 else ""


def as_rows(values: list[Any]) -> Array:
    return np.array(values, ndmin=2)


def title(words: str) -> Lines:
    return [words, "─" * len(words)]


def heading(sheet: Sheet) -> Lines:
    shape = "-".join(map(str, sheet.sizes))
    count = "one example" if sheet.examples == 1 else f"a batch of {sheet.examples} examples"
    reduction = "" if sheet.examples == 1 else f"; over the batch, the {sheet.reduction}"
    lines = [
        f"A {shape} network, {count}, learning rate η = {number(sheet.learning_rate)}.",
        f"Its loss is {sheet.loss.name}: {sheet.loss.convention}{reduction}.",
    ]
    if not sheet.small:
        return [*lines, "", *matrix("X", sheet.x), *matrix("T", sheet.t)]
    rows = [
        [sheet.example(i), f"x = {vector(x)},", f"t = {vector(t)}"]
        for i, (x, t) in enumerate(zip(sheet.x.tolist(), sheet.t.tolist(), strict=True))
    ]
    return [*lines, *aligned(rows)]


# Worked by hand


def by_hand(sheet: Sheet, step: Data, updated: list[Data]) -> Iterator[Lines]:
    """Each layer forward, the loss, each layer backward, the gradients, the update."""
    layers, depth = step["layers"], len(step["layers"])
    a = [sheet.x, *(as_rows(layer["a"]) for layer in layers)]
    for k in range(1, depth + 1):
        yield forward_lines(sheet, k, layers[k - 1], a[k - 1].tolist())
    yield loss_lines(sheet, a[-1], step["loss"])
    dL_da = sheet.loss.gradient(a[-1], sheet.t, reduction=sheet.reduction)
    for k in range(depth, 0, -1):
        layer, name = layers[k - 1], "∂L/∂y" if k == depth else "∂L/∂a"
        if k == depth:
            formula, lines = loss_slope_lines(sheet, a[-1], dL_da.tolist())
        else:
            formula, lines = path_lines(sheet, k, layers[k], dL_da.tolist())
        slope = WRITTEN_ACTIVATIONS[layer["activation"]].slope
        yield [
            f"Backward, layer {k}: δ = {name}·f′,  {name} = {formula},  {slope}",
            *lines,
            *error_lines(sheet, k, layer, dL_da.tolist()),
        ]
        dL_da = as_rows(layer["delta"]) @ np.array(layer["W"])
    yield gradient_lines(sheet, layers, [rows.tolist() for rows in a])
    yield update_lines(sheet, layers, updated)


def forward_lines(sheet: Sheet, k: int, layer: Data, a_in: Rows) -> Lines:
    names, written = sheet.names, WRITTEN_ACTIVATIONS[layer["activation"]]
    z, a, W, b = as_rows(layer["z"]).tolist(), as_rows(layer["a"]).tolist(), layer["W"], layer["b"]
    rows: list[Lines] = []
    for i, j in cells(z):
        terms = [*map(product, W[j], a_in[i]), *([number(b[j])] if b else [])]
        z_j = [names.neuron("z", k, j), f"= {total(terms)}", f"= {number(z[i][j])}"]
        a_j = [f"  {names.a(k, j)}", *equal(written.f(z[i][j]), number(a[i][j]))]
        rows.append([sheet.example(i, j), *z_j, *a_j])
    before, after = ("a" if k > 1 else "x"), ("a" if k < len(sheet.sizes) - 1 else "y")
    affine = f"z = W·{before} + b" if b else f"z = W·{before}"
    return [f"Forward, layer {k}: {affine},  {after} = {written.formula}", *aligned(rows)]


def loss_lines(sheet: Sheet, y: Array, loss: float) -> Lines:
    """The loss; before it, where it takes logits, the probabilities they stand for."""
    names, written, several = sheet.names, WRITTEN_LOSSES[sheet.loss.name], sheet.examples > 1
    losses, s = sheet.loss.f(y, sheet.t).tolist(), log_sum_exp(y)[:, 0].tolist()
    p = probabilities(sheet, y)
    rows: list[Lines] = []
    for i, (outputs, targets) in enumerate(zip(y.tolist(), sheet.t.tolist(), strict=True)):
        about: list[Lines] = []
        if written.s:
            about.append(["s", f"= {written.s(outputs)}", f"= {number(s[i])}"])
        if written.p:
            for j, y_j in enumerate(outputs):
                p_j = names.a(len(sheet.sizes) - 1, j).replace("y", "p")
                about.append([p_j, f"= {written.p(y_j, s[i])}", f"= {number(p[i][j])}"])
        value = written.f(outputs, targets, s[i])
        name = f"L{subscript(i)}" if several else "L"
        about.append([name, f"= {value}", f"= {number(losses[i])}"])
        rows += [[sheet.example(i, line), *row] for line, row in enumerate(about)]
    if several:
        value = fraction(total(map(number, losses)), sheet.shared_by)
        rows.append(["batch:", "L", f"= {value}", f"= {number(loss)}"])
    return [f"Loss: L = {written.formula}", *aligned(rows)]


def probabilities(sheet: Sheet, y: Array) -> Rows:
    """What the logits stand for; y itself where the loss takes no logits."""
    squash = PROBABILITIES.get(sheet.loss.name, identity)
    return squash(y).tolist()


def loss_slope_lines(sheet: Sheet, y: Array, dL_dy: Rows) -> tuple[str, Lines]:
    """What arrives at the output layer: the slope of the loss."""
    names, written = sheet.names, WRITTEN_LOSSES[sheet.loss.name]
    k, n_out, t, p = len(sheet.sizes) - 1, sheet.sizes[-1], sheet.t, probabilities(sheet, y)
    rows: list[Lines] = []
    for i, j in cells(dL_dy):
        value = written.df(y[i, j].item(), t[i, j].item(), p[i][j], n_out, sheet.shared_by)
        slope = [f"∂L/∂{names.a(k, j)}", f"= {value}", f"= {number(dL_dy[i][j])}"]
        rows.append([sheet.example(i, j), *slope])
    return fraction(written.slope, sheet.shared_by), aligned(rows)


def path_lines(sheet: Sheet, k: int, above: Data, dL_da: Rows) -> tuple[str, Lines]:
    """What arrives at layer k: one term for the path through each neuron of the layer above."""
    names, delta, W = sheet.names, as_rows(above["delta"]).tolist(), above["W"]
    rows: list[Lines] = []
    for i, j in cells(dL_da):
        terms = [product(delta[i][m], W[m][j]) for m in range(len(W))]
        symbols = [
            f"{names.neuron('δ', k + 1, m)}·{names.weight(k + 1, m, j)}" for m in range(len(W))
        ]
        value = [sheet.symbols(total(symbols)), f"= {total(terms)}", f"= {number(dL_da[i][j])}"]
        rows.append([sheet.example(i, j), f"∂L/∂{names.a(k, j)}", *value])
    return f"Σ δ{names.layer(k + 1)}·w{names.layer(k + 1)} over the paths", aligned(rows)


def error_lines(sheet: Sheet, k: int, layer: Data, dL_da: Rows) -> Lines:
    """The slope of the activation, and the error: what arrived, times that slope."""
    names, activation = sheet.names, layer["activation"]
    z, a, delta = as_rows(layer["z"]), as_rows(layer["a"]), as_rows(layer["delta"]).tolist()
    slope = ACTIVATIONS[activation].df(z, a).tolist()
    slopes: list[Lines] = []
    errors: list[Lines] = []
    for i, j in cells(delta):
        mark, z_j, a_j = sheet.example(i, j), names.neuron("z", k, j), names.a(k, j)
        written = WRITTEN_ACTIVATIONS[activation].df(z[i, j].item(), a[i, j].item())
        if activation != "identity":
            slopes.append([mark, f"f′({z_j})", *equal(written, number(slope[i][j]))])
        symbols = sheet.symbols(f"∂L/∂{a_j}·f′({z_j})")
        factors = f"= {product(dL_da[i][j], slope[i][j])}"
        value = f"= {number(delta[i][j])}"
        errors.append([mark, names.neuron("δ", k, j), symbols, factors, value])
    return [*aligned(slopes), *aligned(errors)]


def gradient_lines(sheet: Sheet, layers: list[Data], a: list[Rows]) -> Lines:
    names, one = sheet.names, sheet.examples == 1
    rows: list[Lines] = []
    for k, layer in enumerate(layers, start=1):
        delta_columns, a_columns = as_rows(layer["delta"]).T.tolist(), np.array(a[k - 1]).T.tolist()
        for j, i in cells(layer["dW"]):
            symbols = sheet.symbols(f"{names.neuron('δ', k, j)}·{names.a(k - 1, i)}")
            terms = f"= {total(map(product, delta_columns[j], a_columns[i]))}"
            slope = f"∂L/∂{names.weight(k, j, i)}"
            rows.append([slope, symbols, terms, f"= {number(layer['dW'][j][i])}"])
        for j, db in enumerate(layer["db"] or []):
            symbols = sheet.symbols(names.neuron("δ", k, j))
            terms = "" if one else f"= {total(map(number, delta_columns[j]))}"
            rows.append([f"∂L/∂{names.neuron('b', k, j)}", symbols, terms, f"= {number(db)}"])
    summed = "" if one else ", each summed over the examples"
    return [
        f"Gradients: ∂L/∂w = δ·(what the weight multiplies),  ∂L/∂b = δ{summed}",
        *aligned(rows),
    ]


def update_lines(sheet: Sheet, layers: list[Data], updated: list[Data]) -> Lines:
    names, rate = sheet.names, sheet.learning_rate
    rows: list[Lines] = []

    def update(name: str, old: float, slope: float, new: float) -> None:
        step = f"← {number(old)} − {inner(rate)}·{inner(slope)}"
        rows.append([name, step, f"= {number(new)}"])

    for k, (old, new) in enumerate(zip(layers, updated, strict=True), start=1):
        for j, i in cells(old["W"]):
            update(names.weight(k, j, i), old["W"][j][i], old["dW"][j][i], new["W"][j][i])
        if old["b"] and sheet.update_biases:
            for j, (b, db) in enumerate(zip(old["b"], old["db"], strict=True)):
                update(names.neuron("b", k, j), b, db, new["b"][j])
    biases = "" if sheet.update_biases else "; the biases stay"
    return [f"Update: w − η·∂L/∂w from the old weights, all at once{biases}", *aligned(rows)]


def cells(rows: Rows) -> Iterator[tuple[int, int]]:
    return ((i, j) for i, row in enumerate(rows) for j in range(len(row)))


def equal(*values: str) -> Lines:
    """= first = second; the second is left blank where it says the same."""
    first, second = values
    return [f"= {first}", f"= {second}" if second != first else ""]


# Worked by matrices


def by_matrices(sheet: Sheet, step: Data, updated: list[Data]) -> Iterator[Lines]:
    layers, depth = step["layers"], len(step["layers"])
    for k, layer in enumerate(layers, start=1):
        mark, below = sheet.names.layer(k), sheet.names.layer(k - 1) if k > 1 else ""
        A_in, A = ("A" + below if k > 1 else "X"), ("A" + mark if k < depth else "Y")
        bias = f" + b{mark}" if layer["b"] else ""
        formula = WRITTEN_ACTIVATIONS[layer["activation"]].formula
        yield [
            f"Forward, layer {k}: {formula}",
            *matrix(f"W{mark}", layer["W"]),
            *(matrix(f"b{mark}", [layer["b"]]) if layer["b"] else []),
            *matrix(f"Z{mark} = {A_in}·W{mark}ᵀ{bias}", layer["z"]),
            *matrix(f"{A} = f(Z{mark})", layer["a"]),
        ]
    yield [f"Loss: L = {WRITTEN_LOSSES[sheet.loss.name].formula}", f"  L = {number(step['loss'])}"]
    for k in range(depth, 0, -1):
        layer, mark, above = layers[k - 1], sheet.names.layer(k), sheet.names.layer(k + 1)
        arriving = f"(Δ{above}·W{above})" if k < depth else "∂L/∂Y"
        A_in = "A" + sheet.names.layer(k - 1) if k > 1 else "X"
        yield [
            f"Backward, layer {k}: {WRITTEN_ACTIVATIONS[layer['activation']].slope}",
            *matrix(f"Δ{mark} = {arriving} ⊙ f′(Z{mark})", layer["delta"]),
            *matrix(f"∂L/∂W{mark} = Δ{mark}ᵀ·{A_in}", layer["dW"]),
            *(matrix(f"∂L/∂b{mark} = the sum of the rows of Δ{mark}", [layer["db"]])
              if layer["db"] else []),
        ]  # fmt: skip
    yield [
        f"Update with η = {number(sheet.learning_rate)} and the old weights",
        *(
            line
            for k, layer in enumerate(updated, start=1)
            for letter in ("W", "b" if sheet.update_biases else "")
            if layer.get(letter)
            for line in matrix(f"{letter}{sheet.names.layer(k)}", layer[letter])
        ),
    ]


def matrix(name: str, values: Any) -> Lines:
    """Its name and shape, then its rows; of a large one, only the corner."""
    rows = as_rows(values)
    corner = rows[:MOST_ENTRIES, :MOST_ENTRIES].tolist()
    more_rows, more_columns = (n > MOST_ENTRIES for n in rows.shape)
    written = [[*map(number, row), "…" if more_columns else ""] for row in corner]
    if more_rows:
        written.append(["…"] * len(written[0]))
    return [
        f"  {name}    ({rows.shape[0]} × {rows.shape[1]})",
        *("  " + line for line in aligned(written, str.rjust)),
    ]


# Around the steps


def losses_between(steps: list[Data]) -> Lines:
    """The steps that are not written out, by their losses."""
    every = -(-len(steps) // MOST_LOSSES)
    rows = [
        [f"step {k}", f"L = {number(steps[k - 1]['loss'])}"] for k in range(3, len(steps), every)
    ]
    return [*title(f"Steps 3 to {len(steps) - 1}, in the same way"), *aligned(rows)]


def outcome(sheet: Sheet, steps: list[Data], final: Data) -> Lines:
    y, now = as_rows(final["y"]), final["loss"]
    loss = f"  L = {number(now)}"
    if steps and (before := steps[0]["loss"]) != now:
        loss += f", {'down' if now < before else 'up'} from {number(before)}"
    when = title(f"After step {len(steps)}" if steps else "Without a step")
    if not sheet.small:
        return [*when, *matrix("Y", y), loss]
    rows = [[sheet.example(i), f"y = {vector(row)}"] for i, row in enumerate(y.tolist())]
    return [*when, *aligned(rows), loss]
