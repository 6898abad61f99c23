"""The head of `/`: what messengers, search engines and the tab are told of a view, and by which address."""

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from support.asgi import Client

from mapcore.app.server import base_address, cards, first_answer
from mapcore.base.errors import ParameterError
from mapcore.base.language import languages
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal

BASE = "http://maps.example.org/"


class Head(HTMLParser):
    """The tags of a page's head."""

    def __init__(self, text):
        super().__init__()
        self.said, self.links, self.data, self._open = {}, {}, None, ""
        self.feed(text.partition("</head>")[0])

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self._open = "data" if found.get("type") == "application/ld+json" else tag
        if tag == "meta":
            self.said[found.get("property") or found.get("name")] = found.get("content")
        if tag == "link":
            self.links[found.get("hreflang") or found["rel"]] = found["href"]

    def handle_data(self, text):
        if self._open == "title" and text.strip():
            self.said["title"] = text
        if self._open == "data" and text.strip():
            self.data = json.loads(text)
        self._open = ""


@pytest.fixture(scope="module")
def client():
    return Client([*first_answer.routes(), *cards.routes()])


def head(client, link="/", **headers):
    # On a busy machine the first who ask for a link are told that its figures come.
    for _ in range(10):
        reply = client.ask(link, **headers)
        if reply.headers["cache-control"] != "no-store":
            return Head(reply.body.decode())
    raise AssertionError(f"{link}: the figures do not come")


def test_the_title_is_a_finding_and_the_card_opens(client):
    plain = head(client)
    assert plain.said["og:title"] == "US 28-point plan: Ukraine would withdraw from 5,960 km² (5,440 to 6,520)"
    assert plain.said["title"] == f"{plain.said['og:title']} | mapcore"
    assert plain.said["twitter:card"] == "summary_large_image"
    assert plain.said["og:url"] == plain.links["canonical"] == BASE
    assert plain.said["og:image"].startswith(f"{BASE}card/")
    assert client.ask(plain.said["og:image"]).headers["content-type"] == "image/png"


def test_each_language_names_the_others(client):
    for code in languages():
        found = head(client, f"/?page=compare&lang={code}&lat=48&lon=37&zoom=8")
        assert found.links["canonical"] == found.links[code]
        assert found.links["x-default"] == found.links["en"] == f"{BASE}?page=compare"
        assert found.links["uk"] == f"{BASE}?page=compare&lang=uk"
        assert found.said["og:locale"] == {"en": "en_GB", "uk": "uk_UA"}[code]
        assert ("lang=uk" in found.said["og:image"]) == (code == "uk")


def test_figures_are_a_data_set_with_addresses(client):
    data = head(client).data
    assert data["@type"] == "Dataset"
    assert len(data["description"]) >= 50  # what search engines ask for
    assert data["license"].startswith("https://creativecommons.org/")
    assert {one["encodingFormat"] for one in data["distribution"]} >= {"text/csv", "application/json"}
    assert all(one["contentUrl"].startswith(f"{BASE}api/v1/") for one in data["distribution"])
    assert "compare=" in head(client, "/?page=compare").data["distribution"][0]["contentUrl"]


def test_a_viewers_own_has_a_card_and_is_listed_nowhere(client):
    own = viewer.pack(viewer.mark(replace(load_proposal("donetsk-narrow-buffer"), title="</script><b>plan")))
    found = head(client, f"/?page=own&own={own}")
    assert found.said["robots"] == "noindex"
    assert found.data is None
    assert own in found.said["og:image"]
    assert "Viewer's own" in found.said["og:title"]


@pytest.mark.parametrize("host", ['evil"><script>', "one two.example", "user@host", "", "x" * 300])
def test_a_host_that_is_none_is_not_repeated(client, host):
    answer = client.ask("/", host=host).body.decode()
    assert "og:image" not in answer
    assert host == "" or host not in answer


def test_one_host_is_never_answered_with_another_s_address(client):
    assert head(client, host="a.example").links["canonical"] == "http://a.example/"
    assert head(client, host="b.example").links["canonical"] == "http://b.example/"


def test_a_configured_address_stands_for_every_host(monkeypatch):
    monkeypatch.setenv("MAPCORE_BASE_URL", "https://maps.example.org/ukraine")
    configured = Client(first_answer.routes())
    assert head(configured, host="evil.example").links["canonical"] == "https://maps.example.org/ukraine/"
    assert "evil.example" not in configured.ask("/", host="evil.example").body.decode()


@pytest.mark.parametrize(
    "wrong", ["maps.example.org", "ftp://a.example", "https://a.example/?x=1", 'https://a"b/', "https://[a"]
)
def test_a_wrong_address_ends_the_start(wrong, monkeypatch):
    with pytest.raises(ParameterError, match="MAPCORE_BASE_URL"):
        base_address.configured({"MAPCORE_BASE_URL": wrong})
    monkeypatch.setenv("MAPCORE_BASE_URL", wrong)
    with pytest.raises(SystemExit, match="MAPCORE_BASE_URL"):
        first_answer.routes()
