"""Shapes of a map as paths of SVG, in pixels of the Web Mercator projection, which the live map has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.fill import Fill
from mapcore.base.geometry import join, polygonal, simplify_coverage
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.present import map_geometry
from mapcore.present.rivers import load_rivers

#: South, west, north and east of what the live map opens on, as in `web/map/home.js`; paths begin at its corner.
HOME: Final = (44.2, 22.0, 52.45, 40.3)
#: The zoom level whose pixels are the units of all paths: a pixel is some 400 m.
ZOOM: Final = 8
_WORLD: Final = 256 * 2**ZOOM
#: How far lines may leave their vertices, in metres: that of the live map, more for neighbouring land and rivers.
_TOLERANCE_M: Final = 900.0
_CONTEXT_M: Final = 2200.0
#: Neighbouring land beyond this is left out: what the live map can be moved to, in degrees.
_EDGE: Final = (14.0, 41.5, 47.0, 56.0)
Paths: TypeAlias = str


def pixels(lon: float, lat: float) -> tuple[float, float]:
    """Return where a place is, in pixels to the right of and below the corner of `HOME`."""
    x, y = _projected(np.array([[lon, lat]]))[0]
    return float(x), float(y)


def _mercator(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    x = (degrees[:, 0] + 180) / 360
    y = 0.5 - np.arctanh(np.sin(np.radians(degrees[:, 1]))) / (2 * math.pi)
    return np.column_stack([x, y]) * _WORLD


_CORNER: Final = _mercator(np.array([[HOME[1], HOME[2]]]))[0]


def _projected(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = _mercator(degrees) - _CORNER
    return found


def rectangle(south: float, west: float, north: float, east: float) -> tuple[float, float, float, float]:
    """Return left, top, width and height of a part of the map, in pixels."""
    (left, top), (right, bottom) = pixels(west, north), pixels(east, south)
    return left, top, right - left, bottom - top


def paths(shapes: Iterable[BaseGeometry]) -> Paths:
    """Return polygons and lines in EPSG:4326 as one path of SVG; points that fall on the same pixel are one."""
    written = []
    for part in shapely.get_parts(list(shapes)):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        written += [_path(ring, closed=part.geom_type == "Polygon") for ring in rings]
    return "".join(written)


def _path(ring: BaseGeometry, *, closed: bool) -> str:
    points = np.rint(_projected(shapely.get_coordinates(ring))).astype(int)
    steps = np.diff(points, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    if len(steps) < (3 if closed else 1):
        return ""
    if closed:
        steps = steps[:-1]
    numbers = "".join(f" {x}{y}" if y < 0 else f" {x} {y}" for x, y in steps.tolist()).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{numbers.lstrip()}{'z' if closed else ''}"


@dataclass(frozen=True)
class Drawn:
    """
    The paths of one or more maps that show the same pieces of land.

    Attributes
    ----------
    pieces
        The edges between pieces.
    line
        The line of contact.
    contested
        Land that was contested on its day; nothing where that is not known or not drawn.
    filled
        For each map its fills with the land that has them.
    """

    pieces: Paths
    line: Paths
    contested: Paths
    filled: tuple[tuple[tuple[Fill, Paths], ...], ...]


def drawn(land: gpd.GeoSeries, control: Control, *maps: Sequence[Fill | None]) -> Drawn:
    """
    Return the paths of maps of the same land.

    Parameters
    ----------
    land
        A coverage in `AREA_CRS`.
    maps
        For each map the fill of each piece of land, None for the ground.
    """
    simple = _valid(simplify_coverage(land, tolerance=_TOLERANCE_M).to_crs(MAP_CRS).to_numpy())
    filled = tuple(_filled(simple, fills) for fills in maps)
    return Drawn(paths(_edges(simple)), line_path(control), _contested_path(control), filled)


def _valid(pieces: NDArray[Any]) -> NDArray[Any]:
    """Mend pieces as narrow as a needle, which cross themselves once their corners are rounded to degrees."""
    crossed = ~shapely.is_valid(pieces)
    pieces[crossed] = [polygonal(piece) for piece in shapely.make_valid(pieces[crossed])]
    return pieces


def _contested_path(control: Control) -> Paths:
    land = map_geometry.contested_shape(control, tolerance_m=_TOLERANCE_M / 4)
    return "" if land is None else paths(land.to_crs(MAP_CRS))


def line_path(control: Control) -> Paths:
    """Return a line of contact as one path."""
    return paths(gpd.GeoSeries([control.line.simplify(_TOLERANCE_M / 2)], crs=AREA_CRS).to_crs(MAP_CRS))


def _edges(pieces: NDArray[Any]) -> list[BaseGeometry]:
    """Return each edge between pieces once; the outer ones are those of the country."""
    once = shapely.line_merge(shapely.union_all(shapely.boundary(pieces)))
    return [shapely.line_merge(shapely.difference(once, shapely.boundary(join(pieces))))]


def _filled(pieces: NDArray[Any], fills: Sequence[Fill | None]) -> tuple[tuple[Fill, Paths], ...]:
    return tuple(
        (fill, paths([join(pieces[[piece_fill == fill for piece_fill in fills]])]))
        for fill in dict.fromkeys(fills)
        if fill is not None
    )


@memory.shared
def base() -> dict[str, Paths]:
    """Return what lies under and over every map: `context` (neighbouring land), `country`, its `border`, `rivers`."""
    country = boundaries.load_oblasts().dissolve(method="coverage").geometry.simplify(_TOLERANCE_M)
    around = gpd.read_file(geo_path("context.geojson")).to_crs(AREA_CRS).geometry
    rivers = load_rivers().to_crs(AREA_CRS).geometry.simplify(_CONTEXT_M).to_crs(MAP_CRS)
    around = simplify_coverage(around, tolerance=_CONTEXT_M).to_crs(MAP_CRS)
    return {
        "context": paths(shapely.clip_by_rect(around.to_numpy(), *_EDGE)),
        "country": paths(country.to_crs(MAP_CRS)),
        "border": paths(map_geometry.border_and_coast(country.boundary)[0].to_crs(MAP_CRS)),
        "rivers": paths(shapely.clip_by_rect(rivers.to_numpy(), HOME[1], HOME[0], HOME[3], HOME[2])),
    }
