"""The player in the hands of somebody who presses, types and pastes anything at all.

python -m pytest tests/browser/test_player_fuzz.py --fuzz 600     ten minutes of it
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser

from chainrule.spec import SpecError
from chainrule.trace import trace

from .conftest import PHONE, WIDE, Visit

SCRIPT = (Path(__file__).parent / "fuzz.js").read_text(encoding="utf-8")
ACTIONS = 60  # before the page is looked at from outside


def test_random_use_finds_no_error(browser: Browser, site: str, pytestconfig: Any) -> None:
    seconds = pytestconfig.getoption("fuzz")
    seed = 11 if seconds <= 15 else int(time.time())
    context = browser.new_context(reduced_motion="reduce")
    visit = Visit(context.new_page()).open(f"{site}network/player/")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seed += 1
        visit.page.set_viewport_size(PHONE if seed % 3 == 0 else WIDE)
        found = visit.page.evaluate(
            SCRIPT, {"seed": seed, "actions": ACTIONS, "modules": f"{site}assets/explorers"}
        )
        told = f"seed {seed}: {found['log']}"
        assert found["wrong"] == [], told
        assert visit.errors == [], told
        assert_it_is_the_trace_of_the_reference(found, told)
        if "network/player/" not in visit.page.url:
            visit.page.goto(f"{site}network/player/")
    context.close()


def assert_it_is_the_trace_of_the_reference(found: dict[str, Any], told: str) -> None:
    """However the reader got there, the numbers are those of the reference; so is an overflow."""
    spec = found["spec"]
    try:
        with np.errstate(all="ignore"):
            known = trace(spec)
    except SpecError:
        assert found["stopped"], told
        return
    assert found["stopped"] is None or known is None, told
