"""The list of everything that ran, for the reader's eye and for machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from . import cache, sources
from .formats import written
from .programs import Catalogue, Failure, Program, Result


def entries(
    catalogue: Catalogue, results: Mapping[Program, Result], uses: Mapping[Program, list[str]]
) -> list[dict[str, Any]]:
    """Return one entry for each derivation, example, figure, question and claim that ran."""
    found: list[dict[str, Any]] = []
    for program, outcome in sorted(results.items()):
        if isinstance(outcome, Failure):
            continue
        lines = sources.bindings(catalogue.root / program.path)
        for name, kind, compared in _parts(program, outcome):
            line = lines.get(name.rpartition(".")[2], program.line)
            found.append(
                {
                    "id": name,
                    "kind": kind,
                    "pages": [*uses.get(program, []), *_own_page(program)],
                    "source": {"path": program.path, "line": line},
                    "compared": compared,
                }
            )
    return found


def _own_page(program: Program) -> list[str]:
    return [f"derivations/{program.name}/"] if program.kind == "derivation" else []


def _parts(program: Program, outcome: Mapping[str, Any]) -> list[tuple[str, str, list[Any]]]:
    """Return the id, the kind and the comparisons of each thing in one result."""
    match program.kind:
        case "derivation":
            return [
                (f"{program.name}.{name}", "derivation", data["checks"])
                for name, data in outcome["derivations"].items()
            ]
        case "questions":
            return [
                (
                    check["id"],
                    "question",
                    [{"against": check["against"], "residual": check["residual"]}],
                )
                for check in outcome["checks"]
            ]
        case "claim":
            return [(program.name.partition(".")[2], "claim", [])]
        case "player" | "explorer":
            compared = {"against": "reference code", "residual": outcome["residual"]}
            return [(program.name, program.kind, [compared])]
        case "modules":
            return []
        case "published":
            return [(program.name, "worked example in print", [])]
        case kind:
            return [(program.name, kind, [])]


def document(
    catalogue: Catalogue, results: Mapping[Program, Result], uses: Mapping[Program, list[str]]
) -> dict[str, Any]:
    """Return the contents of checks.json."""
    return {"made_with": cache.versions(), "checks": entries(catalogue, results, uses)}


def table(
    catalogue: Catalogue,
    results: Mapping[Program, Result],
    uses: Mapping[Program, list[str]],
    link: Callable[[str], str],
) -> str:
    """Return the same as HTML: a table for each kind, folded under how many and how far apart."""
    found = entries(catalogue, results, uses)
    tables: list[str] = []
    for kind in dict.fromkeys(entry["kind"] for entry in found):
        rows = [entry for entry in found if entry["kind"] == kind]
        head = "".join(f'<th scope="col">{title}</th>' for title in _columns(rows))
        body = "".join(_row(entry, link) for entry in rows)
        tables.append(
            f'<details class="ran"><summary>{_summary(kind, rows)}</summary>'
            '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></div></details>"
        )
    return f'<div class="checks">{"".join(tables)}</div>'


def _compared(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    return entry["compared"]


def _columns(rows: list[dict[str, Any]]) -> list[str]:
    what = ["What", "Where it is written"]
    return [*what, "Compared with", "Apart by"] if any(map(_compared, rows)) else what


def _summary(kind: str, rows: list[dict[str, Any]]) -> str:
    count = _count(len(rows), kind)
    residuals = [check["residual"] for row in rows for check in _compared(row)]
    if not residuals:
        return f"{count}, run to the end"
    within = written(max(residuals), "sci", in_maths=False)
    return f"{count}, {_count(len(residuals), 'comparison')}, all within {within}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _row(entry: Mapping[str, Any], link: Callable[[str], str]) -> str:
    name, pages = escape(entry["id"]), entry["pages"]
    what = f'<a href="{link(pages[0])}">{name}</a>' if pages else name
    where = f"<code>{entry['source']['path']}:{entry['source']['line']}</code>"
    cells = [what, where]
    if compared := _compared(entry):
        cells.append("<br>".join(escape(check["against"]) for check in compared))
        cells.append(
            "<br>".join(written(check["residual"], "sci", in_maths=False) for check in compared)
        )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
