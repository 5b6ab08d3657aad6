"""What a folder of pages links to, and where that leads nowhere.

`followed(site)` reads every page once and tells of each link, picture, script or style sheet
whether its file, and its place within a page, exist; `dead(site)` returns a line for each that
does not. Links to other hosts are left alone: nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Link:
    page: str
    address: str
    place: str  # within the page it leads to; mostly none
    dead: bool


def followed(site: Path, base: str, served: Callable[[Path], Path]) -> Iterator[Link]:
    """Yield each different address on each page of a site that stands at `base`."""
    texts = {page: markup(page) for page in sorted(site.rglob("*.html"))}
    places = {page: anchors(text) for page, text in texts.items()}

    @cache
    def exists(path: str) -> Path | None:
        file = served(site / unquote(path))
        return file if file.is_file() else None

    for page, text in texts.items():
        name = page.relative_to(site).as_posix()
        for address in dict.fromkeys(addresses(text)):
            target = urlsplit(urljoin(f"{HOST}{base}{name}", address))
            if f"{target.scheme}://{target.netloc}" != HOST:
                continue
            inside = target.path.startswith(base)
            file = exists(target.path.removeprefix(base)) if inside else None
            place = unquote(target.fragment)
            lost = file is None or bool(place and file in places and place not in places[file])
            yield Link(name, address, place, lost)


def dead(site: Path, base: str = "/", served: Callable[[Path], Path] = folder_index) -> list[str]:
    """Return the links that lead nowhere, `page: address`, for a site that stands at `base`."""
    return [f"{link.page}: {link.address}" for link in followed(site, base, served) if link.dead]
