"""Vanishing and exploding: what becomes of the error on its way back through thirty layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from docs.experiments.depth import DEPTH, SEEDS, WIDTH, layer_factors, sweep, typical
from docs.figures import _style as style

GAINS = {"sigmoid": (0.5, 4, 16), "tanh": (0.5, 1, 2), "relu": (1, 2**0.5, 2)}
SWEEPS = {
    "sigmoid": np.geomspace(0.5, 20, 13),
    "tanh": np.geomspace(0.5, 4, 9),
    "relu": np.geomspace(0.5, 4, 4),
}
NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}


def by_layer() -> tuple[style.Plot, dict[str, float]]:
    """The size of the error from the last layer back to the first, for three sizes of weights."""
    layers = np.arange(1, DEPTH + 1)
    folklore = 0.25 ** (DEPTH - layers)
    shares = {
        (activation, gain): (sizes := np.array(found)) / sizes[:, -1:]
        for activation, gains in GAINS.items()
        for gain, found in zip(gains, sweep(activation, list(gains)), strict=True)
    }

    def draw(panels: Sequence[Axes]) -> None:
        for axes, (activation, gains) in zip(panels, GAINS.items(), strict=True):
            axes.plot(layers, folklore, color=style.MUTED, dashes=(4, 3), lw=1.2)
            for gain in gains:
                share = shares[activation, gain]
                axes.fill_between(
                    layers, share.min(axis=0), share.max(axis=0),
                    color=style.GRADIENT, alpha=0.25, lw=0,
                )  # fmt: skip
                axes.plot(layers, typical(share), color=style.GRADIENT)
                start = typical(share)[0]
                text = f"{gain:.3g}" if gain != 16 else "gain 16"
                style.label(axes, text, (1, start), (2, 5) if start > 1 else (9, -10), style.WEIGHT)
            axes.set(yscale="log", ylim=(1e-30, 1e8), xlim=(0, DEPTH + 1), title=NAMES[activation])
            axes.set(xticks=[1, 10, 20, 30], yticks=10.0 ** np.arange(-25, 10, 5), xlabel="layer")
            axes.set_ylabel(f"error relative to layer {DEPTH}")
            axes.label_outer()
            axes.minorticks_off()
        for axes in panels[1:]:
            style.label(axes, "¼ per layer", (10, folklore[9]), (6, -13), style.MUTED)

    factors = {
        f"{activation}_{gain:.3g}": float(typical(layer_factors(share)))
        for (activation, gain), share in shares.items()
    }
    return style.panels(draw, 3, 3.4, 2.7), {
        "depth": DEPTH,
        "width": WIDTH,
        "seeds": SEEDS,
        "quarter_power": 0.25**DEPTH,
        **factors,
    }


def gain() -> tuple[style.Plot, dict[str, float]]:
    """The factor of one layer against the gain, and where it is one."""
    factors = {
        activation: np.array(
            [layer_factors(np.array(s)) for s in sweep(activation, gains.tolist())]
        )
        for activation, gains in SWEEPS.items()
    }
    crossings = {
        activation: float(np.exp(np.interp(0, np.log(typical(f.T)), np.log(SWEEPS[activation]))))
        for activation, f in factors.items()
    }

    def draw(axes: Axes) -> None:
        axes.axhline(1, color=style.INK, lw=0.9)
        for activation, gains in SWEEPS.items():
            low, high = factors[activation].min(axis=1), factors[activation].max(axis=1)
            axes.fill_between(gains, low, high, color=style.GRADIENT, alpha=0.25, lw=0)
            axes.plot(gains, typical(factors[activation].T), color=style.GRADIENT)
            axes.plot(crossings[activation], 1, "o", mfc=style.PAPER, mec=style.GRADIENT, mew=1.6)
        tanh, relu, sigmoid = (crossings[name] for name in ("tanh", "relu", "sigmoid"))
        style.label(axes, f"tanh {tanh:.2f}", (tanh, 1), (-6, 6), ha="right")
        style.label(axes, f"ReLU {relu:.2f}", (relu, 1), (7, -14))
        style.label(axes, f"sigmoid {sigmoid:.1f}", (sigmoid, 1), (8, -20), ha="center")
        axes.set(xscale="log", yscale="log", ylim=(0.1, 3.2))
        axes.set_xticks(xs := [0.5, 1, 2, 5, 10, 20], [f"{x:g}" for x in xs])
        axes.set_yticks(ys := [0.1, 0.2, 0.5, 1, 2], [f"{y:g}" for y in ys])
        axes.minorticks_off()
        axes.set(xlabel="gain of the weights", ylabel="factor of one layer")

    return style.plot(draw), {f"{name}_crossing": value for name, value in crossings.items()}
