"""TeX becomes HTML while the site is built: KaTeX, run by a JavaScript engine that is a wheel.

A reader's browser gets finished markup and runs nothing: one copy drawn with fonts for the eye,
one as MathML for a screen reader. TeX that KaTeX refuses raises `MathsError`.

    render_tex(tex, display)   one formula
    render_html(html)          every formula that arithmatex has marked in a piece of HTML
    MathsExtension             the same for Python-Markdown, after `pymdownx.arithmatex`

The whole site speaks through `_typeset`; to change the engine, change that function.
"""

from __future__ import annotations

import functools
import hashlib
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import local
from typing import Any
from xml.etree import ElementTree

import dukpy  # pyright: ignore[reportMissingTypeStubs]
from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor

from . import cache
from .errors import WeaveError
from .lengths import as_classes
from .macros import MACROS

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache/weave/maths"
MOST = 10_000  # formulas that are kept, several times as many as the book has

type Formula = tuple[str, bool]  # its TeX, and whether it is displayed

# Up to this many characters a formula stays on one line, together with the comma behind it.
GLUED = 24


class MathsError(WeaveError):
    """A formula KaTeX refuses, or a label that is missing or taken."""

    def __init__(self, tex: str, message: str) -> None:
        super().__init__(f"{message} in: {tex}")
        self.tex = tex
        self.message = message


# One formula ----------------------------------------------------------------------------------


def render_tex(tex: str, display: bool) -> str:
    """Return the HTML of one formula, from the cache if it has been typeset before.

    Raises MathsError if KaTeX refuses the formula.
    """
    formula = tex, display
    kept = _kept(formula)
    if kept is None:
        [answer] = _typeset([formula])
        if "error" in answer:
            raise MathsError(tex, answer["error"].removeprefix("KaTeX parse error: "))
        kept = _keep(formula, answer["html"])
    return kept


def render_ahead(formulas: Iterable[Formula]) -> None:
    """Typeset all of these that are new in one call of the engine, which costs half a formula.

    Those that KaTeX refuses are left to `render_tex`.
    """
    new = [formula for formula in dict.fromkeys(formulas) if _kept(formula) is None]
    for formula, answer in zip(new, _typeset(new), strict=True):
        if "html" in answer:
            _keep(formula, answer["html"])


def render_written(written: Iterable[Formula]) -> None:
    """Typeset ahead what pages say in so many words, with nothing to be filled in or numbered."""
    render_ahead(
        (part.strip(), display)
        for tex, display in written
        if "{{" not in tex and not LABEL.search(tex)
        for part in (_side_by_side(tex) if display else [tex])
    )


def render_marked(source: str) -> None:
    """Typeset ahead what HTML marks as formulas, but for those that a page will number."""
    render_ahead(
        (tex, found["inline"] is None)
        for found in MATHS.finditer(source)
        if not LABEL.search(found[0])
        for tex in _formulas(found, {})
    )


def plain_text(tex: str) -> str:
    """Return a formula as one line of text, for a title or a table of contents."""
    math = MATHML.search(render_tex(tex, display=False))
    assert math is not None, "KaTeX writes MathML beside its HTML"
    return _spoken(ElementTree.fromstring(math[0]))


def _key(formula: Formula) -> str:
    tex, display = formula
    return hashlib.sha256(f"{_fingerprint()}{display:d}{tex}".encode()).hexdigest()


def _kept(formula: Formula) -> str | None:
    kept = cache.load(CACHE, _key(formula), ROOT)
    return str(kept["html"]) if kept else None


def _keep(formula: Formula, typeset: str) -> str:
    finished = as_classes(_tidy(typeset))
    cache.store(CACHE, _key(formula), {"html": finished}, reads=(), root=ROOT)
    return finished


def forget_the_oldest() -> None:
    """Remove all but the last `MOST`: which formulas a kept page shows, nobody knows."""
    known = list(CACHE.glob("*.json"))
    if len(known) > MOST:
        known.sort(key=lambda path: path.stat().st_mtime_ns)
        for path in known[:-MOST]:
            path.unlink(missing_ok=True)


_OWN = local()

