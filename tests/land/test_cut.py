"""Cutting the country along a line: drawn examples checked by eye, and the shipped line."""

import pytest
import shapely
from shapely import box
from support import drawn
from support.zones import areas

from mapcore import load_control
from mapcore.land.contact_line import moved
from mapcore.land.cut import split_by_holder

#: Russia holds what lies east of 90 km.
EAST = box(90, -10, 250, 130)


def test_each_oblast_is_cut_along_the_line():
    """
    Land by holder; u Ukraine, r Russia; each letter is 30 km wide.

        +---------+
        | u u u r |
        +---------+---------+
        | u u u r | r r r r |
        +---------+---------+
    """
    pieces = split_by_holder(drawn.control(EAST), oblasts=drawn.oblasts())
    assert areas(pieces, "oblast", "held_by") == {
        ("UA-09", "russia"): 120 * 60,
        ("UA-14", "russia"): 30 * 60,
        ("UA-14", "ukraine"): 90 * 60,
        ("UA-65", "russia"): 30 * 60,
        ("UA-65", "ukraine"): 90 * 60,
    }


def test_a_detached_part_has_its_own_holder():
    """A spit of UA-65 that the line never touches lies wholly behind it."""
    country = drawn.oblasts()
    spit = drawn.scaled(box(200, 80, 210, 90))
    country.loc[country["iso"] == "UA-65", "geometry"] = country.geometry[2].union(spit)
    pieces = split_by_holder(drawn.control(box(200, -10, 250, 130), country), oblasts=country)
    assert areas(pieces, "oblast", "held_by") == {
        ("UA-09", "russia"): 40 * 60,
        ("UA-09", "ukraine"): 80 * 60,
        ("UA-14", "ukraine"): 120 * 60,
        ("UA-65", "russia"): 10 * 10,
        ("UA-65", "ukraine"): 120 * 60,
    }


def test_oblasts_wider_than_the_line_was_drawn_for():
    """A coast drawn 5 km further out by another source: the strip has the holder of the land beside it."""
    line = drawn.control(EAST)
    wider = drawn.oblasts()
    wider.loc[1, "geometry"] = drawn.scaled(box(120, 0, 245, 60))
    assert areas(split_by_holder(line, oblasts=wider), "oblast", "held_by")["UA-09", "russia"] == 125 * 60


@pytest.mark.parametrize(("held", "holder"), [(box(-10, -10, 250, 130), "russia"), (box(500, 0, 510, 9), "ukraine")])
def test_one_holder_of_everything(held, holder):
    pieces = split_by_holder(drawn.control(held), oblasts=drawn.oblasts())
    assert set(pieces["held_by"]) == {holder}
    assert pieces.area.sum() == pytest.approx(drawn.oblasts().area.sum())


@pytest.mark.parametrize("by_km", [-3.0, 0.0, 3.0])
def test_land_held_is_the_land_behind_the_line(by_km):
    """What the cut gives Russia is the land of the snapshot, no more and no less."""
    control = moved(load_control(), by_km=by_km)
    pieces = split_by_holder(control)
    assert pieces.area[pieces["held_by"] == "russia"].sum() == pytest.approx(control.held.area, rel=1e-9)
    assert shapely.coverage_is_valid(pieces.geometry.to_numpy())


def test_known_cities_are_on_their_side():
    pieces = split_by_holder(load_control()).to_crs("EPSG:4326")
    cities = {(37.80, 48.00): "russia", (37.57, 48.73): "ukraine", (36.25, 49.99): "ukraine", (34.66, 47.49): "russia"}
    for point, holder in cities.items():
        assert pieces[pieces.contains(shapely.Point(point))]["held_by"].item() == holder
