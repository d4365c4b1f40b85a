"""A loopback news site whose pages a test can edit, and the command that crawls it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.store.archive import open_archive
from pipelines.store.sql import query, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]

PARAGRAPHS = (
    "Tegal, Warta Uji – Nelayan di pesisir utara mulai melaut lagi setelah sepekan tertahan ombak.",
    "Mereka berangkat sebelum subuh dengan bekal es balok dan solar untuk dua hari perjalanan.",
    "Kepala pelabuhan menyebut sedikitnya empat puluh perahu sudah kembali dengan hasil yang baik.",
    "Harga tongkol di tempat pelelangan turun menjadi delapan belas ribu rupiah per kilogram.",
)


def article_html(
    title: str = "Nelayan Tegal Melaut Lagi",
    paragraphs: tuple[str, ...] = PARAGRAPHS,
    *,
    published: str = "2026-11-05T08:15:00+07:00",
    extra: str = "",
) -> str:
    """Write a page as the test outlet's template would."""
    body = "\n".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<!doctype html><html lang=id><head><meta charset=utf-8><title>{title} - Warta Uji</title>"
        f'<meta property="article:published_time" content="{published}">{extra}</head>'
        f'<body><h1 class="judul">{title}</h1><p class="penulis">Oleh <a>Rini Astuti</a></p>'
        f'<div class="isi">{body}</div><footer>Hak cipta Warta Uji</footer></body></html>'
    )


@dataclass
class Answer:
    """What the site says at one path."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """A real HTTP server; `answers` may change between requests."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    first: dict[str, list[Answer]] = field(default_factory=dict)
    """What a path says before `answers` holds."""
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    conditions: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    """Path -> the validators of each request, in order."""
    honours: bool = False
    """Whether a request with a validator that still holds is answered 304."""

    def put(
        self,
        path: str,
        body: str | bytes,
        status: int = 200,
        media_type: str = "text/html; charset=utf-8",
        **headers: str,
    ) -> str:
        """Say *body* at *path* from now on; return the whole address."""
        data = body.encode() if isinstance(body, str) else body
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        self.answers[path] = Answer(data, status, {"Content-Type": media_type, **named})
        return self.url + path


_VALIDATORS = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}


def _holds(condition: dict[str, str], answer: Answer) -> bool:
    """Tell whether a page is said not to have changed: by its ETag, if one was sent."""
    if answer.status != 200 or not condition:
        return False
    name = next(iter(condition))
    return condition[name] == answer.headers.get(_VALIDATORS[name])


@contextmanager
def running_site() -> Iterator[Site]:
    """Serve a site on loopback."""
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.asked.append(self.path)
            found.agents.append(self.headers.get("User-Agent", ""))
            answer = found.answers.get(self.path, Answer(b"tidak ada", 404))
            if found.first.get(self.path):
                answer = found.first[self.path].pop(0)
            condition = {name: self.headers[name] for name in _VALIDATORS if self.headers[name]}
            found.conditions.setdefault(self.path, []).append(condition)
            if found.honours and _holds(condition, answer):
                answer = Answer(b"", 304, answer.headers)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve a site on loopback for the length of a test."""
    with running_site() as found:
        yield found


OUTLET = """
name = "Warta Uji"
domains = ["{host}"]
allow_private_network = true
[discover]
feeds = ["{url}/feed/"]
sitemaps = ["{url}/sitemap.xml"]
[articles]
match = '/berita/'
[[layouts]]
body = [".isi"]
title = ["h1.judul"]
published = ["meta:article:published_time"]
authors = [".penulis a"]
[fetch]
delay_s = 0.0
concurrency = 4
"""


def outlet_toml(site: Site, *, with_port: bool = False) -> str:
    """Write the outlet file of a site: the only one on this host, or one of several."""
    netloc = site.url.partition("//")[2]
    return OUTLET.format(url=site.url, host=netloc if with_port else netloc.partition(":")[0])


@dataclass
class Kliping:
    """The command, run as a user runs it."""

    config: Path
    archive: str
    env: dict[str, str]

    @staticmethod
    def root() -> Path:
        """Return the checkout."""
        return ROOT

    def __call__(self, *arguments: str, code: int = 0, data: bytes | None = None) -> str:
        """Run it, insist on its exit code and on no traceback; return standard output."""
        done = self.run(*arguments, data=data)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
        return done.stdout

    def run(self, *arguments: str, data: bytes | None = None) -> subprocess.CompletedProcess[str]:
        """Run it and return whatever happened."""
        done = subprocess.run(
            [sys.executable, "-m", "crawler", *arguments],
            input=data,
            capture_output=True,
            check=False,
            cwd=ROOT,
            env={**os.environ, **self.env},
            timeout=120,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def lines(self, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        """Run it with JSON lines as output."""
        return [json.loads(line) for line in self(*arguments, code=code).splitlines()]

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """Ask the archive, in this process: a command takes a second to start."""
        text = io.StringIO()
        with closing(open_archive(self.archive)) as archive:
            write_rows(query(archive, statement), "json", text)
        return [json.loads(line) for line in text.getvalue().splitlines()]


@pytest.fixture
def config(tmp_path: Path, site: Site) -> Path:
    """Make a configuration folder with one outlet, the site."""
    folder = tmp_path / "config"
    (folder / "outlets").mkdir(parents=True)
    (folder / "kliping.toml").write_text("")
    (folder / "outlets" / "warta.toml").write_text(outlet_toml(site))
    return folder


@pytest.fixture
def kliping(config: Path, tmp_path: Path) -> Kliping:
    """Return the command with that configuration and a fresh archive in a folder."""
    return _command(config, str(tmp_path / "archive"))


@pytest.fixture
def kliping_anywhere(config: Path, archive_uri: str) -> Kliping:
    """Return the command with a fresh archive, in a folder and then on S3."""
    return _command(config, archive_uri)


def _command(config: Path, archive: str) -> Kliping:
    return Kliping(config, archive, {"KLIPING_CONFIG": str(config), "KLIPING_ARCHIVE": archive})
