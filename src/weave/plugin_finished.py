"""Pages whose content and neighbours have not changed are not made again.

Filling the theme's templates and dividing a page for the search are a third of a build in which
nothing has run. What comes out depends on the page, on the titles around it, on the settings, on
the theme and on this package, and on nothing else.
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, Template
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from . import cache
from .pages import Aside

MAKERS = ("mkdocs", "mkdocs-material", "jinja2")
OF_ONE_BUILD = ("site_dir", "docs_dir", "config_file_path", "strict", "dev_addr", "watch")
SHOWN_IN_NAV = ("icon", "status")  # besides title and address
FOLDER = ".cache/weave/finished"
WHOLE = "finished_page"


class Finishing(Template):
    """A template that is not filled in for a page that is there already."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        context = dict(*args, **kwargs)
        return context[WHOLE] if WHOLE in context else super().render(context)


class Finished:
    """The pages of one build as they are written, kept from build to build."""

    def __init__(self, root: Path, config: MkDocsConfig, nav: Navigation, env: Environment) -> None:
        self.root, self.folder = root, root / FOLDER
        self.aside = Aside()
        self.keys: dict[str, str] = {}
        self.new: dict[str, int] = {}
        self.index = _search_index(config)
        env.template_class = Finishing
        around = [_outline(item) for item in cast("Any", nav).items]
        known = [around, _settings(config), *map(version, MAKERS)]
        digest = hashlib.sha256(json.dumps(known, sort_keys=True).encode())
        for path in _code(config):
            digest.update(path.read_bytes())
        self.setting = digest.hexdigest()

    def begin(self, page: Page, context: Any) -> None:
        """Take a page as it was made before; if it is new, hand it to the theme and the search."""
        toc = [_entry(link) for link in page.toc]
        known = [
            cast("Any", page).title,
            page.meta,
            page.file.inclusion.name,
            context.get("social"),
        ]
        told = [page.url, *known, toc, page.content]
        told_as = hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()
        key = cache.key(["finished", told_as, self.setting], [], self.root)
        self.keys[page.url] = key
        kept = cache.load(self.folder, key, self.root)
        if kept is None:
            self.new[page.url] = len(self.index)
            page.content = self.aside.take(page.content or "")
        else:
            self.index += kept["entries"]
            context[WHOLE] = kept["output"]
            page.content = ""  # nobody needs to read it again

    def is_new(self, page: Page) -> bool:
        return page.url in self.new

    def end(self, page: Page, output: str) -> None:
        """Keep a new page as it is written."""
        kept = {"entries": self.index[self.new[page.url] :], "output": output}
        cache.store(self.folder, self.keys[page.url], kept, reads=(), root=self.root)

    def forget_the_rest(self) -> None:
        """Remove what this build had no use for."""
        cache.prune(self.folder, self.keys.values())


def _search_index(config: MkDocsConfig) -> list[dict[str, Any]]:
    """Return the list in which the search gathers its entries; any, if there is no search."""
    search = cast("Any", config.plugins).get("material/search")
    return search.search_index.entries if search else []


def _outline(item: Any) -> list[Any]:
    """Return what the lists of pages show of a page or a section."""
    meta: dict[str, Any] = getattr(item, "meta", None) or {}
    shown = [str(meta.get(name)) for name in SHOWN_IN_NAV]
    children = [_outline(child) for child in item.children or ()]
    return [item.title, getattr(item, "url", None), *shown, children]


def _settings(config: MkDocsConfig) -> str:
    """Return the settings that have a text; what else there is stands in the file of settings."""
    every = cast("dict[str, Any]", config).items()
    settings = {name: value for name, value in every if name not in OF_ONE_BUILD}
    text = json.dumps(settings, default=lambda value: type(value).__name__)
    file = Path(config.config_file_path)
    return text.replace(str(file.parent), "") + file.read_text(encoding="utf-8")


def _code(config: MkDocsConfig) -> list[Path]:
    """Return the modules of weave and the project's own templates."""
    own, custom = Path(__file__).parent, cast("Any", config.theme).custom_dir
    templates = [*Path(custom).rglob("*.html"), *Path(custom).rglob("*.js")] if custom else ()
    return [*sorted(own.rglob("*.py")), *sorted(templates)]


def _entry(link: Any) -> list[Any]:
    return [link.title, link.id, link.level, [_entry(child) for child in link.children]]
