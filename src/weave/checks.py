"""The list of everything that ran, for the reader's eye and for machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from . import cache, sources
from .formats import agreement
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
                    "pages": uses.get(program, []),
                    "source": {"path": program.path, "line": line},
                    "compared": compared,
                }
            )
    return found


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
        case "claims":
            return [
                (id, "claim", data.get("compared", [])) for id, data in outcome["claims"].items()
            ]
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
    """Return the same as HTML: one row for each thing, one line for each comparison."""
    rows = [_row(entry, link) for entry in entries(catalogue, results, uses)]
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("What", "Where", "Compared with", "Apart by")
    )
    return (
        '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
        f'<table class="checks"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></div>"
    )


def _row(entry: Mapping[str, Any], link: Callable[[str], str]) -> str:
    source = f"{entry['source']['path']}:{entry['source']['line']}"
    compared: list[dict[str, Any]] = entry["compared"] or [
        {"against": "ran to the end", "residual": None}
    ]
    against = "<br>".join(escape(check["against"]) for check in compared)
    apart = "<br>".join(
        "" if check["residual"] is None else agreement(check["residual"]).removeprefix("to ")
        for check in compared
    )
    pages = entry["pages"]
    name = escape(f"{entry['kind']} {entry['id']}")
    what = f'<a href="{link(pages[0])}">{name}</a>' if pages else name
    return (
        f"<tr><td>{what}</td><td><code>{source}</code></td><td>{against}</td><td>{apart}</td></tr>"
    )
