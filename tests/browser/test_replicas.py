"""Two servers behind nginx, as `deploy/` sets them up: one is killed, and every session goes on at the other."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from urllib.parse import urlencode

import pytest
from support.browser import shown, turn
from support.proxy import nginx_path, running_proxy
from support.server import RUNNING, ask, ask_for, running_app, soon
from support.visitor import Visitor
from websockets.exceptions import ConnectionClosed

from mapcore import load_proposal
from mapcore.app.server import map_files
from mapcore.proposals import viewer

SECRET = {"STREAMLIT_SERVER_COOKIE_SECRET": "the same for both"}
OWN = viewer.pack(viewer.start_from(load_proposal("us-28-point"), date(2025, 12, 12)))
#: Of few proposals: each server measures what it is asked for.
VIEWS = [
    *(
        {"proposal": proposal, "lang": lang, "units": "mi2" if zoom else "km2"}
        | ({"lat": "48.1", "lon": "37.5", "zoom": zoom} if zoom else {})
        for proposal in ("us-28-point", "e3-counter")
        for lang in ("en", "uk")
        for zoom in ("", "6", "8")
    ),
    {"proposal": "donetsk-narrow-buffer", "depth_km": "40"},
    {"proposal": "us-28-point", "zone": "UA-14.ukraine", "lat": "48.1", "lon": "37.5", "zoom": "8"},
    {"proposal": "e3-counter", "control": "2022-02-23"},
    {"page": "compare", "proposal": "us-28-point", "compare": "e3-counter"},
    {"page": "own", "own": OWN},
    {"proposal": "own", "own": OWN},
    {"page": "claims", "lang": "uk"},
]
#: What a map is told, and the name that the maps of one session share.
SHOW = re.compile(r"mapcore\.show\(.*?\);", re.DOTALL)
CHANNEL = re.compile(r'(?<=channel\\": \\")[^"]+')
GEOMETRY = re.compile(r"\.\./(map/[0-9a-f]{20}\.json)")
#: What the console of a page says of a server that was killed.
GONE = ("WebSocket connection", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE", "502")


class Reader:
    """A session through the proxy, which comes back with its cookie and its link as a browser does."""

    def __init__(self, url, view):
        self.url, self.view = url, view
        _, found = ask(url, f"/?{urlencode(view)}")
        self.cookie = found["set-cookie"].partition(";")[0]
        self.visit = Visitor(url, self.cookie)
        self.read = said(self.visit.open(**view))

    def is_cut_off(self):
        try:
            return not self.visit.socket.ping().wait(5)
        except ConnectionClosed:
            return True

    def goes_on(self):
        """Return what the page says now: on the session that there is, or on a new one."""
        if self.is_cut_off():
            self.visit.leave()
            self.visit = Visitor(self.url, self.cookie)
        return said(self.visit.open(**self.view))


def said(messages):
    """Return the texts of a page by their places, and what its maps were told; of each, what came last."""
    texts = {}
    for message in messages:
        element, place = message.delta.new_element, tuple(message.metadata.delta_path)
        if element.WhichOneof("type") == "html":
            texts[place] = element.html.body
        elif element.WhichOneof("type") == "component_instance":
            texts[place] = CHANNEL.sub("", SHOW.search(element.component_instance.json_args)[0])
    assert texts
    return texts


def sessions(url):
    _, _, body = ask_for(url, "/_stcore/metrics?families=active_sessions")
    return int(re.search(rb"^active_sessions (\d+)", body, re.MULTILINE)[1])


def kept(proxy, path, **headers):
    """Return what the proxy says of two requests for the same."""
    answers = [ask(proxy, path, **headers) for _ in range(2)]
    assert [status for status, _ in answers] == [200, 200]
    return [found["x-cache"] for _, found in answers]


@pytest.fixture
def replicas(tmp_path):
    nginx = nginx_path()
    with ExitStack() as stack:
        pair = [stack.enter_context(running_app(tmp_path / f"log{number}", **SECRET)) for number in (1, 2)]
        proxy = stack.enter_context(running_proxy(nginx, tmp_path, pair))
        yield proxy, pair


def test_one_of_two_servers_is_killed_and_twenty_sessions_go_on(replicas, open_address):
    proxy, pair = replicas
    page = open_address(f"{proxy}/?proposal=donetsk-narrow-buffer&depth_km=40").ready()
    assert page.query()["depth_km"] == "40"
    killed, left = sorted(pair, key=sessions, reverse=True)
    assert (sessions(killed), sessions(left)) == (1, 0)
    with ThreadPoolExecutor(4) as pool:
        readers = list(pool.map(lambda view: Reader(proxy, view), VIEWS))
        assert len(readers) == 19
        # Which server a session is at is chance; each is to have some.
        more = iter(VIEWS)
        while min(sessions(killed), sessions(left)) < 3:
            readers.append(Reader(proxy, next(more)))
        there = sessions(killed), sessions(left)
        assert sum(there) == len(readers) + 1

        # Geometry is on the server that drew the page; the proxy finds it for whoever asks.
        addresses = {found for reader in readers for text in reader.read.values() for found in GEOMETRY.findall(text)}
        assert len(addresses) > 10
        answers = pool.map(lambda address: ask(proxy, f"/{address}", User_Agent=address), addresses)
        assert {status for status, _ in answers} == {200}
        script = f"/map/{map_files.script_name()}"
        assert kept(proxy, script) == ["MISS", "HIT"]
        assert kept(proxy, "/?proposal=line-as-is&units=mi2&lang=uk") == ["MISS", "HIT"], "a first answer"
        assert kept(proxy, "/api/v1/areas?proposal=us-28-point", Accept="application/json") == ["MISS", "HIT"]
        assert kept(proxy, "/api/v1/areas?proposal=us-28-point", Accept="text/csv") == ["MISS", "HIT"]
        assert kept(proxy, f"/api/v1/areas?proposal=own&own={OWN}") == ["MISS", "MISS"]

        os.kill(RUNNING[killed], signal.SIGKILL)
        assert soon(lambda: sum(reader.is_cut_off() for reader in readers) == there[0] - 1)
        again = list(pool.map(Reader.goes_on, readers))
    for reader, now in zip(readers, again, strict=True):
        assert now == reader.read, reader.view
    turn(page, units="mi2")
    shown(page, "donetsk-narrow-buffer")
    page.page.wait_for_function("() => new URL(location).searchParams.get('units') === 'mi2'", timeout=30_000)
    assert page.query()["depth_km"] == "40"
    assert soon(lambda: sessions(left) == 20)
    assert [error for error in page.errors if not any(sign in error for sign in GONE)] == []
    assert page.outside == []
    for reader in readers:
        reader.visit.leave()
