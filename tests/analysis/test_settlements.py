"""Settlements by zone, areas to compare with, and the timeline."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapcore import load_oblasts, load_proposal, load_proposals, measure_proposal, places_in
from mapcore.analysis.known_areas import has_outline, known_area, laid_over, load_known_areas, outline, to_scale
from mapcore.analysis.settlements import count_by_zone, load_places, load_remaining, moved_places
from mapcore.analysis.timeline import load_timeline
from mapcore.base.data_files import geo_path
from mapcore.base.errors import UnknownIdError
from mapcore.base.geometry import geodesic_area_km2, geodesic_areas_km2

US_PLAN = measure_proposal(load_proposal("us-28-point"))
BELT = {"Sloviansk", "Kramatorsk", "Druzhkivka", "Oleksiievo-Druzhkivka", "Kostiantynivka"}


def test_the_us_plan_moves_the_belt():
    moves = moved_places(US_PLAN)
    belt = moves[moves["name_en"].isin(BELT) & (moves["oblast"] == "UA-14")]
    assert set(belt["name_en"]) == BELT
    assert set(belt["held_by"]) == {"ukraine"}
    assert set(belt["holder_after"]) == {"none"}
    assert moves["population"].is_monotonic_decreasing


def test_known_cities_are_on_their_side():
    places = places_in(US_PLAN).set_index("id")
    for place, holder in {709717: "russia", 706448: "ukraine", 706483: "ukraine", 701822: "russia"}.items():
        assert places.loc[place, "held_by"] == holder


@pytest.mark.parametrize("proposal", load_proposals(), ids=lambda proposal: proposal.id)
def test_every_place_is_in_one_zone_of_its_own_oblast(proposal):
    measured = measure_proposal(proposal)
    places = places_in(measured)
    assert places["id"].tolist() == load_places()["id"].tolist()
    assert places["oblast"].tolist() == load_places()["oblast"].tolist()
    zones = set(measured.zones[["oblast", "held_by", "status"]].itertuples(index=False, name=None))
    assert set(places[["oblast", "held_by", "status"]].itertuples(index=False, name=None)) <= zones
    assert count_by_zone(measured)["places"].sum() == len(places)


def test_a_freeze_moves_no_place():
    assert moved_places(measure_proposal(load_proposal("line-as-is"))).empty


def test_few_places_lie_outside_their_oblast_and_none_far():
    places = places_in(US_PLAN)
    assert 0 < places["outside"].sum() < 120
    far = places[places["outside"]].set_index("id")
    shapes = load_oblasts().set_index("iso").geometry
    apart = {row.Index: row.geometry.distance(shapes[row.oblast]) / 1000 for row in far.itertuples()}
    assert {place for place, km in apart.items() if km > 10} == {6930327}  # Slavutych, a detached part of Kyiv oblast


def test_city_districts_are_not_counted_twice():
    counted = load_places().groupby("oblast")["population"].sum()
    official = load_oblasts().set_index("iso")["population"]
    at_issue = ["UA-14", "UA-09", "UA-23", "UA-65", "UA-63", "UA-59", "UA-12", "UA-48"]
    assert (counted[at_issue] < official[at_issue]).all()


def test_wartime_counts_are_not_in():
    """GeoNames' present counts of Mariupol and Kherson are wartime estimates of 230,000 and 66,000."""
    population = load_places().set_index("id")["population"]
    assert population[701822] == 431859
    assert population[706448] == 283649


def test_places_near_the_line_are_marked():
    places = places_in(US_PLAN)
    near = places[places["near_line"]]
    assert 10 < len(near) < 150
    assert not places.set_index("id").loc[709717, "near_line"]


def test_who_remains_is_quoted_with_date_and_source():
    counts = load_remaining()
    assert [count.date for count in counts] == sorted((count.date for count in counts), reverse=True)
    known = set(load_places()["id"])
    for count in counts:
        assert count.source.startswith("https://")
        assert count.said_by
        assert count.place_id == 0 or count.place_id in known


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([one.id for one in load_known_areas()]), st.floats(-170, 170), st.floats(-60, 70))
def test_an_outline_keeps_its_area_wherever_it_is_laid(area_id, lon, lat):
    zone = US_PLAN.zones[US_PLAN.zones["status"] == "buffer"].geometry
    for shapes in [zone, *([outline(area_id)] if has_outline(area_id) else [])]:
        moved = laid_over(shapes, lon=lon, lat=lat)
        assert geodesic_areas_km2(moved) == pytest.approx(geodesic_areas_km2(shapes), rel=0.005)
    drawn = to_scale(area_id, lon=lon, lat=lat)
    assert geodesic_areas_km2(drawn) == pytest.approx([known_area(area_id).area_km2], rel=0.005)


def test_a_zone_laid_over_a_reference_is_at_its_centre():
    zone = US_PLAN.zones[US_PLAN.zones["status"] == "buffer"].geometry
    target = outline("luxembourg").iloc[0].centroid
    centre = laid_over(zone, lon=target.x, lat=target.y).union_all().centroid
    assert (centre.x, centre.y) == pytest.approx((target.x, target.y), abs=0.05)


def test_a_laid_outline_stays_where_it_is_over_its_own_centre():
    here = outline("abkhazia")
    centre = here.iloc[0].centroid
    again = laid_over(here, lon=centre.x, lat=centre.y)
    assert geodesic_area_km2(again.iloc[0].symmetric_difference(here.iloc[0])) < 0.01


def test_a_reference_without_an_outline_is_drawn_as_a_circle_of_its_area():
    assert [one.id for one in load_known_areas() if not has_outline(one.id)] == ["south-ossetia"]
    with pytest.raises(UnknownIdError, match="circle"):
        outline("south-ossetia")
    drawn = to_scale("south-ossetia", lon=37.5, lat=48.5).iloc[0]
    assert (drawn.centroid.x, drawn.centroid.y) == pytest.approx((37.5, 48.5), abs=0.01)
    assert geodesic_area_km2(drawn) == pytest.approx(3900, rel=0.005)


def test_the_precedents_of_the_article_are_entries():
    precedents = {one.name for one in load_known_areas() if one.precedent}
    assert {"Transnistria", "Abkhazia", "South Ossetia"} <= precedents
    for one in load_known_areas():
        assert one.source.startswith("https://")
        assert bool(one.since) == one.precedent
    with pytest.raises(UnknownIdError, match="did you mean 'luxembourg'"):
        known_area("luxemburg")


def test_the_files_are_small():
    assert geo_path("places.csv").stat().st_size < 1_000_000
    assert geo_path("references.geojson").stat().st_size < 150_000


def test_the_timeline_runs_in_order_and_leads_to_proposals():
    entries = load_timeline()
    assert [entry.date for entry in entries] == sorted(entry.date for entry in entries)
    assert len({entry.id for entry in entries}) == len(entries)
    led = {entry.proposal for entry in entries if entry.proposal}
    assert {"us-28-point", "e3-counter", "free-economic-zone"} <= led
    assert all(entry.source.startswith("http") for entry in entries)
    assert all(entry.changed for entry in entries if entry.kind == "proposal")
    assert pd.Timestamp(entries[0].date).month >= 11
