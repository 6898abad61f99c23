"""GeoJSON (RFC 7946), read feature by feature; each member is what the standard says, or is refused."""

from __future__ import annotations

import io
from itertools import chain
from typing import Any, Final, NoReturn

import numpy as np
import shapely
from shapely.geometry import GeometryCollection, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from mapcore.base.language import tr
from mapcore.base.safe_text import plain
from mapcore.base.schema import MAP_CRS
from mapcore.lines.file_kind import Unpacked, too_much
from mapcore.lines.json_stream import JSONStream
from mapcore.lines.selection import Sieve

_OTHER_SHAPES: Final = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString"})
_SHAPES: Final = _OTHER_SHAPES | {"Polygon", "MultiPolygon", "GeometryCollection"}
_KEPT: Final = frozenset({"type", "crs", "geometry", "properties", "coordinates", "geometries"})
#: Members of a feature that say nothing of a class.
_FORM: Final = frozenset({"type", "crs", "geometry", "properties", "bbox"})
_DEEPEST: Final = 8


def read_geojson(unpacked: Unpacked, sieve: Sieve) -> str:
    """
    Hand each feature of a GeoJSON file to the sieve, and return its coordinate reference system as text.

    Raises
    ------
    LineFileError
        If it is not JSON, not GeoJSON, or has a member of another type than GeoJSON says.
    """
    return _GeoJSON(unpacked, sieve).read()


class _GeoJSON:
    def __init__(self, unpacked: Unpacked, sieve: Sieve) -> None:
        self.file, self.sieve = unpacked, sieve
        self.systems: dict[str, None] = {}
        text = io.TextIOWrapper(io.BytesIO(unpacked.content), encoding="utf-8-sig")
        limits = sieve.limits
        self.stream = JSONStream(
            text,
            unpacked,
            limits,
            most_mb=max(limits.unpacked_mb, limits.file_mb),
            too_large=lambda: too_much(unpacked, limits),
            constant=self._no_number,
            tell_lines=True,
        )

    def read(self) -> str:
        try:
            top = self._top()
        except UnicodeDecodeError as problem:
            reason = tr("is not valid JSON: its text is not UTF-8")
            raise self.file.refuse(reason, tr("export it again in UTF-8")) from problem
        kind = top.get("type")
        if kind == "Feature":
            self._feature(top, 1)
        elif kind in _SHAPES:
            self.sieve.take(self._shape(top), {})
        self._system(top)
        if len(self.systems) > 1:
            raise self.file.refuse(tr("has layers in different coordinate systems"), tr("export the layer that counts"))
        return next(iter(self.systems), MAP_CRS)

    def _top(self) -> dict[str, Any]:
        """Read the outermost object; features are handed on and not kept."""
        top: dict[str, Any] = {}
        if self.stream.sign() != "{":
            self.stream.value()
            raise self._no_geojson()
        features = 0
        for key in self.stream.members():
            if key == "features" and self.stream.sign() == "[":
                features += 1
                for number, _ in enumerate(self.stream.listed("]"), start=1):
                    self._feature(self.stream.value(), number)
            else:
                value = self.stream.value()
                top.update({key: value} if key in _KEPT else {})
        self.stream.finish()
        kind = top.get("type")
        if not isinstance(kind, str) or kind not in {"FeatureCollection", "Feature", *_SHAPES}:
            raise self._no_geojson()
        if features != (kind == "FeatureCollection"):
            reason = tr("does not have exactly one list of features")
            raise self.file.refuse(reason, tr("export it as a GeoJSON FeatureCollection"))
        return top

    def _no_geojson(self) -> Exception:
        return self.file.refuse(tr("is JSON, but not GeoJSON"), tr("export it as a GeoJSON FeatureCollection"))

    def _feature(self, feature: Any, number: int) -> None:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            reason = tr("is JSON, but not GeoJSON: feature {number} is not a Feature").format(number=number)
            raise self.file.refuse(reason, tr("export it as a GeoJSON FeatureCollection"))
        properties = feature.get("properties")
        if properties is not None and not isinstance(properties, dict):
            reason = tr("has properties that are not an object (feature {number})").format(number=number)
            raise self.file.refuse(reason, tr("repair it or export it again"))
        self._system(feature)
        shape = feature.get("geometry")
        if shape is not None:
            more = {key: value for key, value in feature.items() if key not in _FORM}
            self.sieve.take(self._shape(shape), {**more, **(properties or {})})

    def _shape(self, geometry: Any, depth: int = 0) -> BaseGeometry:
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if not isinstance(kind, str) or kind not in _SHAPES:
            reason = tr("has a geometry of a type that GeoJSON does not know ({type})").format(
                type=plain(kind, most=30)
            )
            raise self.file.refuse(reason, tr("repair it or export it again"))
        self._system(geometry)
        if kind in _OTHER_SHAPES:
            return Point(0, 0)
        if kind == "GeometryCollection":
            parts = geometry.get("geometries")
            if not isinstance(parts, list) or depth > _DEEPEST:
                reason = tr("has a collection of geometries that is not a list, or is nested too deep")
                raise self.file.refuse(reason, tr("repair it or export it again"))
            return GeometryCollection([self._shape(part, depth + 1) for part in parts])
        coordinates = geometry.get("coordinates")
        return self._polygons([coordinates] if kind == "Polygon" else coordinates)

    def _polygons(self, coordinates: Any) -> MultiPolygon:
        try:
            rings = [[_ring(ring) for ring in _list(polygon)] for polygon in _list(coordinates)]
            return MultiPolygon([Polygon(polygon[0], polygon[1:]) for polygon in rings if polygon])
        except (TypeError, ValueError, IndexError, OverflowError, shapely.errors.ShapelyError) as problem:
            reason = tr("has a ring that is not a list of at least 3 pairs of numbers")
            raise self.file.refuse(reason, tr("repair it or export it again")) from problem

    def _system(self, parent: dict[str, Any]) -> None:
        """Note the system that an object names, in one of the forms in use before RFC 7946."""
        member = parent.get("crs")
        if member is None:
            return
        properties = member.get("properties") if isinstance(member, dict) else None
        named = properties.get("name", properties.get("code")) if isinstance(properties, dict) else member
        if isinstance(named, bool) or not isinstance(named, (str, int)):
            reason = tr("names its coordinate reference system in a form that is not read")
            raise self.file.refuse(reason, tr("name one, such as --crs EPSG:4326"))
        self.systems[str(named)] = None

    def _no_number(self, word: str) -> NoReturn:
        raise self.file.refuse(
            tr("has {word} in place of a number").format(word=word), tr("repair it or export it again")
        )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _ring(points: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the corners of a ring; words and truth values are no numbers, whatever they could be turned into."""
    pairs = [(point[0], point[1]) for point in _list(points) if _list(point)]
    if not set(map(type, chain.from_iterable(pairs))) <= {int, float} or len(pairs) != len(points):
        raise TypeError
    corners = np.array(pairs, dtype=float)
    if not np.isfinite(corners).all():
        raise ValueError
    return corners
