"""A figure with its bounds, and the one arithmetic of bounds: the least and the greatest over lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd

_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Range:
    """
    A figure with its low and high bound from the line's positional error; an area is in km².

    A figure that a text leaves open is None in its place: it has no bounds, and no reader can take it for a number.
    """

    value: float
    low: float
    high: float

    @classmethod
    def over(cls, values: Iterable[float]) -> Range:
        """Return the first of several values, that on the given line, between the least and the greatest of all."""
        found = list(values)
        return cls(found[0], min(found), max(found))

    @classmethod
    def of(cls, row: Any) -> Range:
        """Return the area of a row, as `itertuples` gives it, of a table with `area_km2`, `low_km2` and `high_km2`."""
        return cls(row.area_km2, row.low_km2, row.high_km2)

    @property
    def numbers(self) -> tuple[float, float, float]:
        """Value, low and high bound."""
        return self.value, self.low, self.high

    def in_units_of(self, size: float) -> Range:
        """Return the figure counted in units that are so large."""
        return Range(*(number / size for number in self.numbers))


def numbers_of(figure: Range | None) -> tuple[float, float, float] | tuple[None, None, None]:
    """Return value and bounds of a figure for data, three times nothing where it is not specified."""
    return (None, None, None) if figure is None else figure.numbers


def ranges_over(counted: Sequence[Mapping[_Key, float]]) -> dict[_Key, Range]:
    """Return the range of each figure over several lines, the given one first; where one is missing it is zero."""
    keys = dict.fromkeys(key for figures in counted for key in figures)
    return {key: Range.over(figures.get(key, 0.0) for figures in counted) for key in keys}


def areas_by(rows: pd.DataFrame, keys: Sequence[str]) -> dict[tuple[str, ...], float]:
    """Return `area_km2` of rows, in their order, by what stands in some columns, in which no two rows are the same."""
    return dict(zip(zip(*(rows[key].tolist() for key in keys), strict=True), rows["area_km2"].tolist(), strict=True))


def areas_over(counted: Sequence[Mapping[_Key, float]]) -> pd.DataFrame:
    """
    Return areas on the given line with their bounds over several lines.

    Parameters
    ----------
    counted
        In km², the same classes of land on each line, the given one first; where a class is missing it has no land.

    Returns
    -------
    areas
        `area_km2`, `low_km2`, `high_km2`, one row per class that has land on the given line, in its order.
    """
    classes = list(counted[0].keys())
    found = np.array([[areas.get(key, 0.0) for key in classes] for areas in counted])
    bounds = {"area_km2": found[0], "low_km2": found.min(axis=0), "high_km2": found.max(axis=0)}
    return pd.DataFrame(bounds, pd.Index(classes, tupleize_cols=False))
