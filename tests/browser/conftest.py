"""The book, built strictly once and served under a sub-path as it will be when published."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from mkdocs.utils.yaml import yaml_load
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tools.browser import find

ROOT = Path(__file__).parents[2]
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pages() -> list[str]:
    """Return the address of every page in the table of contents, and of the 404 page."""
    with (ROOT / "mkdocs.yml").open("rb") as file:
        nav = yaml_load(file)["nav"]
    return [address(source) for source in _leaves(nav)] + ["404.html"]


def _leaves(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    else:
        for child in node.values() if isinstance(node, dict) else node:
            yield from _leaves(child)


def address(source: str) -> str:
    """Return where the page of a source file is, relative to the site."""
    stem = source.rpartition(".")[0]
    return stem.removesuffix("index") if stem.endswith("index") else f"{stem}/"


def file_of(built: Path, page: str) -> Path:
    """Return the file that is served for the address of a page."""
    return built / page if page.endswith(".html") else built / page / "index.html"


# The site -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def built(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The published book, in a folder that all tests share: whoever adds to it copies it."""
    return once("published", _build) / "book"


def _build(folder: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder / "book")],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "SITE_URL": "http://127.0.0.1/book/"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert answer.returncode == 0, answer.stderr


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, *_: object) -> None:
        """Answer as a web host does: with the site's own page for lost readers."""
        body = (Path(self.directory) / "book/404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[str]:
    handler = partial(_Handler, directory=str(built.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/book/"
        server.shutdown()
        thread.join()


# The browser ----------------------------------------------------------------------------------

# Scripts come after the first paint, which may be after the page has been loaded.
AWAKE = """() => new Promise((resolve) => {
    const look = (more) => {
        const last = document.querySelector("html:not(.no-js) > body > template.later");
        const waits = last?.content.childElementCount > 0;
        if (waits && more) setTimeout(look, 20, more - 1);
        else resolve(!waits);
    };
    look(1000);
})"""


def awake(page: Page) -> None:
    """Wait until the scripts of a page have run, if it has any."""
    assert page.evaluate(AWAKE), f"{page.url}: the scripts do not come"


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """Whoever opens a page waits until its scripts have run, unless for the answer alone."""

    def waiting(method: Callable[..., Any]) -> Callable[..., Any]:
        def opened(page: Page, *args: Any, **kwargs: Any) -> Any:
            answer = method(page, *args, **kwargs)
            if kwargs.get("wait_until") != "commit":
                awake(page)
            return answer

        return opened

    with pytest.MonkeyPatch.context() as patch:
        for name in ("goto", "reload", "go_back", "go_forward"):
            patch.setattr(Page, name, waiting(getattr(Page, name)))
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find()
    if executable is None:
        pytest.fail("These tests drive Chromium or Chrome, and none was found; see `make browser`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that has been opened, and all it complained of and asked for on the way."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: int = 0
    elsewhere: list[str] = field(default_factory=list)

    def open(self, url: str) -> Visit:
        own = urlsplit(url).netloc

        def asked(request: Request) -> None:
            self.requests += 1
            if urlsplit(request.url).netloc not in ("", own):
                self.elsewhere.append(request.url)

        self.page.on("request", asked)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )
        self.page.goto(url)
        return self


@pytest.fixture(scope="session")
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """A reader with everything switched on, who prefers that nothing moves."""
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")  # pyright: ignore[reportArgumentType]
    yield context
    context.close()


@pytest.fixture
def page(reader: BrowserContext) -> Iterator[Page]:
    """An empty page of that reader."""
    page = reader.new_page()
    yield page
    page.close()


@pytest.fixture(scope="session")
def reader_without_scripts(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)  # pyright: ignore[reportArgumentType]
    yield context
    context.close()