_SCRIPT = """
globalThis.typeset = function ([tex, display]) {
  try {
    return {html: katex.renderToString(tex, {
      displayMode: display, output: "htmlAndMathml", macros: {...MACROS}, throwOnError: true,
      strict: function (code) { return code === "htmlExtension" ? "ignore" : "error"; },
      trust: function (context) {
        if (context.command !== "\\\\htmlClass") throw Error(context.command + " is not allowed");
        return true;
      }
    })};
  } catch (error) { return {error: error.message}; }
};
0"""


def _typeset(formulas: Sequence[Formula]) -> list[dict[str, str]]:
    """Return for each formula its `html`, or the `error`."""
    if not formulas:
        return []
    return engine().evaljs("dukpy.formulas.map(typeset)", formulas=formulas)


def engine() -> Any:
    """Return the JavaScript engine that has read KaTeX; each thread has its own, as it must."""
    if not hasattr(_OWN, "engine"):
        interpreter: Any = dukpy.JSInterpreter()
        macros = json.dumps(MACROS)
        interpreter.evaljs(f"var self = globalThis, MACROS = {macros};{_katex()}{_SCRIPT}")
        _OWN.engine = interpreter
    return _OWN.engine


@functools.cache
def _katex() -> str:
    return (Path(__file__).parent / "vendor/katex/katex.min.js").read_text(encoding="utf-8")


@functools.cache
def _fingerprint() -> str:
    """What a cached formula depends on besides itself: KaTeX, the macros and the code here."""
    own = [Path(__file__).with_name(name) for name in ("lengths.py", "macros.py", "maths.py")]
    code = b"".join(path.read_bytes() for path in own)
    return hashlib.sha256(_katex().encode() + code).hexdigest()


_DRAWN = '<span class="katex-html" aria-hidden="true">'
_APPLIED_TO_NOTHING = re.compile("<mo>\u2061</mo>(?=</m(?:sub|sup|subsup)>)")  # max as an index


def _tidy(typeset: str) -> str:
    """Let a formula break where a printer would break it, and keep its copies out of the search.

    Material skips an element marked `data-search-exclude` up to its first closing tag, so the
    drawn copy, which is full of spans, moves into an element of a name of its own.
    """
    before, _, drawn = typeset.partition(_DRAWN)
    display = not before.startswith('<span class="katex">')
    closing = "</span>" * (3 if display else 2)
    assert drawn.endswith(closing), "KaTeX ends a formula with its drawn copy"
    drawn = _breakable(drawn.removesuffix(closing), display)
    before = before.replace("<annotation ", '<annotation data-search-exclude="" ')
    before = _APPLIED_TO_NOTHING.sub("", before)
    return (
        f'{before}<katex-html class="katex-html" aria-hidden="true" data-search-exclude>'
        f"{drawn}</katex-html>{closing.removesuffix('</span>')}"
    )


# Where a formula may break. KaTeX draws it as a row of boxes, each ending with an operator, and a
# line may end between any two.

_BOX = '<span class="katex-base">'
_SPACE = r'(?:<span class="mspace" style="[^"]*"></span>)?'
_STRUT = re.compile(r'<span class="katex-strut" style="[^"]*"></span>')
_OPERATOR = rf'{_SPACE}<span class="(?P<kind>mrel|mbin)">[^<]*</span>{_SPACE}'
_ENDS = re.compile(_OPERATOR + "$")
_TAG = re.compile(
    r'(?P<thin><span class="mspace" style="margin-right:0\.1667em;"></span>)|<span[^>]*>|</span>'
)
_COMMA = re.compile(r'<span class="mpunct">,</span><span class="mspace"[^>]*></span>$')
_OPENED, _CLOSED = re.compile(r'class="mopen\b'), re.compile(r'class="mclose\b')


def _breakable(drawn: str, display: bool) -> str:
    """Return a drawn formula that does not break within brackets, but behind a comma in a list.

    A display, moreover, breaks before an operator instead of behind it, sooner at a relation than
    at a sum or a product, and if need be between two factors.
    """
    row, tag, behind = drawn.partition('<span class="katex-tag">')
    boxes: list[str] = []
    depth = 0
    for box in row.removeprefix(_BOX).removesuffix("</span>").split("</span>" + _BOX):
        if depth > 0:
            boxes[-1] += box
        else:
            boxes.append(box)
        depth += len(_OPENED.findall(box)) - len(_CLOSED.findall(box))
    if not display:
        return "".join(f"{_BOX}{item}</span>" for box in boxes for item in _items(box))
    return "".join(_lines(boxes)) + tag + behind


