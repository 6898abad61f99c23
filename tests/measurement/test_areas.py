"""Areas against calculations of other kinds, and ranges."""

import math
from dataclasses import fields

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import box
from support import drawn

from mapcore import load_control, load_oblasts, load_proposal, load_proposals, measure, measure_proposal
from mapcore.base.errors import CRSMismatchError
from mapcore.base.geometry import geodesic_area_km2, geodesic_areas_km2
from mapcore.base.schema import AREA_CRS
from mapcore.land.cut import split_by_holder

IDS = [proposal.id for proposal in load_proposals()]
EAST = box(90, -10, 250, 130)


def authalic_area_km2(shape):
    """
    Area on WGS 84 by another route: the closed integral of the authalic function over longitude.

    Snyder (1987), "Map projections: a working manual", equations 3-11 and 3-12; edges straight in degrees.
    """
    a, e = 6378.137, math.sqrt(0.0066943799901413165)

    def q(latitude):
        s = np.sin(np.radians(latitude))
        return (1 - e**2) * (s / (1 - (e * s) ** 2) - np.log((1 - e * s) / (1 + e * s)) / (2 * e))

    def ring_km2(ring):
        lon, lat = shapely.get_coordinates(ring).T
        return abs(a**2 / 2 * np.sum((q(lat[1:]) + q(lat[:-1])) / 2 * np.diff(np.radians(lon))))

    return sum(
        ring_km2(part.exterior) - sum(ring_km2(hole) for hole in part.interiors) for part in shapely.get_parts(shape)
    )


def test_oblasts_against_the_authalic_integral():
    oblasts = load_oblasts().to_crs("EPSG:4326")
    other = [authalic_area_km2(shape.segmentize(0.001)) for shape in oblasts.geometry]
    assert oblasts["measured_area_km2"].to_numpy() == pytest.approx(other, rel=1e-7)


def test_oblasts_against_an_equal_area_projection():
    oblasts = load_oblasts()
    assert oblasts["measured_area_km2"].to_numpy() == pytest.approx(oblasts.area.to_numpy() / 1e6, rel=1e-7)


def test_one_degree_square_at_the_equator():
    assert geodesic_area_km2(box(0, 0, 1, 1)) == pytest.approx(12308.778, abs=0.01)


def test_holes_are_taken_off_whichever_way_rings_wind():
    outer, hole = box(30, 48, 32, 50), box(30.5, 48.5, 31.5, 49.5)
    with_hole = shapely.Polygon(outer.exterior.coords[::-1], [hole.exterior.coords])
    expected = abs(Geod(ellps="WGS84").geometry_area_perimeter(outer)[0]) / 1e6 - geodesic_area_km2(hole)
    assert geodesic_area_km2(with_hole) == pytest.approx(expected, rel=1e-12)
    assert geodesic_area_km2(shapely.MultiPolygon()) == 0


def test_the_layer_to_measure_needs_a_crs():
    with pytest.raises(CRSMismatchError, match="set one with set_crs"):
        geodesic_areas_km2(gpd.GeoSeries([box(0, 0, 1, 1)]))


def test_shares_are_of_the_oblasts_given():
    """A third of UA-14 stays a third, although the shipped oblast of that name is another shape."""
    pieces = measure(split_by_holder(drawn.control(box(80, -10, 250, 130)), oblasts=drawn.oblasts()))
    share = pieces.set_index(["oblast", "held_by"])["share_of_oblast"]
    assert share["UA-14", "russia"] == pytest.approx(1 / 3, rel=1e-3)
    assert share.groupby("oblast").sum().to_numpy() == pytest.approx(1)


@pytest.mark.parametrize("proposal_id", IDS)
def test_areas_add_up_to_the_country(proposal_id):
    measured = measure_proposal(load_proposal(proposal_id))
    country = load_oblasts()["measured_area_km2"].sum()
    for table in (measured.zones, measured.by_status):
        assert table["area_km2"].sum() == pytest.approx(country, rel=1e-9)
        assert table.groupby("oblast")["share_of_oblast"].sum().to_numpy() == pytest.approx(1, rel=1e-9)


def assert_ordered(measured):
    for table in (measured.zones, measured.by_status):
        assert (table["low_km2"] <= table["area_km2"]).all()
        assert (table["area_km2"] <= table["high_km2"]).all()
    for field in fields(measured.ledger):
        figure = getattr(measured.ledger, field.name)
        assert figure.low <= figure.value <= figure.high


