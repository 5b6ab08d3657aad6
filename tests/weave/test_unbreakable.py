"""Whatever happens to a build, the published site is the old one or the new one, and whole."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Set
from pathlib import Path

import pytest

from tests.weave.conftest import write
from tests.weave.small import ENOUGH, HEARING, SITE, build, leftovers, mkdocs, snapshot
from weave.staging import Staging, emptied

ROOT = Path(__file__).parents[2]
SLOW = "import time\ntime.sleep(100)\n"


@pytest.fixture
def site(project) -> Path:
    """A small book that has been built."""
    root = project(SITE)
    assert build(root).code == 0
    return root


def wait_until_it_writes(root: Path) -> None:
    end = time.monotonic() + ENOUGH
    while not leftovers(root):
        assert time.monotonic() < end, "the build has not begun"
        time.sleep(0.05)


# The folder of a server ------------------------------------------------------------------------


def test_a_folder_is_empty_at_once_and_what_was_in_it_goes(tmp_path: Path):
    write(tmp_path, {"site/page/index.html": "old"})
    emptied(tmp_path / "site")
    assert [*(tmp_path / "site").iterdir()] == []
    end = time.monotonic() + ENOUGH
    while len([*tmp_path.iterdir()]) > 1:
        assert time.monotonic() < end, "what was in it is still there"
        time.sleep(0.01)


# Killed ---------------------------------------------------------------------------------------


def numbered(root: Path, number: int) -> None:
    """Give the book a number that every page tells."""
    (root / "docs/examples/demo.py").write_text(f"loss = {number}.5\n")


def told(root: Path) -> set[str]:
    """The numbers that the pages of a site tell: one, unless two builds are mixed."""
    pages = [root / "site/index.html", root / "site/more/index.html"]
    return {page.read_text().partition('value="')[2].partition(".5")[0] for page in pages}


def is_one_of(root: Path, numbers: tuple[int, ...], names: Set[str]) -> bool:
    """Whether the site has all its files, and all its pages are of one and the same build."""
    whole = snapshot(root / "site").keys() == names
    return whole and told(root) in [{str(number)} for number in numbers]


def after_kills(root: Path, kills: int, seed: int) -> tuple[int, int]:
    """Kill builds at random moments. The site should always be the old or the new one, and whole.

    Return how many had not ended by themselves before, and after how many the site was neither.
    """
    (root / "docs/more.md").write_text("# More\n\n{{ value demo.loss }}\n")
    assert build(root).code == 0
    numbered(root, 0)
    start = time.monotonic()
    assert build(root).code == 0
    seconds = time.monotonic() - start
    names = snapshot(root / "site").keys()
    random_moment, published, killed, broken = random.Random(seed), 0, 0, 0
    for number in range(1, kills + 1):
        numbered(root, number)
        process = mkdocs(root, "build")
        start = time.monotonic()
        try:
            process.wait(random_moment.uniform(0.2, 1.0) * seconds)
            seconds = time.monotonic() - start  # the machine is less busy now
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=ENOUGH)
        killed += process.returncode == -signal.SIGKILL
        if not is_one_of(root, (published, number), names):
            broken += 1
        elif told(root) == {str(number)}:
            published = number
    numbered(root, kills + 1)
    assert build(root).code == 0
    assert told(root) == {str(kills + 1)}
    assert leftovers(root) == []
    return killed, broken


def test_a_build_killed_at_any_moment_leaves_a_whole_site(site: Path):
    killed, broken = after_kills(site, kills=3, seed=0)
    assert killed > 0
    assert broken == 0


@pytest.mark.long
def test_fifty_builds_killed_at_random_moments_leave_a_whole_site(site: Path, record):
    killed, broken = after_kills(site, kills=50, seed=int(time.time()))
    record("kills", builds=50, killed=killed, broken=broken)
    assert killed > 0
    assert broken == 0


def test_a_site_of_two_builds_or_without_a_file_would_be_noticed(site: Path, record):
    (site / "docs/more.md").write_text("# More\n\n{{ value demo.loss }}\n")
    numbered(site, 1)
    assert build(site).code == 0
    names, older = snapshot(site / "site").keys(), (site / "site/index.html").read_bytes()
    numbered(site, 2)
    assert build(site).code == 0
    assert is_one_of(site, (1, 2), names)
    assert not is_one_of(site, (1,), names)
    (site / "site/index.html").write_bytes(older)
    assert not is_one_of(site, (1, 2), names)
    (site / "site/index.html").unlink()
    assert not is_one_of(site, (1, 2), names)
    record("kills", planted=3)


@pytest.mark.parametrize(
    ("how", "to"),
    [
        (signal.SIGINT, os.kill),
        (signal.SIGINT, os.killpg),  # a Ctrl-C
        (signal.SIGTERM, os.kill),
        (signal.SIGKILL, os.kill),
    ],
)
def test_an_interrupted_build_leaves_the_last_good_site(
    site: Path, how: signal.Signals, to: Callable[[int, int], None], record
):
    before = snapshot(site / "site")
    (site / "docs/examples/demo.py").write_text(SLOW)
    process = mkdocs(site, "build")
    wait_until_it_writes(site)
    time.sleep(0.3)
    to(process.pid, how)
    output, _ = process.communicate(timeout=ENOUGH)
    assert process.returncode != 0
    assert "Traceback" not in output
    whole = snapshot(site / "site") == before
    record("mishaps", tried=1, whole=whole)
    assert whole
    numbered(site, 1)
    assert build(site).code == 0
    assert leftovers(site) == []
    assert 'value="1.5"' in (site / "site/index.html").read_text()


def test_a_swap_in_two_steps_that_was_interrupted_is_made_good(tmp_path: Path):
    """Where the system cannot exchange two folders, there is a moment without a site."""
    (tmp_path / ".site-building-x-old").mkdir()
    (tmp_path / ".site-building-x-old/index.html").write_text("the last good site")
    (tmp_path / ".site-building-x").mkdir()
    Staging(tmp_path / "site", tmp_path / "locks").close()
    assert snapshot(tmp_path / "site") == {"index.html": b"the last good site"}
    assert leftovers(tmp_path) == []


def test_a_file_in_the_place_of_the_site_is_left_alone(project):
    root = project({**SITE, "site": "somebody's notes"})
    done = build(root)
    assert done.code == 1
    assert "site is in the way: it is no folder" in done.output
    assert (root / "site").read_text() == "somebody's notes"


# Two at once ----------------------------------------------------------------------------------


def test_of_two_builds_at_once_the_second_says_so_and_changes_nothing(site: Path, record):
    before = snapshot(site / "site")
    (site / "docs/examples/demo.py").write_text(SLOW)
    first = mkdocs(site, "build")
    wait_until_it_writes(site)
    second = build(site)
    assert second.code == 1
    assert "another build of this site is running; nothing was changed" in second.output
    assert "Traceback" not in second.output
    whole = snapshot(site / "site") == before
    record("mishaps", tried=1, whole=whole)
    assert whole
    first.kill()
    first.communicate(timeout=ENOUGH)


# A full disk ----------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a disk, and not everywhere")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_is_one_sentence_and_leaves_the_last_good_site(
    site: Path, small_disk: Path, record
):
    on_disk = small_disk / "site"
    assert build(site, "-d", str(on_disk)).code == 0
    before = snapshot(on_disk)
    (site / "docs/large.txt").write_text("x" * (2 << 20))
    done = build(site, "-d", str(on_disk))
    assert done.code == 1
    assert "No space left on device" in done.output
    assert "Traceback" not in done.output
    whole = snapshot(on_disk) == before
    record("mishaps", tried=1, whole=whole)
    assert whole
    (site / "docs/large.txt").unlink()
    assert build(site, "-d", str(on_disk)).code == 0
    assert leftovers(small_disk) == []


def test_a_disk_without_room_for_the_cache_is_one_sentence(small_disk: Path):
    write(small_disk, SITE)
    with contextlib.suppress(OSError), (small_disk / "filler").open("wb") as filler:
        filler.write(bytes(4 << 20))
    done = build(small_disk)
    assert done.code == 1
    assert "No space left on device" in done.output
    assert "Traceback" not in done.output


# A damaged cache ------------------------------------------------------------------------------

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut in half": lambda content: content[: len(content) // 2],
    "other JSON": lambda content: b'{"reads": {}, "result": [1, null]}',
    "a list": lambda content: b"[]",
    "bytes": lambda content: b"\x80\x00\xff" * 99,
    "one byte changed": lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_cache_is_made_again(site: Path, how: str, record):
    before = snapshot(site / "site")
    files = [path for path in (site / ".cache").rglob("*") if path.is_file()]
    assert len({path.parent for path in files}) >= 4
    for path in files:
        if path.stat().st_size < 10:  # a lock, or a file that takes the place of an empty one
            continue
        path.write_bytes(DAMAGE[how](path.read_bytes()))
    done = build(site, "--strict")
    assert done.code == 0, done.output
    assert "Traceback" not in done.output
    after = snapshot(site / "site")
    for name in ("SHA256SUMS", "sitemap.xml.gz"):  # which hold the time of the build
        del before[name], after[name]
    record("mishaps", tried=1, whole=after == before)
    assert after == before


# The working tree -----------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_run_of_the_tests_leaves_the_working_tree_clean(tmp_path: Path, how):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    environment = {**os.environ, "PYTHONPATH": f"{clone / 'src'}:{clone}"}
    pytest_main = HEARING + "import sys, pytest; sys.exit(pytest.main())"
    options = ["-q", "-p", "no:cacheprovider", "--ignore=tests/browser"]
    process = subprocess.Popen(
        [sys.executable, "-c", pytest_main, *options],
        cwd=clone,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        time.sleep(random.uniform(10, 40))
        os.killpg(process.pid, how)
        process.wait(ENOUGH)
    finally:
        process.kill()  # if it did not hear
    assert process.returncode != 0
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True
    )
    assert status.stdout == ""
