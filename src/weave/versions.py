"""Versions of the site side by side, in folders of one host.

    python -m weave.versions SITE SHELF NAME

A site that was built for `https://host/latest/` is put on the shelf twice: as `latest/`, in place
of what was there, and as `NAME/`, to stay. Every older version says on each page that it is old,
and links to the same page of the latest, if there still is one. `SHELF/index.html` lists them all.
"""

from __future__ import annotations

import re
import shutil
import sys
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from . import compress, manifest
from .errors import WeaveError
from .staging import put

LATEST = "latest"
ORDER = "versions.txt"  # one name a line, the newest first
NAME = re.compile(r"[\w.-]+")
NOTE = re.compile(r'<div class="admonition old-version">.*?</div>', re.DOTALL)
BEGINNING = re.compile(r"<article\b[^>]*>")  # of what a page has to say

INDEX = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: all versions</title>
</head>
<body>
<h1>{title}: all versions</h1>
<p><a href="latest/">The latest version</a> is what most readers want.</p>
<ul>
{items}
</ul>
</body>
</html>
"""


def main() -> None:
    """Put a site on the shelf; a mistake is told in one sentence."""
    if len(sys.argv) != 4:
        sys.exit("usage: python -m weave.versions SITE SHELF NAME")
    try:
        add(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    except WeaveError as error:
        sys.exit(f"versions: {error}")


def add(site: Path, shelf: Path, name: str) -> None:
    """Put a built site on the shelf as its latest version, and say so in the older ones.

    The same name again replaces that version. Raises WeaveError if there is no site, or for a name
    that cannot be a folder beside `latest`.
    """
    if not (site / "index.html").is_file():
        raise WeaveError(f"{site} is no built site: it has no index.html")
    if not NAME.fullmatch(name) or name.startswith(".") or name == LATEST:
        raise WeaveError(f"'{name}' cannot be the name of a version; v1 can, or 2026-11")
    shelf.mkdir(parents=True, exist_ok=True)
    for folder in (shelf / name, shelf / LATEST):
        copy = Path(shutil.copytree(site, mkdtemp(dir=shelf), dirs_exist_ok=True))
        copy.chmod(0o755)
        put(copy, folder)
    known = [one for one in versions(shelf) if one != name]
    for old in known:
        mark(shelf / old, shelf / LATEST)
    order = [name, *known]
    (shelf / ORDER).write_text("".join(f"{one}\n" for one in order), encoding="utf-8")
    (shelf / "index.html").write_text(_index(site, order), encoding="utf-8")


def versions(shelf: Path) -> list[str]:
    """Return the names of the versions on a shelf, the newest first."""
    order = shelf / ORDER
    return order.read_text(encoding="utf-8").split() if order.exists() else []


def mark(old: Path, latest: Path) -> None:
    """Say on every page of an old version where the latest is."""
    for page in sorted(old.rglob("*.html")):
        path = page.relative_to(old)
        address = path.as_posix().removesuffix("index.html")
        there = (latest / path).is_file() and path.name != "404.html"
        up = "../" * len(path.parts)
        note = (
            f'<div class="admonition old-version"><p>This is version {escape(old.name)}. '
            f'<a href="{up}{LATEST}/{address if there else ""}">'
            f"{'This page in the latest version' if there else 'The latest version'}</a></p></div>"
        )
        text = NOTE.sub("", page.read_text(encoding="utf-8"))
        if start := BEGINNING.search(text):
            text = text[: start.end()] + note + text[start.end() :]
        page.write_text(text, encoding="utf-8")
    with TemporaryDirectory() as folder:
        compress.compress(sorted(old.rglob("*")), Path(folder))
    manifest.write(old)


def _index(site: Path, order: list[str]) -> str:
    text = (site / "index.html").read_text(encoding="utf-8")
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    items = "\n".join(f'<li><a href="{name}/">{name}</a></li>' for name in order)
    return INDEX.format(title=title[1].strip() if title else "This site", items=items)


if __name__ == "__main__":
    main()
