"""What a step and an edit cost in the player: `python -m benchmarks.player [ADDRESS ...]`.

An ADDRESS is a page with a player; without one it is the page that `chainrule.show` writes. Several
take turns, so that a change of the code is measured against the code before it while the machine
does the same other work. Two times are told for each change, in milliseconds:

ours        script, style and layout: the handler and a forced layout, as the page's clock has it
all         the main thread's processor time until the change is painted, paint and commit included
"""

from __future__ import annotations

import argparse
import os
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


def milliseconds(page: Page, session: CDPSession, change: str) -> list[tuple[float, float]]:
    """What each of `TIMES` changes cost: ours, and all."""
    prepare(page, change)
    script = f"""async n => {{
        const player = document.querySelector("cr-player");
        const before = performance.now();
        {CHANGES[change]};
        player.getBoundingClientRect();
        const ours = performance.now() - before;
        {PAINTED}
        return ours;
    }}"""
    found: list[tuple[float, float]] = []
    for n in range(WARMING + TIMES):
        before = busy(session)
        ours = page.evaluate(script, n)
        found.append((ours, 1e3 * (busy(session) - before)))
    return found[WARMING:]


def row(costs: list[tuple[float, float]]) -> str:
    told = zip(("ours", "all"), zip(*costs, strict=True), strict=True)
    return "   ".join(
        "{} {:5.1f} (95 % {:5.1f})".format(name, *np.percentile(times, [50, 95]))
        for name, times in told
    )


def main(addresses: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        if not addresses:
            path = Path(folder) / "player.html"
            path.write_text(player(PRESETS[PRESET].spec).html, encoding="utf-8")
            addresses = [path.as_uri()]
        flags = ["--no-sandbox", "--disable-gpu", "--disable-frame-rate-limit"]
        browser = playwright.chromium.launch(executable_path=find(), args=flags)
        pages: list[tuple[Page, CDPSession]] = []
        for address in addresses:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(address)
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            pages.append((page, session))
        print(f"Median milliseconds of {TIMES} changes; the goal is {GOAL:g} at 95 %.")
        for change in CHANGES:
            for n, (page, session) in enumerate(pages):
                page.bring_to_front()
                costs = milliseconds(page, session, change)
                load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
                print(f"{change if not n else '':<20}{row(costs)}   {load}", flush=True)
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("address", nargs="*")
    main(parser.parse_args().address)
