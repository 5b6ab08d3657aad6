"""A built site without what no page of it uses.

slim(site, kept)    do all of it in place; `kept` is the folder of what earlier builds made
"""

from __future__ import annotations

import shutil
from pathlib import Path

from . import fonts, shipped, stylesheets

# The theme's, for other languages than English and for those who work on the theme.
UNUSED = ("assets/javascripts/lunr", "assets/**/*.map", "assets/images/favicon.png")


def slim(site: Path, kept: Path) -> None:
    """Remove files that nothing loads, rules that nothing matches, characters that none shows."""
    for pattern in UNUSED:
        for path in list(site.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    used = shipped.used(site, kept / "shipped.json")

    def with_fonts(sheet: Path) -> None:
        fonts.cut(sheet, used, kept / "fonts")
        fonts.embed(sheet)

    stylesheets.join(site, used, kept / "stylesheets", with_fonts)
