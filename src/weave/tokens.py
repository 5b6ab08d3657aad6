r"""The words of a page: `{{ word argument | argument }}` in Markdown, with the line of each.

Code stays as it is, whether inline or in a fence, and `\{{` is a literal `{{`. In a formula only
the known words count, for braces are TeX's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

# How many arguments each word takes, divided by bars.
ARGUMENTS = {
    "source": (1, 1),
    "value": (1, 2),
    "equation": (1, 1),
    "derivation": (1, 1),
    "figure": (1, 3),
    "example": (1, 1),
    "output": (1, 1),
    "questions": (1, 1),
    "claim": (1, 1),
    "claims": (0, 1),
    "checks": (0, 0),
    "corrections": (0, 0),
    "player": (1, 1),
    "explorer": (1, 1),
    "gallery": (0, 1),
    "exercises": (0, 0),
    "published": (0, 1),
    "figures": (0, 0),
    "glossary": (0, 0),
    "concepts": (0, 0),
}
INLINE = {"value", "equation"}

_MARKS = re.compile(
    r"""
      (?P<fence> ^[ \t>]*(?P<ticks>`{3,}|~{3,})[^\n]*\n (?:.*?\n)?? [ \t>]*(?P=ticks)[`~]*[ \t]*$ )
    | (?P<comment> <!--.*?--> )
    | (?P<code> (?<!`)(?P<tick>`+)(?!`) (?:(?!\n[ \t]*\n).)+? (?<!`)(?P=tick)(?!`) )
    | (?P<display> (?<!\\)\$\$.+?\$\$ )
    | (?P<literal> \\\{\{ )
    | (?P<escaped> \\. )
    | (?P<formula> \$(?!\s) (?:\\.|(?!\n[ \t]*\n)[^$\\])+? (?<!\s)\$ )
    | (?P<token> \{\{ )
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_KNOWN_IN_TEX = re.compile(rf"\{{\{{\s*(?:{'|'.join(ARGUMENTS)})\b")


@dataclass(frozen=True, slots=True)
class Token:
    """One word on a page; `problem` is set when it cannot be read."""

    word: str
    arguments: tuple[str, ...]
    line: int
    start: int
    end: int
    in_maths: bool = False
    problem: str = ""

    def __getitem__(self, index: int) -> str:
        return self.arguments[index] if index < len(self.arguments) else ""


def tokens(text: str, first_line: int = 1) -> Iterator[Token]:
    """Yield the tokens of a text in order, those inside the arguments of another included."""
    for token in _outer(text, first_line):
        yield token
        for argument in token.arguments[1:]:
            yield from (replace(inner, line=token.line) for inner in tokens(argument))


def fill(text: str, answer: Callable[[Token], str], first_line: int = 1) -> str:
    """Return the text with each token replaced by its answer and each literal unescaped."""
    parts: list[str] = []
    position = 0
    for token in _outer(text, first_line, literals=True):
        parts += [text[position : token.start], answer(token) if token.word != "{{" else "{{"]
        position = token.end
    return "".join([*parts, text[position:]])


def formulas(text: str, first_line: int = 1) -> Iterator[tuple[int, str, bool]]:
    """Yield of every formula in a text the line, the TeX, and whether it stands by itself."""
    for mark in _MARKS.finditer(text):
        if mark["display"] or mark["formula"]:
            line = first_line + text.count("\n", 0, mark.start())
            yield line, mark[0].strip("$").strip(), bool(mark["display"])


def _outer(text: str, first_line: int, literals: bool = False) -> Iterator[Token]:
    position = 0
    while mark := _MARKS.search(text, position):
        position = mark.end()
        line = first_line + text.count("\n", 0, mark.start())
        if mark["display"] or mark["formula"]:
            inside = mark.start()
            while (known := _KNOWN_IN_TEX.search(text, inside)) and known.start() < mark.end():
                line = first_line + text.count("\n", 0, known.start())
                yield (token := _read(text, known.start(), line, in_maths=True))
                inside = token.end
            position = max(position, inside)
        elif mark["token"]:
            yield (token := _read(text, mark.start(), line))
            position = token.end
        elif mark["literal"] and literals:
            yield Token("{{", (), line, mark.start(), mark.end())


def _read(text: str, start: int, line: int, in_maths: bool = False) -> Token:
    end = _closing(text, start)
    if end is None:
        return Token("", (), line, start, start + 2, in_maths, "'{{' is never closed by '}}'")
    word, _, rest = text[start + 2 : end - 2].strip().partition(" ")
    least, most = ARGUMENTS.get(word, (0, 9))
    arguments = tuple(_divided(rest, most)) if rest else ()
    problem = ""
    if word in ARGUMENTS and not least <= len([part for part in arguments if part]) <= most:
        problem = f"'{word}' takes {'nothing' if most == 0 else 'a name'} after it"
    return Token(word, arguments, line, start, end, in_maths, problem)


def _divided(text: str, most: int) -> Iterator[str]:
    """Yield the parts between bars, at most so many; a bar in braces divides nothing."""
    depth = start = parts = 0
    for found in re.finditer(r"[{}|]", text):
        depth += {"{": 1, "}": -1, "|": 0}[found[0]]
        if found[0] == "|" and depth == 0 and parts < most - 1:
            yield text[start : found.start()].strip()
            start, parts = found.end(), parts + 1
    yield text[start:].strip()


def _closing(text: str, start: int) -> int | None:
    """Return where the braces opened at `start` are closed again; a blank line ends the search."""
    depth = 0
    for found in re.compile(r"\{|\}|\n[ \t]*\n").finditer(text, start):
        if found[0] not in "{}":
            return None
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.end()
    return None
