"""Exercises with tests: what the program `exercises` hands out, as sections and as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .notebooks import document

FOLDER = "downloads/exercises"
Row = Mapping[str, Any]


def sections(rows: Sequence[Row], link: Callable[[str], str]) -> str:
    """Return one section of Markdown for each exercise."""
    return "\n\n".join(_section(row, link) for row in rows)


def files(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each download: a program and a notebook an exercise."""
    for row in rows:
        yield f"{FOLDER}/{row['id']}.py", row["script"]
        yield f"{FOLDER}/{row['id']}.ipynb", json.dumps(_notebook(row), indent=1)


def _section(row: Row, link: Callable[[str], str]) -> str:
    address = link(f"{FOLDER}/{row['id']}")
    return "\n\n".join(
        [
            f"### {row['title']} {{ #{row['id']} }}",
            row["task"],
            f'``` {{ .python title="chainrule.{row["function"]}, with a hole" }}\n'
            f"{row['unsolved']}\n```",
            f'<p class="downloads">Fill it in: <a href="{address}.py" download>as Python</a> or '
            f'<a href="{address}.ipynb" download>as a notebook</a>.</p>',
        ]
    )


def _notebook(row: Row) -> dict[str, Any]:
    task, function, check = row["cells"]
    code: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
    }
    return document(
        [
            {"cell_type": "markdown", "metadata": {}, "source": f"# {task}"},
            {**code, "source": function},
            {**code, "source": check},
        ]
    )
