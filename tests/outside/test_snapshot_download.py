"""Fetching from an archive: a real HTTP server on this machine that misbehaves in each way; nothing goes outside."""

import errno
import gzip
import io
import itertools
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support.archive_server import BODY, TABLE, Handler, Server, described, serving

from mapcore import load_control
from mapcore.base.errors import DataFileError, FetchError, LineFileError, MapcoreError, TermsError, UnknownIdError
from mapcore.base.language import speaking
from mapcore.base.limits import Limits
from mapcore.cli import main
from mapcore.land.provenance import Provenance
from mapcore.outside.download_terms import accept_terms, load_archive, load_archives, may_call, terms_accepted
from mapcore.outside.snapshot_download import fetch_control

TODAY, DAY = date(2025, 12, 3), date(2025, 12, 1)
QUICK = replace(Limits(), download_seconds=1.5, file_mb=0.1, days_back=3)


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    with serving() as running:
        yield running


@pytest.fixture
def archive(server, home):
    described(server, home)
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
    assert (line.id, line.as_of, line.origin) == ("2025-12-01-drawn", DAY, f"{archive.url}/data/{name(DAY)}")
    said = "Line of contact: Drawn, 1 December 2025. Licence: CC0"
    assert line.provenance == Provenance("Drawn", "CC0", said, 1.5)
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
    "500": (lambda handler: handler.answer(500), FetchError, "returned error 500; try again later"),
    "403": (lambda handler: handler.answer(403), FetchError, "returned error 403"),
    "half a file": (lambda handler: handler.answer(length=len(BODY) + 9), FetchError, "broke off in the middle"),
    "half a file in chunks": (broken_chunks, FetchError, "broke off in the middle of the file; nothing of it was kept"),
    "a server that hangs up": (hang_up, FetchError, "cannot be reached|broke off"),
    "a server that is silent": (slow, FetchError, r"took longer than 1.5 s; try again later; MAPCORE_LIMIT_DOWNLOAD"),
    "a server that drips": (drip, FetchError, r"took longer than 1.5 s"),
    "a file without end": (endless, FetchError, r"sends more than 0.1 MB; MAPCORE_LIMIT_FILE_MB sets the limit"),
    "a redirect to another host": (
        lambda handler: handler.answer(302, Location="https://example.org/x.geojson"),
        FetchError, r"redirects to another host \(https:example.org\), which was not followed; if you trust it",
    ),
    "a redirect to a file": (
        lambda handler: handler.answer(301, Location="file:///etc/passwd"), FetchError, "redirects to another host",
    ),
    "a redirect to nowhere": (lambda handler: handler.answer(302), FetchError, "redirects endlessly"),
    "a redirect to itself": (
        lambda handler: handler.answer(302, Location=handler.path), FetchError, "redirects endlessly from one address",
    ),
    "a page in place of data": (
        lambda handler: handler.answer(body=b"<html><script>x</script></html>", Content_Type="text/html"),
        LineFileError, "what the archive sent for 2025-12-01 differs from what is expected: .*is a web page",
    ),
    "another form": (lambda handler: handler.answer(body=b'{"error": 1}'), LineFileError, "is JSON, but not GeoJSON"),
    "an empty answer": (lambda handler: handler.answer(body=b""), LineFileError, "is empty"),
    "half a file that says it is whole": (
        lambda handler: handler.answer(body=BODY[:50]), LineFileError, "is not valid JSON",
    ),
}  # fmt: skip


LOCATIONS = ["http://[::1", "//[", "http://[::1]:x/", "http://127.0.0.1:99999/", "http://127.0.0.1:0x50/", "http://",
             "https://[v1.x]/", "http://\u2100/", "http://a..b/", "http://%zz/", "http:///path", "://", "\x00\x01",
             "javascript:alert(1)", "http://127.0.0.1:-1/", "http://\xff\xfe/", "[::1]",
             "http://me:pw@127.0.0.1/"]  # fmt: skip


@pytest.mark.parametrize("location", LOCATIONS)
def test_a_redirect_to_what_is_no_address_is_told_in_one_sentence(archive, home, location):
    """Whatever stands there, percent-encoded or not: it is refused, or it is a path of the same host and not there."""

    def redirect(handler):
        handler.wfile.write(b"HTTP/1.0 302 Found\r\nLocation: " + location.encode() + b"\r\nContent-Length: 0\r\n\r\n")

    archive.ways[name(DAY)] = redirect
    with pytest.raises(
        FetchError, match=r"is not an address; correct its url|not followed|has no such file|redirects endlessly"
    ):
        fetch(on=DAY)
    assert cached(home) == []


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


