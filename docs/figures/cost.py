"""What backpropagation costs, and what it saves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import sympy as sp
from matplotlib.axes import Axes

from chainrule import ACTIVATIONS, INITIALIZERS, LOSSES, backward, dense_network, forward
from chainrule.activations import Array
from docs.figures import _style as style

WIDTH, DEPTHS = 16, np.arange(1, 13)
LONGEST = 6


class Counted(np.ndarray):
    """An array that counts the multiplications of the matrix products it takes part in."""

    multiplications = 0

    def dot(self, other):
        rows, inner = self.shape
        Counted.multiplications += rows * inner * other.shape[1]
        return super().dot(other)


def counts(sizes: list[int]) -> tuple[int, int]:
    """Multiplications in the matrix products of one forward and one backward pass."""
    identity, loss = ACTIVATIONS["identity"], LOSSES["half_squared_error"]
    layers = [identity] * (len(sizes) - 1)
    network = dense_network(sizes, layers, INITIALIZERS["xavier"], np.random.default_rng(0))
    x: Array = np.ones((1, sizes[0])).view(Counted)
    Counted.multiplications = 0
    tape = forward(network, x)
    there = Counted.multiplications
    backward(network, tape, loss.gradient(tape[-1].a, np.zeros((1, sizes[-1])), reduction="sum"))
    return there, Counted.multiplications - there


def ratio() -> tuple[style.Plot, dict[str, float]]:
    """Backward over forward, counted while the reference runs, and the formula."""
    counted = [(b / f) for f, b in (counts([WIDTH] * (depth + 1)) for depth in DEPTHS)]
    shapes = {"wide": [512, 512, 512, 10], "digits": [64, 32, 10], "many_outputs": [10, 10, 1000]}

    def draw(axes: Axes) -> None:
        fine = np.linspace(1, DEPTHS[-1], 200)
        axes.axhline(2, color=style.INK, lw=0.9)
        axes.axhline(1, color=style.MUTED, dashes=(4, 3), lw=1.2)
        axes.plot(fine, 2 - 1 / fine, color=style.GRADIENT)
        axes.plot(DEPTHS, counted, "o", mfc=style.PAPER, mec=style.GRADIENT, mew=1.6)
        style.label(axes, "“the same cost”", (12, 1), (0, 8), style.MUTED, ha="right")
        style.label(axes, "twice", (1, 2), (0, 8))
        axes.set(xlabel="layers of equal width", ylabel="backward over forward", ylim=(0.8, 2.3))
        axes.set(xticks=[1, 2, 4, 6, 8, 10, 12], yticks=[1, 1.5, 2])

    numbers = {"one_layer": counted[0], "twelve_layers": counted[-1]}
    for name, sizes in shapes.items():
        there, back = counts(sizes)
        products = [n_in * n_out for n_in, n_out in pairwise(sizes)]
        numbers |= {name: back / there, f"{name}_formula": 2 - products[0] / sum(products)}
    return style.plot(draw), numbers


def operations(depth: int) -> tuple[int, int, int]:
    """Operations in the loss of a chain of sigmoids, in its written-out slopes, and shared."""
    weights = sp.symbols(f"w1:{depth + 1}")
    a, t = sp.symbols("x t")
    for w in weights:
        a = 1 / (1 + sp.exp(-w * a))
    loss = (a - t) ** 2 / 2
    slopes = [sp.diff(loss, w) for w in weights]
    shared, rest = sp.cse(slopes)
    saved = sum(sp.count_ops(e) for _, e in shared) + sum(sp.count_ops(e) for e in rest)
    return sp.count_ops(loss), sum(sp.count_ops(slope) for slope in slopes), saved


def swell() -> tuple[style.Plot, dict[str, int]]:
    """Slopes written out grow with the square of the depth and worse; shared, they do not."""
    depths = np.arange(1, LONGEST + 1)
    loss, written, shared = np.array([operations(depth) for depth in depths]).T

    def draw(axes: Axes) -> None:
        axes.plot(depths, written, "o-", color=style.MUTED, mfc=style.PAPER)
        axes.plot(depths, shared, "o-", color=style.GRADIENT, mfc=style.PAPER)
        axes.plot(depths, loss, "o-", color=style.LOSS, mfc=style.PAPER)
        style.label(axes, "slopes, written out", (4, written[3]), (-10, 6), style.MUTED, ha="right")
        style.label(axes, "slopes, shared", (4, shared[3]), (0, 12), style.GRADIENT, ha="center")
        style.label(axes, "loss", (6, loss[-1]), (0, -14), style.LOSS, ha="right")
        axes.set(xlabel="sigmoids in a row", ylabel="operations", xticks=depths)
        axes.set_ylim(-60, None)

    numbers = {}
    for name, ops in (("loss", loss), ("written", written), ("shared", shared)):
        numbers |= {f"{name}_{depth}": int(n) for depth, n in zip(depths, ops, strict=True)}
    return style.plot(draw), numbers