def _lines(boxes: list[str]) -> Iterator[str]:
    """Yield the boxes in stretches that begin with a relation; a line rather ends between these."""
    stretch, carried = "", ""
    for box in boxes:
        strut = _STRUT.match(box)
        ends = None if box is boxes[-1] else _ENDS.search(box)
        start = strut.end() if strut else 0
        stop = ends.start() if ends else len(box)
        if carried or start < stop:
            whole = box[:start] + carried + box[start:stop]
            stretch += "".join(f"{_BOX}{factor}</span>" for factor in _factors(whole))
        carried = ends[0] if ends else ""
        if stretch and (ends is None or ends["kind"] == "mrel"):
            yield f'<span class="stretch">{stretch}</span>'
            stretch = ""


def _items(box: str) -> list[str]:
    """Return a box cut behind the commas outside brackets."""
    items = [""]
    for factor in _factors(box):
        items[-1] += factor
        if _COMMA.search(factor):
            items.append("")
    return items if items[-1] else items[:-1]


def _factors(box: str) -> list[str]:
    """Return a box cut at the thin spaces between its factors, where it may break if it has to."""
    parts: list[str] = []
    start = tags = brackets = 0
    for token in _TAG.finditer(box):
        if token["thin"]:
            if tags == brackets == 0:
                parts.append(box[start : token.end()])
                start = token.end()
        elif token[0] == "</span>":
            tags -= 1
        else:
            if tags == 0:
                brackets += bool(_OPENED.search(token[0])) - bool(_CLOSED.search(token[0]))
            tags += 1
    return [*parts, box[start:]]


MATHML = re.compile(r"<math\b.*?</math>", re.S)


def _spoken(node: ElementTree.Element) -> str:
    name = node.tag.rpartition("}")[2]
    if name == "annotation":
        return ""
    parts = [_spoken(child) for child in node]
    if name == "mfrac":
        return "/".join(parts)
    return ((node.text or "") + "".join(parts)).strip()


# Every formula of a piece of HTML -------------------------------------------------------------

MATHS = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\s*'
    r"(?:\\\((?P<inline>.*?)\\\)|\\\[(?P<block>.*?)\\\])"
    r"\s*</(?P=tag)>(?P<behind>[^\s<&]{0,12})",
    re.S,
)
LABEL = re.compile(r"\\label\{([^}]*)\}")
REFERENCE = re.compile(r"\\eqref\{([^}]*)\}")

Rescue = Callable[[MathsError], str]


def render_html(source: str, rescue: Rescue | None = None) -> str:
    r"""Return `source` with every formula marked by arithmatex typeset.

    A displayed formula with `\label{name}` gets the next number, and `\eqref{name}` links to it.
    A formula that fails raises MathsError; with `rescue`, what it returns stands in its place.
    """
    numbers: dict[str, int] = {}
    doubled: set[str] = set()
    for name in (label for found in MATHS.finditer(source) for label in LABEL.findall(found[0])):
        doubled.update({name} & numbers.keys())
        numbers.setdefault(name, len(numbers) + 1)

    render_ahead(
        (tex, found["inline"] is None)
        for found in MATHS.finditer(source)
        for tex in _formulas(found, numbers)
    )

    def replace(found: re.Match[str]) -> str:
        try:
            if found["inline"] is None:
                return _block(found, numbers, doubled)
            return _inline(found, numbers)
        except MathsError as error:
            if rescue is None:
                raise
            return rescue(error) + found["behind"]

    return MATHS.sub(replace, source)


def _formulas(found: re.Match[str], numbers: dict[str, int]) -> list[str]:
    """Return the TeX of what stands between two delimiters: of one formula, or several."""
    if found["inline"] is not None:
        tex = html.unescape(found["inline"])
        return [] if REFERENCE.fullmatch(tex.strip()) else [tex]
    tex = html.unescape(found["block"]).strip()
    if label := LABEL.search(tex):
        return [LABEL.sub("", tex) + rf"\tag{{{numbers[label[1]]}}}"]
    return [part.strip() for part in _side_by_side(tex)]


def _inline(found: re.Match[str], numbers: dict[str, int]) -> str:
    tex, behind = html.unescape(found["inline"]), found["behind"]
    if reference := REFERENCE.fullmatch(tex.strip()):
        name = reference[1]
        if name not in numbers:
            raise MathsError(tex, f"No equation on this page is labelled '{name}'")
        return f'<a class="eqref" href="#{_anchor(name)}">({numbers[name]})</a>{behind}'
    rendered = render_tex(tex, display=False)
    if len(plain_text(tex)) <= GLUED:
        return f'<span class="glued">{rendered}{behind}</span>'
    return rendered + behind


