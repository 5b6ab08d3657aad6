"""A small book, and how to build it as a reader of the manual would."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import IO
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

ENOUGH = 120  # seconds: whatever takes longer, on however busy a machine, hangs

CONFIG = """\
site_name: Small
site_url: http://127.0.0.1/
theme: {name: null, custom_dir: theme}
plugins: [weave]
watch: [theme]
exclude_docs: |
  *.py
  !examples/*.py
  __pycache__/
markdown_extensions:
  - attr_list
  - pymdownx.superfences
  - pymdownx.arithmatex: {generic: true}
  - weave.maths
validation: {nav: {omitted_files: warn}, links: {not_found: warn, anchors: warn}}
"""
SITE = {
    "mkdocs.yml": CONFIG,
    "theme/main.html": '<html><head><meta charset="utf-8"></head>'
    "<body>{{ page.content }}</body></html>",
    "docs/index.md": "---\ntitle: Home\n---\n\n# Home\n\nLoss {{ value demo.loss }}, $x^2$.\n\n"
    "{{ example demo }}\n",
    "docs/examples/demo.py": "loss = 0.25\nprint('ran')\n",
}


# Started in the background of a script, a program does not hear Ctrl-C, nor do those it starts.
HEARING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
MKDOCS = HEARING + "from mkdocs.__main__ import cli; cli()"


def mkdocs(
    root: Path, *arguments: str, stdout: int | IO[str] = subprocess.PIPE, **environment: str
) -> subprocess.Popen[str]:
    """Start MkDocs in a folder, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", MKDOCS, *arguments],
        cwd=root,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
        start_new_session=True,
    )


def build(root: Path, *options: str, **environment: str) -> SimpleNamespace:
    process = mkdocs(root, "build", *options, **environment)
    try:
        output, _ = process.communicate(timeout=ENOUGH)
    finally:
        process.kill()
    return SimpleNamespace(code=process.returncode, output=output)


def snapshot(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def leftovers(root: Path) -> list[str]:
    return [path.name for path in root.iterdir() if path.name.startswith(".site-building-")]


# Serving --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A running `mkdocs serve` of the small book."""

    site: Path
    address: str
    process: subprocess.Popen[str]

    @property
    def log(self) -> str:
        return (self.site / "log").read_text()

    def shows(self, page: str) -> str:
        """The page as it is served now, or why it cannot be; nothing, if nobody answers."""
        try:
            with urlopen(f"{self.address}{page}", timeout=10) as answer:
                return answer.read().decode()
        except HTTPError as answer:
            return answer.read().decode()
        except OSError:
            return ""

    def wait_for(self, text: str, page: str = "") -> None:
        """Wait until a page holds a text."""
        body, end = self.shows(page), time.monotonic() + ENOUGH
        while text not in body:
            if time.monotonic() > end or self.process.poll() is not None:
                pytest.fail(f"'{text}' did not appear, but: {body}\n{self.log}")
            time.sleep(0.05)
            body = self.shows(page)


@contextmanager
def serving(site: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (site / "log").open("w") as log:
        process = mkdocs(site, "serve", "-a", f"127.0.0.1:{port}", stdout=log)
    try:
        yield Server(site, f"http://127.0.0.1:{port}/", process)
        process.send_signal(signal.SIGINT)
        process.wait(ENOUGH)
    finally:
        process.kill()
