"""The first-level units of Ukraine: polygons, names, official areas, population."""

from __future__ import annotations

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.errors import BoundariesError, CRSMismatchError, DataFileError
from mapcore.base.geometry import GRID_M, geodesic_areas_km2
from mapcore.base.language import cached, tr, trc
from mapcore.base.schema import AREA_CRS, UNITS

#: Crimea and the two cities.
_NO_OBLASTS = frozenset({"UA-30", "UA-40", "UA-43"})
#: Share of the whole area by which oblasts that a caller brings may overlap.
_OVERLAP = 1e-9


@memory.shared
def _oblasts() -> gpd.GeoDataFrame:
    raw = gpd.read_file(geo_path("oblasts.geojson"))
    missing = set(UNITS) - set(raw["iso"])
    if missing or len(raw) != len(UNITS):
        raise DataFileError(
            tr("geo/oblasts.geojson: must have each first-level unit once; missing: {units}; reinstall mapcore").format(
                units=", ".join(sorted(missing)) or tr("none")
            )
        )
    oblasts = raw.sort_values("iso", ignore_index=True).to_crs(AREA_CRS)
    oblasts.geometry = shapely.set_precision(oblasts.geometry.to_numpy(), GRID_M, mode="pointwise")
    oblasts["measured_area_km2"] = geodesic_areas_km2(oblasts.geometry)
    return oblasts


def load_oblasts() -> gpd.GeoDataFrame:
    """
    Load the 27 first-level units of Ukraine, Crimea and Sevastopol among them.

    Returns
    -------
    oblasts
        One row per unit, sorted by `iso`, in `AREA_CRS`: `iso` (ISO 3166-2), `name_en`, `name_uk`, `type`,
        `official_area_km2`, `measured_area_km2` (geodesic on WGS 84), `population` with `population_date`, geometry.
        The rows are a valid coverage: neighbours share their vertices.
        Source: Natural Earth 1:10m admin-1, public domain, cleaned by `scripts/build_boundaries.py`.

    Examples
    --------
    >>> import mapcore
    >>> len(mapcore.load_oblasts())
    27
    """
    return _oblasts()


@cached(maxsize=8)
def oblast_names() -> dict[str, str]:
    """Return the short name of each first-level unit by its ISO code, in the language in use."""
    oblasts = load_oblasts()
    return {iso: trc("oblast", name) for iso, name in zip(oblasts["iso"], oblasts["name_en"], strict=True)}


def oblast_words(iso: str) -> str:
    """Return the name of a first-level unit with what it is; Crimea and the two cities are no oblasts."""
    name = oblast_names()[iso]
    return name if iso in _NO_OBLASTS or name.endswith("Oblast") else tr("{oblast} oblast").format(oblast=name)


@memory.shared
def country() -> BaseGeometry:
    """Return the recognised territory of Ukraine, the union of its oblasts, in `AREA_CRS`."""
    return shapely.coverage_union_all(_oblasts().geometry.to_numpy())


def prepare_oblasts(oblasts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Check oblasts that a caller brings, and bring them into `AREA_CRS`.

    Only vertices are reprojected: an edge is straight in `AREA_CRS`. Shapes with edges of many kilometres in another
    CRS should be densified first (`GeoSeries.segmentize`).

    Returns
    -------
    oblasts
        `iso` and geometry in `AREA_CRS`, sorted by `iso`.

    Raises
    ------
    CRSMismatchError
        If they have no CRS.
    BoundariesError
        If `iso` is missing or repeats, or a shape is empty, invalid, no polygon, or overlaps another one by more than
        a billionth of the area of all.
    """
    if "iso" not in oblasts.columns:
        raise BoundariesError(tr("the oblasts have no column 'iso'; name each unit there, such as 'UA-14'"))
    if oblasts.crs is None:
        raise CRSMismatchError(tr("the oblasts have no coordinate reference system; set one with set_crs()"))
    repeated = sorted({str(name) for name in oblasts["iso"][oblasts["iso"].duplicated() | oblasts["iso"].isna()]})
    if repeated or oblasts.empty:
        sentence = tr("the oblasts are not one row a unit (repeated or empty: {units}); dissolve them by 'iso'")
        raise BoundariesError(sentence.format(units=repeated))
    prepared = gpd.GeoDataFrame({"iso": oblasts["iso"]}, geometry=oblasts.geometry).to_crs(AREA_CRS)
    sound = prepared.is_valid & ~prepared.is_empty & prepared.geom_type.isin(["Polygon", "MultiPolygon"])
    if not sound.all():
        wrong = ", ".join(prepared["iso"][~sound].astype(str))
        raise BoundariesError(
            tr("not valid polygons: {units}; repair them, for example with make_valid()").format(units=wrong)
        )
    shapes = prepared.geometry.to_numpy()
    every = float(shapely.area(shapes).sum())
    overlap = every - float(shapely.area(shapely.union_all(shapes)))
    if overlap > _OVERLAP * every:
        raise BoundariesError(
            tr("the oblasts overlap by {area} km²; make them a coverage first").format(area=f"{overlap / 1e6:g}")
        )
    prepared.geometry = shapely.set_precision(shapes, GRID_M, mode="pointwise")
    return prepared.sort_values("iso", ignore_index=True)
