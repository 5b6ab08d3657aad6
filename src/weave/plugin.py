"""The thin layer over MkDocs: it hands pages to the library and reports what the library finds."""

from __future__ import annotations

import json
import logging
from html import escape
from pathlib import Path
from typing import Literal

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler, get_relative_url

from . import checks, maths, pages
from .errors import WeaveError
from .programs import Failure, Program, Runner, catalogue
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
        text = json.dumps(checks.document(known, results, uses), indent=1)
        files.append(File.generated(config, "checks.json", content=text))
        return files

    def report(self, message: str) -> None:
        self.errors.append(message)
        log.error(message)

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
        if not page.file.src_uri.endswith(".md"):
            return None
        whole = page.file.content_string
        first_line = 1 + whole.count("\n") - markdown.count("\n")
        self.page = page.file.src_uri, markdown, first_line
        woven = pages.weave(
            markdown,
            page.file.src_uri,
            self.book,
            lambda address: get_relative_url(address, page.url),
            first_line,
        )
        for error in woven.errors:
            self.report(error)
        self.woven[page.file.src_uri] = woven
        return woven.markdown

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
