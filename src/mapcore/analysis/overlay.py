"""Two sets of zones laid over each other: the pieces of land that both divide the country into."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from mapcore.base.geometry import faces_of, geodesic_areas_km2
from mapcore.base.schema import AREA_CRS
from mapcore.land.cut import merge_faces


@dataclass(frozen=True, eq=False)
class Overlay:
    """
    Pieces of land on which two sets of zones each say one thing.

    Attributes
    ----------
    keys
        Of each piece: oblast, held_by, the status of one set and that of the other.
    shapes, areas
        Its shape in `AREA_CRS`, and its geodesic area in km².
    """

    keys: list[tuple[str, str, str, str]]
    shapes: NDArray[np.object_]
    areas: NDArray[np.float64]


def overlay(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Overlay:
    """
    Cut two sets of zones along each other; both have `oblast`, `held_by`, `status` and `area_km2`, in `AREA_CRS`.

    Both tile the country and keep (oblast, held_by) apart, so only zones with the same pair can meet. Where one set
    has a single zone for every pair, the zones of the other are the answer, vertices, areas and all, and nothing is
    computed.
    """
    ours, theirs = (list(zip(zones["oblast"], zones["held_by"], strict=True)) for zones in (before, after))
    divided = [len(set(keys)) < len(keys) for keys in (ours, theirs)]
    if all(divided):
        return _noded(before, after)
    meeting: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(theirs):
        meeting.setdefault(key, []).append(row)
    rows = [(row, other) for row, key in enumerate(ours) for other in meeting.get(key, ())]
    statuses = before["status"].tolist(), after["status"].tolist()
    keys = [(*ours[row], statuses[0][row], statuses[1][other]) for row, other in rows]
    cut, taken = (before, [row for row, _ in rows]) if divided[0] else (after, [other for _, other in rows])
    return Overlay(keys, cut.geometry.to_numpy()[taken], cut["area_km2"].to_numpy()[taken])


def _noded(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Overlay:
    """Cut along all edges of both sets; the faces go to the zones that they lie in, and are joined again."""
    faces, inside = faces_of([*shapely.boundary(before.geometry), *shapely.boundary(after.geometry)])
    places = [_zone_of(inside, zones) for zones in (before, after)]
    known = (places[0] >= 0) & (places[1] >= 0)
    ours = before[["oblast", "held_by", "status"]].iloc[places[0][known]]
    theirs = after["status"].iloc[places[1][known]]
    labels = list(zip(ours["oblast"], ours["held_by"], ours["status"], theirs, strict=True))
    keys, shapes = merge_faces(labels, faces[known])
    return Overlay(keys, shapes, geodesic_areas_km2(gpd.GeoSeries(shapes, crs=AREA_CRS)))


def _zone_of(points: NDArray[np.object_], zones: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the row of the zone that holds each point, or -1 for a face between the zones, such as a lake's."""
    point, zone = shapely.STRtree(zones.geometry.to_numpy()).query(points, predicate="dwithin", distance=1e-3)
    rows = np.full(len(points), -1)
    rows[point] = zone
    return rows
