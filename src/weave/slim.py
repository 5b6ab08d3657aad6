"""A built site without what no page of it uses.

slim(site, kept)    do all of it in place, and yield each file as soon as it is what it will be;
                    `kept` is the folder of what earlier builds made
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from . import fonts, shipped, stylesheets

# The theme's, for other languages than English and for those who work on the theme.
UNUSED = ("assets/javascripts/lunr", "assets/**/*.map", "assets/images/favicon.png")


def slim(site: Path, kept: Path) -> Iterator[Path]:
    """Remove files that nothing loads, rules that nothing matches, characters that none shows."""
    for pattern in UNUSED:
        for path in list(site.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    files = sorted(path for path in site.rglob("*") if path.is_file())
    yield from (path for path in files if path.suffix not in (".html", ".css", ".woff2"))

    used = shipped.used(site, kept / "shipped.json")
    sheet = stylesheets.join(site, used, kept / "stylesheets")
    yield from (path for path in files if path.suffix == ".html")

    if sheet:
        fonts.cut(sheet, used, kept / "fonts")
        fonts.embed(sheet)
    yield from sorted([*site.rglob("*.css"), *site.rglob("*.woff2")])
