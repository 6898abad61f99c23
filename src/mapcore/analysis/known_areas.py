"""A sense of scale: well-known areas, and outlines laid over one another with their area kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import shapely
from pyproj import CRS

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.errors import CRSMismatchError, UnknownIdError, did_you_mean
from mapcore.base.geometry import geodesic_area_km2
from mapcore.base.language import tr
from mapcore.base.schema import MAP_CRS
from mapcore.base.table_reader import read_records


@dataclass(frozen=True)
class Became:
    """What became of one thing in a frozen conflict."""

    topic: Literal["people", "economy", "troops"]
    text: str
    source: str


@dataclass(frozen=True)
class KnownArea:
    """
    An area to compare with.

    Attributes
    ----------
    area_km2
        As published in `source`.
    precedent
        Whether it is a frozen conflict that is often named as a precedent.
    since
        The year since which it has been outside the control of the state it is recognised as part of, or empty.
    became
        Of a precedent: what became of its people, its economy and the troops there, each with its dates and source.
    """

    id: str
    name: str
    kind: str
    precedent: bool
    area_km2: float
    population: int
    population_date: str
    since: str
    status: str
    source: str
    population_source: str
    note: str
    became: tuple[Became, ...] = ()


@memory.shared
def load_known_areas() -> tuple[KnownArea, ...]:
    """
    Return the areas to compare with, in the order of `geo/references.toml`.

    Raises
    ------
    DataFileError
        If a key is missing, unknown or of another type.
    """
    return read_records(geo_path("references.toml"), "reference", KnownArea)


@memory.shared
def _outlines() -> gpd.GeoDataFrame:
    return gpd.read_file(geo_path("references.geojson")).set_index("id")


def known_area(area_id: str) -> KnownArea:
    """Return one area to compare with; an unknown id is refused with `UnknownIdError`."""
    for area in load_known_areas():
        if area.id == area_id:
            return area
    known = [area.id for area in load_known_areas()]
    raise UnknownIdError(tr("no area to compare with '{id}'").format(id=area_id) + did_you_mean(area_id, known))


def has_outline(area_id: str) -> bool:
    """Tell whether an outline of the reference ships; `geo/references.geojson` holds those in the public domain."""
    return known_area(area_id).id in _outlines().index


def outline(area_id: str) -> gpd.GeoSeries:
    """
    Return the outline of a reference where it is, one row in EPSG:4326. Its area is near the published one.

    Raises
    ------
    UnknownIdError
        If the reference is unknown or has no outline; see `has_outline`.
    """
    if not has_outline(area_id):
        raise UnknownIdError(
            tr("there is no built-in outline of '{id}'; to_scale() draws a circle of its area").format(id=area_id)
        )
    return gpd.GeoSeries([_outlines().geometry[area_id]], crs=MAP_CRS)


def outline_km2(area_id: str) -> float:
    """Return the geodesic area of the outline as drawn."""
    return geodesic_area_km2(outline(area_id).iloc[0])


def laid_over(shapes: gpd.GeoSeries, *, lon: float, lat: float) -> gpd.GeoSeries:
    """
    Move shapes together so that their common centre falls on a point, keeping their area and, nearly, their form.

    They are projected with an equal-area projection centred on themselves, and read back with the same projection
    centred on the point, north up (Lambert azimuthal, Snyder 1987).

    Returns
    -------
    moved
        The same rows in EPSG:4326.

    Raises
    ------
    CRSMismatchError
        If `shapes` has no CRS.
    """
    if shapes.crs is None:
        raise CRSMismatchError(tr("the shapes to move have no coordinate reference system; set one with set_crs()"))
    placed = shapes.to_crs(MAP_CRS)
    here = shapely.centroid(shapely.union_all(placed.to_numpy()))
    there = placed.to_crs(_centred(here.x, here.y))
    return there.set_crs(_centred(lon, lat), allow_override=True).to_crs(MAP_CRS)


def to_scale(area_id: str, *, lon: float, lat: float) -> gpd.GeoSeries:
    """
    Lay a reference over a point, drawn to its published area, which its outline meets only roughly; see `laid_over`.

    The form is that of the outline, north up, or a circle where none ships; one row in EPSG:4326.
    """
    if not has_outline(area_id):
        circle = shapely.Point(0, 0).buffer(1, quad_segs=64)
        radius_m = (known_area(area_id).area_km2 * 1e6 / circle.area) ** 0.5
        return gpd.GeoSeries([circle], crs=_centred(lon, lat)).scale(radius_m, radius_m, origin=(0, 0)).to_crs(MAP_CRS)
    moved = laid_over(outline(area_id), lon=lon, lat=lat).to_crs(_centred(lon, lat))
    factor = (known_area(area_id).area_km2 / outline_km2(area_id)) ** 0.5
    return moved.scale(factor, factor, origin=(0, 0)).set_crs(moved.crs).to_crs(MAP_CRS)


def _centred(lon: float, lat: float) -> CRS:
    return CRS.from_proj4(f"+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m +no_defs")
