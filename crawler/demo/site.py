"""The HTTP server of the demo site: loopback only, any port, one address for all its pages.

It takes requests in absolute form, as a proxy would (RFC 9112, section 3.2.2), so a crawler can ask
for ``http://demo.kliping.test/`` whatever the port; and in origin form, for a browser.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from crawler.demo.pages import Answer, answers_at, missing
from crawler.demo.posts import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HOST = urlsplit(SITE).hostname or ""
_IDLE_S = 60.0
"""How long a connection may stay without a request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it came, and the status it got."""

    method: str
    target: str
    """In absolute or origin form."""
    headers: Mapping[str, str]
    status: int

    @property
    def path(self) -> str:
        """Path and query, whatever the form."""
        return _path_of(self.target)[1]

    @property
    def is_conditional(self) -> bool:
        """Whether it asked only for what is new."""
        names = {name.lower() for name in self.headers}
        return bool(names & {"if-none-match", "if-modified-since"})


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A running demo site."""

    port: int
    requests: list[Asked] = field(default_factory=list)
    """All there have been, in order of their answers."""

    @property
    def local_url(self) -> str:
        """Where it listens; also what to use as a proxy for the site's own addresses."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve(stage: int = 1, port: int = 0, *, local_links: bool = False) -> Iterator[DemoSite]:
    """Run the demo site until the context is left.

    Args:
        stage: 1, or 2 for the same site a day later.
        port: Where on 127.0.0.1; 0 takes a free one.
        local_links: Write links that a browser can follow without a proxy.

    Raises:
        UsageError: There is no such stage.
        OSError: The port is taken.
    """
    answers, other = answers_at(stage), missing(stage)
    if local_links:
        answers, other = {path: one.local() for path, one in answers.items()}, other.local()
    server = _Server(("127.0.0.1", port), _Handler)
    site = DemoSite(server.server_address[1])
    server.answers, server.other, server.site = answers, other, site
    server.root = "" if local_links else SITE
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them
    answers: Mapping[str, Answer]
    other: Answer
    site: DemoSite
    root: str
    """What redirects begin with."""

    def __init__(self, *arguments: object) -> None:
        self.open: set[socket.socket] = set()
        super().__init__(*arguments)  # type: ignore[arg-type]

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  as in the base
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401  as in the base
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet: a crawler that is killed breaks its connections."""

    def server_close(self) -> None:
        for connection in tuple(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "KlipingDemo"
    sys_version = ""
    timeout = _IDLE_S
    wbufsize = -1  # one packet for head and body
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer with a body."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer without one."""
        self._answer()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _answer(self) -> None:
        host, target = _path_of(self.path)
        if host not in (None, _HOST, "127.0.0.1", "localhost"):
            answer = Answer(status=HTTPStatus.MISDIRECTED_REQUEST, body=b"")
        else:
            answer = self._found(target)
        status = HTTPStatus.NOT_MODIFIED if self._is_unchanged(answer) else answer.status
        asked = Asked(self.command, self.path, dict(self.headers.items()), int(status))
        self.server.site.requests.append(asked)
        self._send(answer, status)

    def _found(self, target: str) -> Answer:
        answers = self.server.answers
        path, _, query = target.partition("?")
        if target in answers:
            return answers[target]
        if "p" in parse_qs(query):
            return self.server.other
        if path in answers:  # WordPress ignores parameters that it does not know
            return answers[path]
        if f"{path}/" in answers:
            return Answer(status=301, location=f"{self.server.root}{path}/")
        return self.server.other

    def _is_unchanged(self, answer: Answer) -> bool:
        """Judge the conditions of a request (RFC 9110, section 13.2.2)."""
        if answer.status != HTTPStatus.OK:
            return False
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return bool(known & {"*", answer.etag})
        since = self.headers.get("If-Modified-Since")
        if since is None or answer.modified_at is None:
            return False
        try:
            moment = parsedate_to_datetime(since)
        except ValueError:
            return False
        return answer.modified_at.replace(microsecond=0) <= moment.astimezone(UTC)

    def _send(self, answer: Answer, status: int) -> None:
        self.send_response(status)
        if answer.status == HTTPStatus.OK:
            self.send_header("ETag", answer.etag)
            if answer.modified_at:
                self.send_header("Last-Modified", _http_date(answer.modified_at))
        if answer.location is not None:
            self.send_header("Location", answer.location)
        body = b"" if status == HTTPStatus.NOT_MODIFIED else answer.body
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _path_of(target: str) -> tuple[str | None, str]:
    """Take a request target apart: the host it names, if any, and path with query."""
    if target.startswith("/"):
        return None, target
    parts = urlsplit(target)
    return parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
