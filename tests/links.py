"""What a folder of pages links to, and where that leads nowhere.

`dead(site)` reads every page once and returns a line for each link, picture, script or style
sheet whose file, or whose place within a page, does not exist. Links to other hosts are left
alone: nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

ADDRESS = re.compile(r'\s(?:href|src|poster|data-src)=(?:"([^"]*)"|\'([^\']*)\'|([^\s>"\']+))')
ANCHOR = re.compile(r'\s(?:id|name)=(?:"([^"]*)"|\'([^\']*)\'|([^\s>"\']+))')
NOT_MARKUP = re.compile(r"<!--.*?-->|(<(script|style)\b[^>]*>).*?</\2>", re.DOTALL)
HOST = "http://site.invalid"


@cache
def markup(page: Path) -> str:
    """Return a page without its comments and what its scripts and styles say."""
    text = page.read_text(encoding="utf-8")
    return NOT_MARKUP.sub(lambda found: found[1] or "", text)


def addresses(text: str) -> list[str]:
    return [unescape("".join(found)) for found in ADDRESS.findall(text)]


def anchors(text: str) -> set[str]:
    return {unescape("".join(found)) for found in ANCHOR.findall(text)}


def folder_index(path: Path) -> Path:
    """A web server answers for a folder with its index."""
    return path / "index.html" if path.is_dir() else path


def no_index(path: Path) -> Path:
    """A browser that reads from a folder shows the folder."""
    return path


def dead(site: Path, base: str = "/", served: Callable[[Path], Path] = folder_index) -> list[str]:
    """Return the links that lead nowhere, `page: address`, for a site that stands at `base`."""
    texts = {page: markup(page) for page in sorted(site.rglob("*.html"))}
    places = {page: anchors(text) for page, text in texts.items()}

    @cache
    def exists(path: str) -> Path | None:
        file = served(site / unquote(path))
        return file if file.is_file() else None

    def wrong(page: Path) -> Iterator[str]:
        own = f"{HOST}{base}{page.relative_to(site).as_posix()}"
        for address in dict.fromkeys(addresses(texts[page])):
            target = urlsplit(urljoin(own, address))
            if f"{target.scheme}://{target.netloc}" != HOST:
                continue
            inside = target.path.startswith(base)
            file = exists(target.path.removeprefix(base)) if inside else None
            place = unquote(target.fragment)
            if file is None or (place and file in places and place not in places[file]):
                yield address

    return [f"{page.relative_to(site)}: {address}" for page in texts for address in wrong(page)]
