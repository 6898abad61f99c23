"""
A country around the land that is worked on: its border as it is there, and with few corners far away.

What is asked of a country along the edge of some land does not depend on each bay at its other end. The corners that
are left are the border's own, in its order, so that an overlay gives the same near the land, corner for corner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiLineString
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.geometry import prepared

_Found = TypeVar("_Found")
#: Corners of a stretch of border, of which one is left where it is far away.
_STRETCH: Final = 24
#: A border with fewer corners stays as it is.
_SIMPLE: Final = 1000
#: How far from a coarse stretch, in metres, all is as with the whole border.
_LEAST_M: Final = 10_000.0


class LeavesError(Exception):
    """What is worked on reaches so far that the surroundings are not enough: do it with the whole country."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """
    A country as it is around some land.

    Attributes
    ----------
    country
        The whole of it, or with coarse stretches of border far away.
    coarse
        Those stretches.
    margin
        How far from them, in metres, everything that is asked about has to be.
    """

    country: BaseGeometry
    coarse: MultiLineString = field(default_factory=MultiLineString)
    margin: float = 0.0

    def hold(self, *shapes: BaseGeometry) -> None:
        """
        Make sure that shapes lie where the country is as it is.

        Raises
        ------
        LeavesError
            If one does not.
        """
        asked = np.array(shapes, dtype=object)
        if not self.coarse.is_empty and shapely.dwithin(prepared(self.coarse), asked, self.margin).any():
            raise LeavesError


def surroundings(country: BaseGeometry, land: BaseGeometry, width: float) -> Surroundings:
    """Return a country as it is around land, which is prepared, for work on strips at most `width` metres wide."""
    stretches = _stretches(country)
    if stretches is None or land.is_empty:
        return Surroundings(country)
    margin = max(_LEAST_M, 3 * width)
    far = stretches.can_be_coarse & ~shapely.dwithin(land, stretches.boxes, margin + 6 * width)
    if not far.any():
        return Surroundings(country)
    return Surroundings(stretches.without(far), MultiLineString(list(stretches.chords[far])), margin)


def near_or_whole(
    country: BaseGeometry, land: BaseGeometry, width: float, work: Callable[[Surroundings], _Found]
) -> _Found:
    """Return what work finds with the `surroundings` of land, or with the whole country where it leaves these."""
    try:
        return work(surroundings(country, land, width))
    except LeavesError:
        return work(Surroundings(country))


@dataclass(frozen=True, eq=False)
class _Stretches:
    """The border of a country in stretches: of which each corner is, and their boxes and chords."""

    corners: NDArray[np.float64]
    offsets: tuple[NDArray[np.int64], ...]
    stretch: NDArray[np.intp]
    stays: NDArray[np.bool_]
    boxes: NDArray[np.object_]
    chords: NDArray[np.object_]
    can_be_coarse: NDArray[np.bool_]
    grid_m: float

    def without(self, far: NDArray[np.bool_]) -> BaseGeometry:
        """Return the country with the first corner alone of the stretches that are far."""
        kept = self.stays | ~far[self.stretch]
        rings, *others = self.offsets
        counted = np.concatenate([[0], np.cumsum(kept)])
        left = shapely.from_ragged_array(
            shapely.GeometryType.MULTIPOLYGON, self.corners[kept], (counted[rings], *others)
        )
        # On the grid that the country is on, which decides what an overlay with it rounds to.
        return shapely.set_precision(left[0], self.grid_m, mode="pointwise")


@memory.shared(maxsize=64)
def _stretches(country: BaseGeometry) -> _Stretches | None:
    """Return the border in stretches, or None for one that stays as it is."""
    if shapely.get_num_coordinates(country) < _SIMPLE:
        return None
    _, corners, offsets = shapely.to_ragged_array([_multi(country)])
    starts = [_starts(first, last) for first, last in zip(offsets[0][:-1], offsets[0][1:], strict=True)]
    ends = [np.append(ring_starts[1:], last - 1) for ring_starts, last in zip(starts, offsets[0][1:], strict=True)]
    first, after = np.concatenate(starts), np.concatenate(ends)
    # Each stretch ends where the next one of its ring starts.
    number = np.repeat(np.arange(len(first)), after - first + 1)
    along = np.arange(len(number)) - np.repeat(np.cumsum(after - first + 1) - (after - first + 1), after - first + 1)
    lines = shapely.linestrings(corners[first[number] + along], indices=number)
    chords = shapely.linestrings(np.stack([corners[first], corners[after]], axis=1))
    stretch = np.searchsorted(first, np.arange(len(corners)), side="right") - 1
    stays = np.isin(np.arange(len(corners)), [*first, *after])
    # Where a ring starts stays, in both directions, so that what an overlay makes of it starts there as well.
    stays[offsets[0][:-1] + 1] = stays[offsets[0][1:] - 2] = True
    # The bounds stay, by which an overlay chooses what it rounds to.
    stays |= ((corners == corners.min(axis=0)) | (corners == corners.max(axis=0))).any(axis=1)
    bounds = shapely.bounds(lines)
    fit = ~_crossing(chords, lines) & (shapely.get_num_coordinates(lines) > 2)
    made = _Stretches(
        corners, tuple(offsets), stretch, stays, shapely.box(*bounds.T), chords, fit, shapely.get_precision(country)
    )
    return made if shapely.is_valid(made.without(fit)) else None


def _multi(country: BaseGeometry) -> BaseGeometry:
    return shapely.multipolygons(shapely.get_parts(country))


def _starts(first: int, last: int) -> NDArray[np.intp]:
    """Return where the stretches of a ring start, at least four of them; its last corner is its first."""
    size = max(1, min(_STRETCH, (last - 1 - first) // 4))
    return np.arange(first, last - 1, size)


def _crossing(chords: NDArray[np.object_], lines: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which chords meet another stretch, or the chord of one, elsewhere than at their ends."""
    crossing = np.zeros(len(chords), dtype=bool)
    for others in (lines, chords):
        chord, other = shapely.STRtree(others).query(chords, predicate="intersects")
        chord, other = chord[chord != other], other[chord != other]
        shared = shapely.intersection(chords[chord], others[other])
        ends = shapely.boundary(chords[chord])
        crossing[chord[~shapely.covers(ends, shared)]] = True
    return crossing
