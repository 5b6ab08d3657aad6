"""The site as one zip that is read from a folder, without a server.

    python -m weave.offline [OUT.zip]      dist/chainrule-site.zip if not given

A browser that opens a page from a folder loads no modules, fetches no files and starts no
workers. So modules become classic scripts, what is fetched comes as a script beside it, and the
theme's search runs in a frame (iframe-worker by Martin Donath, MIT, in vendor/). Nor does a folder
answer with its index: an address that ends in one is given the name of the page.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from . import manifest
from .errors import WeaveError

OUT = Path("dist/chainrule-site.zip")
WORKER = Path(__file__).parent / "vendor/iframe-worker/shim.js"
SHIM = "assets/offline.js"

# The first moment a zip can express: the same site gives the same file.
BEGINNING = (1980, 1, 1, 0, 0, 0)

FETCH = """
// A page opened from a folder may not fetch. What it asks for lies beside it as a script.
window.fetch = (address) => new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = `${address}.js`;
  script.onload = () => resolve(new Response(window.fetched));
  script.onerror = () => reject(new TypeError(`there is no ${address}`));
  document.head.append(script);
});
"""

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
MODULE = re.compile(r'<script type="?module"? src="?([^">]*?\.m?js)"?></script>')
MODULE_REVERSED = re.compile(r'<script src="?([^">]*?\.m?js)"? type="?module"?></script>')
IMPORT = re.compile(r'^import (?:\{[^}]*\} from )?"(?P<address>[^"]*)";\n', re.MULTILINE)
LATER = re.compile(r'\bimport\("(?P<address>[^"]*)"\)')
FOLDER = r"(?P<folder>(?:\.{1,2}/|[\w-]+/)+)(?P<after>[\"'`?#> ])"
LINK = re.compile(rf"(?P<before>\bhref=\"?){FOLDER}")  # in HTML
STRING = re.compile(rf"(?P<before>[\"'`]){FOLDER}")  # in a script
EXPORT = re.compile(r"^export ((?:async )?(?:function\*?|const|let|class) (?P<name>\w+))", re.M)


def main() -> None:
    """Build the site and pack it; say where it is."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    with TemporaryDirectory() as folder:
        site = Path(folder, "chainrule")
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
        built = subprocess.run([*command, "--no-directory-urls", "-d", str(site)], check=False)
        if built.returncode:
            sys.exit(built.returncode)
        try:
            settle(site)
        except WeaveError as error:
            sys.exit(f"offline: {error}")
        pack(site, out)
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB; unpack it and open index.html")


def settle(site: Path) -> None:
    """Change a built site, in place, into one that can be read from a folder."""
    (site / SHIM).write_text(WORKER.read_text(encoding="utf-8") + FETCH, encoding="utf-8")
    for path in sorted((site / "questions").glob("*.json")):
        text = json.dumps(path.read_text(encoding="utf-8"))
        path.with_suffix(".json.js").write_text(f"window.fetched = {text};\n", encoding="utf-8")
        path.unlink()
    index = site / "search/search_index.json"
    (site / "search/search_index.js").write_text(f"var __index = {index.read_text()}")
    index.unlink()
    (site / "404.html").unlink()  # for a server to give
    linked: dict[Path, str] = {}
    for page in sorted(site.rglob("*.html")):
        page.write_text(classic(page, site, linked), encoding="utf-8")
    for module in site.rglob("*.mjs"):
        module.unlink()
    for module, text in linked.items():
        text = named(STRING, text, module.parent, site)
        module.with_suffix(".js").write_text(text, encoding="utf-8")
    manifest.write(site)


def named(address: re.Pattern[str], text: str, folder: Path, site: Path) -> str:
    """Return a text with the pages' own names where it names their folders.

    An address is taken from `folder`, and left alone unless a page of the site answers to it.
    """

    def name(found: re.Match[str]) -> str:
        stem = found["folder"].rstrip("/")
        for page in (f"{stem}.html", f"{stem}/index.html"):
            file = (folder / page).resolve()
            if file.is_file() and file.is_relative_to(site.resolve()):
                return found["before"] + page + found["after"]
        return found[0]

    return address.sub(name, text)


def classic(page: Path, site: Path, linked: dict[Path, str]) -> str:
    """Return a page that loads classic scripts in place of modules; `linked` gathers these."""

    def script(found: re.Match[str]) -> str:
        module = (page.parent / found[1]).resolve()
        if module not in linked:
            linked[module] = link(module)
        return f'<script defer src="{re.sub(r"[.]mjs$", ".js", found[1])}"></script>'

    text = named(LINK, page.read_text(encoding="utf-8"), page.parent, site)
    for form in (MODULE, MODULE_REVERSED):
        text = form.sub(script, text)
    if "type=module" in text or 'type="module"' in text:
        raise WeaveError(f"{page.relative_to(site)}: a module is loaded in an unknown way")
    text = POLICY.sub("", text, count=1)  # a folder is no origin: 'self' would name nothing
    up = "../" * (len(page.relative_to(site).parts) - 1)
    return text.replace("<head>", f'<head><script src="{up}{SHIM}"></script>', 1)


# Modules --------------------------------------------------------------------------------------


def link(entry: Path) -> str:
    """Return a module and all it imports, now or later, as one classic script.

    Names are not changed: no two modules that belong together may define the same one.
    """
    texts = [_without_ties(path) for path in dict.fromkeys(_needed(entry))]
    opening = '(() => {\n"use strict";\nconst thisScript = document.currentScript.src;'
    return "\n".join([opening, *texts, "})();\n"]).replace("import.meta.url", "thisScript")


def _needed(module: Path, above: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Yield the modules that a module imports, each after those that it imports, then itself."""
    if module in above:
        return
    text = module.read_text(encoding="utf-8")
    for tie in (IMPORT, LATER):
        for found in tie.finditer(text):
            yield from _needed((module.parent / found["address"]).resolve(), (*above, module))
    yield module


def _without_ties(module: Path) -> str:
    def at_once(found: re.Match[str]) -> str:
        exported = EXPORT.finditer((module.parent / found["address"]).read_text(encoding="utf-8"))
        return f"Promise.resolve({{ {', '.join(one['name'] for one in exported)} }})"

    text = module.read_text(encoding="utf-8")
    text = EXPORT.sub(r"\1", LATER.sub(at_once, IMPORT.sub("", text)))
    if left := re.search(r"^(import\b.*[\"'];?$|export\b.*)", text, re.MULTILINE):
        raise WeaveError(f"{module.name}: cannot be made a classic script: {left[0].strip()}")
    return text


# The zip --------------------------------------------------------------------------------------


def pack(site: Path, out: Path) -> None:
    """Write a zip of a folder, the folder's name included, or leave the old one as it was."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(site.rglob("*")):
            if path.is_file():
                name = path.relative_to(site.parent).as_posix()
                entry = zipfile.ZipInfo(name, date_time=BEGINNING)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, path.read_bytes())
    shutil.move(part, out)


if __name__ == "__main__":
    main()
