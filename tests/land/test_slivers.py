"""Slivers go and pockets stay, on a drawn country of three squares (numbers are km); see tests/support/drawn.py."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box
from support import drawn

from mapcore.land.slivers import without_slivers

OBLASTS = drawn.oblasts().geometry.to_numpy()
COUNTRY = shapely.union_all(OBLASTS)
ALL = box(-10, -10, 250, 130)


def mend(published, **options):
    clipped = shapely.intersection(drawn.scaled(published), COUNTRY)
    return without_slivers(clipped, OBLASTS, country=COUNTRY, **options)


def left_out(published, **options):
    """Land of the other holder in km² after slivers are gone."""
    return (COUNTRY.area - mend(published, **options).land.area) / 1e6


def km2(shape):
    return shape.area / 1e6


STRIP = box(20, 0, 60, 1)
POCKET = box(80, 0, 86.4, 6.25)


def test_a_sliver_goes_and_a_pocket_of_the_same_area_at_the_same_edge_stays():
    assert STRIP.area == pytest.approx(POCKET.area)
    assert left_out(ALL - STRIP) == pytest.approx(0, abs=0.1)
    assert left_out(ALL - POCKET) == pytest.approx(40, abs=0.1)
    both = mend(ALL - STRIP - POCKET)
    assert km2(COUNTRY) - km2(both.land) == pytest.approx(40, abs=0.1)
    assert km2(both.filled) == pytest.approx(40, abs=0.1)
    assert both.trimmed.is_empty


def test_with_no_width_nothing_is_done():
    assert left_out(ALL - STRIP, width_km=0) == pytest.approx(40)


def test_a_coast_drawn_elsewhere_leaves_no_strip_around_a_whole_oblast():
    """A published outline up to 1.5 km inside ours, as around Crimea."""
    inner = box(0.7, 0.9, 260, 60) | box(1.2, 50, 119, 118.6)
    plain = left_out(inner, width_km=0)
    assert plain > 200
    assert left_out(inner) == pytest.approx(0, abs=0.5)


STAYING = {
    "a pocket at the coast": box(50, 0, 53, 3),
    "a pocket away from every edge, though narrow": box(40, 30, 80, 31),
    "a finger that meets the edge head-on": box(50, 0, 51.5, 20),
    "a corridor across an oblast edge, narrow in each oblast": box(118.6, 10, 121.4, 40),
    "a pocket that tapers out along the coast": shapely.Polygon([(30, 0), (60, 0), (45, 8)]),
    "a strip wider than the limit": box(20, 0, 60, 2.4),
}


@pytest.mark.parametrize("pocket", STAYING.values(), ids=STAYING)
def test_pockets_stay(pocket):
    assert left_out(ALL - pocket) == pytest.approx(pocket.area, rel=0.04)


def test_an_island_that_the_file_leaves_out_stays():
    island = box(300, 0, 301, 20)
    country = shapely.union(COUNTRY, drawn.scaled(island))
    oblasts = [shapely.union(OBLASTS[0], drawn.scaled(island)), *OBLASTS[1:]]
    mended = without_slivers(COUNTRY, np.array(oblasts), country=country)
    assert km2(country) - km2(mended.land) == pytest.approx(20)


def test_the_front_snaps_to_an_oblast_edge_that_it_runs_along():
    """The published edge lies 1 km inside the right square, which Russia is said to hold as a whole."""
    mended = mend(box(121, -10, 250, 130))
    assert km2(mended.land) == pytest.approx(120 * 60, abs=0.2)
    assert km2(mended.filled) == pytest.approx(60, abs=0.2)


def test_a_strip_over_the_oblast_edge_is_taken_off():
    mended = mend(box(119, -10, 250, 60))
    assert km2(mended.land) == pytest.approx(120 * 60, abs=0.2)
    assert km2(mended.trimmed) == pytest.approx(60, abs=0.2)


HELD = {
    "a bridgehead at the border that is not long": box(20, 0, 25, 1.8),
    "a strip at the border deeper than the limit": box(20, 0, 60, 2.5),
    "a bridgehead across an oblast edge": box(118.6, 10, 121.4, 40),
    "a narrow strip along no edge": box(30, 20, 70, 21),
}


@pytest.mark.parametrize("held", HELD.values(), ids=HELD)
def test_land_that_a_file_says_is_held_stays(held):
    assert km2(mend(held).land) == pytest.approx(held.area, rel=0.04)


def test_gaps_as_thin_as_a_hair_between_polygons_close():
    """They would not only leave land out: the line of contact would run along both of their sides."""
    gap = box(150, 10, 200, 10.05)
    mended = mend(box(120, 0, 240, 60) - gap)
    assert km2(mended.land) == pytest.approx(120 * 60, abs=1e-3)
    assert len(shapely.get_parts(mended.land)) == 1
    assert len(mended.land.geoms[0].interiors) == 0


@st.composite
def boxes(draw):
    found = []
    for _ in range(draw(st.integers(1, 4))):
        x, y = draw(st.integers(-5, 235)), draw(st.integers(-5, 115))
        w, h = (draw(st.floats(0.2, 60).map(lambda side: round(side, 2))) for _ in range(2))
        found.append(box(x, y, x + w, y + h))
    return shapely.union_all(found)


@given(boxes())
def test_the_account_of_what_was_done_adds_up(published):
    before = shapely.intersection(drawn.scaled(published), COUNTRY)
    mended = mend(published)
    assert mended.land.is_valid
    assert km2(shapely.difference(mended.land, COUNTRY)) == pytest.approx(0, abs=1e-6)
    assert km2(mended.land) == pytest.approx(km2(before) + km2(mended.filled) - km2(mended.trimmed), abs=0.05)
