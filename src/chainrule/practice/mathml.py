"""The TeX of the questions as MathML, which a browser sets without a script or a font of ours.

Only what the questions use is known. An unknown command is a ValueError with its name, and a
test converts every question, so that a printed sheet never shows raw TeX.
"""

from __future__ import annotations

import re
from html import escape

WORDS = re.compile(r"(\\(?:text|mathsf|begin|end))\{([^}]*)\}")
TOKEN = re.compile(rf"{WORDS.pattern}|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S")

LETTERS = {
    r"\beta": "β",
    r"\delta": "δ",
    r"\Delta": "Δ",
    r"\eta": "η",
    r"\kappa": "κ",
    r"\partial": "∂",
    r"\sigma": "σ",
    r"\varepsilon": "ε",
}
FUNCTIONS = {r"\ln", r"\log", r"\max", r"\tanh"}
OPERATORS = {r"\cdot": "·", r"\times": "×", r"\odot": "⊙", "-": "−"}
COLOURS = {r"\w", r"\act", r"\g", r"\loss"}


def mathml(tex: str) -> str:
    """One formula as a `math` element. Raises ValueError for a command that is not known."""
    reader = Reader([token[0] for token in TOKEN.finditer(tex)])
    row = reader.row(until=None)
    return f"<math>{row}</math>"


class Reader:
    """Reads tokens from left to right; what is read as a unit comes back as one element."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0

    def peek(self) -> str | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise ValueError("a formula ends too early")
        self.place += 1
        return token

    def row(self, until: str | None) -> str:
        """Everything up to a token, which is taken too, with scripts set on what they follow."""
        parts: list[str] = []
        while self.peek() != until:
            parts.append(self.scripted())
        if until is not None:
            self.take()
        return "".join(parts)

    def scripted(self) -> str:
        base, below, above = self.unit(), "", ""
        while self.peek() in ("_", "^", "'"):
            match self.take():
                case "_":
                    below = self.unit()
                case "^":
                    above += self.unit()
                case _:
                    above += "<mo>′</mo>"
        if below and above:
            return f"<msubsup>{base}{below}<mrow>{above}</mrow></msubsup>"
        if below:
            return f"<msub>{base}{below}</msub>"
        return f"<msup>{base}<mrow>{above}</mrow></msup>" if above else base

    def unit(self) -> str:
        token = self.take()
        if token == "{":
            return f"<mrow>{self.row(until='}')}</mrow>"
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token.isalpha():
            return f"<mi>{token}</mi>"
        if token[0] == "\\" and token not in OPERATORS:
            return self.command(token)
        return f"<mo>{escape(OPERATORS.get(token, token))}</mo>"

    def command(self, name: str) -> str:
        if words := WORDS.fullmatch(name):
            return self.worded(words[1], words[2])
        if name in LETTERS:
            return f"<mi>{LETTERS[name]}</mi>"
        if name in FUNCTIONS:
            return f"<mi>{name[1:]}</mi><mo>&#x2061;</mo>"
        if name in COLOURS:
            return self.unit()
        match name:
            case r"\,":
                return '<mspace width="0.17em"/>'
            case r"\frac" | r"\tfrac":
                return f"<mfrac>{self.unit()}{self.unit()}</mfrac>"
            case r"\sqrt":
                return self.root()
            case _:
                raise ValueError(f"{name} is not known")

    def root(self) -> str:
        if self.peek() != "[":
            return f"<msqrt>{self.unit()}</msqrt>"
        self.take()
        degree = self.row(until="]")
        return f"<mroot>{self.unit()}<mrow>{degree}</mrow></mroot>"

    def worded(self, name: str, words: str) -> str:
        """A command whose argument is words and not a formula."""
        match name, words:
            case r"\text", _:
                return f"<mtext>{escape(words)}</mtext>"
            case r"\mathsf", _:
                return f'<mi mathvariant="normal">{escape(words)}</mi>'
            case r"\begin", "pmatrix":
                return self.matrix()
            case _:
                raise ValueError(f"{name}{{{words}}} is not known")

    def matrix(self) -> str:
        rows: list[list[str]] = [[""]]
        while (token := self.peek()) != r"\end{pmatrix}":
            if token == "&":
                rows[-1].append("")
            elif token == r"\\":
                rows.append([""])
            else:
                rows[-1][-1] += self.scripted()
                continue
            self.take()
        self.take()
        table = "".join(
            "<mtr>" + "".join(f"<mtd>{entry}</mtd>" for entry in row) + "</mtr>" for row in rows
        )
        return f"<mrow><mo>(</mo><mtable>{table}</mtable><mo>)</mo></mrow>"
