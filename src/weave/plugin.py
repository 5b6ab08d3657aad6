"""The thin layer over MkDocs: it hands pages to the library and reports what the library finds."""

from __future__ import annotations

import atexit
import gc
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, Literal, cast

from jinja2 import Environment, FileSystemBytecodeCache
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError, MkDocsException, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler, get_relative_url
from mkdocs.utils.templates import TemplateContext

from . import (
    checks,
    compress,
    dates,
    exercises,
    feeds,
    figures,
    handouts,
    harden,
    manifest,
    maths,
    messages,
    notebooks,
    pages,
    ports,
    slim,
    sources,
    tokens,
    valid,
)
from .errors import WeaveError
from .plugin_finished import Finished
from .plugin_rendered import Rendered
from .plugin_social import Shared
from .programs import Failure, Program, Result, Runner, catalogue
from .staging import Staging, emptied
from .worker import describe

log = get_plugin_logger("weave")
LOGGERS = [logging.getLogger(name) for name in ("mkdocs", "properdocs")]  # and its fork

ANCHOR = re.compile(r'\bid="([^"]+)"')
QUESTIONS_SCRIPT = re.compile(r"<script [^>]*questions\.js[^>]*></script>")


class Options(Config):
    """There is nothing to set."""


class Notebook(File):
    """The page of a derivation: Markdown, although its name is that of a notebook."""

    def is_documentation_page(self) -> bool:
        return True

    @classmethod
    def of(cls, name: str, outcome: Result, config: MkDocsConfig) -> File:
        failed = isinstance(outcome, Failure)
        markdown = notebooks.failed(name, outcome.reason) if failed else outcome["page"]
        return cls.generated(config, f"derivations/{name}.ipynb", content=markdown)


