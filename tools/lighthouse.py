"""What Lighthouse says of the teaching pages on a slow phone: `make lighthouse`, or

    python -m tools.lighthouse [--once] [--site SITE] [--record FILE] [PAGE ...]

Builds the site unless one is given, serves it with the files that lie compressed beside each text,
and asks Lighthouse, through npx, for each page. A page that misses a bar is measured twice more,
unless --once is given, and the median of the three counts. Prints a line for each page and writes
all that was measured to dist/lighthouse.json; if all pages were measured, the worst of them to
FILE. Ends with 1 if a page misses a bar or could not be measured.
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import os
import statistics
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from mkdocs.utils.yaml import yaml_load

from tests.recorded import Recorded
from tools.browser import find

ROOT = Path(__file__).parent.parent
OUT = ROOT / "dist/lighthouse.json"
LIGHTHOUSE = "lighthouse@12.8.2"  # the last that runs on Node 20
TEACHING = ("start/", "idea/", "network/", "training/", "code/", "mistakes/")

LEAST = 0.95  # of the performance score
LONGEST = 180  # seconds for one run
MORE = 2  # runs of a page that missed

# What else is measured, under which name, in which unit, and the most that passes.
BARS: Final = {
    "FCP": ("first-contentful-paint", 1, float("inf")),
    "LCP": ("largest-contentful-paint", 1, 2000),
    "TBT": ("total-blocking-time", 1, 100),
    "CLS": ("cumulative-layout-shift", 1, 0.01),
    "KB": ("total-byte-weight", 1000, 250),
}


WANTED: Final = {
    "performance": round(100 * LEAST),
    "lcp_ms": BARS["LCP"][2],
    "tbt_ms": BARS["TBT"][2],
    "cls": BARS["CLS"][2],
    "kilobytes": BARS["KB"][2],
}


class Host(SimpleHTTPRequestHandler):
    """A host that sends FILE.br in the place of FILE."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        compressed = path.with_name(f"{path.name}.br")
        body = (compressed if compressed.exists() else path).read_bytes()
        self.send_response(200)
        kind = "text/javascript" if path.suffix == ".mjs" else mimetypes.guess_type(path.name)[0]
        self.send_header("Content-Type", kind or "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        if compressed.exists():
            self.send_header("Content-Encoding", "br")
        self.end_headers()
        self.wfile.write(body)


def teaching_pages() -> list[str]:
    """Return the addresses of the pages that teach, in reading order."""

    def leaves(node: Any) -> list[str]:
        if isinstance(node, str):
            return [node]
        children = node.values() if isinstance(node, dict) else node
        return [leaf for child in children for leaf in leaves(child)]

    with (ROOT / "mkdocs.yml").open("rb") as file:
        sources = leaves(yaml_load(file)["nav"])
    return [f"{one.removesuffix('.md')}/" for one in sources if one.startswith(TEACHING)]


def measure(url: str) -> dict[str, float]:
    """Return what one run of Lighthouse finds; raises an OSError, ValueError or KeyError,
    or a SubprocessError, if it finds nothing."""
    with TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        subprocess.run(
            ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--only-categories=performance",
             "--chrome-flags=--headless=new --no-sandbox", "--output=json",
             f"--output-path={answer}"],
            check=True,
            env=os.environ | {"CHROME_PATH": str(find())},
            timeout=LONGEST,
        )  # fmt: skip
        found = json.loads(answer.read_text(encoding="utf-8"))
    numbers = {
        name: found["audits"][audit]["numericValue"] / unit
        for name, (audit, unit, _) in BARS.items()
    }
    return {"performance": found["categories"]["performance"]["score"], **numbers}


def median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def missed(middle: dict[str, float]) -> list[str]:
    """Return the names of the bars that a page misses."""
    worse = [name for name, (_, _, bar) in BARS.items() if middle[name] > bar]
    return worse if middle["performance"] >= LEAST else ["performance", *worse]


def examined(url: str, more: int) -> dict[str, Any]:
    """Measure a page, and `more` times again if it misses a bar or a run fails."""
    runs: list[dict[str, float]] = []
    for _ in range(1 + more):
        try:
            runs.append(measure(url))
        except (subprocess.SubprocessError, OSError, ValueError, KeyError, TypeError) as error:
            print(f"{url}: {type(error).__name__}: {error}"[:300], file=sys.stderr)
        if len(runs) == 1 and not missed(runs[0]):
            break
    if not runs:
        return {"missed": ["measured"], "runs": []}
    middle = median(runs)
    return {"median": middle, "missed": missed(middle), "runs": runs}


def line(page: str, found: dict[str, Any]) -> str:
    numbers = "  ".join(f"{name} {number:.4g}" for name, number in found.get("median", {}).items())
    missing = "".join(f"  not {name}!" for name in found["missed"])
    return f"{page:28} {numbers}{missing}  ({len(found['runs'])})"


def table(site: Path, pages: list[str], more: int) -> dict[str, Any]:
    """Measure each page and print a line for it; return all of it."""
    found: dict[str, Any] = {}
    handler = partial(Host, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for page in pages:
            found[page] = examined(f"http://127.0.0.1:{server.server_port}/{page}", more)
            print(line(page, found[page]), flush=True)
        server.shutdown()
    return found


def worst(found: dict[str, Any]) -> dict[str, float]:
    """Return the worst that any page has, and how many pages reach every bar."""
    middles = [page["median"] for page in found.values() if page["runs"]]
    return {
        "pages": len(found),
        "performance": min(round(100 * one["performance"]) for one in middles),
        "lcp_ms": max(round(one["LCP"]) for one in middles),
        "tbt_ms": max(round(one["TBT"]) for one in middles),
        "cls": max(round(one["CLS"], 4) for one in middles),
        "kilobytes": max(round(one["KB"]) for one in middles),
        "reached": sum(not page["missed"] for page in found.values()),
        "measured_again": sum(len(page["runs"]) > 1 for page in found.values()),
        **{f"{name}_wanted": bar for name, bar in WANTED.items()},
        "load": round(os.getloadavg()[2], 1),  # a busy machine is a slow phone
    }


def main() -> None:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--once", action="store_true", help="measure no page again")
    parser.add_argument("--site", type=Path, help="a site that is built; built anew if not given")
    parser.add_argument("--record", type=Path, metavar="FILE", help="where to write the worst")
    parser.add_argument("pages", nargs="*", help="addresses such as start/one-neuron/; all if none")
    asked = parser.parse_args()
    if find() is None:
        sys.exit("lighthouse: no Chromium or Chrome was found; see `make browser`")
    pages = [f"{page.strip('/')}/" for page in asked.pages]
    if unknown := set(pages) - set(teaching_pages()):
        sys.exit(f"lighthouse: {min(unknown)} is no teaching page")
    with TemporaryDirectory() as folder:
        site = asked.site or Path(folder, "site")
        if not asked.site:
            command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
            subprocess.run([*command, "--site-dir", str(site)], cwd=ROOT, check=True)
        found = table(site, pages or teaching_pages(), 0 if asked.once else MORE)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"load": os.getloadavg(), "pages": found}, indent=1), "utf-8")
    if asked.record and not pages and any(page["runs"] for page in found.values()):
        recorded = Recorded()
        recorded.add("lighthouse", **worst(found))
        recorded.write(asked.record)
    sys.exit(any(page["missed"] for page in found.values()))


if __name__ == "__main__":
    main()
