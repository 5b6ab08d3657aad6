"""A page's words become Markdown and HTML: pure functions of the text and the results.

Short answers go straight into the Markdown. A block stands there as a word of its own until the
Markdown has been converted, and is then put in its place by `unfold`, so no Markdown extension
ever touches it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

from . import (
    cache,
    claims,
    exercises,
    feeds,
    figures,
    gallery,
    glossary,
    handouts,
    published,
    sources,
)
from .checks import table
from .derivations import steps
from .errors import WeaveError, sentence, unknown
from .formats import attribute, walk, written
from .maths import LABEL, MathsError, render_html
from .programs import EXPLORERS, Catalogue, Failure, Kind, Program, Result
from .sources import roots
from .tokens import ARGUMENTS, INLINE, Token, fill, formulas, tokens

WIDEST = 90  # a line of output longer than this is a sentence, and is wrapped
BLOCK = re.compile(r"(?:<p>\s*)?wovenblock(\d+)x(?:\s*</p>)?")


@dataclass(frozen=True)
class Book:
    """What pages draw on: every program, what it gave, and the pages that use it."""

    catalogue: Catalogue
    results: Mapping[Program, Result]
    uses: Mapping[Program, list[str]]
    corrections: Sequence[feeds.Correction] = ()

    @property
    def root(self) -> Path:
        return self.catalogue.root


@dataclass
class Woven:
    """A page filled in: Markdown to convert, the blocks to put in afterwards, and what failed."""

    markdown: str = ""
    blocks: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])
    listings: list[handouts.Listing] = field(default_factory=list[handouts.Listing])


@dataclass(frozen=True)
class Mark:
    """Where one woven thing comes from."""

    what: str
    source: str


def program(token: Token, catalogue: Catalogue) -> tuple[Program, str] | None:
    """Return the program behind a token and the path into its result; None if it needs none.

    Raises WeaveError if the name is unknown.
    """
    name = token[0]
    match token.word:
        case "example" | "output":
            return catalogue["example", name], ""
        case "figure":
            return catalogue["figure", name], ""
        case "gallery" | "exercises":
            return catalogue["example", token.word], ""
        case "published" if name:
            return catalogue["published", name], ""
        case "questions":
            return Program("questions", name, "docs/questions.py"), ""
        case "player":
            return Program("player", name, f"{EXPLORERS}/presets.py"), ""
        case "explorer":
            return catalogue["explorer", name], ""
        case "claim":
            return catalogue.claim(name), ""
        case "derivation" | "equation":
            module, _, rest = name.partition(".")
            return catalogue["derivation", module], rest
        case "value":
            return _valued(name, catalogue)
        case _:
            return None


def _valued(path: str, catalogue: Catalogue) -> tuple[Program, str]:
    first, *rest = path.split(".")
    match first, rest:
        case "figures", [topic, function, *inside]:
            return catalogue["figure", f"{topic}.{function}"], ".".join(inside)
        case "derivations", [module, *inside]:
            return catalogue["derivation", module], ".".join(inside)
        case "published", [example, *inside]:
            return catalogue["published", example], ".".join(inside)
        case "claims", [id, *inside]:
            return catalogue.claim(id), ".".join(inside)
        case _:
            name = re.match(r"\w*", path)
            assert name is not None
            return catalogue["example", name[0]], path[name.end() :].removeprefix(".")


def asked_for(text: str, catalogue: Catalogue) -> Iterator[Program]:
    """Yield the programs a page asks for; names that lead nowhere are left to `weave`."""
    for token in tokens(text):
        try:
            if token.word == "claims":
                yield from catalogue.claims.values()
            elif not token.problem and (found := program(token, catalogue)):
                yield found[0]
        except WeaveError:
            continue


def modules(catalogue: Catalogue, used: Iterable[Program]) -> Iterator[Program]:
    """Yield the program that makes the modules of the explorers, if a page has an explorer."""
    if any(program.kind in ("player", "explorer") for program in used):
        names = " ".join(catalogue.programs["explorer"])
        yield Program("modules", names, f"{EXPLORERS}/__init__.py")


def weave(
    text: str, name: str, book: Book, link: Callable[[str], str], first_line: int = 1
) -> Woven:
    """Return a page filled in. `link` turns the address of a file on the site into a relative one.

    Errors are sentences that start with the page's name and the line.
    """
    return _Weaver(text, name, book, link, first_line).woven


def unfold(html: str, blocks: list[str]) -> str:
    """Return converted Markdown with each block in its place."""
    return BLOCK.sub(lambda mark: blocks[int(mark[1])], html)


def line_of_formula(text: str, tex: str, first_line: int = 1) -> int:
    """Return the line of the formula on a page that became `tex` when its tokens were filled."""
    wanted = re.sub(r"\\tag\{\d+\}$", "", tex).strip()
    for line, formula, _ in formulas(text, first_line):
        pieces = fill(LABEL.sub("", formula).strip(), lambda _: "\0").split("\0")
        if re.fullmatch(".*?".join(map(re.escape, pieces)), wanted, re.DOTALL):
            return line
    return first_line


class Aside:
    """What is drawn, coloured or said elsewhere, kept out of a page while other programs read it.

    The markup of formulas, figures and listings is nine tenths of a page, and where a number comes
    from is nothing to search for. Without them the search index is made in a third of the time and
    is a fifth of the size. What it keeps: prose, formulas in a line, the rules of a derivation,
    what a question asks, and the names that a listing defines.
    """

    # What a reader finds by the prose around it. None of them stands in another of its own tag.
    _UNSOUGHT = re.compile(
        r'<(details|p) class="(?:provenance|question__key|ran)\b.*?</\1>'
        r'|<div class="question__act".*?</div>',
        re.DOTALL,
    )
    _DISPLAY = re.compile(r'<div class="maths\b.*?</katex-html></span></span></div>', re.DOTALL)
    _FORMULA = re.compile(r'<span class="katex-mathml">(.*?)</katex-html>', re.DOTALL)
    _FIGURE = re.compile(r"<svg [^>]*?\bdrawn\b.*?</svg>", re.DOTALL)
    _LISTING = re.compile(
        r"(?:(?<=<pre><code>)|(?<=<pre><span></span><code>)).*?(?=</code></pre>)", re.DOTALL
    )
    _UNSPOKEN = re.compile(r"<annotation.*|<[^>]*>", re.DOTALL)
    _DEFINED = re.compile(r"^ *(?:def|class) (\w+)", re.MULTILINE)
    _MARK = re.compile(r"<i data-aside=(\d+)>[^<]*</i>")

    def __init__(self) -> None:
        self._kept: list[str] = []

    def take(self, html: str) -> str:
        """Return the HTML with a mark in the place of all that is not searched."""
        for unsought in (self._UNSOUGHT, self._DISPLAY, self._FIGURE):
            html = unsought.sub(lambda found: self._mark(found[0], ""), html)
        html = self._FORMULA.sub(lambda found: self._mark(found[0], self._plain(found[1])), html)
        return self._LISTING.sub(lambda found: self._mark(found[0], self._names(found[0])), html)

    def put_back(self, html: str) -> str:
        """Return the HTML with everything in its place again."""
        return self._MARK.sub(lambda mark: self._kept[int(mark[1])], html)

    def _plain(self, html: str) -> str:
        return self._UNSPOKEN.sub("", html)

    def _names(self, listing: str) -> str:
        return " ".join(self._DEFINED.findall(self._plain(listing)))

    def _mark(self, taken: str, spoken: str) -> str:
        self._kept.append(taken)
        return f"<i data-aside={len(self._kept) - 1}>{spoken}</i>"


class _Weaver:
    """One pass over one page."""

    def __init__(
        self, text: str, name: str, book: Book, link: Callable[[str], str], first_line: int
    ) -> None:
        self.text, self.name, self.book, self.link = text, name, book, link
        self.marks: dict[Mark, None] = {}
        self.figures = 0
        self.woven = Woven()
        self.woven.markdown = fill(text, self.answer, first_line)
        if self.marks:
            self.woven.markdown += f"\n\n{self.block(self.computed())}\n"

    # Errors

    def answer(self, token: Token) -> str:
        try:
            return self.filled(token)
        except (WeaveError, MathsError) as error:
            return self.fault(token, sentence(error, self.book.root))

    def fault(self, token: Token, reason: str) -> str:
        message = f"{self.name}:{token.line}: {reason}"
        known = {error.partition(": ")[2] for error in self.woven.errors}
        if reason not in known:  # forty numbers of one broken program are one error
            self.woven.errors.append(message)
        if token.in_maths:
            return r"\text{?}"
        if token.word in INLINE or self.indent(token) is None:
            return f'<span class="weave-error" role="alert">{escape(message)}</span>'
        return self.set_apart(
            token, self.block(f'<p class="weave-error" role="alert">{escape(message)}</p>')
        )

    def filled(self, token: Token) -> str:
        if token.problem:
            raise WeaveError(token.problem)
        if token.word not in ARGUMENTS:
            raise unknown("there is no word", token.word, ARGUMENTS)
        if token.word == "value":
            return self.value(token)
        if token.word == "equation":
            return self.equation(token)
        if self.indent(token) is None:
            raise WeaveError(f"{{{{ {token.word} }}}} must stand on a line of its own")
        blocks: dict[str, Callable[[Token], str]] = {
            "source": self.source,
            "derivation": self.derivation,
            "figure": self.figure,
            "example": self.example,
            "output": self.output,
            "questions": self.questions,
            "claim": self.claim,
            "claims": self.claims,
            "checks": self.checks,
            "player": self.explorer,
            "explorer": self.explorer,
            "corrections": self.corrections,
            "gallery": self.gallery,
            "exercises": self.exercises,
            "published": self.published,
            "figures": self.all_figures,
            "glossary": self.glossary,
            "concepts": self.concepts,
        }
        return self.set_apart(token, blocks[token.word](token))

    # Blocks

    def indent(self, token: Token) -> str | None:
        """Return the white space before a token that has a line to itself; else None."""
        before = self.text[self.text.rfind("\n", 0, token.start) + 1 : token.start]
        after = self.text[token.end :].partition("\n")[0]
        return before if not before.strip() and not after.strip() else None

    def set_apart(self, token: Token, markdown: str) -> str:
        indent = self.indent(token) or ""
        lines = [indent + line if line else "" for line in markdown.splitlines()]
        return "\n".join(["", *lines, ""])

    def block(self, html: str) -> str:
        self.woven.blocks.append(html)
        return f"wovenblock{len(self.woven.blocks) - 1}x"

    def mark(self, summary: str, what: str, source: str, *facts: str) -> str:
        """Return the provenance mark of a block, and note it for the end of the page."""
        self.marks[Mark(what, source)] = None
        facts_html = "".join(f"<p>{fact}</p>" for fact in facts)
        return f'<details class="provenance"><summary>{summary}</summary>{facts_html}</details>'

    # Results

    def result(self, token: Token) -> tuple[Program, dict[str, Any], str]:
        found = program(token, self.book.catalogue)
        assert found is not None
        running, path = found
        outcome = self.book.results[running]
        if isinstance(outcome, Failure):
            raise WeaveError(f"{running.id} failed: {outcome.reason}")
        return running, outcome, path

    def line_of(self, running: Program, name: str) -> str:
        """Return `file:line` of the place where a program binds a name."""
        lines = sources.bindings(self.book.root / running.path)
        return f"{running.path}:{lines.get(name, running.line)}"

    # Words

    def value(self, token: Token) -> str:
        running, outcome, path = self.result(token)
        kind: Kind = running.kind
        if kind == "derivation":
            data, where = outcome["derivations"], f"derivations.{running.name}"
        elif kind == "claim":
            data, where = outcome["claim"], token[0].rpartition(f".{path}")[0]
        else:
            data, where = outcome["values"], running.name
        if not path:
            raise WeaveError(f"'{token[0]}' names a program, not a value; it has " + _some(data))
        value = walk(data, path, where)
        try:
            text = written(value, token[1], token.in_maths)
        except WeaveError as error:
            raise WeaveError(f"'{token[0]}': {error}") from None
        head = re.match(r"\w*", path)
        source = self.line_of(running, head[0] if head else "")
        self.marks[Mark(f"value {token[0]}", source)] = None
        if token.in_maths:
            return text
        full = value if isinstance(value, str) else json.dumps(value)
        title = attribute(f"{token[0]} · {source}")
        return f'<data class="woven" value="{attribute(full)}" title="{title}">{text}</data>'

    def equation(self, token: Token) -> str:
        running, outcome, path = self.result(token)
        if not token.in_maths:
            raise WeaveError("{{ equation }} stands inside a formula, between dollar signs")
        name, _, part = path.partition(".")
        name, data = _derived(running, outcome, name)
        self.marks[Mark(f"equation {token[0]}", self.line_of(running, name))] = None
        return str(walk(data, part or "equation", token[0]))

    def source(self, token: Token) -> str:
        found = sources.find(token[0], roots(self.book.root))
        path = found.path.relative_to(self.book.root).as_posix()
        what = f"<code>{escape(token[0])}</code> as it stands in <code>{path}</code>"
        mark = self.mark(
            "Source", f"source {token[0]}", f"{path}:{found.line}", f"{what}, line {found.line}."
        )
        self.note(token, handouts.quotation(token[0], roots(self.book.root)))
        return f"{_fence(found.text, 'python', path)}\n\n{self.block(mark)}"

    def example(self, token: Token) -> str:
        running, _, _ = self.result(token)
        text = sources.read(self.book.root / running.path).strip("\n")
        return f"{_fence(text, 'python', running.path)}\n\n{self.output(token)}"

    def output(self, token: Token) -> str:
        running, outcome, _ = self.result(token)
        href = self.link(f"downloads/examples/{running.name}.py")
        self.note(token, outcome["script"], outcome["output"])
        mark = self.mark(
            "Ran while this page was built",
            running.id,
            f"{running.path}:1",
            f"<code>{running.path}</code> ran from top to bottom with {_environment()}.",
            f'<a href="{href}" download>Download <code>{Path(running.path).name}</code></a>.',
        )
        printed = outcome["output"].rstrip("\n")
        wide = max(map(len, printed.splitlines()), default=0) > WIDEST
        kind = "text .output .wraps" if wide else "text .output"  # a table keeps its columns
        shown = f"{_fence(printed, kind, 'Output')}\n\n" if printed else ""
        return f"{shown}{self.block(mark)}"

    def figure(self, token: Token) -> str:
        running, outcome, _ = self.result(token)
        if not token[1]:
            raise WeaveError(f"figure '{token[0]}' has no alternative text; say what it shows")
        self.figures += 1
        name = f"figure-{running.name.replace('.', '-').replace('_', '-')}"
        alt = escape(fill(token[1], self.spoken, token.line))
        svg = outcome["svg"].replace("wovenfigure", f"{name}-{self.figures}")
        svg = svg.replace("<svg ", f'<svg role="img" aria-label="{alt}" ')
        mark = self.mark(
            "Drawn from computed numbers",
            running.id,
            f"{running.path}:{running.line}",
            f"Drawn by <code>{escape(running.name)}</code> in <code>{running.path}</code>, "
            f"line {running.line}, with {_environment()}.",
        )
        opening = self.block(f'<figure id="{name}-{self.figures}">\n{svg}\n')
        if not token[2]:
            return f"{opening}\n\n{self.block(f'</figure>{mark}')}"
        caption = fill(token[2], lambda inner: self.answer(replace(inner, line=token.line)))
        return "\n\n".join(
            [
                f"{opening}{self.block('<figcaption>')}",
                " ".join(caption.split()),
                self.block(f"</figcaption></figure>{mark}"),
            ]
        )

    def spoken(self, token: Token) -> str:
        """Return a token inside an alternative text: the words alone."""
        return re.sub(r"<[^>]*>", "", self.answer(token))

    def derivation(self, token: Token) -> str:
        running, outcome, path = self.result(token)
        name, data = _derived(running, outcome, path)
        source, line = self.line_of(running, name).split(":")
        page = self.link(f"derivations/{running.name}/")
        downloads = " or ".join(
            f'<a href="{self.link(f"downloads/{running.name}{kind}")}" download>{kind}</a>'
            for kind in (".ipynb", ".py")
        )
        apart = "; ".join(
            f"{written(check['residual'], 'sci', in_maths=False)} from {escape(check['against'])}"
            for check in data["checks"]
        )
        mark = self.mark(
            "Derived and checked",
            f"derivation {running.name}.{name}",
            f"{source}:{line}",
            f"Derived by SymPy in <code>{source}</code>, line {line}. Furthest apart: {apart}.",
            f'<a href="{page}">The derivation as a page</a>, or to run: {downloads}.',
        )
        return self.block(render_html(steps(data)) + mark)

    def questions(self, token: Token) -> str:
        running, outcome, _ = self.result(token)
        if not outcome["checks"]:  # nothing is asked here: a list of topics
            return self.block(outcome["html"])
        furthest = max(check["residual"] for check in outcome["checks"])
        mark = self.mark(
            "Answers computed",
            running.id,
            f"{running.path}:1",
            "Every key and every wrong answer is computed by the reference code. A second method "
            f"finds the same keys, within {written(furthest, 'sci', in_maths=False)} of each.",
        )
        return self.block(render_html(outcome["html"]) + mark)

    def claim(self, token: Token) -> str:
        running, _, _ = self.result(token)
        claim = self.checked(token[0], running)
        self.marks[Mark(f"claim {claim.id}", f"{running.path}:{running.line}")] = None
        opening = self.block(f'<aside class="claim" id="claim-{claim.id}">')
        words = claims.compact(claim, self.link("reference/claims/"))
        return "\n\n".join([opening, words, self.block("</aside>")])

    def checked(self, id: str, running: Program) -> claims.Checked:
        outcome = self.book.results[running]
        if isinstance(outcome, Failure):
            raise WeaveError(f"{running.id} failed: {outcome.reason}")
        return claims.Checked(id, running.name.partition(".")[0], outcome["claim"])

    def claims(self, token: Token) -> str:
        """Return every claim in full; or, asked for the `table`, how many there are."""
        programs = self.book.catalogue.claims
        found = [self.checked(id, running) for id, running in programs.items()]
        if token[0] == "table":
            return self.block(claims.table(found))
        script = _module(self.link("assets/claims.js"))
        pieces = [self.block(claims.chooser(found) + script)]
        for topic, members in claims.by_topic(found).items():
            pieces.append(f"## {claims.title(topic)} {{ #{claims.anchor(topic)} }}")
            for claim in members:
                pieces += self.in_full(claim, programs[claim.id])
        return "\n\n".join(pieces)

    def in_full(self, claim: claims.Checked, running: Program) -> list[str]:
        """Return a claim with its program folded under it."""
        program = sources.excerpt(self.book.root / running.path, claim.id)
        place = f"{running.path}:{program.line}"
        self.marks[Mark(f"claim {claim.id}", place)] = None
        how = "dated sources" if claim.verdict == "sourced" else "computation"
        opening = (
            f'<article class="claim" id="{claim.id}" aria-label="Claim {claim.id}" '
            f'data-verdict="{claim.verdict}" data-topic="{claim.topic}">'
        )
        fold = (
            f'<details class="provenance"><summary>Decided by {how}</summary>'
            f"<p>Ran while this page was built, with {_environment()}.</p>"
        )
        return [
            self.block(opening),
            *claims.full(claim),
            self.block(fold),
            _fence(program.text, "python", place),
            _fence(claims.numbers(claim), "text .output .wraps", "What it found"),
            self.block("</details></article>"),
        ]

    def checks(self, token: Token) -> str:
        return self.block(
            render_html(table(self.book.catalogue, self.book.results, self.book.uses, self.link))
        )

    def corrections(self, token: Token) -> str:
        feed = f'<p><a href="{self.link("corrections.xml")}">Follow corrections as a feed</a>.</p>'
        return self.block(feeds.listed(self.book.corrections) + feed)

    def explorer(self, token: Token) -> str:
        running, outcome, _ = self.result(token)
        within = written(outcome["residual"], "sci", in_maths=False)
        mark = self.mark(
            "Computed by the reference code",
            running.id,
            f"{running.path}:1",
            "These numbers come from the reference code. The module that goes on from them in "
            f"the browser agrees within {within}.",
        )
        loads = _module(self.link(f"assets/explorers/{outcome['module']}.mjs"))
        return self.block(loads + outcome["html"] + mark)

    def gallery(self, token: Token) -> str:
        running, outcome, _ = self.result(token)
        rows = outcome["values"]["rows"]
        mark = self.mark(
            "Ran while this page was built",
            running.id,
            f"{running.path}:1",
            f"Every mistake was made on purpose by <code>{running.path}</code>, with "
            f"{_environment()}.",
        )
        if token[0] == "table":
            script = _module(self.link("assets/sortable.js"))
            return self.block(gallery.table(rows) + script + mark)
        return f"{gallery.sections(rows)}\n\n{self.block(mark)}"

    def exercises(self, token: Token) -> str:
        running, outcome, _ = self.result(token)
        mark = self.mark(
            "Each fails unsolved and passes solved",
            running.id,
            f"{running.path}:1",
            f"<code>{running.path}</code> has judged every exercise as it is handed out, solved, "
            f"and with a slip in it, with {_environment()}.",
        )
        sections = exercises.sections(outcome["values"]["rows"], self.link)
        return f"{sections}\n\n{self.block(mark)}"

    def all_figures(self, token: Token) -> str:
        return self.block(figures.table(self.book.uses, self.book.root, self.link))

    def glossary(self, token: Token) -> str:
        terms = glossary.read(self.book.root)
        return glossary.entries(terms, self.book.root / "docs", self.name)

    def concepts(self, token: Token) -> str:
        return self.block(glossary.concepts(glossary.read(self.book.root)))

    def published(self, token: Token) -> str:
        if not token[0]:
            return self.block(self.published_summary())
        running, outcome, _ = self.result(token)
        data_file = self.link(running.path.removeprefix("docs/"))
        mark = self.mark(
            "Worked again while this page was built",
            running.id,
            f"{running.path}:1",
            f"<code>{running.path}</code> was worked again with {_environment()}. A number counts "
            "as reproduced within half a unit of its last printed digit.",
            f'<a href="{data_file}" download>Download <code>{running.name}.json</code></a>.',
        )
        opening = self.block(f'<section class="published" id="published-{running.name}">')
        text = published.section(outcome["values"])
        return "\n\n".join([opening, text, self.block(f"{mark}</section>")])

    def published_summary(self) -> str:
        """Return the table of all worked examples in print that ran."""
        found = {
            running: outcome
            for running, outcome in self.book.results.items()
            if running.kind == "published" and not isinstance(outcome, Failure)
        }
        places = {
            running.name: f"{self.link(self.book.uses[running][0])}#published-{running.name}"
            for running in found
            if running in self.book.uses
        }
        return published.summary(
            {running.name: found[running]["values"] for running in found if running.name in places},
            places.__getitem__,
        )

    def note(self, token: Token, code: str, output: str = "") -> None:
        """Keep a listing for the notebook of the page, under the heading it stands below."""
        heading = handouts.heading_above(self.text, token.start)
        self.woven.listings.append(handouts.Listing(heading, code, output))

    def computed(self) -> str:
        """Return the list of everything woven into this page."""
        items = "".join(
            f"<li><span>{escape(mark.what)}</span> <code>{escape(mark.source)}</code></li>"
            for mark in self.marks
        )
        notebook = self.link(handouts.address(self.name))
        taken_away = (
            f'<p><a href="{notebook}" download>The code of this page as a notebook</a>.</p>'
        )
        return (
            '<details class="provenance computed"><summary>Computed on this page</summary>'
            f"{taken_away if self.woven.listings else ''}<ul>{items}</ul></details>"
        )


# Pieces ---------------------------------------------------------------------------------------


def _derived(running: Program, outcome: Mapping[str, Any], name: str) -> tuple[str, dict[str, Any]]:
    """Return a derivation of a module by name; without a name, the last one."""
    found = outcome["derivations"]
    if not found:
        raise WeaveError(f"{running.path} binds no derivation")
    name = name or next(reversed(found))
    if name not in found:
        raise unknown(f"derivations.{running.name} has no", name, found)
    return name, found[name]


def _fence(text: str, language: str, title: str) -> str:
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f'{ticks}{{ .{language} title="{title}" }}\n{text}\n{ticks}'


def _module(address: str) -> str:
    """Return what loads a module once the page is painted (theme/.scripts/later.js)."""
    script = f'<script type="module" src="{address}"></script>'
    return f'<template class="later">{script}</template>'


def _environment() -> str:
    names = {"python": "Python", "numpy": "NumPy", "sympy": "SymPy", "matplotlib": "Matplotlib"}
    shown = [f"{names.get(name, name)} {number}" for name, number in cache.versions().items()]
    return ", ".join(shown[:-1]) + " and " + shown[-1]


def _some(data: Mapping[str, Any]) -> str:
    return ", ".join(list(data)[:8]) or "none"
