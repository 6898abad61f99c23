"""What holds for zones."""

import pytest
import shapely

from mapcore.base.schema import ZONE_COLUMNS


def areas(zones, *keys):
    """Return km² in the plane, which is exact for drawn squares in an equal-area CRS."""
    return (zones.area / 1e6).groupby([zones[key] for key in keys]).sum().round(6).to_dict()


def assert_tiles(zones, oblasts):
    country = shapely.union_all(oblasts.geometry.to_numpy())
    union = shapely.union_all(zones.geometry.to_numpy())
    assert zones.area.sum() == pytest.approx(country.area, rel=1e-9)
    assert shapely.symmetric_difference(union, country).area < 1e-9 * country.area
    by_oblast = zones.area.groupby(zones["oblast"]).sum()
    for name, shape in zip(oblasts["iso"], oblasts.geometry, strict=True):
        assert by_oblast[name] == pytest.approx(shape.area, rel=1e-9)
    assert not zones.duplicated(["oblast", "held_by", "status"]).any()
    assert list(zones.columns) == ZONE_COLUMNS
