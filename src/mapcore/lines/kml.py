"""
KML, read by the standard library's XML parser while it is parsed: memory holds one placemark.

GDAL's drivers, KML and LIBKML (tried in GDAL 3.12), are no gain: they read the corner `38,x` as 38 degrees east on the
equator where this refuses it, keep of styles nothing and of folders the innermost alone, which are what tells classes
apart, and take a file whole before anybody has counted what is in it. Depth, elements and letters would have to be
counted in front of them, by a parser such as this one.
"""

from __future__ import annotations

from typing import Any, Final
from xml.parsers import expat

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon

from mapcore.base.errors import LineFileError
from mapcore.base.language import number_text, tr
from mapcore.base.limits import Limits
from mapcore.base.schema import MAP_CRS
from mapcore.lines.file_kind import Unpacked
from mapcore.lines.selection import Sieve
from mapcore.lines.upload import Named

_PIECE: Final = 1 << 16
_DEEPEST: Final = 64
#: Elements that a file may have for each polygon that the limits allow, and characters of coordinates for each corner.
_ELEMENTS_A_SHAPE: Final = 50
_LETTERS_A_CORNER: Final = 80
_OTHER_SHAPES: Final = frozenset({"Point", "LineString", "Track"})
_RINGS: Final = frozenset({"outerBoundaryIs", "innerBoundaryIs"})
_FOLDERS: Final = frozenset({"Folder", "Document"})


def read_kml(unpacked: Unpacked, sieve: Sieve) -> str:
    """
    Hand each placemark of a KML file to the sieve, with its folder, its style and what else names a class.

    Documents that declare a document type are refused: it could hold entities that grow without bound.

    Raises
    ------
    LineFileError
        If it is not XML, is nested too deep, or has a ring that is none.
    """
    reader = _Reader(unpacked, sieve)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.write, reader.refuse_type
    content = unpacked.content
    try:
        for start in range(0, len(content), _PIECE):
            parser.Parse(content[start : start + _PIECE], False)  # noqa: FBT003, the parser takes it by place
        parser.Parse(b"", True)  # noqa: FBT003
    except (expat.ExpatError, UnicodeError, LookupError, ValueError) as problem:
        if isinstance(problem, LineFileError):
            raise
        raise _broken(unpacked, problem) from problem
    return MAP_CRS


#: What expat calls letters that do not fit the encoding, and an encoding that nobody knows.
_ENCODING_FAULTS: Final = frozenset(
    expat.errors.codes[description]
    for description in (
        expat.errors.XML_ERROR_INVALID_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNKNOWN_ENCODING,
        expat.errors.XML_ERROR_INCORRECT_ENCODING,
    )
)


def _broken(file: Unpacked, problem: Exception) -> LineFileError:
    """Return the refusal of what is not XML; it says so where the letters are not of the encoding that it names."""
    fault = not isinstance(problem, expat.ExpatError) or problem.code in _ENCODING_FAULTS
    try:
        file.content.decode("utf-8")
    except UnicodeDecodeError:
        if fault:
            reason = tr("is not valid KML: its text is not in the encoding that it names (UTF-8 if none)")
            return file.refuse(reason, tr("export it again in UTF-8"))
    return file.refuse(tr("is not valid KML; it may be cut off"), tr("download or export it again"))


