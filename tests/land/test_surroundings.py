"""A country with few corners far from the land that is worked on gives what the whole one does, corner for corner."""

import numpy as np
import pytest
import shapely

from mapcore import load_control, load_oblasts
from mapcore.base.geometry import polygonal, prepared
from mapcore.land import boundaries, state_border
from mapcore.land.surroundings import LeavesError, Surroundings, surroundings

KM = 1000.0


def at_the_border(share: float, size_km: float) -> shapely.Geometry:
    """Land around a place on the border of the mainland, with corners off the border's."""
    mainland = max(boundaries.country().geoms, key=lambda part: part.area)
    place = shapely.line_interpolate_point(mainland.exterior, share, normalized=True)
    return shapely.intersection(boundaries.country(), shapely.buffer(place, size_km * KM, quad_segs=3))


def test_far_stretches_are_coarse_and_near_ones_as_they_are():
    country, land = boundaries.country(), at_the_border(0.1, 30)
    near = surroundings(country, prepared(land), 6 * KM)
    assert shapely.is_valid(near.country)
    assert shapely.bounds(near.country).tolist() == shapely.bounds(country).tolist()
    assert 4 * shapely.get_num_coordinates(near.country) < shapely.get_num_coordinates(country)
    changed = shapely.symmetric_difference(country, near.country)
    assert changed.area > 0
    assert shapely.distance(changed, land) > near.margin
    near.hold(land)
    with pytest.raises(LeavesError):
        near.hold(land, shapely.Point(near.coarse.geoms[0].coords[0]))


def test_a_simple_border_and_that_around_land_everywhere_stay():
    square = shapely.box(0, 0, 300 * KM, 300 * KM)
    assert surroundings(square, prepared(shapely.box(0, 0, KM, KM)), 6 * KM).country is square
    country = boundaries.country()
    assert surroundings(country, prepared(country), 6 * KM).country is country


@pytest.mark.parametrize("share", [0.35, 0.85])
def test_land_is_mended_as_with_the_whole_country(share, monkeypatch):
    country, units = boundaries.country(), load_oblasts().geometry.to_numpy()
    drawn = shapely.simplify(at_the_border(share, 40), 1500.0)
    land = polygonal(shapely.intersection(shapely.union(drawn, shapely.simplify(load_control().held, 3000.0)), country))

    def found() -> list[bytes]:
        mended = state_border.without_misfits(land, units, country=country)
        return shapely.to_wkb([mended.land, mended.filled, *state_border.front(mended.land, country)]).tolist()

    quick = found()
    monkeypatch.setattr("mapcore.land.surroundings.surroundings", lambda whole, *_: Surroundings(whole))
    assert np.all(shapely.area(shapely.from_wkb(quick[:2])) > 0)
    assert quick == found()
