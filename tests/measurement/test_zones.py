"""Zones: drawn examples checked by eye, and the tiling that holds for every proposal, line and parameter."""

import itertools
import math

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box
from support import drawn
from support.zones import areas, assert_tiles

from mapcore import build_zones, load_control, load_oblasts, load_proposal, load_proposals, measure_proposal
from mapcore.base.errors import BoundariesError, CRSMismatchError, ParameterError
from mapcore.base.geometry import faces_of
from mapcore.base.schema import AREA_CRS
from mapcore.land.contact_line import moved
from mapcore.land.cut import split_by_holder
from mapcore.measurement.zones import display_zones, idle_rules
from mapcore.proposals.model import Parameter, load_statuses

IDS = [proposal.id for proposal in load_proposals()]
#: Russia holds what lies east of 90 km.
EAST = box(90, -10, 250, 130)


def test_the_first_rule_that_matches_decides():
    """
    UA-14 is Russian de facto where Russia holds it (c) and a buffer where Ukraine does (b); UA-65 is returned (t).

        +---------+
        | . . . t |
        +---------+---------+
        | b b b c | o o o o |   o: held by Russia and named by no rule, so open; .: stays with Ukraine
        +---------+---------+
    """
    plan = drawn.proposal(
        drawn.rule("de_facto", oblasts=("UA-14",), held_by="russia"),
        drawn.rule("buffer", oblasts=("UA-14",)),
        drawn.rule("returned", oblasts=("UA-14", "UA-65"), held_by="russia"),
    )
    zones = build_zones(plan, oblasts=drawn.oblasts(), control=drawn.control(EAST))
    assert areas(zones, "oblast", "held_by", "status") == {
        ("UA-09", "russia", "open"): 120 * 60,
        ("UA-14", "russia", "de_facto"): 30 * 60,
        ("UA-14", "ukraine", "buffer"): 90 * 60,
        ("UA-65", "russia", "returned"): 30 * 60,
        ("UA-65", "ukraine", "retained"): 90 * 60,
    }
    assert set(zones["clause"]) == {"1", ""}


def test_swapping_the_holders_would_be_seen():
    """Land is the same, tiling is the same; only who leaves what tells the two apart."""
    plan = drawn.proposal(drawn.rule("transferred", oblasts=("UA-14",)), drawn.rule("returned", held_by="russia"))
    ledger = measure_proposal(plan, oblasts=drawn.oblasts(), control=drawn.control(EAST)).ledger
    assert ledger.ukraine_leaves.value == pytest.approx(90 * 60, rel=1e-3)
    assert ledger.russia_leaves.value == pytest.approx(120 * 60 + 30 * 60, rel=1e-3)
    assert ledger.held_by_russia_now.value == pytest.approx(120 * 60 + 2 * 30 * 60, rel=1e-3)


def test_a_band_along_the_line():
    """
    A buffer of 30 km west of the line in UA-14 only; its neighbour north of it keeps its land.

        +---------+
        | . . . o |
        +---------+---------+
        | . . b o | o o o o |
        +---------+---------+
    """
    depth = Parameter("depth_km", "Depth", 30, 5, 60, 1, "km")
    plan = drawn.proposal(
        drawn.rule("narrow_buffer", oblasts=("UA-14",), held_by="ukraine", within_km="depth_km"), depth_km=depth
    )
    for depth_km in (30, 45):
        zones = build_zones(
            plan, oblasts=drawn.oblasts(), control=drawn.control(EAST), parameters={"depth_km": depth_km}
        )
        found = areas(zones, "oblast", "status")
        assert found["UA-14", "narrow_buffer"] == pytest.approx(depth_km * 60)
        assert found["UA-14", "retained"] == pytest.approx((90 - depth_km) * 60)
        assert found["UA-65", "retained"] == pytest.approx(90 * 60)
        assert shapely.coverage_is_valid(zones.geometry.to_numpy())
        assert_tiles(zones, drawn.oblasts())


