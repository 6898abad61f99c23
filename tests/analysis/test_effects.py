"""What proposals do to the land: counts that must agree with each other, with settlements, objects and the ledger."""

import json
from collections import Counter

import pandas as pd
import pytest

from mapcore import load_proposal, measure_proposal
from mapcore.analysis.civil_objects import KINDS, load_civil_objects, objects_in
from mapcore.analysis.effects import DISTANCES_KM, UNITS, effects_of
from mapcore.analysis.settlements import load_places, places_in
from mapcore.base.language import languages, speaking
from mapcore.cli import main
from mapcore.measurement.areas import settles_nothing
from mapcore.present import effect_words
from mapcore.present.effect_words import GROUPS, MEASURES, effect_rows, effect_text
from mapcore.present.matrix import NOT_SPECIFIED, build_matrix
from mapcore.publish.effect_answers import effects_content, effects_table

#: Land that moves to and fro; nothing moves; the text settles nothing.
SOME = ("us-28-point", "line-as-is", "e3-counter")


def measured(proposal):
    return measure_proposal(load_proposal(proposal))


def figures(proposal):
    return {(one.measure, one.of, one.when): one.figure for one in effects_of(measured(proposal))}


def test_a_plan_equal_to_the_line_changes_nothing():
    found = figures("line-as-is")
    for (measure, of, when), figure in found.items():
        if when == "now":
            assert found[measure, of, "after"] == figure, (measure, of)
        elif "moved" in measure:
            assert figure.numbers == (0, 0, 0), (measure, of)


def test_a_text_that_settles_nothing_has_figures_on_what_is_now_alone():
    assert settles_nothing(measured("e3-counter"))
    plain = figures("line-as-is")
    for key, figure in figures("e3-counter").items():
        assert figure == (plain[key] if key[2] == "now" else None), key
    row = next(row for row in build_matrix([measured("e3-counter")]).rows if row.id == "line")
    assert row.cells[0].text == NOT_SPECIFIED
    assert not row.cells[0].specified


@pytest.mark.parametrize("proposal", ["us-28-point", "russia-claim"])
def test_each_piece_but_the_largest_of_a_side_is_somewhere_on_the_map(proposal):
    found, known = figures(proposal), effects_of(measured(proposal))
    for holder in ("ukraine", "russia"):
        for when in ("now", "after"):
            apart = [
                one for one in known if one.measure in {"piece", "pocket"} and (one.of, one.when) == (holder, when)
            ]
            assert len(apart) == found["pieces", holder, when].value - 1
            assert all(22 < one.spot.lon < 41 and 44 < one.spot.lat < 53 for one in apart)


@pytest.mark.parametrize("proposal", ["us-28-point", "russia-claim"])
def test_counts_are_those_of_the_settlements(proposal):
    found, places = figures(proposal), places_in(measured(proposal))
    for holder in ("ukraine", "russia"):
        moved = places[places["moves"] & (places["held_by"] == holder)]
        assert found["settlements_moved", holder, ""].value == len(moved)
        assert found["people_moved", holder, ""].value == moved["population"].sum()
        assert found["settlements_moved_uncounted", holder, ""].value == (moved["population"] == 0).sum()
    inside = {of: figure.value for (measure, of, _), figure in found.items() if measure == "settlements_in"}
    assert inside == dict(Counter(places["status"]))
    assert sum(inside.values()) == len(load_places())
    for when in ("now", "after"):
        for measure in ("towns_near", "towns_near_ukraine"):
            near = [found[measure, str(distance), when].value for distance in DISTANCES_KM]
            assert near == sorted(near), "farther holds what is nearer"
        for distance in map(str, DISTANCES_KM):
            assert found["towns_near_ukraine", distance, when].value <= found["towns_near", distance, when].value


@pytest.mark.parametrize("proposal", ["us-28-point", "russia-claim"])
def test_civil_objects_are_counted_once_each(proposal):
    found, objects = figures(proposal), objects_in(measured(proposal))
    inside = {of: figure.value for (measure, of, _), figure in found.items() if measure == "objects_in"}
    assert inside == dict(Counter(objects["status"]))
    for kind in KINDS:
        own = objects[objects["kind"] == kind]
        assert found["objects_russia", kind, "now"].value == (own["held_by"] == "russia").sum()
        assert found["objects_russia", kind, "after"].value == (own["holder_after"] == "russia").sum()
    moved = sum(found["objects_moved", holder, ""].value for holder in ("ukraine", "russia"))
    assert moved == objects["moves"].sum()


def test_the_list_of_civil_objects_says_where_each_is_from():
    objects = load_civil_objects()
    assert 40 <= len(objects) <= 80
    assert objects["id"].is_unique
    assert set(objects["kind"]) == set(KINDS)
    assert objects["url"].str.fullmatch(r"https://\S+").all()
    assert (pd.to_datetime(objects["public_by"]) < "2025-12-02").all(), "nothing younger than the line"
    assert (objects["within_km"] >= 2).all(), "no position is given closer than the public record"
    assert ((objects["lat"] * 100).round() / 100 == objects["lat"]).all()
    assert objects[["name_en", "name_uk", "source"]].ne("").all(axis=None)
    known = objects_in(measured("line-as-is")).set_index("id")
    assert known.loc["zaporizhzhia-npp", "held_by"] == "russia"
    assert known.loc["rivne-npp", "held_by"] == "ukraine"
    assert known.loc["rivne-npp", "sure"]
    assert not known.loc["port-kherson", "sure"], "it lies at the line"


def test_every_measure_has_its_words():
    assert list(MEASURES) == list(UNITS)
    texts = {code: [] for code in languages()}
    for code, found in texts.items():
        with speaking(code):
            for row in effect_rows(measured("us-28-point"), "km2"):
                found.append(row.label)
                assert row.label
                assert row.now or row.after
                assert row.group in GROUPS
    assert not set(texts["en"]) & set(texts["uk"])


@pytest.mark.parametrize("proposal", SOME)
def test_page_table_command_line_and_data_have_the_same_figures(proposal, capsys):
    found = measured(proposal)
    assert main.main(["effects", proposal]) == 0
    listed = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert main.main(["effects", proposal, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == effects_content([found])
    texts = {effect_text(one) for one in effects_of(found)}
    table = effects_table([found])
    assert len(table) == len(effects_of(found))
    assert table["value"].isna().sum() == sum(one.figure is None for one in effects_of(found))
    matrix = {row.id: row.cells[0].text for row in build_matrix([found]).rows if row.section == "effects"}
    for row in effect_rows(found, "km2"):
        assert " ".join(filter(None, (row.label, row.now, row.after))) in listed
        assert {row.now, row.after.partition(". ")[0]} - {"", "0"} <= texts
        if row.row and not settles_nothing(found) and row.after:
            assert f"{row.label}: {row.after}" in matrix[row.row]


@pytest.mark.parametrize("proposal", SOME)
def test_what_is_worked_out_is_kept(proposal):
    found = effects_of(measured(proposal))
    assert {one.measure for one in found} >= {"pieces", "line_length", "settlements_moved", "towns_near", "objects_in"}
    assert all(one.figure is None or one.figure.low <= one.figure.value <= one.figure.high for one in found)
    assert effects_of(measured(proposal)) is found
    assert effect_words.moved_objects(measured("line-as-is"), "ukraine") == ""
