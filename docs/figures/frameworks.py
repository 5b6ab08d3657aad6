"""How far each framework's slopes are from the reference, on a logarithmic axis."""

from __future__ import annotations

from contextlib import redirect_stdout

from matplotlib.axes import Axes

from docs.figures import _style as style

with redirect_stdout(None):  # what the example prints belongs on its page
    from docs.examples import frameworks as n

NAMES = {
    "pytorch": "PyTorch", "jax": "JAX", "tensorflow": "TensorFlow",
    "micrograd": "micrograd", "autograd": "autograd",
}  # fmt: skip
LEAST = 1e-18  # where a difference of zero is drawn


def agreement() -> tuple[style.Plot, dict[str, float]]:
    """A dot for each framework, and one for the reference in single precision."""

    def draw(axes: Axes) -> None:
        for row, name in enumerate(NAMES):
            axes.plot(max(n.off[name], LEAST), row, "o", color=style.GRADIENT, ms=7)
        axes.plot(n.single, len(NAMES), "o", mfc=style.PAPER, mec=style.GRADIENT, mew=1.6, ms=7)
        rows = [*NAMES.values(), "single precision"]
        axes.set(xscale="log", xlim=(3e-19, 1e-4), ylim=(len(rows) - 0.4, -0.6))
        ticks = {LEAST: "0", 1e-16: "$10^{-16}$", 1e-12: "$10^{-12}$", 1e-8: "$10^{-8}$"}
        axes.set_xticks(list(ticks), list(ticks.values()))
        axes.set_yticks(range(len(rows)), rows)
        axes.minorticks_off()
        axes.set(xlabel="difference from the reference, relative")

    return style.plot(draw, 2.6), {
        "worst": max(n.off[name] for name in NAMES),
        "single": n.single,
    }
