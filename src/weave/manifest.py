"""The hash of every file of a site, in the form that `sha256sum --check` reads.

    python -m weave.manifest [SITE]      writes it again, after files were added; site/ if not given

Anybody who has the files can see that they are those of this build: `sha256sum -c SHA256SUMS`.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

NAME = "SHA256SUMS"


def write(site: Path) -> None:
    """Write the hashes of all files that are there now; do it last."""
    manifest = site / NAME
    files = sorted(path for path in site.rglob("*") if path.is_file() and path != manifest)
    lines = (f"{fingerprint(path)}  {path.relative_to(site).as_posix()}\n" for path in files)
    manifest.write_text("".join(lines), encoding="utf-8")


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "site"))
