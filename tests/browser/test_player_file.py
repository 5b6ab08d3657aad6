"""The player as one file: written by an installed wheel, opened from the disk, or in a notebook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chainrule.explorers.presets import PRESETS
from chainrule.explorers.show import player
from chainrule.notation import number
from chainrule.trace import trace

from .conftest import ROOT, Visit

SPEC = PRESETS["two-three-two"].spec
FINAL = trace(SPEC)["final"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `pip install chainrule` brings: the wheel, NumPy, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*build, "--no-build-isolation", "-w", folder, ROOT], check=True)
    with ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    numpy = Path(np.__file__).parent
    for part in (numpy, numpy.with_name("numpy.libs")):
        if part.exists():
            (folder / part.name).symlink_to(part)
    return folder


@pytest.fixture(scope="module")
def written(installed: Path) -> Path:
    """The page that `python -m chainrule show` writes there."""
    spec, out = installed / "spec.json", installed / "player.html"
    spec.write_text(json.dumps(SPEC), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-S", "-m", "chainrule", "show", spec, "--out", out],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=True,
    )
    return out


def steps_through(page: Page) -> None:
    for _ in range(22):
        page.locator("[data-does=on]").click()
    spoken = " ".join(page.locator(".player__formula .unseen").all_text_contents())
    assert number(FINAL["loss"]) in spoken
    assert page.locator(".player__formula .mathnormal").count() > 0, "the formulas are typeset"


def test_a_wheel_writes_a_file_that_works_by_itself(
    reader: BrowserContext, written: Path, tmp_path: Path
) -> None:
    assert written.read_text(encoding="utf-8") == player(SPEC).html
    asked: list[str] = []
    page = reader.new_page()
    page.on("request", lambda request: asked.append(request.url))
    visit = Visit(page).open(written.as_uri())
    steps_through(page)
    page.locator("summary", has_text="Take it with you").click()
    with page.expect_download() as download:
        page.locator("[data-does=json]").click()
    download.value.save_as(tmp_path / "network.json")
    assert trace(json.loads((tmp_path / "network.json").read_text()))["final"] == FINAL
    assert visit.errors == []
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [written.as_uri()]
    page.close()


def test_in_a_notebook_it_stands_in_its_cell(reader: BrowserContext) -> None:
    page = reader.new_page()
    visit = Visit(page)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.set_content(f"<p>In [1]:</p>{player(SPEC)._repr_html_()}")
    frame = page.frame_locator("iframe")
    frame.locator("[data-does=last]").click()
    expect(frame.locator(".player__title")).to_contain_text("22/22")
    height = page.locator("iframe").evaluate("frame => frame.contentDocument.body.scrollHeight")
    assert page.locator("iframe").evaluate("frame => frame.clientHeight") >= height
    page.wait_for_timeout(500)  # the address follows a little later
    assert page.url == "about:blank"
    assert visit.errors == []
    page.close()
