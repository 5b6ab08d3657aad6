"""A site appears whole or not at all: it is built in a folder beside the published one.

Only a finished site takes the place of the old, in one step. An interrupted build leaves the old
site as it was and at most a folder that the next build removes.
"""

from __future__ import annotations

import atexit
import ctypes
import fcntl
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from threading import Thread

from .errors import WeaveError

_AT_FDCWD, _EXCHANGE = -100, 2  # of Linux's renameat2
_ASIDE = "-old"


class Staging:
    """The folder in which one build writes; one build at a time."""

    def __init__(self, site: Path, locks: Path) -> None:
        """Take the lock and make the folder. Raises WeaveError if another build is running.

        `locks` is the folder that holds a lock file for each site.
        """
        if site.exists() and not site.is_dir():
            raise WeaveError(f"{site} is in the way: it is no folder")
        self.site = site
        locks.mkdir(parents=True, exist_ok=True)
        self._lock = (locks / hashlib.sha256(str(site).encode()).hexdigest()[:16]).open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise WeaveError("another build of this site is running; nothing was changed") from None
        site.parent.mkdir(parents=True, exist_ok=True)
        self._prefix = f".{site.name}-building-"
        for aside in site.parent.glob(f"{self._prefix}*{_ASIDE}"):
            if not site.exists():  # a build was killed between the two steps of an exchange
                aside.rename(site)
        for leftover in site.parent.glob(f"{self._prefix}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        self.folder = Path(tempfile.mkdtemp(prefix=self._prefix, dir=site.parent))
        self.folder.chmod(0o755)
        atexit.register(self.close)

    def publish(self) -> None:
        """Put what was built in the place of the published site."""
        put(self.folder, self.site)
        self.close()

    def close(self) -> None:
        """Remove what is not published and let others build."""
        atexit.unregister(self.close)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()


def put(new: Path, old: Path) -> None:
    """Have a folder take the name of another, which is gone afterwards or was not there."""
    if not old.exists():
        new.rename(old)
        return
    _exchange(new, old)
    shutil.rmtree(new, ignore_errors=True)


def emptied(site: Path) -> None:
    """Leave a folder empty at once; what was in it is removed while others go on."""
    aside = Path(tempfile.mkdtemp(prefix=f".{site.name}-", dir=site.parent))
    site.rename(aside / site.name)
    site.mkdir()
    Thread(target=shutil.rmtree, args=(aside, True)).start()


def _exchange(new: Path, old: Path) -> None:
    """Swap two folders: in one step where the system can, else in two."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        names = os.fsencode(new), os.fsencode(old)
        if libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE) == 0:
            return
    aside = new.with_name(f"{new.name}{_ASIDE}")
    old.rename(aside)
    new.rename(old)
    aside.rename(new)