class _Reader:
    """Follows the elements of a document down and up again."""

    def __init__(self, file: Named, sieve: Sieve) -> None:
        self.file, self.sieve, self.limits = file, sieve, sieve.limits
        self.path: list[str] = []
        self.folders: list[str] = []
        self.elements = 0
        self.text: list[str] = []
        self.letters = 0
        self.mark: dict[str, object] | None = None
        self.data: list[str] = []
        self.shapes: list[Polygon] = []
        self.others = 0
        self.rings: dict[str, list[Any]] | None = None

    def refuse_type(self, *_: object) -> None:
        reason = tr("declares XML entities, which are not read")
        raise self.file.refuse(reason, tr("export it again as plain KML"))

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self.elements += 1
        if len(self.path) >= _DEEPEST or (tag in {"Polygon", "Placemark"} and tag in self.path):
            raise self.file.refuse(tr("is nested too deep"), tr("export it again as plain KML"))
        if self.elements > _ELEMENTS_A_SHAPE * self.limits.polygons:
            most = number_text(_ELEMENTS_A_SHAPE * self.limits.polygons)
            way_out = tr("give it in parts; MAPCORE_LIMIT_POLYGONS sets the limit")
            raise self.file.refuse(tr("has more than {count} elements").format(count=most), way_out)
        if tag == "Placemark":
            self.mark, self.shapes, self.others = {"folder": "/".join(filter(None, self.folders))}, [], 0
        elif tag == "Polygon":
            self.rings = {side: [] for side in _RINGS}
        elif tag in _FOLDERS:
            self.folders.append("")
        elif tag in {"Data", "SimpleData"}:
            self.data.append(attributes.get("name", ""))
        self.path.append(tag)
        self.text.clear()
        self.letters = 0

    def write(self, text: str) -> None:
        self.letters += len(text)
        if self.letters > _LETTERS_A_CORNER * self.limits.vertices:
            raise _too_many(self.file, self.limits)
        self.text.append(text)

    def end(self, _: str) -> None:
        tag = self.path.pop()
        inside = self.path[-1] if self.path else ""
        text = "".join(self.text).strip()
        if tag == "name" and inside in _FOLDERS and self.path != ["kml", "Document"]:
            self.folders[-1] = text
        elif tag in _FOLDERS:
            self.folders.pop()
        elif self.mark is not None:
            self._end_in_mark(tag, inside, text)
        self.text.clear()

    def _end_in_mark(self, tag: str, inside: str, text: str) -> None:
        mark = self.mark or {}
        if tag == "Placemark":
            self.sieve.take(
                MultiPolygon(self.shapes) if self.shapes or not self.others else Point(0, 0),
                {key: value for key, value in mark.items() if key and value},
            )
            self.mark = None
        elif tag == "coordinates":
            self._coordinates(text)
        elif tag == "Polygon" and self.rings is not None:
            self.shapes.append(self._polygon(self.rings))
            self.rings = None
        elif tag in _OTHER_SHAPES:
            self.others += 1
        elif tag == "SimpleData":
            mark[self.data.pop()] = text
        elif tag == "value" and inside == "Data" and self.data:
            mark[self.data[-1]] = text
        elif tag == "Data":
            self.data.pop()
        elif text and self.rings is None:
            mark[tag if inside == "Placemark" else f"{inside}.{tag}"] = text

    def _coordinates(self, text: str) -> None:
        side = next((tag for tag in reversed(self.path) if tag in _RINGS), None)
        if self.rings is None or side is None:
            return
        most = self.limits.vertices + 1
        pairs = [pair.split(",") for pair in text.split(None, most)[:most]]
        if len(pairs) == most:
            raise _too_many(self.file, self.limits)
        try:
            corners = np.array([(pair[0], pair[1]) for pair in pairs], dtype=float)
        except (ValueError, IndexError) as problem:
            raise self._no_ring() from problem
        if "_" in text or not np.isfinite(corners).all():
            raise self._no_ring()
        self.rings[side].append(corners)

    def _polygon(self, rings: dict[str, list[Any]]) -> Polygon:
        if len(rings["outerBoundaryIs"]) != 1:
            raise self._no_ring()
        try:
            return Polygon(rings["outerBoundaryIs"][0], rings["innerBoundaryIs"])
        except (ValueError, shapely.errors.ShapelyError) as problem:
            raise self._no_ring() from problem

    def _no_ring(self) -> LineFileError:
        reason = tr("has a ring that is not a list of at least 3 pairs of numbers")
        return self.file.refuse(reason, tr("repair it or export it again"))


def _too_many(file: Named, limits: Limits) -> LineFileError:
    way_out = tr("simplify it to about 50 m; MAPCORE_LIMIT_VERTICES sets the limit")
    return file.refuse(tr("has more than {count} vertices").format(count=number_text(limits.vertices)), way_out)
