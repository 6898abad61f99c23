"""Contested land: where it lies among drawn places, and among those of the shipped line."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import Point

from mapcore.base.data_files import geo_path
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.land import boundaries
from mapcore.lines.catalogue import load_control
from mapcore.lines.contested import REACH_KM, contested_land, land_around

LINE = "2025-12-02"


def around(*places: tuple[float, float], contested: int) -> shapely.Geometry:
    """Return the land of places in km, the first ones contested, in km."""
    points = shapely.points(np.array(places) * 1000)
    land = land_around(points, np.arange(len(places)) < contested)
    return shapely.transform(land, lambda xy: xy / 1000)


def test_contested_land_joins_neighbours_and_stops_halfway_to_a_held_place():
    """
    Two contested places 5 km apart, one far off, and one that a side holds, 2 km from the second; numbers are km.

        (   C------C | H      20 km      ( C )
    """
    land = around((0, 0), (5, 0), (30, 0), (7, 0), contested=3)
    for inside in [(0, 0), (-1.9, 0), (2.5, 1.9), (5.9, 0), (31.9, 0)]:
        assert land.contains(Point(inside)), f"{inside} is contested"
    for outside in [(-2.1, 0), (2.5, 2.1), (6.1, 0), (20, 0), (32.1, 0)]:
        assert not land.contains(Point(outside)), f"{outside} is not"
    assert len(shapely.get_parts(land)) == 2


def test_the_shipped_reports_lie_in_their_land():
    land = contested_land(LINE)
    rows = pd.read_csv(geo_path(f"control/settlements-{LINE}.csv"), keep_default_na=False)
    rows = rows[rows["evidence"] != "D"]
    places = gpd.GeoSeries(gpd.points_from_xy(rows["lon"], rows["lat"]), crs=MAP_CRS).to_crs(AREA_CRS)
    rows, places = rows[at_home := shapely.contains(boundaries.country(), places.to_numpy())], places[at_home]
    inside = shapely.contains(land, places.to_numpy())
    wrong = rows[inside & (rows["status"] != "contested") | ~inside & (rows["status"] == "contested")]
    assert wrong["settlement"].tolist() == []


def test_the_line_runs_through_the_middle_of_contested_land():
    control, land = load_control(LINE), contested_land(LINE)
    behind = shapely.intersection(land, control.held).area / land.area
    assert 0.4 < behind < 0.6, f"{behind:.0%} of contested land lies behind the line"
    assert control.provenance.error_km == REACH_KM


def test_no_contested_land_is_known_of_other_lines():
    """The reports of 2022 are of another form: who held what was not in question."""
    assert geo_path("control/settlements-2022-02-23.csv").is_file()
    assert contested_land("2022-02-23") is None
    assert contested_land("session-1") is None
