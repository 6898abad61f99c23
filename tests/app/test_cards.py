"""`/card/….png`: drawn once and kept, a viewer's own for nobody else; what cannot be read gives the default card."""

import time

import pytest
from support.asgi import Client

from mapcore.app.server import cards
from mapcore.base.sources import data_version
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal
from mapcore.publish.first_answer import card_of_link, document

HERE = f"/card/{data_version()}.png"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def drawn(monkeypatch):
    """Links whose cards were drawn."""
    links, draw = [], card_of_link.draw
    monkeypatch.setattr(card_of_link, "draw", lambda linked: links.append(linked) or draw(linked))
    return links


def test_a_card_is_drawn_once_and_then_looked_up(drawn):
    client = Client(cards.routes())
    first, *others = client.ask_together([HERE, f"{HERE}?lat=48&lon=37&zoom=9&utm_source=mail", f"{HERE}?page=people"])
    assert first.status == 200
    assert first.headers["content-type"] == "image/png"
    assert first.body.startswith(PNG)
    assert {other.body for other in others} == {first.body}
    assert len(drawn) == 1
    assert "max-age=86400" in first.headers["cache-control"]
    assert client.ask(HERE, if_none_match=first.headers["etag"]).status == 304
    assert client.ask("/card/of-before.png").headers["cache-control"] == "public, max-age=300"
    assert len(drawn) == 1


def test_each_language_and_view_has_its_own(drawn):
    client = Client(cards.routes())
    links = ("", "?lang=uk", "?page=compare", "?page=compare&question=holder", "?page=claims", "?units=mi2")
    assert len({client.ask(HERE + link).body for link in links}) == len(links) == len(drawn)
    assert client.ask(f"{HERE}?lang=uk").headers["content-language"] == "uk"


def test_what_cannot_be_read_gives_the_default_card(drawn):
    client = Client(cards.routes())
    wrong = ("?proposal=none", "?lang=xx", "?own=%00%ff", f"?own={'a' * 9000}", "?control=../../etc", "?depth_km=NaN")
    replies = client.ask_together([HERE, *(HERE + query for query in wrong)])
    assert {reply.body for reply in replies} == {replies[0].body}
    assert len(drawn) == 1


def test_a_viewers_own_is_kept_for_nobody(drawn):
    client = Client(cards.routes())
    own = viewer.pack(viewer.mark(load_proposal("donetsk-narrow-buffer")))
    replies = [client.ask(f"{HERE}?page=own&own={own}") for _ in range(2)]
    assert replies[0].body == replies[1].body
    assert replies[0].headers["cache-control"] == "private, no-cache"
    assert len(drawn) == 2


def test_more_than_can_wait_are_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(card_of_link, "draw", lambda _: time.sleep(0.05) or PNG)
    links = [f"{HERE}?page=compare&depth_km={depth}&proposal=donetsk-narrow-buffer" for depth in range(6, 26)]
    replies = Client(cards.routes()).ask_together(links)
    refused = [reply for reply in replies if reply.status == 503]
    assert 0 < len(refused) < len(replies)
    assert {reply.headers["retry-after"] for reply in refused} == {"5"}


def test_the_address_of_a_card_opens_it():
    for query in ({}, {"page": "compare", "lang": "uk"}, {"page": "claims", "units": "mi2"}):
        linked = card_of_link.settled(document.reading(query))
        address = card_of_link.address(linked)
        assert address.startswith(HERE[1:])
        read = dict(part.split("=") for part in address.partition("?")[2].split("&") if part)
        assert card_of_link.settled(document.reading(read)).key() == linked.key()
