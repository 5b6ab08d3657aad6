"""The player with a network of your own in it, as one HTML file that needs nothing else.

    python -m chainrule show SPEC.json --out player.html

    import chainrule
    chainrule.show(network, x=[0.5, 0.8], target=[1.0], learning_rate=0.5)

Without a file to write to, a browser is opened; in a notebook the player stands below the cell.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, cast

import numpy as np

from .. import explorers
from ..network import Layer
from ..spec import Spec, SpecError, check_spec, layers_as_data, read_json
from ..trace import trace
from . import presets

# What `state.mjs` allows, and a page has room for.
MOST = {"layers": 6, "neurons": 8, "examples": 16, "updates": 1000}
LARGEST = 1e6
HEIGHT = 900  # pixels in a notebook

KIT = Path(__file__).parent / "kit.json"  # formulas, listings and styles, in a wheel
CHECKOUT = Path(__file__).parents[3]  # where there is no wheel, and the book makes them

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
if (frameElement) new ResizeObserver(() => {{ // in a notebook: as high as it is
  frameElement.style.height = `${{document.documentElement.offsetHeight + 40}}px`;
}}).observe(document.body);
}})();
</script>
</body>
</html>
"""


@dataclass(frozen=True, repr=False)
class Player:
    """A player that has been made: its HTML. A notebook shows it in place."""

    html: str
    embedded: str

    def __repr__(self) -> str:
        return f"<Player, {len(self.html) // 1000} kB of HTML>"

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
        "layers": _plain(layers),
        "loss": loss,
        "x": _plain(x),
        "target": _plain(target),
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
    own = {
        **{key: checked.settings[key] for key in ("loss", "reduction", "x", "target")},
        **{key: checked.settings[key] for key in ("learning_rate", "steps", "update_biases")},
        "layers": layers_as_data(checked.network, checked.has_bias),
    }
    # A later overflow is something to look at; before the first update there is nothing else.
    trace({**own, "steps": 1, "learning_rate": 0.0})
    sizes = [checked.x.shape[1], *(len(layer.affine.b) for layer in checked.network)]
    title = f"A {'-'.join(map(str, sizes))} network, step by step"
    return Player(_page(own, title, ""), _page(own, title, " embedded"))


def _plain(value: Any) -> Any:
    """Layers and arrays as a spec writes them; what is wrong with them its checks will say."""
    if isinstance(value, Layer):
        return layers_as_data([value], [True])[0]
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in cast("Sequence[object]", value)]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in cast("dict[object, object]", value).items()}
    return value


def _small_enough(spec: Spec) -> None:
    layers = spec.network
    numbers = [spec.x, spec.t, *(part for a in layers for part in (a.affine.W, a.affine.b))]
    largest = max(spec.learning_rate, *(float(np.abs(part).max()) for part in numbers))
    found = {
        "layers": (len(layers), "`layers`"),
        "neurons": (max(spec.x.shape[1], *(len(layer.affine.b) for layer in layers)), "`layers`"),
        "examples": (len(spec.x), "`x`"),
        "updates": (spec.steps, "`steps`"),
    }
    for what, (count, where) in found.items():
        if count > MOST[what]:
            raise SpecError(
                f"{where} must have at most {MOST[what]} {what} to be shown, got {count}"
            )
    if spec.steps == 0:
        raise SpecError("`steps` must be at least 1 to be shown, got 0")
    if largest > LARGEST:
        raise SpecError(f"a number must be at most a million to be shown, got {largest:g}")


def _page(own: dict[str, Any], title: str, embedded: str) -> str:
    kit = _kit()
    first = {"title": "Your network", "watch": "", "spec": own, "slip": ""}
    known = {"own": first, **presets.as_data()}
    made = explorers.fragments_module(kit["fragments"])
    made += explorers.generated_module(kit["code"], "", known)
    modules = (*explorers.MODULES[:-1], *explorers.EXTRAS, explorers.MODULES[-1])
    script = explorers.script(made, modules).replace(
        'import("./files.mjs")', "Promise.resolve({ save })"
    )
    return PAGE.format(
        title=title,
        palette=kit["palette"],
        styles=kit["styles"],
        embedded=embedded,
        script=script.replace("</script", "<\\/script"),
    )


@cache
def _kit() -> dict[str, Any]:
    """What the page is made of besides the modules; the module `weave.runners.kit` says what."""
    if KIT.exists():
        return dict(json.loads(KIT.read_text(encoding="utf-8")))
    paths = os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)])
    made = subprocess.run(
        [sys.executable, "-m", "weave.runners.kit"],
        cwd=CHECKOUT,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    if made.returncode:
        reason = made.stderr.strip().rpartition("\n")[2]
        raise SpecError(
            "the player is put together from the book, which needs "
            f"`python -m pip install -e '.[docs]'` in this checkout ({reason})"
        )
    return dict(json.loads(made.stdout))


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
