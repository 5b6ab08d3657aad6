"""The browser that the tests drive: an installed one, or one fetched for the purpose.

`find()` is what a test asks. `python tools/browser.py` makes sure that there is something
to find, and says in a line what it does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def candidates() -> Iterator[str]:
    for name in NAMES:
        if path := shutil.which(name):
            yield path
    yield from MAC_APPLICATIONS
    yield playwrights_own()


def playwrights_own() -> str:
    """Where Playwright keeps the Chromium it downloads, whether or not it has done so."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def runs(browser: str) -> bool:
    """Whether it starts. A file is not enough: it may be a stub, or lack a library."""
    try:
        answer = subprocess.run([browser, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def find() -> str | None:
    """The path of the first browser that starts, or None."""
    return next((browser for browser in candidates() if runs(browser)), None)


def succeeds(*command: str) -> bool:
    print("No Chromium or Chrome here:", " ".join(command), flush=True)
    try:
        answer = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=600)
    except subprocess.TimeoutExpired:
        print("  took more than ten minutes, and was stopped")
        return False
    if answer.returncode != 0:
        print("  did not work:", (answer.stderr or b"?").decode(errors="replace").splitlines()[0])
    return answer.returncode == 0


def fetch() -> str | None:
    """A browser by Playwright's own download, else from Debian; None if neither can be had."""
    if succeeds(sys.executable, "-m", "playwright", "install", "chromium") and (found := find()):
        return found
    debian_root = shutil.which("apt-get") and os.geteuid() == 0
    if debian_root and succeeds("apt-get", "update", "-qq"):
        succeeds("apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium")
    return find()


def main() -> None:
    browser = find() or fetch()
    if browser:
        print(f"The browser tests drive {Path(browser)}")
    else:
        print("No browser could be found or fetched; the browser tests will fail.")


if __name__ == "__main__":
    main()