def test_what_could_not_be_read_for_want_of_time_is_kept(archive, home):
    """A refusal that is not of the file says so, and the download is there for the next try."""
    archive.ways[name(DAY)] = Handler.answer
    with pytest.raises(LineFileError, match=r"^2025-12-01\.geojson: takes longer than"):
        fetch(on=DAY, limits=replace(QUICK, read_seconds=0.001))
    assert cached(home) == ["2025-12-01.geojson"]
    assert fetch(on=DAY).held.area > 0
    assert archive.asked == [name(DAY)]


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
        with pytest.raises(FetchError, match=r"127.0.0.1:\d+ cannot be reached; check your connection; lines that are"):
            fetch(**options, limits=replace(QUICK, download_seconds=60))


def every_second(line, pieces, *, seconds=0.2):
    """Send pieces one after the other, for ever, until the other side goes."""
    for piece in pieces:
        line.sendall(piece)
        time.sleep(seconds)


def accept_and_say_nothing(line):
    line.recv(1)
    line.settimeout(20)
    while line.recv(65_536):
        pass


def hang_up_in_the_head(line):
    line.recv(65_536)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")


def hang_up_at_once(line):
    line.recv(1)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
RAW = {
    "says nothing": accept_and_say_nothing,
    "drips a header": lambda line: every_second(
        line, itertools.chain([b"HTTP/1.1 200 OK\r\nX: "], itertools.repeat(b"x"))
    ),
    "sends headers without end": lambda line: every_second(
        line, itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X: y\r\n"))
    ),
    "goes on with Continue": lambda line: every_second(
        line, itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), seconds=0.01
    ),
    "sends a body without end": lambda line: every_second(
        line, itertools.chain([b"HTTP/1.1 200 OK\r\n\r\n"], itertools.repeat(b" "))
    ),
    "sends chunks without end": lambda line: every_second(
        line, itertools.chain([CHUNKED], itertools.repeat(b"1\r\n \r\n"))
    ),
    "drips a chunk's length": lambda line: every_second(
        line, itertools.chain([CHUNKED], itertools.repeat(b"0"))
    ),
}  # fmt: skip
BROKEN = {
    "hangs up in its head": hang_up_in_the_head,
    "hangs up at once": hang_up_at_once,
    "speaks another language": lambda line: line.sendall(b"220 mail.example.org ESMTP\r\n"),
    "sends a status that is none": lambda line: line.sendall(b"HTTP/1.1 abc\r\n\r\n"),
    "sends a wrong length": lambda line: line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc"),
    "sends two lengths": lambda line: line.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
    ),
    "sends a header too long": lambda line: line.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n"),
    "sends too many headers": lambda line: line.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n"),
    "sends a chunk of no length": lambda line: line.sendall(CHUNKED + b"zz\r\n"),
}


@pytest.fixture
def raw(server, home):
    """A server that answers each connection with a function of its socket; the address goes into the archive's row."""
    del server
    listener = socket.create_server(("127.0.0.1", 0))
    ended = []

    def serve(way):
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                try:
                    way(line)
                except OSError as gone:
                    ended.append(gone)
                else:
                    ended.append(None)

    def start(way, scheme="http"):
        home.mkdir()
        (home / "archives.toml").write_text(TABLE.format(url=f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"))
        threading.Thread(target=serve, args=(way,), daemon=True).start()
        return ended

    yield start
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def no_download_goes_on(*, seconds=3.0):
    """Whether the thread of a download has ended, which a connection that goes on would keep."""
    give_up = time.monotonic() + seconds
    while any(thread.name == "download" for thread in threading.enumerate()):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("way", RAW.values(), ids=RAW)
def test_the_deadline_covers_the_whole_download(raw, home, way):
    raw(way)
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"^drawn: took longer than 1.5 s; try again later; MAPCORE_LIMIT_DOWNLOAD"):
        fetch(on=DAY)
    assert time.monotonic() - began < 1.5 + 1.5
    assert no_download_goes_on()
    assert cached(home) == []


def test_the_deadline_covers_a_handshake_that_drips(raw):
    raw(accept_and_say_nothing, "https")
    with pytest.raises(FetchError, match=r"^drawn: took longer than 1.5 s"):
        fetch(on=DAY)
    assert no_download_goes_on()


def test_the_deadline_covers_a_handshake_that_goes_on(raw):
    record = b"\x16\x03\x03\x40\x00"  # the head of 16 kB of a handshake
    raw(lambda line: every_second(line, itertools.chain([record], itertools.repeat(b"\x02"))), "https")
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"^drawn: (took longer than 1.5 s|127.0.0.1:.* cannot be reached)"):
        fetch(on=DAY)
    assert time.monotonic() - began < 3
    assert no_download_goes_on()


def test_the_deadline_covers_the_days_before_as_one(archive):
    """Each day is answered in time, and all of them together are not."""

    def slowly_not_there(handler):
        time.sleep(0.4)
        handler.answer(404)

    for day in range(25, 31):
        archive.ways[name(date(2025, 11, day))] = slowly_not_there
    for day in range(1, 4):
        archive.ways[name(date(2025, 12, day))] = slowly_not_there
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"took longer than 1.5 s"):
        fetch(limits=replace(QUICK, days_back=8))
    assert time.monotonic() - began < 3