def test_rules_without_land_are_found():
    plan = drawn.proposal(
        drawn.rule("returned", oblasts=("UA-65",), held_by="russia"), drawn.rule("de_facto", oblasts=("UA-63",))
    )
    assert idle_rules(plan, oblasts=drawn.oblasts(), control=drawn.control(EAST)) == [1]


def test_oblasts_in_another_crs_are_reprojected():
    degrees = drawn.oblasts().assign(geometry=drawn.oblasts().geometry.segmentize(500)).to_crs("EPSG:4326")
    plan = drawn.proposal(drawn.rule("returned", held_by="russia"))
    zones = build_zones(plan, oblasts=degrees, control=drawn.control(EAST))
    assert zones.crs == AREA_CRS
    assert areas(zones, "status")["returned"] == pytest.approx((120 + 30 + 30) * 60, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (
            lambda country: country.set_crs(None, allow_override=True),
            CRSMismatchError,
            "no coordinate reference system",
        ),
        (lambda country: country.rename(columns={"iso": "name"}), BoundariesError, "no column 'iso'"),
        (lambda country: country.assign(iso="UA-14"), BoundariesError, r"repeated or empty: \['UA-14'\]"),
        (
            lambda country: country.assign(geometry=country.centroid),
            BoundariesError,
            "not valid polygons: UA-14, UA-09",
        ),
        (lambda country: country.assign(geometry=country.buffer(1000)), BoundariesError, "overlap by"),
        (lambda country: country.iloc[:0], BoundariesError, "not one row a unit"),
    ],
)
def test_oblasts_that_cannot_be_cut_are_refused(change, error, said):
    with pytest.raises(error, match=said):
        build_zones(drawn.proposal(), oblasts=change(drawn.oblasts()), control=drawn.control(EAST))


def test_two_lines_that_say_the_same_of_themselves_are_two():
    one, other = drawn.control(box(0, 0, 60, 60)), drawn.control(box(0, 0, 30, 60))
    assert (one.id, one.as_of, one.provenance) == (other.id, other.as_of, other.provenance)
    assert one != other
    assert len({one: 1, other: 2}) == 2


def test_land_without_a_crs_is_refused():
    with pytest.raises(CRSMismatchError, match="the land held has no coordinate reference system"):
        drawn.draw_control(gpd.GeoSeries([EAST]), drawn.oblasts(), as_of=None, source="drawn")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"depth_km": 99}, "99 km is out of range; choose from 5 to 60"),
        ({"depth_km": math.nan}, "nan km is out of range"),
        ({"depth_km": "30"}, "'30' is not a number"),
        ({"depth": 30}, "has no such parameter; it has: depth_km"),
    ],
)
def test_parameters_out_of_range_are_refused(parameters, said):
    with pytest.raises(ParameterError, match=said):
        build_zones(load_proposal("donetsk-narrow-buffer"), parameters=parameters)


@st.composite
def drawn_worlds(draw):
    """A row of oblasts of any widths, some with a northern neighbour, and a line that wanders from south to north."""
    edges = sorted({0, 300, *draw(st.lists(st.integers(20, 280), max_size=4))})
    middle = draw(st.integers(30, 90))
    names = [f"UA-{index:02}" for index in range(1, 20)]
    boxes = [box(west, 0, east, middle) for west, east in itertools.pairwise(edges)] + [
        box(west, middle, east, 120) for west, east in itertools.pairwise(edges)
    ]
    country = drawn.frame({name: drawn.scaled(shape) for name, shape in zip(names, boxes, strict=False)})
    turns = draw(st.lists(st.floats(-20, 320), min_size=2, max_size=6))
    step = 140 / (len(turns) - 1)
    line = [(x, -10 + index * step) for index, x in enumerate(turns)]
    held = shapely.make_valid(shapely.Polygon([*line, (400, 130), (400, -10)]))
    return country, drawn.control(held, country, error_km=draw(st.sampled_from([0.0, 2.0, 15.0])))


