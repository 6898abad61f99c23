"""What a settlement is under each proposal, how sure that is, and how far from the line."""

import numpy as np
import pytest
import shapely

from mapcore import load_control, load_proposal, load_proposals, measure_proposal
from mapcore.analysis.place_answers import now_km, place_answer, place_answers, places_by_key, under_proposal
from mapcore.analysis.settlements import load_places, place_points, places_in
from mapcore.base.language import languages, speaking
from mapcore.present import place_words
from mapcore.publish.answers import place_content

PLACES = places_by_key()


def all_measured():
    return [measure_proposal(proposal) for proposal in load_proposals()]


def place(name, oblast):
    return next(one for one in PLACES.values() if (one.name_en, one.oblast) == (name, oblast))


def test_a_place_has_one_key_that_stays_and_is_found_by_its_id_too():
    kramatorsk = PLACES["704508"]
    assert kramatorsk.key == "UA14120090010038661"
    assert PLACES[kramatorsk.key] is kramatorsk
    assert len({one.key for one in PLACES.values()}) == len({one.id for one in PLACES.values()}) == len(load_places())
    assert load_places()["id"][kramatorsk.row] == 704508


@pytest.mark.parametrize(
    ("name", "oblast", "held_by", "moves", "told"),
    [
        ("Kramatorsk", "UA-14", "ukraine", 8, "Ukraine would withdraw under 8 of 15 proposals"),
        ("Lviv", "UA-46", "ukraine", 0, "held by Ukraine now; none of 15 proposals changes anything"),
        ("Melitopol", "UA-23", "russia", 1, "Russia would withdraw under 1 of 15 proposals"),
    ],
)
def test_what_becomes_of_a_place_is_said_in_a_sentence(name, oblast, held_by, moves, told):
    answer = place_answer(place(name, oblast), all_measured())
    assert (answer.held_by, sum(one.moves for one in answer.under)) == (held_by, moves)
    assert answer.changes == (name != "Lviv")
    assert place_words.finding(answer) == f"{name}: {told}"


@pytest.mark.parametrize("lang", languages())
def test_every_place_has_its_sentence_and_its_facts(lang):
    places = [one for key, one in PLACES.items() if key == one.key][::25]
    everywhere = all_measured()
    with speaking(lang):
        for answer in place_answers(places, everywhere):
            said = place_words.finding(answer)
            assert said.startswith(f"{answer.place.name}: ")
            assert "{" not in said
            assert place_words.where(answer.place)
            assert all(words for _, words in place_words.facts(answer))
            grouped = [one for _, rows in place_words.by_status(answer.under) for one in rows]
            assert len(grouped) == len(everywhere)
            assert answer.changes == any(one.moves or one.is_new for one in answer.under)


def test_the_card_says_how_many_of_the_register_are_not_found():
    coded = int((load_places()["katottg"] != "").sum())
    said = place_words.credit(load_control())
    assert f"has 29,703 settlements; {29_703 - coded:,} of them" in said
    assert "25,177" in said


def test_a_status_is_that_of_the_settlements_of_a_proposal():
    for one in all_measured():
        under, listed = under_proposal(one), places_in(one)
        for column in ("held_by", "status", "moves"):
            assert (under[column] == listed[column]).all()


def test_a_place_is_as_far_from_the_line_as_its_land_is_and_across_water_from_the_shore():
    line = load_control().line
    under = under_proposal(measure_proposal(load_proposal("line-as-is")))
    far = shapely.distance(place_points(), line) / 1000
    assert np.array_equal(under["distance_km"], now_km(load_control()))
    assert (under["distance_km"] <= far + 1e-6).all()
    near = far < 100
    assert np.abs(under["distance_km"] - far)[near & (load_places()["oblast"] == "UA-14")].max() < 0.001
    # The line's drawing ends where Ukraine's land does; the Kinburn Spit lies across the water.
    assert 3 < under["distance_km"][place("Ochakiv", "UA-48").row] < 6
    assert far[place("Ochakiv", "UA-48").row] > 20
    assert under_proposal(measure_proposal(load_proposal("ukraine-1991")))["distance_km"].isna().all()


def test_the_line_of_a_buffer_is_nearer_than_the_line_of_contact():
    narrow = measure_proposal(load_proposal("donetsk-narrow-buffer"), parameters={"depth_km": 15})
    found = place_answer(place("Kramatorsk", "UA-14"), [narrow]).under[0]
    answer = place_answer(place("Kramatorsk", "UA-14"), all_measured())
    assert found.status.id in {"retained", "narrow_buffer"}
    assert found.distance_km == pytest.approx(abs(answer.distance_km - 15), abs=0.3)


def test_what_does_not_depend_on_where_the_line_runs_is_sure():
    claimed = under_proposal(measure_proposal(load_proposal("russia-claim")))
    frozen = under_proposal(measure_proposal(load_proposal("line-as-is")))
    near = places_in(all_measured()[0])["near_line"]
    donetsk = load_places()["oblast"] == "UA-14"
    assert (near & donetsk).sum() > 10
    assert claimed["sure"][donetsk].all()
    assert (frozen["sure"] == ~near).all()


def test_answers_are_kept_and_nobody_can_change_them():
    measured = all_measured()[0]
    mine = under_proposal(measured)
    mine["status"] = "gone"
    assert (under_proposal(measured)["status"] != "gone").all()
    content = place_content(place_answer(PLACES["704508"], [measured]))
    assert content["population"] == 147_145
    assert content["distance_km"] == round(content["distance_km"], 1)
