"""The first-level units of Ukraine: polygons, names, official areas, population."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from mapcore.errors import DataFileError
from mapcore.geometry import geodesic_areas_km2
from mapcore.schema import AREA_CRS, UNITS
from mapcore.sources import geo_path


@cache
def _oblasts() -> gpd.GeoDataFrame:
    raw = gpd.read_file(geo_path("oblasts.geojson"))
    missing = set(UNITS) - set(raw["iso"])
    if missing or len(raw) != len(UNITS):
        raise DataFileError(f"geo/oblasts.geojson: expected 27 first-level units, {sorted(missing)} missing")
    raw["measured_area_km2"] = geodesic_areas_km2(raw.geometry)
    return raw.sort_values("iso", ignore_index=True).to_crs(AREA_CRS)


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
    """
    return _oblasts().copy()


@cache
def country() -> BaseGeometry:
    """Return the recognised territory of Ukraine, the union of its oblasts, in `AREA_CRS`."""
    return shapely.coverage_union_all(_oblasts().geometry.to_numpy())