@st.composite
def drawn_rules(draw):
    return drawn.rule(
        draw(st.sampled_from(sorted(load_statuses()))),
        oblasts=draw(st.none() | st.sampled_from([("UA-01",), ("UA-02", "UA-03")])),
        held_by=draw(st.sampled_from([None, "ukraine", "russia"])),
        within_km=draw(st.none() | st.floats(1, 100)),
    )


@settings(max_examples=60, deadline=None)
@given(drawn_worlds(), st.lists(drawn_rules(), max_size=4), st.sampled_from([-1, 0, 1]))
def test_zones_tile_any_drawn_country(world, rules, side):
    country, control = world
    line = moved(control, by_km=side * control.provenance.error_km)
    zones = build_zones(drawn.proposal(*rules), oblasts=country, control=line)
    assert_tiles(zones, country)


@settings(max_examples=16, deadline=None)
@given(st.sampled_from(IDS), st.floats(-6, 6), st.floats(0, 1))
def test_zones_tile_the_country(proposal_id, by_km, share):
    """At each setting of a parameter, between its least and its greatest."""
    proposal = load_proposal(proposal_id)
    parameters = {name: one.min + share * (one.max - one.min) for name, one in proposal.parameters.items()}
    zones = build_zones(proposal, control=moved(load_control(), by_km=round(by_km, 1)), parameters=parameters)
    assert_tiles(zones, load_oblasts())


@pytest.mark.parametrize("control_id", ["2025-12-02", "2022-02-23"])
@pytest.mark.parametrize("proposal_id", IDS)
def test_zones_stay_valid_in_degrees(proposal_id, control_id):
    """An edge that ran beside another one by a billionth of a metre left a splinter that crossed itself there."""
    assert build_zones(load_proposal(proposal_id), control=load_control(control_id)).to_crs(4326).is_valid.all()


@pytest.mark.parametrize("proposal_id", IDS)
def test_shipped_zones_are_a_coverage_and_stay_one_on_the_map(proposal_id):
    zones = build_zones(load_proposal(proposal_id))
    assert shapely.coverage_is_valid(zones.geometry.to_numpy())
    shown = display_zones(zones)
    assert shown.crs == "EPSG:4326"
    assert list(shown["status"]) == list(zones["status"])
    assert shapely.get_num_coordinates(shown.geometry.to_numpy()).sum() < 20_000


def test_own_oblasts_give_what_the_shipped_ones_give():
    plan = load_proposal("us-28-point")
    ours, theirs = build_zones(plan), build_zones(plan, oblasts=load_oblasts().to_crs("EPSG:4326"))
    assert theirs[["oblast", "held_by", "status"]].equals(ours[["oblast", "held_by", "status"]])
    assert theirs.area.to_numpy() == pytest.approx(ours.area.to_numpy(), rel=1e-6)


def test_a_caller_cannot_change_what_is_kept():
    split_by_holder(load_control())["geometry"] = None
    zones = build_zones(load_proposal("us-28-point"))
    zones["geometry"] = None
    assert build_zones(load_proposal("us-28-point")).area.sum() == pytest.approx(load_oblasts().area.sum())


def test_a_face_with_a_needle_gets_a_point_inside():
    """Half way up this face is a needle without width, where the point that GEOS takes first lies on the edge."""
    face = shapely.Polygon([
        (159163.94979618976, -266106.3429596984), (159036.80149177767, -266119.2148259256),
        (159036.7980880685, -266119.2100459401), (159157.47662351633, -265858.91159721854),
        (159157.48563474262, -265858.9134614404), (159142.4705039152, -265284.17746245605),
    ])  # fmt: skip
    faces, inside = faces_of([face.boundary])
    assert shapely.contains(faces, inside).tolist() == [True]
