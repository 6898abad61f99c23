"""`/oembed` and `/embed.js`: how a link of this server is shown on another page."""

from urllib.parse import quote

import pytest
from support.asgi import Client

from mapcore.app.server import embeds

BASE = "http://maps.example.org/"


@pytest.fixture(scope="module")
def client():
    return Client(embeds.routes())


def test_a_link_is_shown_with_a_frame_a_script_and_a_picture(client):
    link = quote(f"{BASE}?proposal=ukraine-1991&lang=uk&embed=true", safe="")
    reply = client.ask(f"/oembed?url={link}&maxwidth=500")
    told = reply.json()
    assert (told["version"], told["type"], told["width"]) == ("1.0", "rich", 500)
    assert "км²" in told["title"]
    assert told["thumbnail_url"].startswith(f"{BASE}card/")
    assert "lang=uk" in told["thumbnail_url"]
    assert told["html"].count("embed=true") == 1
    assert f'src="{BASE}embed.js"' in told["html"]
    assert f'<a href="{BASE}?proposal=ukraine-1991&amp;lang=uk"' in told["html"]
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("link", [
    "https://elsewhere.example/", "http://maps.example.org.evil.example/", "http://maps.example.org@evil.example/",
    "http://maps.example.org/other", "javascript:alert(1)", "http://[", "//maps.example.org/",
])  # fmt: skip
def test_a_link_to_elsewhere_is_not_found(client, link):
    assert client.ask(f"/oembed?url={quote(link, safe='')}").status == 404


@pytest.mark.parametrize(("query", "status"), [
    ("", 400), ("url=", 400), ("url=http://maps.example.org/&maxwidth=-3", 400),
    ("url=http://maps.example.org/&format=xml", 501),
])  # fmt: skip
def test_a_question_that_is_none_is_refused_with_a_sentence(client, query, status):
    reply = client.ask(f"/oembed?{query}")
    assert reply.status == status
    assert reply.json()["detail"].endswith(".")


def test_the_script_may_be_kept_and_loaded_from_anywhere(client):
    reply = client.ask("/embed.js")
    assert reply.headers["content-type"].startswith("text/javascript")
    assert "max-age" in reply.headers["cache-control"]
    assert client.ask("/embed.js", if_none_match=reply.headers["etag"]).status == 304
