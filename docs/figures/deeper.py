"""Products of many matrices: what makes them grow, and what a path around a layer does."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from chainrule.activations import Array
from docs.experiments import digits_training, products
from docs.figures import _style as style

SIGMAS = np.linspace(0.3, 1.2, 10)
DEPTHS = [1, 3, 10, 30, 100]
TIMES = np.arange(0, 101)
GAINS = {"half": 0.5, "nine_tenths": 0.9, "one": 1.0, "more": 1.1, "one_and_a_half": 1.5}
UNITS, SEEDS = 64, 5


def gaussian() -> tuple[style.Plot, dict[str, float]]:
    """The size of a product of a hundred random matrices, against the spread of their entries."""
    at_one = products.gaussian_growth(1.0, seeds=50)
    growth = np.array([at_one + 100 * np.log10(sigma) for sigma in SIGMAS])  # sigma comes out
    middle = np.median(growth, axis=1)
    crossing = float(np.interp(0, middle, SIGMAS))

    def draw(axes: Axes) -> None:
        axes.axhline(0, color=style.INK, lw=0.9)
        low, high = growth.min(axis=1), growth.max(axis=1)
        axes.fill_between(SIGMAS, low, high, color=style.GRADIENT, alpha=0.25, lw=0)
        axes.plot(SIGMAS, middle, color=style.GRADIENT)
        axes.plot(crossing, 0, "o", mfc=style.PAPER, mec=style.GRADIENT, mew=1.6)
        style.label(axes, f"level at {crossing:.2f}", (crossing, 0), (9, -14))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda power, _: f"$10^{{{power:.0f}}}$"))
        axes.set(xlabel=r"deviation $\sigma$ of the entries", ylabel="size of the product")

    return style.plot(draw), {
        "crossing": crossing,
        "power_at_one": float(np.median(at_one)),
        "power_at_half": float(np.median(at_one) + 100 * np.log10(0.5)),
        "seeds": len(at_one),
    }


def residual() -> tuple[style.Plot, dict[str, float]]:
    """The first error over the last, with tanh layers as they are, and with a path around each."""
    kinds = {"plain": False, "residual": True}
    ratios = {
        name: np.array(
            [products.tanh_gradient_ratio(0.5, depth, residual=around) for depth in DEPTHS]
        )
        for name, around in kinds.items()
    }

    def draw(axes: Axes) -> None:
        axes.axhline(1, color=style.INK, lw=0.9)
        for ratio in ratios.values():
            low, high = ratio.min(axis=1), ratio.max(axis=1)
            axes.fill_between(DEPTHS, low, high, color=style.GRADIENT, alpha=0.25, lw=0)
            axes.plot(DEPTHS, np.median(ratio, axis=1), "o-", color=style.GRADIENT, mfc=style.PAPER)
        style.label(axes, "with a path around", (12, np.median(ratios["residual"][2])), (0, 9))
        style.label(axes, "plain layers", (30, np.median(ratios["plain"][3])), (-9, -4), ha="right")
        axes.set(xscale="log", yscale="log", ylim=(1e-33, 1e8))
        axes.set_yticks(10.0 ** np.arange(-30, 5, 10))
        axes.set_xticks(DEPTHS, [str(depth) for depth in DEPTHS])
        axes.minorticks_off()
        axes.set(xlabel="layers", ylabel="first error over last")

    return style.plot(draw), {
        f"{name}_{depth}": float(np.median(ratio[k]))
        for name, ratio in ratios.items()
        for k, depth in enumerate(DEPTHS)
    }


def shares_through_time(gain: float) -> Array:
    """|∂h_T/∂h_0| of h ← tanh(W h) near rest, W orthogonal times the gain; shape (SEEDS, T)."""
    curves = []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        W = gain * np.linalg.qr(rng.standard_normal((UNITS, UNITS)))[0]
        h, dL_dh = 0.01 * rng.standard_normal(UNITS), rng.standard_normal(UNITS)
        slopes = []
        for _ in TIMES[1:]:
            h = np.tanh(W @ h)
            slopes.append(1 - h**2)
        sizes = [np.linalg.norm(dL_dh)]
        for slope in reversed(slopes):
            dL_dh = W.T @ (dL_dh * slope)
            sizes.append(np.linalg.norm(dL_dh))
        curves.append(np.array(sizes) / sizes[0])
    return np.array(curves)


def recurrent() -> tuple[style.Plot, dict[str, float]]:
    """How much of the error arrives so many time steps earlier, for five sizes of the weights."""
    curves = {gain: shares_through_time(gain) for gain in GAINS.values()}
    least = GAINS["half"]

    def draw(axes: Axes) -> None:
        for gain, share in curves.items():
            low, high = share.min(axis=0), share.max(axis=0)
            axes.fill_between(TIMES, low, high, color=style.GRADIENT, alpha=0.25, lw=0)
            axes.plot(TIMES, np.median(share, axis=0), color=style.GRADIENT)
            if gain != least:
                end = (TIMES[-1], np.median(share[:, -1]))
                style.label(axes, f"{gain:g}", end, (5, -3), style.WEIGHT)
        left = np.median(curves[least][:, 15])
        style.label(axes, f"gain {least:g}", (15, left), (7, 0), style.WEIGHT)
        axes.set(yscale="log", ylim=(1e-9, 1e6), xlim=(-2, 113), yticks=10.0 ** np.arange(-9, 7, 3))
        axes.minorticks_off()
        axes.set(xlabel="time steps back", ylabel="error over last error")

    return style.plot(draw), {
        f"after_{name}": float(np.median(curves[gain][:, -1])) for name, gain in GAINS.items()
    }


PRINTED = {  # in Nielsen's chapter 5, first hidden layer first
    "two": [0.07, 0.31],
    "three": [0.012, 0.060, 0.283],
    "four": [0.003, 0.017, 0.070, 0.285],
}


def nielsen() -> tuple[style.Plot, dict[str, float]]:
    """How fast each layer learns at the start: his numbers on MNIST, ours on smaller digits."""
    norms = digits_training.error_norms()
    layers = np.arange(1, 5)
    ours = np.array(norms["four"]).T

    def draw(axes: Axes) -> None:
        axes.fill_between(
            layers, ours.min(axis=0), ours.max(axis=0), color=style.GRADIENT, alpha=0.25, lw=0
        )
        axes.plot(layers, np.median(ours, axis=0), color=style.GRADIENT)
        axes.plot(layers, PRINTED["four"], "o", mfc=style.PAPER, mec=style.INK, mew=1.6, ms=7)
        style.label(axes, "ours", (3, np.median(ours[:, 2])), (6, -14), style.GRADIENT)
        style.label(axes, "printed", (2, PRINTED["four"][1]), (-7, 9), ha="right")
        axes.set(yscale="log", ylim=(5e-4, 1), xlim=(0.8, 4.2), xticks=layers)
        axes.set(xlabel="hidden layer", ylabel="size of the gradient")
        axes.minorticks_off()

    slower = np.median(ours[:, 1:] / ours[:, :-1])
    within = [
        min(column) <= printed <= max(column)
        for hidden, columns in norms.items()
        for printed, column in zip(PRINTED[hidden], columns, strict=True)
    ]
    return style.plot(draw), {
        "within": sum(map(int, within)),
        "printed": len(within),
        "seeds": len(ours),
        "slower": float(slower),
    }
