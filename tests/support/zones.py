"""What holds for zones."""

from functools import cache

import pytest
import shapely

from mapcore.base.schema import ZONE_COLUMNS


def areas(zones, *keys):
    """Return km² in the plane, which is exact for drawn squares in an equal-area CRS."""
    return (zones.area / 1e6).groupby([zones[key] for key in keys]).sum().round(6).to_dict()


@cache
def united(shapes):
    return shapely.union_all(shapes)


def assert_tiles(zones, oblasts):
    country = united(tuple(oblasts.geometry))
    union = shapely.union_all(zones.geometry.to_numpy())
    assert zones.area.sum() == pytest.approx(country.area, rel=1e-9)
    assert shapely.symmetric_difference(union, country).area < 1e-9 * country.area
    by_oblast = zones.area.groupby(zones["oblast"]).sum()
    for name, shape in zip(oblasts["iso"], oblasts.geometry, strict=True):
        assert by_oblast[name] == pytest.approx(shape.area, rel=1e-9)
    assert not zones.duplicated(["oblast", "held_by", "status"]).any()
    assert list(zones.columns) == ZONE_COLUMNS
