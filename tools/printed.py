"""The whole book as one PDF: contents with page numbers first, answers to the questions last.

    python -m tools.printed [OUT.pdf]        dist/chainrule.pdf if not given

Chromium sets the pages of the built site one after the other as a single document. It is set
twice: only then is it known on which page a chapter begins.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mkdocs.config import load_config
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfReader

from tools.browser import find

ROOT = Path(__file__).parents[1]
OUT = Path("dist/chainrule.pdf")
SCALE = 0.72  # what is read at arm's length from a screen is read nearer on paper
LIMIT = 300_000  # milliseconds to set the book once

# In the page: take what is to be printed, give every id its chapter's name, and keep the answers.
TAKE = """({chapter, chapters}) => {
  const article = document.querySelector("article");
  const drop = "script, template, link, noscript, .headerlink, .provenance, .downloads, "
    + ".question__act, .question__said, .questions--earlier, button, input, select, canvas";
  article.querySelectorAll(drop).forEach((part) => part.remove());
  article.querySelectorAll("details").forEach((fold) => { fold.open = true; });
  article.querySelectorAll("a[href]").forEach((link) => {
    const to = new URL(link.getAttribute("href"), location.href);
    const other = chapters[to.pathname];
    if (to.origin === location.origin && other) {
      link.setAttribute("href", "#" + other + (to.hash ? "-" + to.hash.slice(1) : ""));
    }
  });
  article.querySelectorAll("[id]").forEach((part) => { part.id = chapter + "-" + part.id; });
  for (const name of ["aria-labelledby", "aria-describedby"]) {
    article.querySelectorAll(`[${name}]`).forEach((part) => part.removeAttribute(name));
  }
  article.querySelectorAll("*").forEach((part) => {
    for (const {name, value} of [...part.attributes]) {
      if (value.includes("url(#")) {
        part.setAttribute(name, value.replaceAll("url(#", "url(#" + chapter + "-"));
      }
    }
    if (part.localName === "use") {
      part.setAttribute("href", "#" + chapter + "-" + part.getAttribute("href").slice(1));
    }
  });
  const answers = [...article.querySelectorAll(".question")].flatMap((question) => {
    const title = question.querySelector(".question__title");
    const answer = question.querySelector(".question__key");
    if (!title || !answer) return [];
    answer.remove();
    answer.querySelector("summary")?.remove();
    return [{title: title.textContent.trim(), html: answer.innerHTML}];
  });
  return {html: article.innerHTML, answers,
    sheets: [...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href)};
}"""

STYLE = """
@page { size: A4; margin: 18mm 18mm 20mm; }
.md-typeset .chapter { break-before: page; }
.md-typeset .contents { columns: 1; list-style: none; margin: 0; padding: 0; }
.md-typeset .contents li { display: flex; gap: 1em; margin: 0; }
.md-typeset .contents .part { font-weight: 600; margin-top: 0.8em; }
.md-typeset .contents a { flex: 1; color: inherit; text-decoration: none; }
.md-typeset .cover { padding-top: 35%; }
.md-typeset .title { font-size: 2.4em; font-weight: 600; line-height: 1.2; }
.md-typeset .answers article { break-inside: avoid; border-top: 1px solid var(--cr-hairline); }
"""

FOOT = (
    '<p style="font: 8pt serif; width: 100%; text-align: center"><span class="pageNumber"></span>'
)


@dataclass(frozen=True)
class Chapter:
    """A page of the site: its part of the book, its name there, and where it is served."""

    part: str
    title: str
    id: str
    address: str


def main() -> None:
    """Build the site, set the book, and say where it is."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    browser = find()
    if browser is None:
        sys.exit("printed: no Chromium or Chrome is installed; `make browser` gets one")
    with TemporaryDirectory() as folder:
        site = Path(folder, "site")
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(site)]
        built = subprocess.run(command, cwd=ROOT, check=False)
        if built.returncode:
            sys.exit(built.returncode)
        quiet = ["--no-sandbox", "--disable-gpu"]
        with (
            served(site) as origin,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=browser, args=quiet) as chromium,
        ):
            pages = book(chromium, origin, site, chapters(), out)
    print(f"{out}: {pages} pages, {out.stat().st_size / 1e6:.1f} MB")


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder on this machine for as long as it is needed; yields its origin."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def chapters() -> list[Chapter]:
    """Return the pages in the order of the table of contents."""
    nav = load_config(str(ROOT / "mkdocs.yml")).nav
    return [
        Chapter(part, title, f"c{number}", address(source))
        for number, (part, title, source) in enumerate(_leaves(nav), 1)
    ]


