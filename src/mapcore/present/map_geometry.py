"""The map's shapes as GeoJSON: what lies under every proposal, zones, changes, lines, a known area laid over."""

from __future__ import annotations

import json
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mapcore.analysis.compare import Comparison, display_changes
from mapcore.analysis.known_areas import known_area, to_scale
from mapcore.analysis.settlements import local_names
from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.geometry import counterclockwise
from mapcore.base.language import cached, tr
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.lines.contested import contested_land
from mapcore.measurement.areas import Measured
from mapcore.measurement.zones import display_zones

#: Decimals of a degree in display geometry: 4 is about 11 m.
_DIGITS = 4


def collection(shapes: gpd.GeoSeries) -> dict[str, Any]:
    """Return shapes in any CRS as GeoJSON, rounded for display, wound as RFC 7946 has them."""
    degrees = shapely.transform(shapes.to_crs(MAP_CRS).to_numpy(), lambda xy: np.round(xy, _DIGITS))
    degrees = counterclockwise(_without_collapsed(degrees))
    features = [
        {"id": str(key), "type": "Feature", "properties": {}, "geometry": json.loads(shape)}
        for key, shape in zip(shapes.index, shapely.to_geojson(degrees), strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _without_collapsed(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Leave out parts of land that rounding has made a line: they have no inside, and no way round."""
    parts, shape = shapely.get_parts(shapes, return_index=True)
    collapsed = (shapely.get_dimensions(parts) == 2) & (shapely.area(parts) == 0)
    mended = shapes.copy()
    for index in np.unique(shape[collapsed]):
        mended[index] = shapely.multipolygons(parts[(shape == index) & ~collapsed])
    return mended


@memory.shared
def city_labels() -> pd.DataFrame:
    """Return the cities whose names stand on every map: `id`, `name_en`, `name_uk`, `lat`, `lon`, `rank`."""
    return pd.read_csv(geo_path("labels.csv")).rename(columns={"geonameid": "id"})


#: How far the outlines of neighbours, and ours as it is simplified for a map, may lie apart where they are one border.
_APART_M: Final = 1500.0


def border_and_coast(edge: gpd.GeoSeries) -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    """Part the edge of Ukraine into what borders on neighbouring land and what borders on the sea, in the same CRS."""
    land = gpd.read_file(geo_path("context.geojson")).geometry.to_crs(AREA_CRS).buffer(_APART_M).union_all()
    metres = edge.to_crs(AREA_CRS)
    border, coast = metres.intersection(land), metres.difference(land)
    return border.line_merge().to_crs(edge.crs), coast.line_merge().to_crs(edge.crs)


@cached(maxsize=8)
def base_content() -> dict[str, Any]:
    """
    Return what lies under and over every proposal, as GeoJSON in EPSG:4326.

    Returns
    -------
    content
        `context` (neighbouring land), `outlines` (Ukraine), `border` (its recognised border where land lies beyond it),
        `coast` (where the sea does), `places` (city labels, in the language in use).
    """
    country = boundaries.load_oblasts().dissolve(method="coverage").geometry
    outline = country.simplify(700)
    border, coast = border_and_coast(outline.boundary)
    labels = city_labels()
    places = [
        {"name": name, "lat": row.lat, "lon": row.lon, "rank": row.rank, "capital": row.name_en == "Kyiv"}
        for name, row in zip(local_names(labels), labels.itertuples(), strict=True)
    ]
    return {
        "context": collection(gpd.read_file(geo_path("context.geojson")).geometry),
        "outlines": collection(outline),
        "border": collection(border),
        "coast": collection(coast),
        "places": places,
    }


def piece_ids(zones: gpd.GeoDataFrame) -> list[str]:
    """
    Return an id for each zone: oblast and present holder, as `links.View.zone` has it, numbered where they recur.

    Rows of `spread.agreement` have the number of lines in place of a holder.
    """
    seen: dict[str, int] = {}
    ids = []
    for oblast, held in zip(zones["oblast"], zones["held_by" if "held_by" in zones else "lines"], strict=True):
        key = f"{oblast}.{held}"
        seen[key] = seen.get(key, 0) + 1
        ids.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return ids


def zone_shapes(measured: Measured) -> dict[str, Any]:
    """
    Return the zones of a measured proposal and its line of contact as GeoJSON in EPSG:4326, each feature with its id.

    The last two features are the light casing of the line of contact and the line itself; before them comes contested
    land, where it is known. Proposals whose zones follow oblasts and holders alone share their shapes.
    """
    return _with_contested(_shapes(display_zones(measured.zones), measured.control), measured.control)


def _with_contested(content: dict[str, Any], control: Control) -> dict[str, Any]:
    """Put contested land, where it is known, before the two features of the line."""
    land = _contested(control)
    if land:
        content["features"].insert(-2, land | {"id": "contested"})
    return content


@memory.kept(maxsize=16)
def _contested(control: Control) -> dict[str, Any]:
    """Return contested land as a feature, once for all proposals on a line; empty where it is not known."""
    land = contested_shape(control)
    return {} if land is None else collection(land)["features"][0]


@memory.kept(maxsize=16)
def _line(control: Control) -> dict[str, Any]:
    """Return a line as a feature, once for all proposals on it."""
    feature: dict[str, Any] = collection(gpd.GeoSeries([control.line.simplify(300)], crs=AREA_CRS))["features"][0]
    return feature


def contested_shape(control: Control, *, tolerance_m: float = 100) -> gpd.GeoSeries | None:
    """Return the land that was contested on the day of a line, simplified for a map; None where it is not known."""
    land = contested_land(control.id)
    return None if land is None else gpd.GeoSeries([land], crs=AREA_CRS).simplify(tolerance_m)


def change_shapes(comparison: Comparison) -> dict[str, Any]:
    """Return the pieces of a comparison and the line of contact, as `zone_shapes` does; often they are the same."""
    return _with_contested(_shapes(display_changes(comparison), comparison.a.control), comparison.a.control)


def line_shapes(zones: gpd.GeoDataFrame, control: Control, *, before: Control | None = None) -> dict[str, Any]:
    """Return the rows of `spread.agreement` and a line over them, as `zone_shapes` does; an earlier line is dashed."""
    content = _shapes(display_zones(zones), control)
    if before is not None:
        content["features"].insert(len(zones), _line(before) | {"id": "earlier"})
    return content


def _shapes(display: gpd.GeoDataFrame, control: Control) -> dict[str, Any]:
    content = collection(display.geometry)
    for feature, zone_id in zip(content["features"], piece_ids(display), strict=True):
        feature["id"] = zone_id
    drawn = _line(control)
    known = {"error_km": control.provenance.error_km}
    content["features"] += [drawn | {"id": "casing"}, drawn | {"id": "line", "properties": known}]
    return content


def middle(zones: gpd.GeoDataFrame) -> tuple[float, float]:
    """Return longitude and latitude of the centre of the largest connected part of zones, each rounded for display."""
    parts = gpd.GeoSeries(shapely.get_parts(shapely.union_all(zones.geometry.to_numpy())), crs=zones.crs)
    centre = parts.loc[[parts.area.idxmax()]].centroid.to_crs(MAP_CRS).iloc[0]
    return round(centre.x, _DIGITS), round(centre.y, _DIGITS)


def laid_area(area_id: str, *, lon: float, lat: float) -> dict[str, Any]:
    """Return a reference laid over a point to its published area: `shape` as GeoJSON, and its `name`."""
    return {"name": tr(known_area(area_id).name), "shape": collection(to_scale(area_id, lon=lon, lat=lat))}


def bounds(zones: gpd.GeoDataFrame, area_id: str = "", *, lon: float, lat: float) -> list[list[float]]:
    """Return the corners around zones, and around a reference laid over a point, each as latitude and longitude."""
    shapes = [zones.geometry.to_crs(MAP_CRS), *([to_scale(area_id, lon=lon, lat=lat)] if area_id else [])]
    west, south, east, north = pd.concat(shapes).total_bounds
    return [[round(south, 2), round(west, 2)], [round(north, 2), round(east, 2)]]
