"""Readers of the kinds of file that a published line comes in; each hands its features to a sieve."""

from __future__ import annotations

import json
import re
import tempfile
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely.geometry import GeometryCollection, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from mapcore.errors import DataFileError
from mapcore.language import tr
from mapcore.published import Sieve
from mapcore.schema import MAP_CRS
from mapcore.unpack import Unpacked, refusal

_MOST_LAYERS: Final = 50
_OTHER_SHAPES: Final = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString"})


def read_features(unpacked: Unpacked, sieve: Sieve) -> str | None:
    """
    Hand each feature of a file to the sieve.

    Returns
    -------
    crs
        The file's coordinate reference system as text; EPSG:4326 for GeoJSON that names none and for KML, whose
        standards say so; None where it is not known.

    Raises
    ------
    LineFileError
        If the file cannot be read as what it is.
    """
    if unpacked.kind == "geojson":
        return _GeoJSON(unpacked, sieve).read()
    if unpacked.kind == "kml":
        return _read_kml(unpacked, sieve)
    return _read_layers(unpacked, sieve)


class _GeoJSON:
    """
    Reads GeoJSON while it is parsed: each geometry becomes a shape, and each feature goes to the sieve, at once.

    So a combined file of many dates needs the memory of its text and of one feature.
    """

    def __init__(self, unpacked: Unpacked, sieve: Sieve) -> None:
        self.unpacked = unpacked
        self.sieve = sieve

    def read(self) -> str:
        try:
            top = json.loads(self.unpacked.content, object_hook=self._object, parse_constant=self._no_number)
        except DataFileError:
            raise
        except RecursionError as problem:
            raise refusal(self.unpacked.name, tr("is nested too deep"), tr("export it again as GeoJSON")) from problem
        except (UnicodeDecodeError, ValueError) as problem:
            reason = (
                tr("is not valid JSON (line {line}); it may be cut off").format(line=problem.lineno)
                if isinstance(problem, json.JSONDecodeError)
                else tr("is not valid JSON; it may be cut off")
            )
            raise refusal(self.unpacked.name, reason, tr("download or export it again")) from problem
        if isinstance(top, BaseGeometry):
            self.sieve.take(top, {})
        elif not isinstance(top, dict) or top.get("type") not in {"FeatureCollection", "Feature"}:
            raise refusal(
                self.unpacked.name, tr("is JSON, but not GeoJSON"), tr("export it as a GeoJSON FeatureCollection")
            )
        return self._crs(top)

    def _crs(self, top: object) -> str:
        member = top.get("crs") if isinstance(top, dict) else None
        properties = member.get("properties") if isinstance(member, dict) else None
        named = properties.get("name") if isinstance(properties, dict) else None
        return str(named) if named else MAP_CRS

    def _object(self, found: dict[str, Any]) -> object:
        kind = found.get("type")
        if kind in {"Polygon", "MultiPolygon"} and "coordinates" in found:
            return self._polygons([found["coordinates"]] if kind == "Polygon" else found["coordinates"])
        if kind in _OTHER_SHAPES and "coordinates" in found:
            return Point(0, 0)
        if kind == "GeometryCollection":
            parts = found.get("geometries")
            return GeometryCollection([one for one in parts or [] if isinstance(one, BaseGeometry)])
        if kind == "Feature":
            shape, properties = found.get("geometry"), found.get("properties")
            if isinstance(shape, BaseGeometry):
                self.sieve.take(shape, properties if isinstance(properties, dict) else {})
            return {"type": "Feature", "crs": found.get("crs")}
        return found

    def _polygons(self, coordinates: object) -> MultiPolygon:
        try:
            rings = [[_ring(ring) for ring in polygon] for polygon in coordinates]  # type: ignore[attr-defined]
            return MultiPolygon([Polygon(polygon[0], polygon[1:]) for polygon in rings if polygon])
        except (TypeError, ValueError, IndexError, KeyError, OverflowError, shapely.errors.ShapelyError) as problem:
            reason = tr("has a ring that is not a list of at least 3 pairs of numbers")
            raise refusal(self.unpacked.name, reason, tr("mend or export it again")) from problem

    def _no_number(self, word: str) -> NoReturn:
        raise refusal(
            self.unpacked.name, tr("has {word} in place of a number").format(word=word), tr("mend or export it again")
        )


