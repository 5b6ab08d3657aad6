"""Ask a server for the pages of the site many times, and say how it went.

    python -m tools.load URL [--requests 10000] [--at-once 16]

The pages are those in the site map of URL. Exit status 1 if a single answer was not a whole page.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Outcome:
    """What came of so many requests."""

    requests: int
    seconds: float
    errors: Counter[str]
    slowest: float  # seconds

    def __str__(self) -> str:
        rate = self.requests / self.seconds
        told = ", ".join(f"{count} of {what}" for what, count in self.errors.items())
        return (
            f"{self.requests} requests in {self.seconds:.1f} s, {rate:.0f} a second, the slowest "
            f"{1000 * self.slowest:.0f} ms, {self.errors.total()} errors{f': {told}' * bool(told)}"
        )


def run(url: str, requests: int, at_once: int) -> Outcome:
    """Ask for the pages in turn, over so many connections that stay open."""
    server = urlsplit(url)
    paths = pages(url)

    def connection(number: int) -> tuple[Counter[str], float]:
        errors, slowest = Counter[str](), 0.0
        to = HTTPConnection(server.hostname or "", server.port or 80, timeout=10)
        for n in range(number, requests, at_once):
            start = time.monotonic()
            try:
                to.request("GET", paths[n % len(paths)], headers={"Accept-Encoding": "gzip"})
                answer = to.getresponse()
                body = answer.read()
                if answer.status != 200 or len(body) != int(answer.headers["Content-Length"]):
                    errors[f"status {answer.status}, {len(body)} bytes"] += 1
            except (OSError, HTTPException, TypeError) as error:
                errors[type(error).__name__] += 1
                to.close()
            slowest = max(slowest, time.monotonic() - start)
        to.close()
        return errors, slowest

    start = time.monotonic()
    with ThreadPoolExecutor(at_once) as threads:
        outcomes = list(threads.map(connection, range(at_once)))
    seconds = time.monotonic() - start
    errors = sum((one for one, _ in outcomes), Counter[str]())
    return Outcome(requests, seconds, errors, max(slowest for _, slowest in outcomes))


def pages(url: str) -> list[str]:
    """Return the paths of all pages, as the site map lists them, on this server."""
    server = urlsplit(url)
    to = HTTPConnection(server.hostname or "", server.port or 80, timeout=10)
    to.request("GET", f"{server.path.rstrip('/')}/sitemap.xml")
    listed = re.findall(r"<loc>(.*?)</loc>", to.getresponse().read().decode())
    to.close()
    start = len(
        min(listed, key=len)
    )  # where the site says it stands: the address of its first page
    return [f"{server.path.rstrip('/')}/{address[start:]}" for address in listed]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=16)
    asked = parser.parse_args()
    outcome = run(asked.url, asked.requests, asked.at_once)
    print(outcome)
    sys.exit(bool(outcome.errors))


if __name__ == "__main__":
    main()
