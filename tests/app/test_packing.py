"""Packed answers: Streamlit's scripts and what else does not change, in the form that a reader takes."""

import asyncio
import gzip
import http.client
import io
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
import streamlit
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from starlette.datastructures import Headers
from support.server import ask_for, page_script

from mapcore.app.server import static_files
from mapcore.app.server.packing import Packed, accepted

FOLDER = Path(streamlit.__file__).parent / "static"
SCRIPT = "/" + page_script().relative_to(FOLDER).as_posix()
FRAME_STYLE = "/component/streamlit_folium.st_folium/bootstrap.min.css"
UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("BR;Q=1.0", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br; q=0, *", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("", "identity"),
        ("br;q=much, gzip", "gzip"),
        ("abra, gzipped", "identity"),
    ],
)
def test_the_form_is_one_that_the_reader_takes(header, form):
    assert accepted(header) == form


@pytest.mark.parametrize("form", UNPACKED)
def test_streamlits_script_comes_packed_and_whole(app_url, form):
    headers = {"Accept_Encoding": form} if form else {"Accept_Encoding": "identity"}
    status, found, body = ask_for(app_url, SCRIPT, **headers)
    whole = (FOLDER / SCRIPT[1:]).read_bytes()
    assert status == 200
    assert found.get("content-encoding") == form
    assert "immutable" in found["cache-control"]
    assert found["vary"] == "Accept-Encoding"
    assert found["content-type"] == "text/javascript; charset=utf-8"
    assert int(found["content-length"]) == len(body)
    assert UNPACKED[form](body) == whole
    assert form is None or len(body) < 0.35 * len(whole)
    status, head, nothing = ask_for(app_url, SCRIPT, "HEAD", **headers)
    assert (status, nothing) == (200, b"")
    assert head | {"date": ""} == found | {"date": ""}
    status, again, nothing = ask_for(app_url, SCRIPT, If_None_Match=f'"x", {found["etag"]}', **headers)
    assert (status, nothing) == (304, b"")
    assert again["etag"] == found["etag"]


def test_an_answer_waits_for_no_acknowledgement_of_its_head(app_url):
    """Held back by Nagle's algorithm, each takes the 40 ms for which Linux puts an acknowledgement off."""
    parts, taken = urlsplit(app_url), []
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    for _ in range(12):
        begun = time.perf_counter()
        line.request("GET", SCRIPT, headers={"Accept-Encoding": "br"})
        assert line.getresponse().read()
        taken.append(time.perf_counter() - begun)
    line.close()
    assert min(taken) < 0.03


def outline(font, name):
    """Return what a typeface of icons draws for a name."""
    glyphs = [font.getBestCmap()[ord(letter)] for letter in name]
    subtables = [one for lookup in font["GSUB"].table.LookupList.Lookup for one in lookup.SubTable]
    tables = [getattr(one, "ExtSubTable", one) for one in subtables]
    drawn = [
        ligature.LigGlyph
        for table in tables
        for ligature in getattr(table, "ligatures", {}).get(glyphs[0], ())
        if ligature.Component == glyphs[1:]
    ]
    pen = RecordingPen()
    font.getGlyphSet()[drawn[0]].draw(pen)
    return pen.value


def test_the_typeface_of_icons_has_those_that_can_be_shown():
    path = "/" + next(FOLDER.glob("static/media/MaterialSymbols-Rounded.*.woff2")).relative_to(FOLDER).as_posix()
    whole = (FOLDER / path[1:]).read_bytes()
    assert not static_files.files.covers(path)
    static_files.reduce_icons()
    assert static_files.files.covers(path)
    few = static_files.files.find(path)
    assert few.size < 0.2 * len(whole)
    reduced, font = (TTFont(io.BytesIO(one)) for one in (few.body, whole))
    for name in ("keyboard_arrow_down", "check", "close", "expand_more", "fullscreen", "more_vert"):
        assert outline(reduced, name) == outline(font, name)


def test_a_part_of_a_file_is_a_part_of_it_as_it_is(app_url):
    status, found, body = ask_for(app_url, SCRIPT, Range="bytes=100-199", Accept_Encoding="br, gzip")
    assert status == 206
    assert "content-encoding" not in found
    assert body == (FOLDER / SCRIPT[1:]).read_bytes()[100:200]


def test_the_maps_frame_is_packed_too_and_what_is_no_file_is_streamlits(app_url):
    status, found, body = ask_for(app_url, FRAME_STYLE, Accept_Encoding="br")
    assert (status, found["content-encoding"]) == (200, "br")
    assert "immutable" not in found["cache-control"]
    assert b"Bootstrap" in brotli.decompress(body)
    for path in ("/static/js/none.abcdefgh.js", SCRIPT.replace("/js/", "/js/./"), "/static/..%2Findex.js"):
        status, found, _ = ask_for(app_url, path, Accept_Encoding="br")
        assert found.get("content-encoding") is None, path
        assert status in {200, 400}, path
    assert ask_for(app_url, SCRIPT, "POST")[0] == 405


def answered(packed, extra=None):
    """Return the answer for a reader that takes Brotli; in a thread, since browser tests have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, packed.answer(Headers({"accept-encoding": "br"}), extra)).result()


def test_a_body_is_packed_once_and_tightly_when_there_is_time():
    words = (FOLDER / SCRIPT[1:]).read_bytes()
    packed = Packed(words, "text/plain", "no-cache")
    first = answered(packed, {"X-Data-Version": "1"})
    assert first.headers["x-data-version"] == "1"
    assert packed.form("br") is packed.form("br") is first.body
    packed.tighten()
    tight = answered(packed)
    assert len(tight.body) < len(first.body)
    assert brotli.decompress(tight.body) == brotli.decompress(first.body) == packed.body == words
    assert tight.headers["etag"] == first.headers["etag"]
    small = answered(Packed(b"ok", "text/plain"))
    assert "content-encoding" not in small.headers
