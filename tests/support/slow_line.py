"""A server before the dashboard on whose line the page of a link comes in two parts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler

from support.local_server import LocalServer, running
from support.server import ask_for

#: What ends the first part: the first screen is there, and the script that fits its map is not.
_SPLIT = b"</main>"


class SlowLine(LocalServer):
    """Hands on what the dashboard answers; the second part of a page comes once `rest` is set, or never."""

    def __init__(self, app_url: str) -> None:
        super().__init__(_Handler)
        self.app_url = app_url
        self.rest = threading.Event()
        self.breaks_off = False


class _Handler(BaseHTTPRequestHandler):
    server: SlowLine

    def do_GET(self) -> None:
        status, headers, body = ask_for(self.server.app_url, self.path)
        self.send_response(status)
        self.send_header("Content-Type", headers["content-type"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        first, split, rest = body.partition(_SPLIT)
        if self.path.startswith("/?"):
            assert split
            self.wfile.write(first)
            self.wfile.flush()
            self.server.rest.wait(60)
            body = b"" if self.server.breaks_off else split + rest
        with suppress(BrokenPipeError, ConnectionResetError):  # a page may be closed half-way
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def slow_line(app_url: str) -> Iterator[SlowLine]:
    """Run such a server on a port of its own."""
    with running(SlowLine(app_url)) as server:
        try:
            yield server
        finally:
            server.rest.set()
