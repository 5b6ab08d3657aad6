"""Firefox as it is installed, driven by the protocol it speaks by itself, WebDriver BiDi.

Playwright drives only a Firefox of its own making. https://w3c.github.io/webdriver-bidi/
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("firefox-esr", "firefox")
BEGINS = "WebDriver BiDi listening on "
QUIET = """\
user_pref("app.normandy.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("ui.prefersReducedMotion", 1);
"""


def find() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


class Firefox:
    """One tab. `events` are what it told of by itself, in order."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.count = 0
        self.events: list[tuple[str, Any]] = []
        self.ask("session.new", capabilities={})
        self.tab = self.ask("browsingContext.create", type="tab")["context"]
        self.ask("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])

    def ask(self, method: str, **params: Any) -> Any:
        """Return the answer to a command. Raises RuntimeError with the reason if there is none."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message["type"] == "event":
                self.events.append((message["method"], message["params"]))
            elif message["id"] == self.count:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['message']}")
                return message["result"]

    def open(self, url: str) -> None:
        self.ask("browsingContext.navigate", context=self.tab, url=url, wait="complete")
        last = "document.querySelector('html:not(.no-js) > body > template.later')"
        self.wait_for(f"!{last}?.content.childElementCount")

    def before_each_page(self, function: str) -> None:
        self.ask("script.addPreloadScript", functionDeclaration=function)

    def evaluate(self, expression: str) -> Any:
        """Return what an expression gives, as JSON has it."""
        as_json = "found => JSON.stringify(found ?? null)"
        answer = self.ask(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then({as_json})",
            target={"context": self.tab},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def wait_for(self, expression: str, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.05)

    def press(self, keys: Sequence[str]) -> None:
        pressed = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": pressed}
        self.ask("input.performActions", context=self.tab, actions=[source])

    def cookies(self) -> list[Any]:
        return self.ask("storage.getCookies")["cookies"]

    def requests(self) -> list[str]:
        return [told["request"]["url"] for method, told in self.events if method[0] == "n"]

    def errors(self) -> list[str]:
        logged = [told for method, told in self.events if method[0] == "l"]
        return [str(entry["text"]) for entry in logged if entry["level"] == "error"]


@contextmanager
def started(executable: str) -> Iterator[Firefox]:
    """Start a Firefox that knows nothing of earlier ones; stop it afterwards."""
    from websockets.sync.client import connect

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        Path(profile, "user.js").write_text(QUIET)
        command = [executable, "--headless", "--remote-debugging-port=0", "--profile", profile]
        told = Path(profile, "told.txt")
        with told.open("w") as file:
            process = subprocess.Popen(command, stdout=file, stderr=file)
        try:
            with connect(f"{_address(told)}/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def _address(told: Path, seconds: float = 60) -> str:
    """Wait until Firefox has told where it listens, and return that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for line in told.read_text().splitlines():
            if BEGINS in line:
                return line.partition(BEGINS)[2].strip()
        time.sleep(0.1)
    raise TimeoutError(f"Firefox said only: {told.read_text()[-300:]}")
