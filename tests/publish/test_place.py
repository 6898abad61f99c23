"""A link to a settlement: what is said of it before any script runs, to messengers, and as a picture."""

import re
from datetime import date
from urllib.parse import parse_qsl

import pytest

from mapcore.analysis.place_answers import places_by_key
from mapcore.base.language import languages
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal
from mapcore.publish.first_answer import card_of_link, document

SLOVIANSK = places_by_key()["UA14120210010032554"]


def read(link):
    return document.reading(dict(parse_qsl(link)), "https://maps.example/")


def test_a_link_may_name_a_settlement_in_words_and_is_known_by_its_code():
    for named in ("Slavyansk", "Слов'янськ", str(SLOVIANSK.id)):
        linked = read(f"place={named}")
        assert linked.view.choice("place") == SLOVIANSK.key
        assert linked.notices == ()
    linked = read("place=qqqqzz")
    assert linked.view.choice("place") == ""
    assert linked.notices == ("The link has an invalid value for place; its default is used.",)
    assert read(f"place={'x' * 4000}").view.choice("place") == ""


@pytest.mark.parametrize("page", ["map", "people"])
def test_the_finding_of_such_a_link_is_about_the_settlement(page):
    linked = read(f"place={SLOVIANSK.key}&page={page}&proposal=us-28-point")
    answer = document.first_answer(linked)
    head = "\n".join(answer.head)
    assert "<title>Sloviansk: Ukraine would withdraw under 8 of 15 proposals | mapcore</title>" in head
    assert (
        'content="Kramatorskyi raion, Donetsk oblast. US 28-point plan: Demilitarised, recognised as Russian.' in head
    )
    assert f'place={SLOVIANSK.key}">' in re.search('<link rel="canonical"[^>]*>', head)[0]
    card = re.search(r'property="og:image" content="([^"]*)"', head)[1]
    assert card == f"https://maps.example/{card_of_link.address(linked)}"
    assert card.endswith(f"?place={SLOVIANSK.key}")
    # The figures of all land are those of another page.
    assert "application/ld+json" not in head
    # Each proposal in the card leads to itself, with the settlement.
    links = re.findall(r'<li[^>]*><div><a href="\?([^"]*)">', answer.body)
    assert len(links) == 15
    assert all(f"place={SLOVIANSK.key}" in link for link in links)
    assert answer.body.count('class="found-pin"') == 1
    assert '<input name="place" value="Sloviansk"' in answer.body
    # A place on the map in the link stays what it shows.
    assert "data-fit" not in document.first_answer(read(f"place={SLOVIANSK.key}&lat=50&lon=30&zoom=7")).body


def test_a_viewers_own_sketch_is_in_the_card_and_not_among_the_proposals_that_are_counted():
    own = viewer.pack(viewer.start_from(load_proposal("us-28-point"), date(2026, 1, 1)))
    answer = document.first_answer(document.reading({"place": SLOVIANSK.key, "proposal": "own", "own": own}))
    assert "Sloviansk: Ukraine would withdraw under 8 of 15 proposals" in answer.head[0]
    assert answer.body.count("<li><div>") == 15
    assert len(re.findall("<li aria-current=true><div>[^<]*", answer.body)) == 1


@pytest.mark.parametrize(("lang", "former"), [("en", "Artemivsk"), ("uk", "Артемівськ")])
def test_a_former_name_is_written_in_the_letters_of_the_page(lang, former):
    assert f"<dd>{former}</dd>" in document.first_answer(read(f"place=Bakhmut&lang={lang}")).body


def test_without_a_settlement_the_box_is_there_and_no_card():
    answer = document.first_answer(read("proposal=line-as-is&lang=uk"))
    assert '<form class="a-find"' in answer.body
    assert '<input type="hidden" name="proposal" value="line-as-is"/>' in answer.body
    assert 'class="town"' not in answer.body
    assert 'found-pin"' not in answer.body


@pytest.mark.parametrize("lang", languages())
def test_a_settlement_has_its_own_picture_the_same_bytes_each_time(lang):
    linked = card_of_link.settled(read(f"place={SLOVIANSK.key}&page=people&scale=cyprus&lang={lang}"))
    picture = card_of_link.draw(linked)
    assert picture.startswith(b"\x89PNG")
    assert picture == card_of_link.draw(card_of_link.settled(read(f"place=Sloviansk&lang={lang}")))
    assert picture != card_of_link.draw(card_of_link.settled(read(f"place=Kramatorsk&lang={lang}")))
    other = card_of_link.settled(read(f"page=claims&place={SLOVIANSK.key}"))
    assert "place" not in card_of_link.address(other)