def _block(found: re.Match[str], numbers: dict[str, int], doubled: set[str]) -> str:
    tex = html.unescape(found["block"]).strip()
    label = LABEL.search(tex)
    if label and label[1] in doubled:
        raise MathsError(tex, f"Two equations on this page are labelled '{label[1]}'")
    formulas = [render_tex(part, display=True) for part in _formulas(found, numbers)]
    kind = "maths eqs" if len(formulas) > 1 else "maths"
    place = f' id="{_anchor(label[1])}"' if label else ""
    return f'<div class="{kind}"{place}>{"".join(formulas)}</div>{found["behind"]}'


def _side_by_side(tex: str) -> list[str]:
    r"""Return the formulas of a display that stand beside each other, a `\qquad` apart.

    They become items of a row, so that on a narrow screen the row breaks between them.
    """
    parts: list[str] = []
    depth = start = 0
    for token in re.finditer(r"\\(?:begin|end|left|right|qquad)(?![a-zA-Z])|\\.|[{}]", tex):
        word = token[0]
        depth += word in ("{", r"\begin", r"\left")
        depth -= word in ("}", r"\end", r"\right")
        if word == r"\qquad" and depth == 0:
            parts.append(tex[start : token.start()])
            start = token.end()
    return [part for part in [*parts, tex[start:]] if part.strip()]


def _anchor(label: str) -> str:
    return re.sub(r"[^\w-]+", "-", label)


NAMES = re.compile(r"<(h[1-6]|th|a|label|legend|summary|button)\b.*?</\1>", re.S)


def named(source: str) -> str:
    """Return HTML in which formulas in headings, links and labels are words, too.

    Browsers leave MathML out of the name of what contains it: a choice that is only a formula has
    no name at all.
    """
    return NAMES.sub(lambda name: MATHML.sub(_with_label, name[0]), source)


def _with_label(math: re.Match[str]) -> str:
    label = html.escape(_spoken(ElementTree.fromstring(math[0])))
    return math[0].replace("<math ", f'<math aria-label="{label}" ', 1)


def _plain_html(source: str) -> str:
    """Return `source` with its formulas as plain text; one that fails keeps its TeX."""

    def replace(found: re.Match[str]) -> str:
        tex = html.unescape(found["inline"] or found["block"])
        try:
            return html.escape(plain_text(tex)) + found["behind"]
        except MathsError:
            return html.escape(tex) + found["behind"]

    return MATHS.sub(replace, source)


# Python-Markdown ------------------------------------------------------------------------------


class MathsExtension(Extension):
    """Typeset what `pymdownx.arithmatex: {generic: true}` has marked.

    `rescue` gets a MathsError and returns the HTML to show in its place; without it the error
    goes on to whoever converts the page.
    """

    def __init__(self, rescue: Rescue | None = None, **options: Any) -> None:
        self.rescue = rescue
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        self.maths = _Maths(self.rescue)
        md.registerExtension(self)
        # Last of all: the raw HTML that Markdown keeps aside is back in its place by then.
        md.postprocessors.register(self.maths, "maths", -10)
        md.treeprocessors.register(_TreeDone(self.maths), "maths_tree_done", -10)

    def reset(self) -> None:
        self.maths.page_follows = False


class _Maths(Postprocessor):
    """Runs on the page and, before that, on each heading for the sake of its text.

    The table of contents and the page title want a heading in plain words; only when the tree is
    complete does the page itself follow.
    """

    def __init__(self, rescue: Rescue | None) -> None:
        super().__init__()
        self.rescue = rescue
        self.page_follows = False

    def run(self, text: str) -> str:
        return named(render_html(text, self.rescue)) if self.page_follows else _plain_html(text)


class _TreeDone(Treeprocessor):
    def __init__(self, maths: _Maths) -> None:
        super().__init__()
        self.maths = maths

    def run(self, root: ElementTree.Element) -> None:
        self.maths.page_follows = True


def makeExtension(**options: Any) -> MathsExtension:  # noqa: N802
    """Where Python-Markdown looks for the extension called `weave.maths`."""
    return MathsExtension(**options)
