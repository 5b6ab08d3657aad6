"""What a change costs in the browser, against the one frame it may take.

Two times are told for each change, in milliseconds:

ours        script, style and layout: the handler and a forced layout, as the page's clock has it
all         the main thread's processor time until the change is painted, paint and commit included
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from tools.browser import find

GOAL = 16.0  # milliseconds, at the 95th percentile: one frame
TIMES = 120
WARMING = 40  # changes before the first that counts: a reader's browser has compiled the code, too

RUN = """async ([tag, doing, n]) => {
    const it = document.querySelector(tag);
    const change = new Function("it", "n", doing);
    const before = performance.now();
    change(it, n);
    it.getBoundingClientRect();
    const ours = performance.now() - before;
    await new Promise(done => requestAnimationFrame(() => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(0);
    }));
    return ours;
}"""


@dataclass(frozen=True)
class Change:
    """Something a reader does to the element `it`, for the nth time, and what has to be before."""

    name: str
    doing: str
    before: str = ""


def busy(session: CDPSession) -> float:
    """Seconds the main thread has been busy, so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def milliseconds(
    page: Page, session: CDPSession, tag: str, change: Change
) -> list[tuple[float, float]]:
    """What each of `TIMES` changes cost: ours, and all."""
    page.evaluate(RUN, [tag, change.before, 0])
    found: list[tuple[float, float]] = []
    for n in range(WARMING + TIMES):
        before = busy(session)
        ours = page.evaluate(RUN, [tag, change.doing, n])
        found.append((ours, 1e3 * (busy(session) - before)))
    return found[WARMING:]


def compare(addresses: Iterable[str], tag: str, changes: Iterable[Change]) -> None:
    """Print the costs of each change on each page; pages take turns."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-frame-rate-limit"]
        browser = playwright.chromium.launch(executable_path=find(), args=flags)
        pages: list[tuple[Page, CDPSession]] = []
        for address in addresses:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(address)
            page.wait_for_function("tag => customElements.get(tag)", arg=tag)
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            pages.append((page, session))
        print(f"{tag}: median milliseconds of {TIMES} changes; the goal is {GOAL:g} at 95 %.")
        for change in changes:
            for n, (page, session) in enumerate(pages):
                page.bring_to_front()
                costs = row(milliseconds(page, session, tag, change))
                load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
                print(f"{change.name if not n else '':<24}{costs}   {load}", flush=True)
        browser.close()


def row(costs: list[tuple[float, float]]) -> str:
    """The median and the 95th percentile of both times."""
    told = zip(("ours", "all"), zip(*costs, strict=True), strict=True)
    return "   ".join(
        "{} {:5.1f} (95 % {:5.1f})".format(name, *np.percentile(times, [50, 95]))
        for name, times in told
    )
