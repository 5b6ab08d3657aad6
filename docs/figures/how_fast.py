"""What `make bench` found, drawn: times, and times over what everybody has to do."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import redirect_stdout

import numpy as np
from matplotlib.axes import Axes

from docs.figures import _style as style

with redirect_stdout(None):  # what the example prints belongs on its page
    from docs.examples import how_fast as n

ROWS = {
    "paper": "2-2-1\none example",
    "digits": "784-30-10\nbatch of 10",
    "deep": "20 × 64\nbatch of 32",
    "middle": "784-128-64-10\nbatch of 64",
    "wide": "784-512-512-10\nbatch of 128",
}  # from small products to large ones
MARKS = {
    "taught": ("as taught", "o", style.WEIGHT, style.WEIGHT),
    "tuned": ("tuned", "D", style.WEIGHT, style.PAPER),
    "jax": ("JAX", "s", style.ACTIVATION, style.ACTIVATION),
    "pytorch_compiled": ("PyTorch, compiled", "s", style.GRADIENT, style.PAPER),
    "autograd": ("autograd", "v", style.MUTED, style.PAPER),
}


def dots(axes: Axes, unit: str, names: Sequence[str], power: int) -> None:
    """A row for each network, a mark for each contender, and a line over half of the rounds."""
    rows = range(len(ROWS))
    for name in names:
        label, marker, edge, face = MARKS[name]
        found = [n.at("steps", "found", row, "times", name, unit) for row in ROWS]
        low, middle, high = np.array([np.broadcast_to(f, 3) for f in found]).T ** power
        axes.hlines(rows, low, high, edge, lw=1.2)
        axes.plot(middle, rows, marker, mec=edge, mfc=face, mew=1.6, ms=7, label=label)
    axes.set_yticks(range(len(ROWS)), list(ROWS.values()))
    axes.set(xscale="log", ylim=(len(ROWS) - 0.5, -0.5))
    axes.minorticks_off()
    axes.figure.legend(loc="outside upper center", ncols=2)


def steps() -> style.Plot:
    """How many times as fast as PyTorch each contender takes a training step."""

    def draw(axes: Axes) -> None:
        dots(axes, "of_pytorch", list(MARKS), power=-1)
        axes.axvline(1, color=style.INK, lw=0.9)
        axes.set_xticks([0.25, 0.5, 1, 2, 5, 10, 20], ["¼", "½", "1", "2", "5", "10", "20"])
        axes.set(xlabel="times as fast as PyTorch")

    return style.plot(draw, 4.4)


def over_bare() -> style.Plot:
    """The time of a step over that of its matrix products alone."""

    def draw(axes: Axes) -> None:
        dots(axes, "of_bare", ["taught", "tuned", "jax"], power=1)
        axes.axvline(1, color=style.INK, lw=0.9)
        axes.set_xticks([1, 1.5, 2, 3, 5, 10], ["1", "1½", "2", "3", "5", "10"])
        axes.set(xlabel="time over that of the bare products")

    return style.plot(draw, 4.0)


def products() -> tuple[style.Plot, dict[str, float]]:
    """The time of one product of square matrices against their size, in NumPy and PyTorch."""
    found = n.at("calls", "found", "products")
    sizes = np.array(found["sizes"])
    kinds = {"numpy": ("NumPy", style.WEIGHT, "o"), "pytorch": ("PyTorch", style.GRADIENT, "s")}
    times = {name: np.array(found["us"][name]) for name in kinds if name in found["us"]}

    def draw(axes: Axes) -> None:
        for name, us in times.items():
            label, color, marker = kinds[name]
            axes.plot(sizes, us, marker, ls="-", color=color, mfc=style.PAPER, mew=1.5, label=label)
        axes.set(xscale="log", yscale="log", xlabel="rows and columns", ylabel="microseconds")
        ticks = [1, 4, 16, 64, 256, 1024]
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.set_yticks([1, 10, 100, 1e3, 1e4], ["1", "10", "100", "1,000", "10,000"])
        axes.minorticks_off()
        axes.legend()

    numpy_us = times["numpy"]
    numbers = {"doubled_at": float(sizes[np.argmax(numpy_us > 2 * numpy_us[0])])}
    if "pytorch" in times:
        ratio = times["pytorch"] / numpy_us
        numbers |= {"pytorch_smallest": float(ratio[0]), "pytorch_largest": float(ratio[-1])}
    return style.plot(draw, 3.3), numbers


def scalars() -> style.Plot:
    """Time and memory of the scalar engines, as a share of micrograd's."""
    names = {"micrograd": "micrograd", "taught": "the tape", "neuron": "the tape,\nneurons whole"}
    units = {"time": ("of_micrograd", 1), "memory": ("peak_of_micrograd",)}

    def draw(panels: Sequence[Axes]) -> None:
        for axes, (what, unit) in zip(panels, units.items(), strict=True):
            shares = [n.at("scalars", "found", "larger", "times", name, *unit) for name in names]
            axes.barh(range(len(names)), shares, 0.55, color=style.ACTIVATION)
            axes.set_yticks(range(len(names)), list(names.values()))
            axes.set(xlim=(0, 1.05), ylim=(len(names) - 0.5, -0.5), title=what)
            axes.set_xticks([0, 0.25, 0.5, 1], ["0", "¼", "½", "1"])

    return style.panels(draw, 2, 2.0, 2.0)