@pytest.mark.parametrize("proposal_id", IDS)
def test_ranges_hold_their_value(proposal_id):
    measured = measure_proposal(load_proposal(proposal_id))
    assert_ordered(measured)
    ledger = measured.ledger
    assert ledger.net_to_russia.value == pytest.approx(ledger.ukraine_leaves.value - ledger.russia_leaves.value)
    assert ledger.held_by_russia_now.low < ledger.held_by_russia_now.value < ledger.held_by_russia_now.high


def test_a_range_by_hand():
    """The line at x = 90 km, 10 km to either side: in UA-14, 60 km high, Russia holds 1,800 km², 1,200 to 2,400."""
    plan = drawn.proposal(drawn.rule("de_facto", oblasts=("UA-14",)), drawn.rule("frozen", held_by="russia"))
    measured = measure_proposal(plan, oblasts=drawn.oblasts(), control=drawn.control(EAST, error_km=10))
    zones = measured.zones.set_index(["oblast", "held_by"])
    row = zones.loc[("UA-14", "russia"), ["area_km2", "low_km2", "high_km2"]]
    assert list(row) == pytest.approx([1800, 1200, 2400], rel=1e-3)
    whole = measured.by_status.set_index(["oblast", "status"]).loc[("UA-14", "de_facto")]
    assert whole["low_km2"] == pytest.approx(whole["high_km2"], rel=1e-4)
    assert whole["area_km2"] == pytest.approx(120 * 60, rel=1e-3)


@settings(max_examples=15, deadline=None)
@given(st.floats(1, 239), st.floats(0, 10), st.floats(0, 10))
def test_a_larger_error_never_narrows_a_range(edge, error_km, more_km):
    def held(error):
        line = drawn.control(box(edge, -10, 250, 130), error_km=error)
        plan = drawn.proposal(drawn.rule("held", held_by="russia"))
        measured = measure_proposal(plan, oblasts=drawn.oblasts(), control=line)
        assert_ordered(measured)
        return measured.ledger.held_by_russia_now

    narrow, wide = held(error_km), held(error_km + more_km)
    assert wide.low <= narrow.low + 1e-6
    assert narrow.high <= wide.high + 1e-6


def test_one_question_one_answer():
    """The dashboard keys its caches by the answer."""
    plan = load_proposal("donetsk-narrow-buffer")
    assert measure_proposal(plan) is measure_proposal(plan, parameters={"depth_km": 30})
    assert measure_proposal(plan) is not measure_proposal(plan, parameters={"depth_km": 31})


def test_shares_by_oblast_are_near_the_published_ones():
    """DeepState's shares for 1 January 2026, a month later than the line."""
    pieces = measure(split_by_holder(load_control()))
    share = pieces[pieces["held_by"] == "russia"].set_index("oblast")["share_of_oblast"] * 100
    assert share[["UA-43", "UA-40"]].to_numpy() == pytest.approx(100)
    published = {"UA-14": 77, "UA-09": 99.6, "UA-23": 74.8, "UA-65": 72}
    for oblast, percent in published.items():
        assert share[oblast] == pytest.approx(percent, abs=1.5 if oblast in {"UA-14", "UA-09"} else 3)
    for oblast, percent in {"UA-63": 4.7, "UA-59": 1.0, "UA-12": 0.6}.items():
        assert share[oblast] == pytest.approx(percent, abs=1)


def test_a_ring_with_a_spike_has_the_area_that_it_has():
    """Two corners under a micrometre apart: GEOS then says that the ring winds the other way than its area does."""
    corners = [
        (310232.479605, -380645.796242),
        (309923.630497, -379858.174887),
        (309563.8248195319, -379719.33597163256),
        (310198.85924880014, -379964.3779393676),
        (310232.4796054933, -380645.7962424933),
    ]
    shapes = gpd.GeoSeries([shapely.Polygon(corners)], crs=AREA_CRS)
    assert geodesic_areas_km2(shapes)[0] == pytest.approx(0.09199, rel=1e-3)


def test_rings_may_wind_either_way():
    square, hole = shapely.box(30, 48, 31, 49), shapely.box(30.4, 48.4, 30.6, 48.6)
    outside, inside = square.exterior.coords, hole.exterior.coords
    found = {
        round(geodesic_area_km2(shapely.Polygon(shell, [cut])), 6)
        for shell in (outside, outside[::-1])
        for cut in (inside, inside[::-1])
    }
    assert found == {round(geodesic_area_km2(square) - geodesic_area_km2(hole), 6)}
