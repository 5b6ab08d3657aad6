"""The player with a network of your own in it, as one HTML file that needs nothing else.

    python -m chainrule show SPEC.json --out player.html

    import chainrule
    chainrule.show(network, x=[0.5, 0.8], target=[1.0], learning_rate=0.5)

Without a file to write to, a browser is opened; in a notebook the player stands below the cell.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from .. import explorers
from ..network import Layer
from ..spec import Spec, SpecError, check_spec, layers_as_data, read_json
from ..trace import trace
from . import presets

MOST = {"layers": 6, "units": 8, "examples": 16, "updates": 1000}
HEIGHT = 900  # pixels in a notebook

# Style sheets stand among those of the book; a wheel has copies of them beside this file.
STYLES = ("figures.css", "explorers.css")
PALETTE = "chainrule.css"
BOOK = Path(__file__).parents[3] / "docs/assets"
COLOUR = re.compile(r"^ *(--(?:cr|md-typeset-mark)-[a-z-]+: light-dark\(.*?\);)", re.MULTILINE)

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font-size: 20px; --cr-sans: system-ui, sans-serif;
--cr-mono: ui-monospace, monospace; {palette} }}
body {{ background: var(--cr-paper); color: var(--cr-ink); margin: 1rem auto; }}
body {{ max-width: 56rem; padding: 0 1rem; }}
h1 {{ font: 600 1.1rem/1.3 var(--cr-sans); }}
summary {{ cursor: pointer; }}
pre {{ background: var(--cr-tint); font-family: var(--cr-mono); }}
th, td {{ text-align: left; }}
.katex {{ font-family: serif; }}
.t-weight {{ color: var(--cr-weight); }}
.t-act {{ color: var(--cr-activation); }}
.t-grad {{ color: var(--cr-gradient); }}
.t-loss {{ color: var(--cr-loss); }}
.unseen {{ clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }}
:focus-visible {{ outline: 0.15rem solid var(--cr-activation); outline-offset: 0.1rem; }}
{styles}
</style>
</head>
<body class="md-typeset">
<h1>{title}</h1>
<noscript><p>This page computes while you look at it, and needs JavaScript. Without it,
<code>python -m chainrule trace --text</code> prints the same steps.</p></noscript>
<cr-player preset="own"{embedded}></cr-player>
<script>
(function () {{
{script}
}})();
</script>
</body>
</html>
"""


@dataclass(frozen=True)
class Player:
    """A player that has been made: its HTML. A notebook shows it in place."""

    html: str
    embedded: str

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="Chainrule player" width="100%" height="{HEIGHT}" '
            f'style="border:0" srcdoc="{escape(self.embedded)}"></iframe>'
        )


def show(
    layers: Sequence[Layer | dict[str, Any]],
    x: Any,
    target: Any,
    *,
    learning_rate: float,
    loss: str = "half_squared_error",
    out: str | Path | None = None,
    **settings: Any,
) -> Player:
    """Step through these layers with this data; further settings are those of a spec.

    Layers come as `Layer` objects or as a spec writes them. Writes the page to `out` if given;
    otherwise opens a browser, unless the caller is a notebook, which shows what is returned.
    Raises SpecError for a mistake in the network, or one too large for the player.
    """
    spec = {
        "layers": [_as_data(layer) for layer in layers],
        "loss": loss,
        "x": np.asarray(x).tolist(),
        "target": np.asarray(target).tolist(),
        "learning_rate": learning_rate,
        **settings,
    }
    made = player(spec)
    if out is not None:
        Path(out).write_text(made.html, encoding="utf-8")
    elif not _in_notebook():
        _open(made.html)
    return made


def player(spec: object) -> Player:
    """The player with the network of this spec. Raises SpecError for a mistake in it."""
    checked = check_spec(spec)
    _small_enough(checked)
    trace(spec)  # an overflow is told now
    own = {
        **{key: checked.settings[key] for key in ("loss", "reduction", "x", "target")},
        **{key: checked.settings[key] for key in ("learning_rate", "steps", "update_biases")},
        "layers": layers_as_data(checked.network, checked.has_bias),
    }
    sizes = [checked.x.shape[1], *(len(layer.affine.b) for layer in checked.network)]
    title = f"A {'-'.join(map(str, sizes))} network, step by step"
    return Player(_page(own, title, ""), _page(own, title, " embedded"))


def _as_data(layer: Layer | dict[str, Any]) -> dict[str, Any]:
    return layers_as_data([layer], [True])[0] if isinstance(layer, Layer) else layer


def _small_enough(spec: Spec) -> None:
    found = {
        "layers": len(spec.network),
        "units": max(spec.x.shape[1], *(len(layer.affine.b) for layer in spec.network)),
        "examples": len(spec.x),
        "updates": spec.steps,
    }
    for what, most in MOST.items():
        if found[what] > most:
            where = {"units": "`layers`", "examples": "`x`", "updates": "`steps`"}
            raise SpecError(
                f"{where.get(what, '`layers`')} must have at most {most} {what} to be shown, "
                f"got {found[what]}"
            )
    if spec.steps == 0:
        raise SpecError("`steps` must be at least 1 to be shown, got 0")


def _page(own: dict[str, Any], title: str, embedded: str) -> str:
    first = {"title": "Your network", "watch": "", "spec": own, "slip": ""}
    code = {
        name: {
            "path": found.path,
            "line": found.line,
            "lines": [escape(line) for line in found.text.splitlines()],
            "marks": found.marks,
        }
        for name, found in explorers.listings().items()
    }
    generated = explorers.generated_module({}, code, "", {"own": first, **presets.as_data()})
    modules = (*explorers.MODULES[:-1], *explorers.EXTRAS, explorers.MODULES[-1])
    script = explorers.script(generated, modules).replace(
        'import("./files.mjs")', "Promise.resolve({ save })"
    )
    return PAGE.format(
        title=title,
        palette=" ".join(COLOUR.findall(_style(PALETTE))),
        styles="\n".join(map(_style, STYLES)),
        embedded=embedded,
        script=script.replace("</script", "<\\/script"),
    )


def _style(name: str) -> str:
    beside = Path(__file__).parent / name
    return (beside if beside.exists() else BOOK / name).read_text(encoding="utf-8")


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def _open(html: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", suffix=".html", prefix="chainrule-", delete=False, encoding="utf-8"
    ) as file:
        file.write(html)
    print(f"The player is in {file.name}", file=sys.stderr)
    webbrowser.open(Path(file.name).as_uri())


# The command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "spec", metavar="SPEC.json", help="the network and its data; - is standard input"
    )
    parser.add_argument("--out", metavar="player.html", help="write the page here, open nothing")


def run(arguments: argparse.Namespace) -> int:
    """Write the player of a spec, or open it in a browser."""
    made = player(read_json(arguments.spec))
    if arguments.out:
        Path(arguments.out).write_text(made.html, encoding="utf-8")
    else:
        _open(made.html)
    return 0
