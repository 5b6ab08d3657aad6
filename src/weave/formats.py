"""Computed values as a sentence or a formula writes them."""

from __future__ import annotations

import re
from html import escape

from .errors import WeaveError, unknown

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None

_STEP = re.compile(r"\.?(?P<name>[^\W\d]\w*)|\[(?P<index>-?\d+)\]")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER = re.compile(r"(?:\.(\d))?(sci|pct)")


def walk(data: Json, path: str, where: str) -> Json:
    """Return what `path` leads to, such as `layers[0].delta[1]`; `where` names `data` in errors."""
    position = 0
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            raise WeaveError(f"'{path}' is not a path such as layers[0].delta[1]")
        if (name := step["name"]) is not None:
            if not isinstance(data, dict):
                raise WeaveError(f"{where} has no names inside, so no '{name}'")
            if name not in data:
                raise unknown(f"{where} has no", name, data)
            data = data[name]
        else:
            if not isinstance(data, list):
                raise WeaveError(f"{where} is not a list, so it has no [{step['index']}]")
            try:
                data = data[int(step["index"])]
            except IndexError:
                raise WeaveError(
                    f"{where} has {len(data)} items, so no [{step['index']}]"
                ) from None
        where += step[0] if step["name"] is None else f".{step['name']}"
        position = step.end()
    return data


def written(value: Json, spec: str, in_maths: bool) -> str:
    """Return a value in the given format: one of Python's, or `sci` or `pct` (`.2sci`)."""
    if isinstance(value, list):
        return _list(value, spec, in_maths)
    if isinstance(value, dict):
        raise WeaveError("it is not one value but several: " + ", ".join(value))
    if value is None or isinstance(value, bool | str):
        text = format(str(value), spec)
        return rf"\text{{{text}}}" if in_maths else text
    try:
        text = _number(value, spec)
    except (ValueError, OverflowError):
        raise WeaveError(f"{value!r} cannot be written as '{spec}'") from None
    mantissa, _, exponent = text.partition("e")
    if exponent:
        power = str(int(exponent))
        if in_maths:
            return rf"{mantissa} \times 10^{{{power}}}"
        return f"{mantissa}\u00a0×\u00a010{power.translate(_RAISED)}".replace("-", "−")
    return text.replace("%", r"\%") if in_maths else text.replace("-", "−")


def _number(value: float, spec: str) -> str:
    if helper := _POWER.fullmatch(spec):
        digits = int(helper[1] or 1) if helper[2] == "sci" else int(helper[1] or 0)
        if helper[2] == "pct":
            return f"{value:.{digits}%}"
        return f"{value:.{digits}e}" if value else "0"
    if not spec:
        return repr(value).removesuffix(".0")
    text = format(value, spec)
    return text.lstrip("-") if not re.search("[1-9a-z]", text) else text  # no minus nought


def _list(values: list[Json], spec: str, in_maths: bool) -> str:
    if in_maths and values and all(isinstance(row, list) for row in values):
        rows = [
            " & ".join(written(entry, spec, True) for entry in row)
            for row in values
            if isinstance(row, list)
        ]
        return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"
    return "(" + ", ".join(written(entry, spec, in_maths) for entry in values) + ")"


def attribute(text: str) -> str:
    """Return text for an HTML attribute inside Markdown: nothing in it reads as emphasis."""
    return re.sub(r"[\[\]_*`|~^=\\$]", lambda mark: f"&#{ord(mark[0])};", escape(text))
