"""The thin layer over MkDocs: it hands pages to the library and reports what the library finds."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Literal

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler, get_relative_url

from . import checks, maths, notebooks, pages
from .errors import WeaveError
from .programs import Failure, Program, Result, Runner, catalogue
from .staging import Staging

log = get_plugin_logger("weave")


class Options(Config):
    """There is nothing to set."""


class WeavePlugin(BasePlugin[Options]):
    """Runs what pages ask for, fills them in, and publishes the site if nothing failed."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Having this method at all keeps the plugin, and its warm worker, between rebuilds."""
        self.serving = command == "serve"
        self.runner: Runner | None = None
        self.staging: Staging | None = None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.root = Path(config.config_file_path).resolve().parent
        maths.CACHE = self.root / ".cache/weave/maths"
        self.errors: list[str] = []
        self.woven: dict[str, pages.Woven] = {}
        self.runner = self.runner or Runner(self.root)
        self.warnings = CountHandler()
        self.warnings.setLevel(logging.WARNING)
        logging.getLogger("mkdocs").addHandler(self.warnings)
        config.mdx_configs.setdefault("weave.maths", {})["rescue"] = self.rescue
        if self.serving:
            self.runner.warm()
        else:
            self.stage(config)
        return config

    def stage(self, config: MkDocsConfig) -> None:
        """Have MkDocs write beside the published site, not over it."""
        try:
            self.staging = Staging(Path(config.site_dir), self.root / ".cache/weave/build.lock")
        except WeaveError as error:
            raise PluginError(str(error)) from None
        config.site_dir = str(self.staging.folder)

    @event_priority(100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Run everything, before the first page is read."""
        assert self.runner is not None
        known = catalogue(self.root)
        uses: dict[Program, list[str]] = {}
        for file in files.documentation_pages():
            for program in pages.asked_for(file.content_string, known):
                if file.url not in uses.setdefault(program, []):
                    uses[program].append(file.url)
        derivations = known.programs["derivation"].values()
        results = self.runner.run(dict.fromkeys([*known, *derivations, *uses]))
        self.book = pages.Book(known, results, uses)
        for program, outcome in results.items():
            if program.kind != "derivation" and program not in uses:
                self.report(f"{program.path}:{program.line}: {program.id} is shown on no page")
            elif isinstance(outcome, Failure) and program not in uses:
                self.report(outcome.reason)
        for file in self.generated(config):
            files.append(file)
        return files

    def generated(self, config: MkDocsConfig) -> Iterator[File]:
        """Yield the files that no author wrote: derivations as pages, downloads, checks.json."""

        def made(path: str, content: str) -> File:
            return File.generated(config, path, content=content, inclusion=InclusionLevel.INCLUDED)

        book = self.book
        for program, outcome in book.results.items():
            if program.kind == "derivation":
                yield self.notebook(config, program, outcome)
                if not isinstance(outcome, Failure):
                    download = json.dumps(outcome["download"], indent=1, ensure_ascii=False)
                    yield made(f"downloads/{program.name}.ipynb", download)
                    yield made(f"downloads/{program.name}.py", outcome["script"])
            if program.kind == "questions" and not isinstance(outcome, Failure):
                for id, instances in outcome["instances"].items():
                    yield made(f"questions/{id}.json", instances)
        document = checks.document(book.catalogue, book.results, book.uses)
        yield made("checks.json", json.dumps(document, indent=1))

    def notebook(self, config: MkDocsConfig, program: Program, outcome: Result) -> File:
        """Return the page of a derivation, for mkdocs-jupyter to render."""
        folder = self.root / ".cache/weave"
        path = f"derivations/{program.name}.ipynb"
        text = json.dumps(notebooks.page(program.name, outcome))
        (folder / "derivations").mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
        return File(path, str(folder), config.site_dir, config.use_directory_urls)

    def report(self, message: str) -> None:
        self.errors.append(message)
        log.error(message)

    def link_from(self, page: Page) -> Callable[[str], str]:
        return lambda address: get_relative_url(address, page.url)

    def rescue(self, error: maths.MathsError) -> str:
        """Report a formula that KaTeX refuses; return what stands in its place."""
        name, text, first_line = self.page
        line = pages.line_of_formula(text, error.tex, first_line)
        self.report(f"{name}:{line}: {error}")
        return f'<code class="weave-error" role="alert">{escape(error.tex)}</code>'

    @event_priority(50)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        if page.file.src_uri.endswith(".ipynb"):
            return self.notebook_markdown(markdown, page)
        if not page.file.src_uri.endswith(".md"):
            return None
        whole = page.file.content_string
        first_line = 1 + whole.count("\n") - markdown.count("\n")
        self.page = page.file.src_uri, markdown, first_line
        woven = pages.weave(
            markdown,
            page.file.src_uri,
            self.book,
            self.link_from(page),
            first_line,
        )
        for error in woven.errors:
            self.report(error)
        self.woven[page.file.src_uri] = woven
        return woven.markdown

    def notebook_markdown(self, markdown: str, page: Page) -> str:
        name = Path(page.file.src_uri).stem
        self.page = f"derivations/{name}.py", "", 1
        return notebooks.finish(markdown, name, self.link_from(page))

    @event_priority(50)
    def on_page_content(
        self, html: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        woven = self.woven.get(page.file.src_uri)
        return pages.unfold(html, woven.blocks) if woven else None

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Publish, after every other plugin has finished with the folder."""
        logging.getLogger("mkdocs").removeHandler(self.warnings)
        if self.staging is None:
            return
        if self.errors:
            raise PluginError(f"{len(self.errors)} errors in the book; the last good site is kept")
        staging, self.staging = self.staging, None
        config.site_dir = str(staging.site)
        if config.strict and self.warnings.get_counts():
            staging.close()
        else:
            staging.publish()

    def on_build_error(self, *, error: Exception) -> None:
        logging.getLogger("mkdocs").removeHandler(self.warnings)
        if self.staging is not None:
            self.staging.close()
            self.staging = None

    def on_shutdown(self) -> None:
        if self.runner is not None:
            self.runner.close()
