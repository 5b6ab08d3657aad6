"""What a host is told: pinned parts, few rights, the same headers everywhere; and nginx does it."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from mkdocs.utils.yaml import yaml_load

from tools import load
from weave import compress

ROOT = Path(__file__).parents[1]
NGINX = (ROOT / "hosting/nginx.conf").read_text(encoding="utf-8")
CONTAINER = (ROOT / "Containerfile").read_text(encoding="utf-8")
HEADERS = (ROOT / "docs/_headers").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def jobs() -> Iterator[Any]:
    for path in WORKFLOWS:
        for name, job in yaml_load(path.read_text(encoding="utf-8"))["jobs"].items():
            yield pytest.param(job, id=f"{path.stem}.{name}")


@pytest.mark.parametrize("job", list(jobs()))
def test_a_job_has_a_limit_and_rights_of_its_own(job: dict[str, Any]):
    assert job["timeout-minutes"] <= 240
    rights = job["permissions"]
    installs = any("make" in step.get("run", "") for step in job["steps"])
    assert not (installs and "write" in rights.values())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_an_action_is_named_by_a_commit_with_its_version_beside_it(path: Path):
    text = path.read_text(encoding="utf-8")
    assert re.search(r"^permissions: \{\}$", text, re.MULTILINE)
    used = re.findall(r"uses: (.*)", text)
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_an_image_is_named_by_its_digest():
    images = re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE)
    assert len(images) == 2
    assert all(re.fullmatch(r"[\w./:-]+@sha256:[0-9a-f]{64}", image) for image in images)


def test_the_container_takes_only_what_there_is():
    copied = re.findall(r"^COPY (?!--from)(\S+)", CONTAINER, re.MULTILINE)
    assert copied
    for source in copied:
        assert (ROOT / source).exists()


def sent(text: str, form: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in re.findall(form, text)}


def test_both_kinds_of_host_send_the_same_headers():
    nginx = sent(NGINX, r'add_header ([\w-]+) ("[^"]*")')
    file = sent(HEADERS.partition("/*\n")[2].partition("\n\n")[0], r"  ([\w-]+): (.*)")
    assert nginx == file
    assert nginx["X-Content-Type-Options"] == "nosniff"


# nginx ----------------------------------------------------------------------------------------

FILES = {
    "index.html": "<h1>Home</h1>" * 200,
    "part/index.html": "<h1>Part</h1>" * 200,
    "404.html": "<h1>There is no page here</h1>" * 100,
    "assets/main.57a0d79d.min.css": "a { color: red }" * 100,
    "assets/site.57a0d79d.css": "a { color: red }" * 100,
    "assets/own.css": "a { color: red }" * 100,
    "assets/module.mjs": "export const a = 1;" * 100,
    "assets/font.woff2": "font",
    "downloads/a.ipynb": '{"cells": []}' + " " * 1000,
    "sitemap.xml": "<loc>https://host.example/book/</loc><loc>https://host.example/book/part/</loc>",
}
SERVER = """\
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b;
    fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    {block}
}}
"""


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an nginx that serves a small site by our configuration."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("there is no nginx here")
    folder = tmp_path_factory.mktemp("nginx")
    site = folder / "site"
    for name, text in FILES.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    compress.compress(sorted(site.rglob("*")), folder / "kept")
    for path in (folder, site, *site.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    block = NGINX.replace("listen 8080;", f"listen 127.0.0.1:{port};")
    block = block.replace("/usr/share/nginx/html", str(site))
    user = "user root; " if os.geteuid() == 0 else ""  # whose folder this is
    conf = folder / "nginx.conf"
    conf.write_text(user + SERVER.format(folder=folder, block=block), encoding="utf-8")
    with subprocess.Popen([program, "-c", str(conf), "-p", str(folder)]) as process:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
        process.terminate()


def ask(port: int, path: str, accept: str = "") -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"Accept-Encoding": accept} if accept else {})
    answer = connection.getresponse()
    found = answer.status, dict(answer.headers.items()), answer.read()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("path", "kind", "kept"),
    [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/part/", "text/html; charset=utf-8", "no-cache"),
        ("/assets/main.57a0d79d.min.css", "text/css; charset=utf-8", "immutable"),
        ("/assets/site.57a0d79d.css", "text/css; charset=utf-8", "immutable"),
        ("/assets/own.css", "text/css; charset=utf-8", "no-cache"),
        ("/assets/module.mjs", "text/javascript; charset=utf-8", "no-cache"),
        ("/assets/font.woff2", "font/woff2", "604800"),
        ("/downloads/a.ipynb", "application/x-ipynb+json; charset=utf-8", "no-cache"),
    ],
)
def test_a_file_comes_with_its_type_its_headers_and_how_long_to_keep_it(
    nginx: int, path: str, kind: str, kept: str
):
    status, headers, _ = ask(nginx, path)
    assert status == 200
    assert headers["Content-Type"] == kind
    assert kept in headers["Cache-Control"]
    for name, value in sent(NGINX, r'add_header ([\w-]+) ("[^"]*")').items():
        assert headers[name] == value


def test_the_compressed_copy_is_sent_to_who_takes_it(nginx: int):
    _, headers, body = ask(nginx, "/", "gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body).decode() == FILES["index.html"]
    _, headers, body = ask(nginx, "/")
    assert "Content-Encoding" not in headers
    assert body.decode() == FILES["index.html"]


def test_a_wrong_address_gets_the_page_for_lost_readers(nginx: int):
    status, headers, body = ask(nginx, "/gone/")
    assert status == 404
    assert b"There is no page here" in body
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_folder_without_its_stroke_is_sent_on_wherever_the_site_stands(nginx: int):
    status, headers, _ = ask(nginx, "/part")
    assert status == 301
    assert headers["Location"] == "/part/"


# Load -----------------------------------------------------------------------------------------


def test_many_requests_are_answered_without_an_error(nginx: int):
    outcome = load.run(f"http://127.0.0.1:{nginx}/", 400, 8)
    assert outcome.errors == {}
    assert outcome.requests == 400


def test_an_error_is_counted_and_told(nginx: int, monkeypatch: pytest.MonkeyPatch, record: Any):
    monkeypatch.setattr(load, "pages", lambda url: ["/", "/gone/"])
    outcome = load.run(f"http://127.0.0.1:{nginx}/", 20, 2)
    assert outcome.errors.total() == 10
    assert "10 errors: 10 of status 404" in str(outcome)
    record("load", planted=10)


@pytest.mark.long
def test_ten_thousand_requests_are_answered_without_an_error(nginx: int, record: Any):
    outcome = load.run(f"http://127.0.0.1:{nginx}/", 10_000, 16)
    record(
        "load",
        requests=outcome.requests,
        errors=outcome.errors.total(),
        per_second=round(outcome.requests / outcome.seconds),
        slowest_ms=round(1000 * outcome.slowest),
    )
    assert outcome.errors == {}
