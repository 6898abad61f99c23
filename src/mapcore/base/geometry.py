"""Shapely verbs that know no oblast and no proposal."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from shapely.geometry import MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.errors import CRSMismatchError
from mapcore.base.language import tr

#: Vertices lie on a grid of this step, far below any error of the data, so that edges drawn twice coincide.
GRID_M: Final = 1e-4
_GEOD = Geod(ellps="WGS84")


def polygonal(geometry: BaseGeometry) -> MultiPolygon:
    """Return the polygons of `geometry` and drop the points and lines that an overlay leaves behind."""
    parts = [part for part in shapely.get_parts(geometry, return_index=False) if not part.is_empty]
    polygons: list[Polygon] = []
    for part in parts:
        if isinstance(part, Polygon):
            polygons.append(part)
        elif isinstance(part, MultiPolygon) or part.geom_type == "GeometryCollection":
            polygons.extend(polygonal(part).geoms)
    return MultiPolygon(polygons)


def polygons_of(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the polygons of many shapes in their order, as `polygonal` does of one."""
    parts = shapely.get_parts(shapes)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts = shapely.get_parts(parts)
    return np.asarray(parts[(shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)])


def linear(geometry: BaseGeometry) -> MultiLineString:
    """Return the lines of `geometry`, joined where they meet, without its points."""
    parts = shapely.get_parts(geometry)
    lines = [part for part in parts if part.geom_type in {"LineString", "LinearRing"} and part.length > 0]
    merged = shapely.line_merge(MultiLineString(lines)) if lines else MultiLineString()
    return merged if isinstance(merged, MultiLineString) else MultiLineString([merged])


def geodesic_area_km2(geometry: BaseGeometry) -> float:
    """
    Area of a polygon in longitude and latitude on the WGS 84 ellipsoid, in km².

    Edges are geodesics. Method: Karney (2013), "Algorithms for geodesics", J. Geodesy 87, as in GeographicLib.
    Rings may wind either way; holes are taken off.
    """
    rings, polygon = shapely.get_rings(shapely.get_parts(polygonal(geometry)), return_index=True)
    area = 0.0
    for index, ring in enumerate(rings):
        # Not by how GEOS says that a ring winds: for some with a spike it says the opposite of what its area does.
        size = abs(_GEOD.polygon_area_perimeter(*shapely.get_coordinates(ring).T)[0])
        area += size if index == 0 or polygon[index] != polygon[index - 1] else -size
    return float(area) / 1e6


