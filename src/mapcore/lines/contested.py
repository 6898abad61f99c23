"""
Contested land: where the reports behind a built-in line have fighting, a grey zone, or claims that exclude each other.

It is made of the reports alone and knows nothing of the line, which runs through its middle; docs/line.md tells how
wide it is and what it leaves out.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.data_files import geo_dir
from mapcore.base.geometry import polygonal
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.land import boundaries

#: Land nearer than this to a contested place is contested, in km: the mean offset of the line.
REACH_KM: Final = 2.0
#: So is the ground, as wide, between contested places that are no further apart than this, in km.
JOIN_KM: Final = 6.0
#: What reports count. D is one side's word, which makes no land contested and takes none from it.
GRADES: Final = "ABC"
#: What a list of reports must have to say where land is contested.
_COLUMNS: Final = {"lat", "lon", "status", "evidence"}


@memory.shared
def contested_land(control_id: str) -> MultiPolygon | None:
    """
    Return the land that was contested on the day of a built-in line, in `AREA_CRS`.

    Returns
    -------
    land
        Within `REACH_KM` of a place that is reported as contested, or of the straight way between two such places that
        are neighbours (`JOIN_KM`), and nowhere nearer to a place that one side holds. None where no reports say it: for
        every line but the default one.
    """
    path = geo_dir() / "control" / f"settlements-{control_id}.csv"
    if not path.is_file():
        return None
    rows = pd.read_csv(path, keep_default_na=False)
    if not set(rows.columns) >= _COLUMNS:
        return None
    rows = rows[rows["evidence"].isin(list(GRADES))]
    points = gpd.GeoSeries(gpd.points_from_xy(rows["lon"], rows["lat"]), crs=MAP_CRS).to_crs(AREA_CRS).to_numpy()
    land = land_around(points, (rows["status"] == "contested").to_numpy())
    return polygonal(shapely.intersection(land, boundaries.country()))


def land_around(places: NDArray[np.object_], contested: NDArray[np.bool_]) -> BaseGeometry:
    """Return the land of contested places among others, all as points in metres; see `contested_land`."""
    fought = places[contested]
    one, other = shapely.STRtree(fought).query(fought, predicate="dwithin", distance=JOIN_KM * 1000)
    ways = shapely.linestrings(np.stack([shapely.get_coordinates(fought[ends]) for ends in (one, other)], axis=1))
    joined = shapely.union_all(shapely.buffer(ways, REACH_KM * 1000))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(places), extend_to=joined))
    place, cell = shapely.STRtree(cells).query(places, predicate="within")
    held = shapely.union_all(cells[np.setdiff1d(cell, cell[contested[place]])])
    return shapely.difference(joined, held)
