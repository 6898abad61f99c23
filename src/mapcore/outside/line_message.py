"""A line of contact on its way from the process that read it: plain JSON and WKB, and the checks at the other end."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapcore.base.geometry import prepared
from mapcore.base.limits import Limits
from mapcore.base.records import kinds_of, record_of, table_of
from mapcore.confine.messages import AnswerError, text_of
from mapcore.land.contact_line import Control
from mapcore.lines.user_lines import check_id

#: What land on a grid may reach over the border, whose edges run between the points of the grid.
_ROUNDING_M2: Final = 1000.0
#: How far from the edge of the land its line may run.
_ROUNDING_M: Final = 1.0
_MOST_NOTES: Final = 100
#: The shapes of a line, by the names of its fields; the country is known at both ends.
_SHAPES: Final = {"held": MultiPolygon, "line": MultiLineString, "beside_border": MultiLineString}
#: Fields that do not travel as JSON: shapes, and what each end knows or has by itself.
_APART: Final = (*_SHAPES, "country", "memory")


def line_record(line: Control) -> tuple[dict[str, Any], bytes]:
    """Return a line as JSON, and its shapes as WKB one after another."""
    values = {name: value for name, value in table_of(line).items() if name not in _APART}
    shapes = [shapely.to_wkb(getattr(line, name)) for name in _SHAPES]
    return {**values, "as_of": line.as_of.isoformat(), "sizes": list(map(len, shapes))}, b"".join(shapes)


def line_of(
    answer: Mapping[str, Any], wkb: bytes, *, content: bytes, as_of: date, country: BaseGeometry, limits: Limits
) -> Control:
    """
    Return the line that a reader answered with, from a file of this content.

    Raises
    ------
    AnswerError
        If it is no line of that date within the country, or larger than the limits allow.
    """
    known = {name: kind for name, kind in kinds_of(Control).items() if name not in _APART}
    if set(answer) != {*known, "sizes"} or answer["as_of"] != as_of.isoformat():
        raise AnswerError("no line of the date that was asked for")
    values = {name: _KINDS[kind](answer[name]) for name, kind in known.items()}
    values |= {"id": check_id(values["id"]), "sha256": hashlib.sha256(content).hexdigest()}
    return record_of(Control, {**values, **_shapes_of(answer["sizes"], wkb, country, limits), "country": country})


def _shapes_of(sizes: list[int], wkb: bytes, country: BaseGeometry, limits: Limits) -> dict[str, BaseGeometry]:
    if len(sizes) != len(_SHAPES) or any(type(size) is not int or size < 0 for size in sizes) or sum(sizes) != len(wkb):
        raise AnswerError("no shapes of the sizes that are named")
    ends = np.cumsum(sizes)
    parts = [wkb[end - size : end] for size, end in zip(sizes, ends, strict=True)]
    shapes = {name: _sound(part, kind, limits) for (name, kind), part in zip(_SHAPES.items(), parts, strict=True)}
    held = shapes["held"]
    if not shapely.is_valid(held) or shapely.difference(held, country).area > _ROUNDING_M2:
        raise AnswerError("no sound polygons within the country")
    edge = prepared(shapely.boundary(held))
    for name in ("line", "beside_border"):
        corners = shapely.points(shapely.get_coordinates(shapes[name]))
        if not shapely.dwithin(edge, corners, _ROUNDING_M).all():
            raise AnswerError("a line that is not the edge of the land")
    return shapes


def _sound(wkb: bytes, kind: type[BaseGeometry], limits: Limits) -> BaseGeometry:
    shape = shapely.from_wkb(wkb)
    if not isinstance(shape, kind) or shapely.get_num_coordinates(shape) > 2 * limits.vertices:
        raise AnswerError("no shape of the kind that is expected, or too large a one")
    if shapely.has_z(shape) or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise AnswerError("a shape with coordinates that are none")
    return shape


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise AnswerError("no number")
    return float(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MOST_NOTES:
        raise AnswerError("no list of texts")
    return tuple(map(text_of, value))


_KINDS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    str: text_of,
    float: _number,
    date: date.fromisoformat,
    tuple[str, ...]: _texts,
}
