"""Fetching from an archive: a real HTTP server on this machine that misbehaves in each way; nothing goes outside."""

import gzip
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from drawn_archive import believable
from shapely.geometry import mapping

from mapcore import cli, load_control
from mapcore.archives import accept_terms, load_archive, load_archives, may_call, terms_accepted
from mapcore.errors import DataFileError, FetchError, LineFileError, MapcoreError, TermsError, UnknownIdError
from mapcore.fetch import fetch_control
from mapcore.limits import Limits

TODAY, DAY = date(2025, 12, 3), date(2025, 12, 1)
BODY = json.dumps(mapping(believable())).encode()
QUICK = replace(Limits(), download_seconds=1.5, file_mb=0.1, days_back=3)


class Server(ThreadingHTTPServer):
    """Answers for each file name as told in `ways`, with 404 for the rest, and remembers what was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.ways = {}
        self.asked = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


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


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    running = Server()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


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


@pytest.fixture
def archive(server, home):
    home.mkdir()
    (home / "archives.toml").write_text(TABLE.format(url=server.url))
    return server


def name(day):
    return f"line_{day:%Y%m%d}.geojson"


def fetch(**options):
    return fetch_control("drawn", **{"today": TODAY, "accepted": True, "limits": QUICK, **options})


def cached(home):
    return sorted(path.name for path in (home / "cache").rglob("*") if path.is_file())


def test_the_newest_snapshot_is_looked_for_backwards(archive, home):
    archive.ways[name(DAY)] = Handler.answer
    line = fetch()
    assert archive.asked == [name(date(2025, 12, 3)), name(date(2025, 12, 2)), name(DAY)]
    assert (line.id, line.as_of, line.source, line.error_km) == ("2025-12-01-drawn", DAY, "Drawn", 1.5)
    assert (line.licence, line.origin) == ("CC0", f"{archive.url}/data/{name(DAY)}")
    assert line.attribution == "Line of contact: Drawn, 1 December 2025. Licence: CC0"
    assert cached(home) == ["2025-12-01.geojson"]
    assert list(home.rglob("*.toml")) == [home / "archives.toml"]


def test_a_dated_snapshot_comes_from_the_cache_the_second_time(archive):
    archive.ways[name(DAY)] = Handler.answer
    first = fetch(on=DAY)
    archive.ways.clear()
    assert fetch(on=DAY).held.equals(first.held)
    assert archive.asked == [name(DAY)]
    with pytest.raises(FetchError, match="has no such file"):
        fetch(on=DAY, refresh=True)


def test_a_packed_answer_is_read(archive):
    archive.ways[name(DAY)] = lambda handler: handler.answer(body=gzip.compress(BODY))
    assert fetch(on=DAY).held.area > 0


def slow(_):
    time.sleep(1.2)


def drip(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" " * 10_000)


def broken_chunks(handler):
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"ff\r\n" + BODY[:20])
    handler.connection.shutdown(socket.SHUT_WR)


def hang_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


MISBEHAVIOUR = {
    "404": (lambda handler: handler.answer(404), FetchError, r"has no such file \(404: http://127"),
    "500": (lambda handler: handler.answer(500), FetchError, "answers with error 500; try again later"),
    "403": (lambda handler: handler.answer(403), FetchError, "answers with error 403"),
    "half a file": (lambda handler: handler.answer(length=len(BODY) + 9), FetchError, "broke off in the middle"),
    "half a file in chunks": (broken_chunks, FetchError, "broke off in the middle of the file; nothing of it was kept"),
    "a server that hangs up": (hang_up, FetchError, "cannot be reached|broke off"),
    "a server that is silent": (slow, FetchError, r"took longer than 1.5 s; try again later; MAPCORE_LIMIT_DOWNLOAD"),
    "a server that drips": (drip, FetchError, r"took longer than 1.5 s"),
    "a file without end": (endless, FetchError, r"sends more than 0.1 MB; MAPCORE_LIMIT_FILE_MB moves the limit"),
    "a redirect to another host": (
        lambda handler: handler.answer(302, Location="https://example.org/x.geojson"),
        FetchError, r"sends on to another host \(https:example.org\), which was not followed; if you trust it",
    ),
    "a redirect to a file": (
        lambda handler: handler.answer(301, Location="file:///etc/passwd"), FetchError, "sends on to another host",
    ),
    "a redirect to nowhere": (lambda handler: handler.answer(302), FetchError, "without end"),
    "a redirect to itself": (
        lambda handler: handler.answer(302, Location=handler.path), FetchError, "from one address to the next without",
    ),
    "a page in place of data": (
        lambda handler: handler.answer(body=b"<html><script>x</script></html>", Content_Type="text/html"),
        LineFileError, "what the archive sent for 2025-12-01 is not what it used to be: .*is a web page",
    ),
    "another form": (lambda handler: handler.answer(body=b'{"error": 1}'), LineFileError, "is JSON, but not GeoJSON"),
    "an empty answer": (lambda handler: handler.answer(body=b""), LineFileError, "is empty"),
    "half a file that says it is whole": (
        lambda handler: handler.answer(body=BODY[:50]), LineFileError, "is not valid JSON",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("way", "kind", "said"), MISBEHAVIOUR.values(), ids=MISBEHAVIOUR)
def test_a_server_that_misbehaves_is_told_in_one_sentence(archive, home, way, kind, said):
    archive.ways[name(DAY)] = way
    with pytest.raises(kind, match=said) as refused:
        fetch(on=DAY)
    text = str(refused.value)
    assert text.startswith("drawn: ")
    assert "\n" not in text
    assert "<" not in text
    assert cached(home) == []
    assert load_control().id == "2025-12-02"


def test_a_failed_refresh_of_a_bad_file_heals(archive):
    """What could not be read is not kept: the next try asks the server again."""
    archive.ways[name(DAY)] = lambda handler: handler.answer(body=b"{}")
    with pytest.raises(LineFileError, match="is JSON, but not GeoJSON"):
        fetch(on=DAY)
    archive.ways[name(DAY)] = Handler.answer
    assert fetch(on=DAY).held.area > 0


def test_a_redirect_on_the_same_host_is_followed(archive):
    archive.ways[name(DAY)] = lambda handler: handler.answer(302, Location="/moved/real.geojson")
    archive.ways["real.geojson"] = Handler.answer
    assert fetch(on=DAY).held.area > 0
    assert archive.asked == [name(DAY), "real.geojson"]


@pytest.mark.usefixtures("archive")
def test_no_network(home):
    """A port on which nobody listens stands for a machine without a network."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (home / "archives.toml").write_text(TABLE.format(url=f"http://127.0.0.1:{port}"))
    for options in ({"on": DAY}, {}):
        with pytest.raises(FetchError, match=r"127.0.0.1:\d+ cannot be reached; check the connection; the lines that"):
            fetch(**options)