def _leaves(nav: Any, part: str = "") -> Iterator[tuple[str, str, str]]:
    for item in nav:
        [(title, below)] = item.items()
        if isinstance(below, str):
            yield part, title, below
        else:
            yield from _leaves(below, part or title)


def address(source: str) -> str:
    """Return the path at which the page of a source file is served."""
    stem = source.rpartition(".")[0]
    return "/" + (stem.removesuffix("index") if stem.endswith("index") else f"{stem}/")


# The document ---------------------------------------------------------------------------------


def book(chromium: Browser, origin: str, site: Path, known: Sequence[Chapter], out: Path) -> int:
    """Write these chapters of a site that is served as a PDF; return how many pages it has."""
    places = {chapter.address: chapter.id for chapter in known}
    taken = list(take(chromium, origin, known, places))
    sheets = list(dict.fromkeys(sheet for one in taken for sheet in one["sheets"]))
    numbers: dict[str, int] = {}
    part = out.with_suffix(".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(2):
        text = document(known, taken, sheets, numbers)
        (site / "book.html").write_text(text, encoding="utf-8")
        print_to(chromium, f"{origin}/book.html", part)
        numbers = first_pages(part, [*(chapter.id for chapter in known), "answers"])
    count = len(PdfReader(part).pages)
    os.replace(part, out)
    return count


def take(
    chromium: Browser, origin: str, known: Sequence[Chapter], places: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield what each page has to print; scripts do not run, so nothing waits to be clicked."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    for chapter in known:
        page.goto(origin + chapter.address)
        yield page.evaluate(TAKE, {"chapter": chapter.id, "chapters": places})
    context.close()


def document(
    known: Sequence[Chapter],
    taken: Sequence[dict[str, Any]],
    sheets: Sequence[str],
    numbers: dict[str, int],
) -> str:
    """Return the book as one page of HTML; a chapter whose page is not known yet has no number."""
    body = "".join(
        f'<section class="chapter" id="{chapter.id}">{one["html"]}</section>'
        for chapter, one in zip(known, taken, strict=True)
    )
    answers = "".join(
        f"<h2>{escape(chapter.title)}</h2>"
        + "".join(
            f"<article><h3>{escape(answer['title'])}</h3>{answer['html']}</article>"
            for answer in one["answers"]
        )
        for chapter, one in zip(known, taken, strict=True)
        if one["answers"]
    )
    links = "".join(f'<link rel="stylesheet" href="{escape(sheet)}">' for sheet in sheets)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chainrule</title>
{links}<style>{STYLE}</style></head>
<body data-md-color-scheme="default"><div class="md-container"><div class="md-content">
<article class="md-content__inner md-typeset">
<div class="cover"><p class="title">Chainrule</p>
<p class="lead">Backpropagation you can check</p></div>
<section class="chapter"><p class="title">Contents</p>{contents(known, numbers)}</section>
{body}
<section class="chapter answers" id="answers"><h1>Answers</h1>{answers}</section>
</article></div></div></body></html>"""


def contents(known: Sequence[Chapter], numbers: dict[str, int]) -> str:
    """Return the list of chapters under their parts, with the page each begins on."""
    lines: list[str] = []
    part = ""
    for chapter in [*known, Chapter("", "Answers", "answers", "")]:
        if chapter.part != part and chapter.part:
            lines.append(f'<li class="part">{escape(chapter.part)}</li>')
        part = chapter.part
        number = numbers.get(chapter.id, "")
        lines.append(
            f'<li><a href="#{chapter.id}">{escape(chapter.title)}</a><span>{number}</span></li>'
        )
    return f'<ol class="contents">{"".join(lines)}</ol>'


def print_to(chromium: Browser, address: str, out: Path) -> None:
    page = chromium.new_page()
    page.set_default_timeout(LIMIT)
    page.goto(address, timeout=LIMIT)
    page.pdf(
        path=out,
        scale=SCALE,
        prefer_css_page_size=True,
        print_background=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOT,
        outline=True,
        tagged=True,
    )
    page.close()


def first_pages(pdf: Path, ids: Sequence[str]) -> dict[str, int]:
    """Return the number of the page on which each chapter begins, from its heading."""
    reader = PdfReader(pdf)
    headings = [entry for entry in reader.outline if not isinstance(entry, list)]
    found = [reader.get_destination_page_number(heading) for heading in headings]
    if len(found) != len(ids):
        sys.exit(f"printed: {len(ids)} chapters, but {len(found)} headings of the first rank")
    return {id: 1 + (number or 0) for id, number in zip(ids, found, strict=True)}


if __name__ == "__main__":
    main()
