"""What MkDocs finds wrong, told like everything else here: file, line, reason."""

from __future__ import annotations

import logging
import re
import shutil
from html import escape
from pathlib import Path

LINK = re.compile(
    r"Doc file '(?P<page>[^']+)' (?P<what>contains [^']*link '(?P<link>[^']*)'.*)", re.S
)
NAMED = re.compile(
    r"(?:A reference|An absolute path) to '(?P<name>[^']+)' is included in the 'nav'"
)
OMITTED = re.compile(r"The following pages exist in the docs directory, but are not included")

FAILED = """\
<!doctype html>
<meta charset="utf-8">
<meta http-equiv="refresh" content="1">
<title>This site cannot be built</title>
<h1>This site cannot be built</h1>
<pre>{reason}</pre>
<p>It appears here as soon as that is mended.</p>
"""


class Located(logging.Filter):
    """Changes what is logged in passing; `root` is the folder of mkdocs.yml."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = located(record.getMessage(), self.root), ()
        return True


def located(message: str, root: Path) -> str:
    """Return a warning of MkDocs with the place it speaks of in front; others as they are."""
    if found := LINK.match(message):
        page, source = found["page"], root / "docs" / found["page"]
        if source.suffix == ".ipynb":  # made from a program
            page = str(Path(page).with_suffix(".py"))
            source = root / page
        return f"{page}:{line_of(found['link'], source)}: it {found['what']}"
    if found := NAMED.match(message):
        return f"mkdocs.yml:{line_of(found['name'], root / 'mkdocs.yml')}: {message}"
    if OMITTED.match(message):
        pages = re.findall(r"^  - (.+)$", message, re.MULTILINE)
        return "\n".join(f"{page}:1: the nav of mkdocs.yml does not name it" for page in pages)
    return message


def line_of(text: str, file: Path) -> int:
    """Return the first line of a file in which a text stands, 1 if there is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    return next((number for number, line in enumerate(lines, 1) if text in line), 1)


def stand_in(site: Path, reason: str) -> None:
    """Have a page that says why stand for every page of a site that cannot be built."""
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True, exist_ok=True)
    for name in ("index.html", "404.html"):
        (site / name).write_text(FAILED.format(reason=escape(reason)), encoding="utf-8")
