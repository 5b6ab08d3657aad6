"""Pages whose Markdown has been converted before are not converted again.

Conversion is half of a build in which nothing has run. What a page becomes depends on its woven
text, on the settings of the extensions, on the files it could link to, and on nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from . import cache

CONVERTERS = ("markdown", "mkdocs", "pymdown-extensions", "pygments")
OWN = ("lengths.py", "macros.py", "maths.py", "roles.py", "tables.py", "plugin_rendered.py")
REPORTING = "weave.maths"  # its one setting is where to report a formula that is refused
FOLDER = ".cache/weave/rendered"


class Rendered:
    """What the pages of one build became, kept from build to build."""

    def __init__(self, root: Path, config: MkDocsConfig, files: Files) -> None:
        self.root, self.folder = root, root / FOLDER
        self.keys: set[str] = set()
        extensions = [str(one) for one in config.markdown_extensions]
        configured = cast("dict[str, Any]", cast("Any", config).mdx_configs)
        settings = {name: str(one) for name, one in configured.items() if name != REPORTING}
        there = (file for file in files if not file.src_uri.endswith(".pyc"))  # comes when run
        places = sorted((file.src_uri, file.url) for file in there)
        versions = [version(name) for name in CONVERTERS]
        own = [(Path(__file__).parent / name).read_text(encoding="utf-8") for name in OWN]
        known = json.dumps([extensions, settings, places, versions, own])
        self.setting = hashlib.sha256(known.encode()).hexdigest()

    def keep(self, page: Page, complaints: Callable[[], int]) -> None:
        """Have a page converted only if its text is new. One that is complained of is not kept.

        `complaints` counts the warnings and errors of the build so far.
        """
        convert = cast("Any", page).render

        def render(config: MkDocsConfig, files: Files) -> None:
            name, text = page.file.src_uri, page.markdown or ""
            key = cache.key(["page", name, text, self.setting], [], self.root)
            self.keys.add(key)
            kept = cache.load(self.folder, key, self.root)
            if kept is None:
                before = complaints()
                convert(config, files)
                if complaints() == before:
                    cache.store(self.folder, key, _written(page), reads=(), root=self.root)
            else:
                _read(kept, page, files)

        cast("Any", page).render = render

    def forget_the_rest(self) -> None:
        """Remove what this build had no use for."""
        cache.prune(self.folder, self.keys)


def _written(page: Page) -> dict[str, Any]:
    """Return what conversion has found out about a page."""
    links = page.links_to_anchors
    return {
        "content": page.content,
        "toc": [_entry(link) for link in page.toc],
        "title_from_render": cast("Any", page)._title_from_render,
        "title": vars(page).get("title"),
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": None if links is None else {file.src_uri: to for file, to in links.items()},
    }


def _read(kept: dict[str, Any], page: Page, files: Files) -> None:
    """Tell a page what conversion would have found out."""
    page.content = kept["content"]
    page.toc = _toc(kept["toc"])
    cast("Any", page)._title_from_render = kept["title_from_render"]
    if kept["title"] is not None:
        page.title = kept["title"]
    page.present_anchor_ids = set(kept["anchors"])
    if kept["links"] is not None:
        by_name: dict[str, File] = {file.src_uri: file for file in files}
        page.links_to_anchors = {by_name[name]: to for name, to in kept["links"].items()}


def _entry(link: AnchorLink) -> list[Any]:
    return [link.title, link.id, link.level, [_entry(child) for child in link.children]]


def _toc(entries: list[list[Any]]) -> TableOfContents:
    links = [_link(entry) for entry in entries]
    if links:
        cast("Any", links[0]).active = True  # as MkDocs marks it
    return TableOfContents(links)


def _link(entry: list[Any]) -> AnchorLink:
    title, id, level, children = entry
    link = AnchorLink(title, id, level)
    link.children = [_link(child) for child in children]
    return link
