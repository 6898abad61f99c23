"""An archive of daily lines on this machine, answered for each file as a test says, and the table that describes it."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from shapely.geometry import mapping

from support.drawn_archive import believable
from support.local_server import LocalServer, running

BODY = json.dumps(mapping(believable())).encode()


class Server(LocalServer):
    """Answers for each file name as told in `ways`, with 404 for the rest, and remembers what was asked."""

    def __init__(self):
        super().__init__(Handler)
        self.ways = {}
        self.asked = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    server: Server

    def do_GET(self):
        name = self.path.rsplit("/", 1)[-1]
        self.server.asked.append(name)
        way = self.server.ways.get(name, lambda handler: handler.answer(404, b"not here"))
        try:
            way(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self, status=200, body=BODY, length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


TABLE = """[[archive]]
id = "drawn"
title = "A drawn archive"
source = "Drawn"
url = "{url}/data/line_{{YYYY}}{{MM}}{{DD}}.geojson"
first = 2025-01-01
licence = "CC0"
attribution = "Line of contact: Drawn"
terms = "Be kind."
error_km = 1.5
"""


def serving() -> AbstractContextManager[Server]:
    return running(Server())


def described(server: Server, home: Path) -> None:
    """Describe the archive in the folder of a user."""
    home.mkdir(exist_ok=True)
    (home / "archives.toml").write_text(TABLE.format(url=server.url))