def test_nothing_new_and_nothing_before_the_first(archive):
    with pytest.raises(FetchError, match="has no snapshot from 2025-11-30 to 2025-12-03; give a --date"):
        fetch()
    assert len(archive.asked) == 4
    with pytest.raises(FetchError, match="begins on 2025-01-01, so there is nothing of 2024-12-31"):
        fetch(on=date(2024, 12, 31))
    with pytest.raises(UnknownIdError, match="no archive 'drwn'; did you mean 'drawn'"):
        fetch_control("drwn", today=TODAY)


def test_terms_come_first_and_are_asked_again_when_they_change(archive, home):
    archive.ways[name(DAY)] = Handler.answer
    with pytest.raises(TermsError, match=r"terms of A drawn archive: Be kind. Licence: CC0. Nothing was downloaded"):
        fetch(accepted=False)
    assert archive.asked == []
    accept_terms(load_archive("drawn"), on=TODAY)
    assert fetch(accepted=False).as_of == DAY
    record = json.loads((home / "accepted_terms.json").read_text())
    assert record["drawn"]["on"] == "2025-12-03"
    text = (home / "archives.toml").read_text()
    (home / "archives.toml").write_text(text.replace("Be kind.", "Be kinder."))
    assert not terms_accepted(load_archive("drawn"))
    (home / "accepted_terms.json").write_text("[broken")
    assert not terms_accepted(load_archive("drawn"))


def run(capsys, *arguments):
    code = cli.main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_command_line_fetches(archive, capsys):
    archive.ways[name(DAY)] = Handler.answer
    order = ["control", "fetch", "--from", "drawn", "--date", "2025-12-01"]
    code, out, err = run(capsys, *order)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "Be kind." in err
    code, out, err = run(capsys, *order, "--accept-terms", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["licence"] == "CC0"
    assert run(capsys, *order)[0] == 0
    areas = run(capsys, "areas", "us-28-point", "--control", "2025-12-01-drawn")[1]
    assert "Line of contact: Drawn, 1 December 2025. Licence: CC0" in areas
    archive.ways.clear()
    code, out, err = run(capsys, *order, "--refresh")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert load_control("2025-12-01-drawn").as_of == DAY
    assert run(capsys, "areas", "us-28-point")[0] == 0


@pytest.mark.usefixtures("home")
def test_the_shipped_archive_is_described_and_not_called():
    found = load_archives()
    assert list(found) == ["deepstate"]
    archive = found["deepstate"]
    assert archive.address(date(2025, 11, 5)).endswith("/data/deepstatemap_data_20251105.geojson")
    assert all(may_call(one.url) for one in found.values())
    assert "deepstatemap.live/license-en.html" in archive.terms
    with pytest.raises(TermsError, match="DEEPSTATEUATECH"):
        fetch_control(today=TODAY)


WRONG = [
    ('id = "drawn"\n', "", r"archives.toml: archive\[0\].id: is missing; add it"),
    ('id = "drawn"', 'id = "drawn"\nidd = "x"', r"archive\[0\].idd: is no key of an archive"),
    ("first = 2025-01-01", 'first = "2025"', r"archive\[0\].first: is no date; write it as 2024-07-08"),
    ("http://127", "http://192", r"archive\[0\].url: is not an https address"),
    ("http://127.0.0.1", "https://me:pw@example.org", r"archive\[0\].url: is not an https address"),
    ("http://127.0.0.1", "file://", r"archive\[0\].url: is not an https address"),
    ("error_km = 1.5", 'error_km = "x"', "is of the wrong kind"),
    ("error_km = 1.5", 'held_by = "them"', "is no holder; write russia or ukraine"),
    ("Be kind.", "<b>Be kind.</b>", r"archive\[0\].terms: has signs of markup"),
    ('"CC0"', "7", r"archive\[0\].licence: is no text"),
    ("[[archive]]", "[archive]", "archive: is not a list of tables"),
]


@pytest.mark.parametrize(("before", "after", "said"), WRONG)
def test_archives_are_checked(home, before, after, said):
    home.mkdir()
    text = TABLE.format(url="http://127.0.0.1:9")
    assert before in text
    (home / "archives.toml").write_text(text.replace(before, after))
    with pytest.raises(DataFileError, match=said):
        load_archives()


@pytest.mark.usefixtures("archive")
def test_a_cache_that_cannot_be_written(home):
    (home / "cache").write_text("a file in its place")
    with pytest.raises(MapcoreError, match="the cache cannot be written"):
        fetch(on=DAY)
