"""Two builds of one commit are the same to the byte, wherever and whenever they are made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.weave.small import SITE, build, mkdocs, snapshot
from weave import dates, manifest

ROOT = Path(__file__).parents[2]

VARIED = {
    "docs/index.md": "# Home\n\nLoss {{ value demo.loss }}, $x^2$.\n\n{{ example demo }}\n\n"
    "{{ figure plot.line | A line. }}\n\n{{ questions topic:losses }}\n",
    "docs/figures/plot.py": "from matplotlib.figure import Figure\n\n\n"
    "def line():\n    figure = Figure()\n    axes = figure.subplots()\n    axes.set_axis_off()\n"
    "    axes.plot([1, 3, 2], color='#077e3e', marker='o')\n    return figure\n",
    "docs/questions.py": (ROOT / "docs/questions.py").read_text(encoding="utf-8"),
    "docs/examples/demo.py": "loss = 0.25\nprint({'forward', 'update', 'repeat'}, hash('loss'))\n",
}
HUNDRED_DAYS_LATER = """\
import datetime, time
real, seconds = time.time, 100 * 24 * 3600
time.time = lambda: real() + seconds
class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=seconds)
datetime.datetime = Later
"""


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def elsewhere(folder: Path) -> dict[str, str]:
    """Surroundings as unlike the usual ones as they can be."""
    (folder / "later").mkdir(exist_ok=True)
    (folder / "later/sitecustomize.py").write_text(HUNDRED_DAYS_LATER)
    path = f"{folder / 'later'}:{os.environ.get('PYTHONPATH', '')}"
    return {
        "PYTHONPATH": path,
        "PYTHONHASHSEED": "2",
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        "HOME": str(folder),
    }


@pytest.fixture
def two(project, tmp_path_factory) -> tuple[Path, Path]:
    """One commit of a small book, checked out in two folders."""
    first = project(SITE | VARIED)
    second = tmp_path_factory.mktemp("else where") / "the book"
    git(first, "init", "-q")
    git(first, "add", ".")
    git(first, "commit", "-q", "-m", "a book")
    git(first, "clone", "-q", str(first), str(second))
    return first, second


def test_two_builds_of_one_commit_are_the_same_to_the_byte(two):
    first, second = two
    here = build(first, "--strict", PYTHONHASHSEED="1", TZ="America/New_York")
    there = build(second, "--strict", **elsewhere(second.parent))
    assert (here.code, there.code) == (0, 0), here.output + there.output
    one, other = snapshot(first / "site"), snapshot(second / "site")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert "sitemap.xml.gz" in one


def test_with_another_date_they_differ(project, record):
    """The test above can fail."""
    root, sites = project(SITE), list[dict[str, bytes]]()
    for date in ("1000000000", "1100000000"):
        assert build(root, SOURCE_DATE_EPOCH=date).code == 0
        sites.append(snapshot(root / "site"))
    assert sites[0] != sites[1]
    record("reproducible", planted=1)


def test_the_date_is_that_of_the_commit_unless_one_is_set(two, monkeypatch):
    monkeypatch.delenv(dates.EPOCH, raising=False)
    dates.settle(two[0])
    assert os.environ[dates.EPOCH] == dates.committed(two[0]) != ""
    monkeypatch.setenv(dates.EPOCH, "1")
    dates.settle(two[0])
    assert os.environ[dates.EPOCH] == "1"


def test_outside_a_repository_there_is_no_such_date(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert dates.committed(tmp_path) == ""


@pytest.mark.parametrize("text", ["print(object())", "def f(): ...\nx = repr(f)\n"])
def test_a_program_that_tells_an_address_is_refused(project, text: str, record):
    done = build(project(SITE | {"docs/examples/demo.py": f"loss = 0.25\n{text}\n"}))
    assert done.code == 1
    assert "docs/examples/demo.py:1: ValueError: it tells an address, '0x" in done.output
    record("reproducible", planted=1)


@pytest.mark.long
def test_two_cold_builds_of_the_whole_book_are_the_same_to_the_byte(tmp_path, record):
    environments = [{}, elsewhere(tmp_path)]
    sites: list[dict[str, bytes]] = []
    for number, environment in enumerate(environments):
        folder = tmp_path / f"copy {number}"
        git(tmp_path, "clone", "-q", str(ROOT), str(folder))
        paths = [folder / "src", folder, environment.pop("PYTHONPATH", "")]
        paths_told = os.pathsep.join(map(str, paths))
        process = mkdocs(folder, "build", "--strict", PYTHONPATH=paths_told, **environment)
        output, _ = process.communicate(timeout=1200)
        assert process.returncode == 0, output
        sites.append(snapshot(folder / "site"))
    one, other = sites
    different = [name for name in one | other if one.get(name) != other.get(name)]
    record("reproducible", builds=len(sites), files=len(one), different=len(different))
    assert different == []


# The manifest ---------------------------------------------------------------------------------


def check(site: Path) -> subprocess.CompletedProcess[str]:
    command = ["sha256sum", "--check", "--quiet", manifest.NAME]
    return subprocess.run(command, cwd=site, capture_output=True, text=True)


@pytest.fixture
def published(tmp_path) -> Path:
    for name in ("index.html", "a folder/figure.svg", "é.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    subprocess.run([sys.executable, "-m", "weave.manifest", str(tmp_path)], check=True)
    return tmp_path


def test_every_file_is_in_the_manifest_but_itself(published: Path):
    named = [line.split("  ")[1] for line in (published / manifest.NAME).read_text().splitlines()]
    assert named == ["a folder/figure.svg", "index.html", "é.txt"]


def test_a_site_as_it_was_built_passes(published: Path):
    assert check(published).returncode == 0


@pytest.mark.parametrize("name", ["index.html", "a folder/figure.svg"])
def test_a_changed_byte_is_found(published: Path, name: str):
    content = bytearray((published / name).read_bytes())
    content[3] ^= 1
    (published / name).write_bytes(content)
    answer = check(published)
    assert answer.returncode == 1
    assert f"{name}: FAILED" in answer.stdout


def test_a_file_that_is_gone_is_found(published: Path):
    (published / "index.html").unlink()
    assert check(published).returncode == 1


def test_a_build_writes_the_manifest_of_what_it_publishes(project):
    root = project(SITE)
    assert build(root).code == 0
    assert check(root / "site").returncode == 0
    told = (root / "site" / manifest.NAME).read_text().splitlines()
    assert len(told) == len(snapshot(root / "site")) - 1
