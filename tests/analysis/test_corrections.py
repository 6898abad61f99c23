"""The corrections: rows that lead somewhere, and the feed of them."""

from datetime import date
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from support.asgi import Client

from mapcore.analysis import corrections
from mapcore.app.server import corrections as server
from mapcore.base import memory
from mapcore.base.errors import DataFileError
from mapcore.base.language import speaking

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def client():
    return Client(server.routes())


def parsed(reply):
    return ET.fromstring(reply.body)  # noqa: S314, our own server wrote it


def entries(reply):
    return parsed(reply).findall(f"{ATOM}entry")


def test_each_row_is_told_once_and_says_two_things():
    rows = corrections.load_corrections()
    assert len({row.id for row in rows}) == len({row.title for row in rows}) == len(rows) > 10
    assert list(rows) == sorted(rows, key=lambda row: row.date, reverse=True)
    for row in rows:
        assert row.kind in corrections.KINDS
        assert row.before != row.after
        assert date(2025, 1, 1) < row.date
        assert urlsplit(row.source).scheme == "https"


def test_a_row_on_a_proposal_that_is_not_there_is_refused(monkeypatch, tmp_path):
    file = tmp_path / "corrections.toml"
    row = 'id = "a"\ndate = 2026-01-01\nkind = "figure"\ntitle = "T"\nbefore = "1"\nafter = "2"\nsource = "https://a.example/"'
    file.write_text(f'[[correction]]\n{row}\nproposal = "us-29-point"\n')
    monkeypatch.setattr(corrections, "geo_path", lambda _: file)
    memory.forget(corrections.load_corrections)
    with pytest.raises(DataFileError, match="us-29-point"):
        corrections.load_corrections()
    memory.forget(corrections.load_corrections)


def test_the_feed_has_every_row_in_each_language_and_leads_to_it(client):
    english, ukrainian = client.ask_together(["/corrections.atom", "/corrections.atom?lang=uk"])
    assert english.headers["content-type"].startswith("application/atom+xml")
    for reply, lang in ((english, "en"), (ukrainian, "uk")):
        with speaking(lang):
            told = [(row.id, row.words) for row in corrections.load_corrections()]
        found = entries(reply)
        assert [entry.findtext(f"{ATOM}summary") for entry in found] == [" ".join(words) for _, words in told]
        for entry, (row_id, _) in zip(found, told, strict=True):
            link = urlsplit(entry.find(f"{ATOM}link[@rel='alternate']").get("href"))
            assert (link.netloc, link.fragment) == ("maps.example.org", f"correction-{row_id}")
            asked = parse_qs(link.query)
            assert (asked["page"], asked.get("lang", ["en"])) == (["methods"], [lang])
    assert parsed(english).findtext(f"{ATOM}id") == parsed(ukrainian).findtext(f"{ATOM}id")


def test_two_servers_give_an_entry_the_same_id_and_an_unknown_language_is_the_default(client):
    here = client.ask("/corrections.atom?lang=tlh")
    there = client.ask("/corrections.atom", host="other.example")
    ids = [[entry.findtext(f"{ATOM}id") for entry in entries(reply)] for reply in (here, there)]
    assert ids[0] == ids[1]
    assert b"other.example" in there.body
    assert b"other.example" not in here.body


def test_a_reader_of_feeds_that_has_it_is_told_so(client):
    first = client.ask("/corrections.atom")
    assert client.ask("/corrections.atom", if_none_match=first.headers["etag"]).status == 304