@memory.shared(maxsize=8)
def _to_degrees(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


@memory.kept(maxsize=1024)
def _projected_area_km2(shape: BaseGeometry, crs: str) -> float:
    """Area of one projected polygon; most zones of two proposals have the same shape and are measured once."""
    return geodesic_area_km2(shapely.transform(shape, _to_degrees(crs).transform, interleaved=False))


def geodesic_areas_km2(shapes: gpd.GeoSeries) -> NDArray[np.float64]:
    """
    Geodesic area of each polygon of `shapes` (any CRS), in km², in the order of its rows; see `geodesic_area_km2`.

    Raises
    ------
    CRSMismatchError
        If `shapes` has no CRS.
    """
    if shapes.crs is None:
        raise CRSMismatchError(tr("the layer to measure has no coordinate reference system; set one with set_crs()"))
    crs = shapes.crs.to_wkt()
    return np.array([0.0 if shape is None else _projected_area_km2(shape, crs) for shape in shapes], dtype=float)


def prepared(shape: BaseGeometry) -> BaseGeometry:
    """
    Return a copy of a shape that answers many questions fast, for the caller alone.

    `shapely.prepare` marks the shape itself. GEOS builds what a prepared shape answers with at its first questions and
    changes it at later ones, while shapely lets other threads run: two threads that ask one prepared shape end the
    process.
    """
    copy = shapely.set_srid(shape, shapely.get_srid(shape))
    shapely.prepare(copy)
    return copy


def geodesic_lengths_km(ends: NDArray[np.float64], crs: str) -> NDArray[np.float64]:
    """
    Geodesic length of straight stretches of a projection, in km.

    Parameters
    ----------
    ends
        `x0`, `y0`, `x1`, `y1` of each, a row each.
    """
    degrees = _to_degrees(crs).transform(ends[:, ::2], ends[:, 1::2])
    (lon0, lon1), (lat0, lat1) = (axis.T for axis in degrees)
    return np.asarray(_GEOD.inv(lon0, lat0, lon1, lat1)[2]) / 1000


def degrees_of(xy: NDArray[np.float64], crs: str) -> NDArray[np.float64]:
    """Return longitude and latitude of positions of a projection, `x`, `y` a row each."""
    return np.stack(_to_degrees(crs).transform(*xy.T), axis=1)


class Tiled:
    """
    A large area that many small shapes are cut by: each is cut by the part of the area around it.

    Those parts are kept, at most one for each square of the area, so that a long edge is not gone through each time.
    Threads may share it: they ask its prepared shape in turn.
    """

    _SIDE_M: Final = 25_000.0
    _MARGIN_M: Final = 5_000.0

    def __init__(self, shape: BaseGeometry) -> None:
        self._shape = shape
        self._prepared = prepared(shape)
        self._asking = threading.Lock()
        self._parts: dict[tuple[int, int], BaseGeometry] = {}

    def holds_and_crosses(self, pieces: NDArray[np.object_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which of the pieces lie in the area, off its edge, and which others have a point in common with it."""
        with self._asking:
            whole = shapely.contains_properly(self._prepared, pieces)
            return whole, ~whole & shapely.intersects(self._prepared, pieces)

    def around(self, piece: BaseGeometry) -> BaseGeometry:
        """Return the area, or a part of it that is the same within the bounds of the piece."""
        west, south, east, north = shapely.bounds(piece)
        column, row = int((west + east) / 2 // self._SIDE_M), int((south + north) / 2 // self._SIDE_M)
        square = np.array([column, row, column + 1, row + 1]) * self._SIDE_M + self._MARGIN_M * np.array([-1, -1, 1, 1])
        if not (square[0] < west and square[1] < south and east < square[2] and north < square[3]):
            return self._shape
        if (column, row) not in self._parts:
            self._parts[column, row] = shapely.intersection(self._shape, shapely.box(*square))
        return self._parts[column, row]


def counterclockwise(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """
    Wind polygons as RFC 7946 has them in GeoJSON: exteriors counterclockwise, holes clockwise.

    Lines and points stay, and a polygon that is wound so already is given back itself.
    """
    wound = shapely.orient_polygons(shapes)
    return np.where(shapely.equals_identical(shapes, wound), shapes, wound)


def split_by_lines(area: BaseGeometry, lines: Iterable[BaseGeometry]) -> list[Polygon]:
    """Cut `area` along every line that crosses it from edge to edge; the faces tile it."""
    noded = shapely.union_all([shapely.boundary(area), *lines])
    faces = shapely.get_parts(shapely.polygonize([noded]))
    whole = prepared(area)
    return [face for face in faces if whole.contains(face.representative_point())]


def faces_of(edges: Iterable[BaseGeometry]) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """
    Node all edges together and return the faces that they enclose, with a point inside each.

    The faces share their vertices with their neighbours, so that any grouping of them is a valid coverage.
    """
    noded = shapely.union_all(np.array(list(edges), dtype=object), grid_size=GRID_M)
    # Chains instead of single segments: the same faces, in half the time.
    faces = np.array(shapely.get_parts(shapely.polygonize([shapely.line_merge(noded)])), dtype=object)
    inside = shapely.point_on_surface(faces)
    # A face with a needle without width can get a point on its edge, which lies in no piece of land.
    lost = ~shapely.contains(faces, inside)
    if lost.any():
        inside[lost] = shapely.get_point(shapely.maximum_inscribed_circle(faces[lost]), 0)
    return faces, inside


def join(shapes: NDArray[np.object_]) -> BaseGeometry:
    """Return the union of polygons that form a coverage; where edges miss each other by a rounding, the general one."""
    try:
        return shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapes)


def simplify_coverage(frame: gpd.GeoSeries, *, tolerance: float) -> gpd.GeoSeries:
    """Simplify a coverage (Visvalingam–Whyatt) so that shared edges stay shared; `tolerance` in units of its CRS."""
    return gpd.GeoSeries(shapely.coverage_simplify(frame.to_numpy(), tolerance), index=frame.index, crs=frame.crs)
