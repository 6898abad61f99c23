"""How many bytes of memory a value takes, near enough to keep many of them within a budget."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

#: Of a shape beside its coordinates, of a coordinate, and of an object that is small whatever it holds.
_SHAPE: Final = 250
_COORDINATE: Final = 16
_SMALL: Final = 64
#: What lists of coordinates are made of, told first.
_NUMBERS: Final = frozenset({float, int, bool, type(None)})


def weight(value: Any) -> int:
    """
    Return the bytes that a value takes with all that it holds, each shape counted wherever it stands.

    A record that has a `weight()` says so itself. Such a one is kept by itself, and counts for nothing within another.
    """
    return int(value.weight()) if _is_apart(value) else _within(value)


def _is_apart(value: Any) -> bool:
    return is_dataclass(value) and hasattr(value, "weight")


def _within(value: Any) -> int:
    if type(value) in _NUMBERS:
        return _SMALL
    for kind, weigh in _KINDS:
        if isinstance(value, kind):
            return weigh(value)
    if _is_apart(value) or not is_dataclass(value) or not hasattr(value, "__dict__"):
        return _SMALL
    return _listed(vars(value).values())


def _listed(values: Any) -> int:
    return _SMALL + sum(map(_within, values))


def _table(frame: pd.DataFrame) -> int:
    return sum(_column(column) for _, column in frame.items()) + int(frame.index.memory_usage())


def _column(column: pd.Series) -> int:
    if column.dtype.name in {"object", "geometry"}:
        return _array(np.asarray(column, dtype=object))
    return int(column.memory_usage(index=False))


def _array(array: np.ndarray[Any, Any]) -> int:
    if array.dtype != object:
        return int(array.nbytes)
    shapes = shapely.is_geometry(array)
    return int(array.nbytes) + _shapes(array[shapes]) + sum(map(_within, array[~shapes].tolist()))


def _shapes(shapes: np.ndarray[Any, Any]) -> int:
    return int(shapely.get_num_coordinates(shapes).sum()) * _COORDINATE + len(shapes) * _SHAPE


_KINDS: Final[tuple[tuple[Any, Callable[[Any], int]], ...]] = (
    ((str, bytes), sys.getsizeof),
    (BaseGeometry, lambda shape: _shapes(np.array([shape], dtype=object))),
    (np.ndarray, _array),
    (pd.DataFrame, _table),
    (pd.Series, _column),
    (Mapping, lambda mapping: _listed(mapping) + _listed(mapping.values())),
    ((list, tuple, set, frozenset), _listed),
)
