"""From readable to fast: what each change of the step has bought."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import redirect_stdout

from matplotlib.axes import Axes

from docs.figures import _style as style

with redirect_stdout(None):  # what the example prints belongs on its page
    from docs.examples import how_fast as n

NAMES = {
    "as_taught": "as taught",
    "moved_in_place": "moved in place",
    "nothing_made": "nothing made",
    "biases_inside": "biases inside",
    "prepared": "prepared calls",
}
NETWORKS = {"paper": "2-2-1, one example", "digits": "784-30-10, batch of 10"}


def changes() -> tuple[style.Plot, dict[str, dict[str, float]]]:
    """Microseconds a step after each change, and the share that is left of the taught step."""
    us = {
        network: {name: n.at("tuning", "found", network, name, "us", 1) for name in NAMES}
        for network in NETWORKS
    }

    def draw(panels: Sequence[Axes]) -> None:
        for axes, (network, title) in zip(panels, NETWORKS.items(), strict=True):
            axes.barh(range(len(NAMES)), list(us[network].values()), 0.55, color=style.ACTIVATION)
            axes.set_yticks(range(len(NAMES)), list(NAMES.values()))
            axes.set(ylim=(len(NAMES) - 0.5, -0.5), xlabel="microseconds", title=title)

    left = {
        f"{network}_left": {name: each[name] / each["as_taught"] for name in NAMES}
        for network, each in us.items()
    }
    return style.panels(draw, 2, 2.2, 2.2), us | left