def _ring(points: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    corners = np.array([(point[0], point[1]) for point in points], dtype=float)
    if not np.isfinite(corners).all():
        raise ValueError("a coordinate is not finite")
    return corners


def _read_kml(unpacked: Unpacked, sieve: Sieve) -> str:
    """Read the polygons of KML; documents that declare entities, which can grow without bound, are refused."""
    try:
        text = unpacked.content.decode("utf-8")
        if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
            raise refusal(
                unpacked.name, tr("declares XML entities, which are not read"), tr("export it again as plain KML")
            )
        root = ET.fromstring(text)  # noqa: S314 - without a document type there is nothing to expand or fetch
    except (UnicodeDecodeError, ET.ParseError, ValueError) as problem:
        if isinstance(problem, DataFileError):
            raise
        raise refusal(
            unpacked.name, tr("is not valid KML; it may be cut off"), tr("download or export it again")
        ) from problem
    for folder, placemark in _placemarks(root):
        shapes = [_kml_polygon(unpacked.name, one) for one in placemark.iter() if _tag(one) == "Polygon"]
        other = not shapes and any(_tag(one) in {"Point", "LineString"} for one in placemark.iter())
        sieve.take(Point(0, 0) if other else MultiPolygon(shapes), _kml_properties(placemark, folder))
    return MAP_CRS


def _tag(element: ET.Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _child(element: ET.Element, tag: str) -> str:
    return next((one.text or "" for one in element if _tag(one) == tag), "")


def _placemarks(root: ET.Element) -> Iterator[tuple[str, ET.Element]]:
    """Yield each placemark with the name of the folder that it lies in."""
    open_elements = [("", root)]
    while open_elements:
        folder, element = open_elements.pop()
        if _tag(element) == "Placemark":
            yield folder, element
            continue
        inside = _child(element, "name") if _tag(element) == "Folder" else folder
        open_elements.extend((inside, one) for one in reversed(element))


def _kml_properties(placemark: ET.Element, folder: str) -> dict[str, object]:
    found: dict[str, object] = {"folder": folder, "name": _child(placemark, "name")}
    for one in placemark.iter():
        if _tag(one) == "SimpleData":
            found[one.get("name", "")] = one.text or ""
        elif _tag(one) == "Data":
            found[one.get("name", "")] = _child(one, "value")
    return {key: value for key, value in found.items() if key and value}


def _kml_polygon(name: str, polygon: ET.Element) -> Polygon:
    rings: dict[str, list[Any]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
    for side in polygon:
        for one in side.iter():
            if _tag(one) == "coordinates" and _tag(side) in rings:
                rings[_tag(side)].append([pair.split(",") for pair in (one.text or "").split()])
    try:
        outer, *_ = (_ring(points) for points in rings["outerBoundaryIs"])
        return Polygon(outer, [_ring(points) for points in rings["innerBoundaryIs"]])
    except (ValueError, IndexError) as problem:
        reason = tr("has a ring that is not a list of at least 3 pairs of numbers")
        raise refusal(name, reason, tr("mend or export it again")) from problem


def _read_layers(unpacked: Unpacked, sieve: Sieve) -> str | None:
    """Read a GeoPackage or a Shapefile with GDAL, from files whose names are ours."""
    with tempfile.TemporaryDirectory(prefix="mapcore-") as folder:
        for ending, content in unpacked.parts.items():
            Path(folder, f"layer{ending}").write_bytes(content)
        path = Path(folder, "layer.gpkg" if unpacked.kind == "gpkg" else "layer.shp")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = {_take_layer(path, layer, sieve) for layer in _layers(path)}
        except DataFileError:
            raise
        except (RuntimeError, ValueError, OSError, OverflowError, shapely.errors.ShapelyError) as problem:
            reason = (
                tr("cannot be read as a GeoPackage; it may be cut off")
                if unpacked.kind == "gpkg"
                else tr("cannot be read as a Shapefile; it may be cut off")
            )
            raise refusal(unpacked.name, reason, tr("export it again")) from problem
    if len(found) > 1:
        raise refusal(
            unpacked.name, tr("has layers in different coordinate systems"), tr("export the layer that counts")
        )
    return next(iter(found), None)


def _layers(path: Path) -> list[str]:
    return [str(name) for name, kind in pyogrio.list_layers(path)[:_MOST_LAYERS] if kind is not None]


def _take_layer(path: Path, layer: str, sieve: Sieve) -> str | None:
    frame = pyogrio.read_dataframe(
        path, layer=layer, force_2d=True, on_invalid="ignore", max_features=sieve.limits.polygons + 1
    )
    if "geometry" not in frame.columns:
        return None
    several = len(_layers(path)) > 1
    columns = [column for column in frame.columns if column != "geometry"]
    for shape, row in zip(frame.geometry, frame[columns].to_dict("records"), strict=True):
        if shape is not None:
            properties: Mapping[str, object] = {key: _scalar(value) for key, value in row.items() if _told(value)}
            sieve.take(shape, {"layer": layer, **properties} if several else properties)
    return frame.crs.to_wkt() if frame.crs is not None else None


def _told(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and not pd.isna(value))


def _scalar(value: object) -> object:
    """Return numbers and dates of a table in the words that the choice of date and class reads."""
    return value if isinstance(value, (str, int, bool)) else str(value)