class WeavePlugin(BasePlugin[Options]):
    """Runs what pages ask for, fills them in, and publishes the site if nothing failed."""

    serving = False
    rebuilding = False
    root = Path()
    runner: Runner | None = None
    staging: Staging | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Having this method at all keeps the plugin, and its warm worker, between rebuilds."""
        self.serving = command == "serve"
        if not self.serving:
            gc.disable()  # a build ends before its garbage matters, and saves a tenth of its time
            atexit.register(gc.freeze)  # nor is there any point in looking for it at the very end

    # The beginning of a build

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.root = Path(config.config_file_path).resolve().parent
        self.errors: list[str] = []
        self.woven: dict[str, pages.Woven] = {}
        dates.settle(self.root)
        self.listen(strict=config.strict)
        maths.CACHE = self.root / ".cache/weave/maths"
        config["mdx_configs"]["weave.maths"] = {"rescue": self.rescue}
        if self.runner is None:
            self.runner = Runner(self.root, tell=log.info)
        if self.serving:
            self.serve(config, self.runner)
        else:
            self.stage(config)
        return config

    def listen(self, *, strict: bool) -> None:
        """Count what MkDocs warns of, and give it file and line; in a strict build tell it all."""
        self.warnings = CountHandler()
        self.warnings.setLevel(logging.WARNING)
        for logger in LOGGERS:
            if strict:  # `--quiet` hides no reason to fail
                logger.setLevel(min(logger.level, logging.WARNING))
            for handler in logger.handlers:
                foreign = [f for f in handler.filters if not isinstance(f, messages.Located)]
                handler.filters = [*foreign, messages.Located(self.root)]
            logger.addHandler(self.warnings)

    def serve(self, config: MkDocsConfig, runner: Runner) -> None:
        """Before the first build see that the port is free; after an edit of weave start anew."""
        if not self.rebuilding:
            try:
                ports.demand(*config.dev_addr)
            except WeaveError as error:
                raise PluginError(str(error)) from None
            self.own_code = _own_code()
            self.rebuilding = True
        elif self.own_code != _own_code():
            log.info("weave itself has changed: starting again")
            runner.close()
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
        else:
            emptied(Path(config.site_dir))  # MkDocs would first wait for every file to go
        runner.warm()

    def stage(self, config: MkDocsConfig) -> None:
        """Have MkDocs write beside the published site, not over it."""
        try:
            self.staging = Staging(Path(config.site_dir), self.root / ".cache/weave/locks")
        except WeaveError as error:
            raise PluginError(str(error)) from None
        config.site_dir = str(self.staging.folder)

    # Files: everything runs before the first page is read

    @event_priority(100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        assert self.runner is not None
        known = catalogue(self.root)
        uses: dict[Program, list[str]] = {}
        for file in files.documentation_pages():
            for program in pages.asked_for(self.text_of(file), known):
                if file.url not in uses.setdefault(program, []):
                    uses[program].append(file.url)
        programs = dict.fromkeys([*known, *uses, *pages.modules(known, uses)])
        results = self.runner.run(programs, partial(self.typeset, files), self.typeset_derivation)
        self.book = pages.Book(known, results, uses, self.corrections())
        for problem in [*known.problems, *_overlooked(self.book)]:
            self.report(problem)
        for file in self.generated(config):
            files.append(file)
        return files

    def typeset(self, files: Files) -> None:
        """Typeset what stands on pages, if that was never done: it need not wait for programs."""
        if maths.CACHE.exists():
            return
        for file in files.documentation_pages():
            _typeset(self.text_of(file))

    def typeset_derivation(self, program: Program, result: dict[str, Any]) -> None:
        """Typeset what a derivation has found, while others still run."""
        if program.kind == "derivation":
            _typeset(result["page"])
            maths.render_marked(result["page"])

    def corrections(self) -> list[feeds.Correction]:
        try:
            return feeds.corrections(self.root / feeds.CORRECTIONS)
        except WeaveError as error:
            self.report(str(error))
            return []

    def text_of(self, file: File) -> str:
        """Return the text of a page; report one that is not text, and go on without it."""
        try:
            return file.content_string
        except UnicodeDecodeError:
            assert file.abs_src_path is not None
        try:
            sources.read(Path(file.abs_src_path))
        except WeaveError as error:
            self.report(str(error).replace(f"{self.root}/docs/", ""))
        file.content_string = "# Not text\n"
        return ""

    def generated(self, config: MkDocsConfig) -> Iterator[File]:
        """Yield the files that no author wrote: derivations as pages, downloads, checks.json."""

        def made(path: str, content: str) -> File:
            return File.generated(config, path, content=content, inclusion=InclusionLevel.INCLUDED)

        book = self.book
        for program, outcome in book.results.items():
            if program.kind == "derivation":
                yield Notebook.of(program.name, outcome, config)
            if isinstance(outcome, Failure):
                continue
            if program.kind == "derivation":
                download = json.dumps(outcome["download"], indent=1, ensure_ascii=False)
                yield made(f"downloads/{program.name}.ipynb", download)
                yield made(f"downloads/{program.name}.py", outcome["script"])
            if program.kind == "modules":
                for path, text in outcome["files"].items():
                    yield made(path, text)
            if program.kind == "figure":
                drawing = figures.standalone(outcome["svg"], self.figure_style())
                yield made(figures.file_name(program), drawing)
            if program.kind == "example":
                yield made(f"downloads/examples/{program.name}.py", outcome["script"])
                if program.name == "exercises":
                    for path, text in exercises.files(outcome["values"]["rows"]):
                        yield made(path, text)
            if program.kind == "questions":
                for id, instances in outcome["instances"].items():
                    yield made(f"questions/{id}.json", instances)
        document = checks.document(book.catalogue, book.results, book.uses)
        yield made("checks.json", json.dumps(document, indent=1))

    def figure_style(self) -> str:
        """Return the style sheet that says what the classes in a figure mean."""
        sheet = self.root / "docs/assets/figures.css"
        return sheet.read_text(encoding="utf-8") if sheet.exists() else ""

    # Pages

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Keep the compiled templates of the theme: a tenth of every build."""
        self.rendered.forget_the_rest()
        self.finished = Finished(self.root, config, self.nav, env)
        assert self.runner is not None
        known = self.book.catalogue
        self.shared = Shared(_site(config), self.nav, known, self.runner, self.report)
        self.runner.forget_the_rest()
        maths.forget_the_oldest()
        folder = self.root / ".cache/weave/templates"
        folder.mkdir(parents=True, exist_ok=True)
        env.bytecode_cache = FileSystemBytecodeCache(str(folder))
        return env

    @event_priority(50)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        def link(address: str) -> str:
            return get_relative_url(address, page.url)

        self.rendered.keep(page, lambda: sum(n for _, n in self.warnings.get_counts()))
        name = page.file.src_uri
        if isinstance(page.file, Notebook):
            source = Path(name).with_suffix(".py")
            self.page = str(source), (self.root / source).read_text(encoding="utf-8"), 1
            page.meta.setdefault("description", notebooks.description(self.page[1]))
            return notebooks.page(markdown, source.stem, link)
        first_line = 1 + page.file.content_string.count("\n") - markdown.count("\n")
        self.page = name, markdown, first_line
        if markdown.startswith("---\n"):
            self.report(f"{name}:1: what stands between the two lines of --- is not YAML")
        if not markdown.strip():
            self.report(f"{name}:1: the page is empty")
        self.woven[name] = woven = pages.weave(markdown, name, self.book, link, first_line)
        for error in woven.errors:
            self.report(error)
        return woven.markdown

    @event_priority(50)
    def on_page_content(
        self, html: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        woven = self.woven.get(page.file.src_uri)
        if woven:
            html = pages.unfold(html, woven.blocks)
            anchors = {id for block in woven.blocks for id in ANCHOR.findall(block)}
            page.present_anchor_ids = (page.present_anchor_ids or set()) | anchors
        return html

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        woven = self.woven.get(page.file.src_uri)
        if woven and woven.listings:
            taken_away = handouts.notebook(str(cast("Any", page).title), woven.listings)
            path = Path(config.site_dir, handouts.address(page.file.src_uri))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(taken_away, indent=1), encoding="utf-8")
        if self.finished.is_new(page):
            output = self.finished.aside.put_back(valid.valid(output))
            if 'class="question' not in output and "question__" not in output:
                output = QUESTIONS_SCRIPT.sub("", output)  # nothing there for it to do
            self.finished.end(page, output)
        return output

    def on_post_template(
        self, output_content: str, *, template_name: str, config: MkDocsConfig
    ) -> str:
        return valid.valid(output_content)

    def rescue(self, error: maths.MathsError) -> str:
        """Report a formula that KaTeX refuses; return what stands in its place."""
        name, text, first_line = self.page
        line = pages.line_of_formula(text, error.tex, first_line)
        self.report(f"{name}:{line}: {error}")
        return f'<code class="weave-error" role="alert">{escape(error.tex)}</code>'

    def report(self, message: str) -> None:
        self.errors.append(message)
        log.error("%s", message)

    # The end of a build

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        self.nav = nav
        self.rendered = Rendered(self.root, config, files)

    @event_priority(100)
    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        cast("dict[str, Any]", context)["social"] = self.shared.head(page)
        self.finished.begin(page, context)
        return context

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Publish, after every other plugin has finished with the folder."""
        self.finished.forget_the_rest()
        made = feeds.made(_site(config), _entries(self.nav), self.book.corrections)
        for name, text in made.items():
            Path(config.site_dir, name).write_text(text, encoding="utf-8")
        self.shared.write(Path(config.site_dir))
        self.harden(Path(config.site_dir))
        for logger in LOGGERS:
            logger.removeHandler(self.warnings)
        if self.staging is None:
            return
        config.site_dir = str(self.staging.site)
        if self.errors:
            count = f"{len(self.errors)} error{'s' if len(self.errors) > 1 else ''}"
            raise PluginError(f"{count} in the book; the site is left as it was")
        self.finish(self.staging.folder, for_a_server=config.use_directory_urls)
        manifest.write(self.staging.folder)
        if not (config.strict and self.warnings.get_counts()):
            self.staging.publish()
        self.staging.close()
        self.staging = None

    def harden(self, site: Path) -> None:
        try:
            harden.harden(site, policy=not self.serving)
        except WeaveError as error:
            self.report(str(error))

    def finish(self, site: Path, *, for_a_server: bool) -> None:
        """Make of what was built what is sent; each step leaves the folder whole."""
        kept = self.root / ".cache/weave"
        finished = slim.slim(site, kept)
        if for_a_server:
            compress.compress(finished, kept / "compressed")
        else:  # without folders as addresses it is read from a folder
            for _ in finished:
                pass

    def on_build_error(self, *, error: Exception) -> None:
        for logger in LOGGERS:
            logger.removeHandler(self.warnings)
        if self.staging is not None:
            self.staging.close()
            self.staging = None

        if not isinstance(error, MkDocsException):
            log.debug("where it happened:", exc_info=error)
            raise Abort(f"{describe(error, self.root)}; the site is left as it was")

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any
    ) -> LiveReloadServer:
        """While a rebuild fails, have every address say why, where MkDocs would not answer."""
        build = server.builder

        def rebuild() -> None:
            try:
                build()
            except Exception as error:
                told = error.__context__ if isinstance(error.__context__, BuildError) else error
                log.error("%s", told)
                messages.stand_in(Path(server.root), str(told))

        server.builder = rebuild
        return server

    def on_shutdown(self) -> None:
        gc.enable()
        if self.runner is not None:
            self.runner.close()


def _typeset(markdown: str) -> None:
    """Typeset ahead the formulas of a page."""
    maths.render_written((tex, display) for _, tex, display in tokens.formulas(markdown))


def _overlooked(book: pages.Book) -> Iterator[str]:
    """Yield what is wrong with programs that no page mentions."""
    unmentioned = ("derivation", "modules")  # the one is a page itself, the other is served
    for program, outcome in book.results.items():
        if program not in book.uses and program.kind not in unmentioned:
            yield f"{program.path}:{program.line}: {program.id} is shown on no page"
        elif program not in book.uses and isinstance(outcome, Failure):
            yield outcome.reason


def _entries(nav: Navigation) -> Iterator[feeds.Entry]:
    """Yield the pages in reading order, each with the outermost section it belongs to."""
    for page in cast("list[Any]", nav.pages):
        sections = [ancestor.title for ancestor in page.ancestors]
        section = str(sections[-1]) if sections else ""
        about = page.meta.get("description", "")
        yield feeds.Entry(section, str(page.title), page.url, about)


def _site(config: MkDocsConfig) -> feeds.Site:
    return feeds.Site(config.site_name, config.site_description or "", config.site_url or "")


def _own_code() -> list[tuple[str, int]]:
    """Return the modules of weave and when each was last changed."""
    files = Path(__file__).parent.glob("*.py")
    return sorted((str(path), path.stat().st_mtime_ns) for path in files)