def test_the_deadline_covers_the_look_up_of_a_name(archive, home, monkeypatch):
    found = threading.Event()

    def look_up(*_, **__):
        found.wait(20)
        raise socket.gaierror(-2, "Name or service not known")

    archive.ways[name(DAY)] = Handler.answer
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"^drawn: took longer than 1.5 s"):
        fetch(on=DAY)
    assert time.monotonic() - began < 4
    found.set()
    assert no_download_goes_on()
    assert cached(home) == []


def test_a_name_found_too_late_opens_no_connection(archive, monkeypatch):
    """The download that was given up does not begin after all."""
    found, look_up = threading.Event(), socket.getaddrinfo

    def late(*asked, **options):
        found.wait(20)
        return look_up(*asked, **options)

    archive.ways[name(DAY)] = Handler.answer
    monkeypatch.setattr(socket, "getaddrinfo", late)
    with pytest.raises(FetchError, match="took longer"):
        fetch(on=DAY)
    found.set()
    assert no_download_goes_on()
    assert archive.asked == []


@pytest.mark.parametrize("way", BROKEN.values(), ids=BROKEN)
def test_what_is_no_answer_is_told_in_one_sentence(raw, home, way):
    raw(way)
    with pytest.raises(MapcoreError, match=r"^drawn: [^\n]+; [^\n]+$"):
        fetch(on=DAY)
    assert no_download_goes_on()
    assert cached(home) == []


class FullDisk(io.BytesIO):
    """A file on a disk that has no room."""

    def write(self, _):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_while_downloading(archive, home, monkeypatch):
    archive.ways[name(DAY)] = Handler.answer
    opened = Path.open

    def full(path, mode="r", *rest, **options):
        return FullDisk() if "w" in mode and "cache" in path.parts else opened(path, mode, *rest, **options)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(DataFileError, match=r"cannot be written \(No space left on device\); free some space, or set"):
        fetch(on=DAY)
    monkeypatch.undo()
    assert not [one for one in cached(home) if one.endswith(".geojson")]


def test_a_cache_that_cannot_be_read(archive, monkeypatch):
    archive.ways[name(DAY)] = Handler.answer
    read = Path.read_bytes

    def broken(path):
        if path.name.startswith("2025-12-01"):
            raise OSError(errno.EIO, "Input/output error")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", broken)
    with pytest.raises(DataFileError, match=r"\(Input/output error\)"):
        fetch(on=DAY)


FAULTS = [RuntimeError("a bug"), UnicodeError("label too long"), MemoryError(), KeyError("x"), RecursionError()]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize(
    "place", ["requests.Session.get", "pooch.core.stream_download", "mapcore.outside.download._chunks"]
)
def test_any_exception_of_a_library_is_told_and_logged(archive, monkeypatch, caplog, fault, place):
    archive.ways[name(DAY)] = Handler.answer

    def broken(*_, **__):
        raise fault

    monkeypatch.setattr(place, broken)
    with pytest.raises(
        FetchError, match=rf"^drawn: the download failed \({type(fault).__name__}.*\); try again later, or"
    ):
        fetch(on=DAY)
    [record] = caplog.records
    assert record.exc_info
    assert record.exc_info[1] is fault


def test_a_refusal_in_the_reader_s_language(archive):
    archive.ways[name(DAY)] = lambda handler: handler.answer(500)
    with speaking("uk"), pytest.raises(FetchError, match=r"^drawn: відповідає помилкою 500"):
        fetch(on=DAY)


def test_nothing_new_and_nothing_before_the_first(archive):
    patient = replace(QUICK, download_seconds=30)
    with pytest.raises(FetchError, match="has no snapshot from 2025-11-30 to 2025-12-03; give a --date"):
        fetch(limits=patient)
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
    code = main.main(list(arguments))
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
    ('id = "drawn"', 'id = "drawn"\nidd = "x"', r"archive\[0\].idd: unknown key; did you mean 'id'\?"),
    ("first = 2025-01-01", 'first = "2025"', r"archive\[0\].first: must be a date; write it without quotes and time"),
    ("http://127", "http://192", r"archive\[0\].url: is not an https address"),
    ("http://127.0.0.1", "https://me:pw@example.org", r"archive\[0\].url: is not an https address"),
    ("http://127.0.0.1", "file://", r"archive\[0\].url: is not an https address"),
    ("error_km = 1.5", 'error_km = "x"', r"archive\[0\].error_km: must be a number"),
    ("error_km = 1.5", 'held_by = "them"', "'them' is not known; there are: ukraine, russia"),
    ("Be kind.", "<b>Be kind.</b>", r"archive\[0\].terms: has markup or hidden"),
    ('"CC0"', "7", r"archive\[0\].licence: must be text; put it in quotes"),
    ("[[archive]]", "[archive]", r"archive: must be a list; write each entry under \[\[archive\]\]"),
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
