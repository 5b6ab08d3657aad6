"""Bowls: where the gradient points, when descent leaves, and what momentum is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse

from chainrule import Adam
from docs.experiments import bowls, linear_regression
from docs.figures import _style as style

KAPPAS = (1, 10, 100)
SHARES = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1, 1.003, 1.006, 1.01, 1.02, 1.04]
STEEPER = np.array([1, 1.5, 2, 3, 5, 8, 12, 20, 35, 60, 100, 300, 1000])


def angle() -> tuple[style.Plot, dict[str, float]]:
    """In a round bowl the way down is the way to the bottom; in a narrow one it is not."""
    angles = {kappa: bowls.widest_angle(kappa) for kappa in KAPPAS}

    def draw(panels: Sequence[Axes]) -> None:
        for axes, kappa in zip(panels, KAPPAS, strict=True):
            start = np.array([-1.0, kappa**-0.5])  # where the angle is widest
            start /= np.linalg.norm(start)
            level = start[0] ** 2 + kappa * start[1] ** 2
            for share in (0.15, 0.5, 1.0, 1.7):
                width, height = 2 * np.sqrt(share * level / np.array([1, kappa]))
                axes.add_patch(
                    Ellipse((0, 0), width, height, fc="none", ec=style.LOSS, lw=0.8, alpha=0.6)
                )
            down = -start * [1, kappa]
            for direction, colour in ((-start, style.MUTED), (down, style.GRADIENT)):
                end = start + 0.62 * direction / np.linalg.norm(direction)
                axes.annotate(
                    "", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.7}
                )
            axes.plot(*start, "o", color=style.WEIGHT)
            axes.plot(0, 0, "+", color=style.LOSS, ms=9, mew=1.5)
            axes.set(xlim=(-1.35, 0.35), ylim=(-0.62, 0.98), aspect="equal", xticks=[], yticks=[])
            steep = "round" if kappa == 1 else f"{kappa} times as steep"
            axes.set_title(f"{steep}: {angles[kappa]:.0f}°")
            axes.spines[:].set_visible(False)
        style.label(panels[1], "to the bottom", (-0.5, 0.2), (8, 6), style.MUTED)
        style.label(panels[1], "−gradient", (-0.62, -0.28), (4, -8), style.GRADIENT)

    return style.panels(draw, 3, 2.5, 2.3), {f"angle_{k}": found for k, found in angles.items()}


def limit() -> tuple[style.Plot, dict[str, float]]:
    """On measured data the loss after five hundred steps jumps exactly at 2/λ."""
    found = linear_regression.sweep(SHARES)
    rates = found["limit"] * np.array(SHARES)
    losses = found["losses"]
    after = dict(zip(SHARES, losses, strict=True))

    def draw(axes: Axes) -> None:
        axes.axvline(found["limit"], color=style.MUTED, dashes=(4, 3), lw=1.2)
        axes.axhline(found["least"], color=style.HAIRLINE, lw=1)
        axes.plot(rates, losses, "o-", color=style.LOSS, mfc=style.PAPER, mew=1.4, ms=5)
        text = rf"$2/\lambda$ = {found['limit']:.4f}"
        style.label(axes, text, (found["limit"], 3e8), (-6, 0), style.MUTED, ha="right")
        style.label(axes, "least possible", (rates[0], found["least"]), (2, -11), style.MUTED)
        axes.set(yscale="log", ylim=(3e-4, 1e14), yticks=10.0 ** np.arange(0, 13, 4))
        axes.set(xlabel=r"learning rate $\eta$", ylabel="loss after 500 steps")
        axes.minorticks_off()

    return style.plot(draw), {
        "limit": found["limit"],
        "steepest": found["steepest"],
        "least": found["least"],
        "steps": linear_regression.STEPS,
        "just_below": after[0.99],
        "at": after[1],
        "just_above": after[1.01],
    }


def momentum() -> tuple[style.Plot, dict[str, int]]:
    """Steps to a millionth, against how much steeper one direction is than the other."""
    steps = bowls.steps_by_rule(STEEPER)
    plain, heavy, best = (steps[rule] for rule in ("plain", "usual", "best"))

    def draw(axes: Axes) -> None:
        for line, colour in ((plain, style.LOSS), (heavy, style.WEIGHT), (best, style.MUTED)):
            axes.plot(STEEPER, line, color=colour)
        style.label(axes, "plain descent", (300, plain[11]), (-8, 4), style.LOSS, ha="right")
        style.label(axes, r"momentum, $\beta$ = 0.9", (2, heavy[2]), (0, 9), style.WEIGHT)
        style.label(axes, "momentum, tuned", (35, best[8]), (6, -12), style.MUTED)
        axes.set(xscale="log", yscale="log", ylim=(0.8, 2e4))
        axes.set_xticks(xs := [1, 10, 100, 1000], [f"{x}" for x in xs])
        axes.set_yticks(ys := [1, 10, 100, 1000, 10000], [f"{y:,}" for y in ys])
        axes.minorticks_off()
        axes.set(xlabel="times as steep one way as the other", ylabel="steps to a millionth")

    numbers = {}
    for name, line in (("plain", plain), ("heavy", heavy), ("best", best)):
        numbers |= {f"{name}_{kappa:g}": n for kappa, n in zip(STEEPER, line, strict=True)}
    return style.plot(draw), numbers


def roots() -> tuple[style.Plot, dict[str, float]]:
    """What momentum multiplies by at each step: two roots that meet and turn into a circle."""
    speed = 0.2  # learning rate times curvature
    betas = np.linspace(0, 0.95, 96)
    pairs = np.array([np.roots([1, -(1 + beta - speed), beta]) for beta in betas])
    meeting = (1 - np.sqrt(speed)) ** 2

    def draw(axes: Axes) -> None:
        turn = np.linspace(0, 2 * np.pi, 200)
        axes.plot(np.cos(turn), np.sin(turn), color=style.MUTED, lw=1, dashes=(4, 3))
        real = betas < meeting
        axes.plot(pairs[real].real, pairs[real].imag, ".", color=style.WEIGHT, ms=5)
        axes.plot(pairs[~real].real, pairs[~real].imag, ".", color=style.GRADIENT, ms=5)
        first = pairs[0].real.max()
        axes.plot([first, np.sqrt(meeting)], [0, 0], "o", mfc=style.PAPER, mec=style.INK, mew=1.5)
        style.label(axes, r"$\beta$ = 0", (first, 0), (2, -14), ha="center")
        style.label(axes, rf"$\beta$ = {meeting:.2f}", (meeting**0.5, 0), (-8, 10), ha="right")
        last = pairs[-1][pairs[-1].imag.argmax()]
        style.label(axes, r"$\beta$ = 0.95", (last.real, last.imag), (8, 4))
        style.label(axes, "grows outside", (-0.71, 0.71), (-4, 14), style.MUTED, ha="center")
        axes.set(aspect="equal", xlim=(-1.5, 1.5), ylim=(-1.1, 1.25))
        axes.set(xlabel="real part", ylabel="imaginary part", xticks=[-1, 0, 1], yticks=[-1, 0, 1])

    return style.plot(draw, 3.6), {
        "speed": speed,
        "meeting": meeting,
        "size_there": float(np.abs(pairs[betas.searchsorted(meeting)]).max()),
        "size_without": float(np.abs(pairs[0]).max()),
        "size_at_last": float(np.abs(pairs[-1]).max()),
    }


def adam() -> tuple[style.Plot, dict[str, float]]:
    """One large gradient among small ones: Adam's step is not bounded by the learning rate."""
    rule, spike, steps = Adam(learning_rate=1.0, epsilon=0), 5000, 5040
    w, ratios = np.zeros(1), []
    state = rule.start(w)
    for step in range(1, steps + 1):
        before = w
        w, state = rule.step(w, np.array([1.0 if step == spike else 1e-9]), state)
        ratios.append(abs(before - w).item())
    largest = max(ratios)
    bound = (1 - rule.beta1) / np.sqrt(1 - rule.beta2)

    def draw(axes: Axes) -> None:
        shown = np.arange(spike - 20, steps + 1)
        axes.axhline(1, color=style.INK, lw=0.9)
        axes.axhline(bound, color=style.MUTED, dashes=(4, 3), lw=1.2)
        axes.plot(shown, np.array(ratios)[shown - 1], color=style.WEIGHT)
        axes.plot(spike, largest, "o", mfc=style.PAPER, mec=style.WEIGHT, mew=1.6)
        style.label(axes, f"one spike: {bound:.3f}", (shown[0], bound), (2, 7), style.MUTED)
        style.label(axes, f"{largest:.3f}", (spike, largest), (8, -12), style.WEIGHT)
        style.label(axes, "the learning rate", (steps, 1), (0, 7), ha="right")
        axes.set(xlabel="step", ylabel="step over learning rate", ylim=(0, 3.7))
        axes.set(xticks=[spike - 20, spike, spike + 20, spike + 40])

    return style.plot(draw), {
        "largest": largest,
        "bound": bound,
        "first": ratios[0],
        "spike": spike,
        "later": steps - spike,
        "left": ratios[-1],
    }
