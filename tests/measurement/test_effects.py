"""Pieces, lines and how far the line moves back, on a country of three squares where each can be told by eye."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box, union_all
from support import drawn

from mapcore import measure_proposal
from mapcore.measurement.effects import shape_of

ALL_OF_UA_14 = drawn.rule("claimed", oblasts=("UA-14",))
EVERYTHING_BACK = drawn.rule("returned", held_by="russia")
NEAR = 0.02
EASTS = st.integers(min_value=10, max_value=110)


def shape(held, *rules, error_km=0.0):
    control = drawn.control(held, error_km=error_km)
    return shape_of(measure_proposal(drawn.proposal(*rules), oblasts=drawn.oblasts(), control=control))


def value(found, measure, of="", when=""):
    return found.figures[measure, of, when].value if (measure, of, when) in found.figures else 0.0


@settings(max_examples=5, deadline=None)
@given(EASTS)
def test_a_straight_line_moves_back_to_the_edge_of_the_oblast(east):
    """Russia holds all east of x = east, up to y = 60; Ukraine would withdraw from the rest of UA-14."""
    found = shape(box(east, 0, 240, 60), ALL_OF_UA_14)
    assert value(found, "moved_along", "ukraine") == pytest.approx(60, rel=NEAR)
    assert value(found, "moved_mean", "ukraine") == pytest.approx(east, rel=2 * NEAR)
    assert value(found, "moved_most", "ukraine") == pytest.approx(east, rel=2 * NEAR)
    assert value(found, "moved_along", "russia") == 0
    (setback,) = found.setbacks
    assert setback.holder == "ukraine"
    assert setback.start.lon > setback.end.lon


@settings(max_examples=5, deadline=None)
@given(EASTS, st.integers(min_value=1, max_value=9))
def test_a_line_moved_by_some_km_moves_the_distances_by_as_much(east, by):
    near, far = (shape(box(place, 0, 240, 60), ALL_OF_UA_14) for place in (east, east + by))
    for measure in ("moved_mean", "moved_most"):
        assert value(far, measure, "ukraine") - value(near, measure, "ukraine") == pytest.approx(
            by, abs=0.05 + NEAR * by
        )
    longer = value(far, "line_length", when="now") - value(near, "line_length", when="now")
    assert longer == pytest.approx(-by, abs=0.05 + NEAR * by), "its part along UA-65 is shorter"


@settings(max_examples=5, deadline=None)
@given(EASTS)
def test_sides_that_swap_swap_their_figures(east):
    east_held, west_held = box(east, 0, 240, 60), union_all([box(0, 0, east, 60), box(0, 60, 120, 120)])
    ours, theirs = shape(east_held), shape(west_held)
    assert value(ours, "line_length", when="now") == pytest.approx(value(theirs, "line_length", when="now"))
    for measure in ("pieces", "pockets"):
        for one, other in (("ukraine", "russia"), ("russia", "ukraine")):
            assert value(ours, measure, one, "now") == value(theirs, measure, other, "now")
    assert sorted((one.holder, round(one.area_km2, 3)) for one in ours.pieces) == sorted(
        ({"ukraine": "russia", "russia": "ukraine"}[one.holder], round(one.area_km2, 3)) for one in theirs.pieces
    )


@settings(max_examples=4, deadline=None)
@given(EASTS, st.floats(min_value=0, max_value=3))
def test_a_proposal_without_rules_and_one_that_keeps_the_line_move_nothing(east, error_km):
    for rules in ((), (drawn.rule("held", held_by="russia"),)):
        found = shape(box(east, 0, 240, 60), *rules, error_km=error_km)
        assert found.setbacks == ()
        assert found.figures["line_length", "", "now"] == found.figures["line_length", "", "after"]
        assert not [key for key in found.figures if key[0].startswith("moved")]
        assert value(found, "pieces", "ukraine", "after") == value(found, "pieces", "ukraine", "now")


def test_where_all_land_returns_no_line_is_left():
    found = shape(box(50, 0, 240, 60), EVERYTHING_BACK)
    assert value(found, "line_length", when="after") == 0
    assert value(found, "pieces", "russia", "after") == 0
    assert value(found, "pieces", "ukraine", "after") == 1
    assert len(found.lines[0]["after"]) == 0


@settings(max_examples=4, deadline=None)
@given(EASTS)
def test_two_zones_share_their_edge_and_all_land_is_in_a_piece(east):
    found = shape(box(east, 0, 240, 60), drawn.rule("held", held_by="russia"))
    assert value(found, "edge_length", "held") == pytest.approx(value(found, "edge_length", "retained"))
    assert value(found, "edge_length", "held") == pytest.approx(value(found, "line_length", when="now"))
    for when in ("now", "after"):
        km2 = sum(one.area_km2 for one in found.pieces if one.when == when)
        assert km2 == pytest.approx(3 * 120 * 60, rel=NEAR)


@pytest.mark.parametrize(
    ("held", "pieces", "pockets"),
    [
        (box(30, 20, 50, 40), 1, 1),
        (box(0, 20, 20, 40), 1, 0),
        (union_all([box(30, 20, 50, 40), box(70, 20, 90, 40)]), 2, 2),
        (union_all([box(30, 20, 50, 40), box(50, 40, 70, 50)]), 2, 2),
        (union_all([box(30, 20, 50, 40), box(50, 30, 70, 50)]), 1, 1),
    ],
    ids=["inside", "at the border", "two", "two that touch in a corner", "two that share an edge"],
)
def test_a_pocket_reaches_neither_border_nor_coast(held, pieces, pockets):
    found = shape(held)
    assert value(found, "pieces", "russia", "now") == pieces
    assert value(found, "pockets", "russia", "now") == pockets
    assert value(found, "pieces", "ukraine", "now") == 1
    assert value(found, "pockets", "ukraine", "now") == 0


def test_a_pocket_that_returns_is_measured_to_its_middle():
    """All of its edge is the line: the farthest point of a square of 20 km is 10 km from it."""
    found = shape(box(30, 20, 50, 40), EVERYTHING_BACK)
    assert value(found, "moved_most", "russia") == pytest.approx(10, rel=NEAR)
    assert value(found, "moved_along", "russia") == pytest.approx(80, rel=NEAR)


def test_a_figure_lies_between_its_bounds_and_a_moved_line_widens_them():
    found = shape(box(50, 0, 240, 60), ALL_OF_UA_14, error_km=5)
    assert all(one.low <= one.value <= one.high for one in found.figures.values())
    most = found.figures["moved_most", "ukraine", ""]
    assert most.low < most.value < most.high
