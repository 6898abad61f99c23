"""What the map's frame loads by address, and what has none because it is one visitor's."""

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import brotli
import pytest
from support.dashboard import component, opened
from support.map_content import content_at
from support.server import ask_for
from support.visitor import Visitor

from mapcore import load_control, load_proposal
from mapcore.app.parts import assets, line_map
from mapcore.app.server import map_files
from mapcore.app.server.map_files import MapFiles
from mapcore.proposals import viewer

GEOMETRY = re.compile(rb"\.\./map/([0-9a-f]{20}\.json)")


@pytest.fixture
def serving():
    with map_files.serving():
        yield


def heard(url, **query):
    one = Visitor(url)
    try:
        return b"".join(message.SerializeToString() for message in one.open(**query))
    finally:
        one.leave()


def lines_url():
    now, before = load_control(), load_control("2022-02-23")
    return line_map._shapes_url((before, now), now, before)


def test_the_map_of_a_shipped_proposal_comes_by_address_and_may_be_kept_for_ever(app_url):
    names = set(GEOMETRY.findall(heard(app_url, proposal="us-28-point")))
    assert len(names) == 3  # what lies under every proposal, its shapes, its words
    for name in map(bytes.decode, names):
        status, found, body = ask_for(app_url, f"/map/{name}", Accept_Encoding="br")
        assert (status, found["content-encoding"]) == (200, "br")
        assert found["content-type"] == "application/json"
        assert "immutable" in found["cache-control"]
        whole = brotli.decompress(body)
        assert hashlib.sha256(whole).hexdigest().startswith(name.removesuffix(".json"))
        assert json.loads(whole)
        assert ask_for(app_url, f"/map/{name}", If_None_Match=found["etag"])[0] == 304
    status, found, _ = ask_for(app_url, "/map/0123456789abcdef0123.json")
    assert (status, found["cache-control"]) == (404, "no-store")


def test_the_map_of_a_visitors_own_proposal_has_no_address(app_url):
    own = viewer.pack(viewer.start_from(load_proposal("us-28-point"), date(2025, 12, 12)))
    said = heard(app_url, page="own", own=own)
    assert len(set(GEOMETRY.findall(said))) == 1  # what lies under every proposal
    assert said.count(b"gzip:") >= 2


def test_the_frame_loads_one_script_and_one_style(app_url):
    for name, held in ((map_files.script_name(), b"Leaflet"), (map_files.style_name(), b".leaflet-container")):
        status, found, body = ask_for(app_url, f"/map/{name}", Accept_Encoding="br")
        assert status == 200
        assert "immutable" in found["cache-control"]
        assert held in brotli.decompress(body)
    font = map_files.font_name()
    assert font.encode() in brotli.decompress(body)
    status, found, body = ask_for(app_url, f"/map/{font}", Accept_Encoding="br")
    assert (status, found["content-type"], body[:4]) == (200, "font/woff2", b"wOF2")
    assert "content-encoding" not in found


def test_a_host_that_runs_the_page_by_itself_keeps_the_frames_files_and_sends_geometry_in_messages():
    _, sent = component(opened(page="map"))
    assert [url.split("/")[:4] for url in sent["js_links"]] == [["..", "..", "mock", "media"]]
    assert [url.split("/")[:4] for url in sent["css_links"]] == [["..", "..", "mock", "media"]]
    base = content_at(assets.base_url())
    assert set(base) == {"context", "outlines", "border", "coast", "places", "later"}
    assert base["later"]["towns"] == ""
    assert {"Dnipro", "Siverskyi Donets", "Oskil"} < {
        river["properties"]["name"] for river in content_at(base["later"]["rivers"])["features"]
    }


@pytest.mark.usefixtures("serving")
@pytest.mark.parametrize("url", [assets.base_url, lines_url], ids=["base", "lines"])
def test_an_address_that_is_still_asked_for_keeps_its_content(url, monkeypatch):
    """The base map's content is the oldest of all: once others had pushed it out, a new visitor's map stayed blank."""
    name = url().rpartition("/")[2]
    monkeypatch.setattr(map_files.files.shelf, "most_bytes", 100)
    for number in range(4):
        assets.content_url({"number": number})
    assert map_files.files.find(name) is None
    assert url().endswith(name)
    assert map_files.files.find(name)


def test_what_was_used_longest_ago_goes_first_and_visitors_at_once_find_whole_content():
    texts = [json.dumps({"number": number, "much": list(range(2_000))}).encode() for number in range(40)]
    files = MapFiles(5 * len(texts[-1]) + 100)
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(files.put, [text for text in texts for _ in range(4)]))
    assert len(set(names)) == 40
    assert len(files.shelf._held) == 5
    last = next(iter(files.shelf._held))
    assert files.find(last).body in texts
    for text in texts[:4]:
        files.put(text)
    assert files.find(last)
    assert files.find(hashlib.sha256(texts[20]).hexdigest()[:20] + ".json") is None
