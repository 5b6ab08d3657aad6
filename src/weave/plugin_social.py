"""What MkDocs knows of its pages, told to `weave.social`, and the pictures of one build."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from . import social
from .errors import WeaveError
from .feeds import Site
from .programs import Catalogue, Failure, Runner


class Shared:
    """The pictures of a book's sections, drawn, and what each page says of itself elsewhere."""

    def __init__(
        self,
        site: Site,
        nav: Navigation,
        known: Catalogue,
        runner: Runner,
        report: Callable[[str], None],
    ) -> None:
        self.site = site
        self.pictures: dict[str, social.Picture] = {}
        self.images: dict[str, bytes] = {}
        pages = [described(page) for page in cast("list[Any]", nav.pages)]
        try:
            planned = social.planned(site, pages, known)
        except WeaveError as error:
            report(str(error))
            return
        drawn = runner.run(picture.program for picture in planned.values())
        for section, picture in planned.items():
            outcome = drawn[picture.program]
            if isinstance(outcome, Failure):
                report(outcome.reason)
            else:
                self.images[picture.address] = b64decode(outcome["png"])
                self.pictures[section] = picture

    def head(self, page: Page) -> str:
        """Return the lines for the head of a page."""
        told = described(page)
        return social.head(self.site, told, page.url, self.pictures.get(told.section))

    def write(self, folder: Path) -> None:
        """Write the pictures into the folder of the site."""
        for name, image in self.images.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(image)


def described(page: Page) -> social.Page:
    """Return what a page says of itself; its heading says more than its name in the navigation."""
    above = tuple(str(one.title) for one in reversed(cast("list[Any]", page.ancestors)))
    headings = [item.title for item in page.toc if item.level == 1]
    name = str(cast("Any", page).title)
    alone = "" if page.is_homepage else name  # a page outside every section is one of its own
    said = page.meta
    return social.Page(
        page.file.src_uri,
        above[0] if above else alone,
        headings[0] if headings else name,
        str(said.get("description", "")),
        str(said.get("picture", "")),
        tuple(str(word) for word in said.get("tags", ())),
        above,
    )
