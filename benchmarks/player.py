"""What a step and an edit cost in the player: `python -m benchmarks.player [ADDRESS]`.

ADDRESS is a page of the book, built and served; without it the page is the one that
`chainrule.show` writes. The time is that of the browser's main thread from the change until it is
painted: script, style, layout and paint. It is processor time, since other programs may be running.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from chainrule.explorers.presets import PRESETS
from chainrule.explorers.show import player
from tools.browser import find

PRESET = "two-three-two"
GOAL = 16.0  # milliseconds, at the 95th percentile: one frame
TIMES = 120
WARMING = 40  # changes before the first that counts: a reader's browser has compiled the code, too

PAINTED = """await new Promise(done => requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
}));"""
STEP = "player.go({position: (player.scene.position + 1) % player.scene.steps.length})"
EDIT = "player.setNumber(`W.${n % 2}.0.${n % 2}`, String((n * 37 % 200) / 100 - 1))"
CHANGES = {
    "step, each path": STEP,
    "step, each neuron": STEP,
    "step, each layer": STEP,
    "step, table open": STEP,
    "edit of a weight": EDIT,
    "edit, fields open": EDIT,
    "edit, table open": EDIT,
}
FOLDS = {"fields open": ".player__change", "table open": ".player__all"}


def busy(session: CDPSession) -> float:
    """Seconds the main thread has been busy, so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def prepare(page: Page, change: str) -> None:
    """The network, from the start, with steps of this size."""
    page.locator("cr-player [name=preset]").select_option(PRESET)
    kind, _, how = change.partition(", ")
    if how.startswith("each"):
        page.locator("cr-player [name=grain]").select_option(how.removeprefix("each "))
    if kind != "step":
        page.evaluate("document.querySelector('cr-player').go({position: 20})")
    page.evaluate(
        "open => document.querySelectorAll('cr-player details').forEach("
        "fold => { fold.open = fold.matches(open); })",
        FOLDS.get(how, ":not(*)"),
    )


def milliseconds(page: Page, session: CDPSession, change: str) -> list[float]:
    """What each of `TIMES` changes cost."""
    prepare(page, change)
    script = f"""async n => {{
        const player = document.querySelector("cr-player");
        {CHANGES[change]};
        {PAINTED}
    }}"""
    found: list[float] = []
    for n in range(WARMING + TIMES):
        before = busy(session)
        page.evaluate(script, n)
        found.append(1e3 * (busy(session) - before))
    return found[WARMING:]


def main(address: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        if address is None:
            path = Path(folder) / "player.html"
            path.write_text(player(PRESETS[PRESET].spec).html, encoding="utf-8")
            address = path.as_uri()
        flags = ["--no-sandbox", "--disable-gpu", "--disable-frame-rate-limit"]
        browser = playwright.chromium.launch(executable_path=find(), args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        print(f"Milliseconds of the main thread, {TIMES} times each; the goal is {GOAL:g} at 95 %.")
        for change in CHANGES:
            costs = milliseconds(page, session, change)
            median, most = np.percentile(costs, [50, 95])
            print(f"{change:<20}median {median:5.1f}   95 % {most:5.1f}")
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", nargs="?")
    main(parser.parse_args().address)
