"""Along what the outlines of narrow pieces of land run."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

#: How near to an edge an outline must be to run along it, and how far it is smoothed before.
NEAR_M: Final = 200.0


class Outlines:
    """
    The outlines of pieces, to ask how much of them runs along something, by the middles of their segments.

    Parameters
    ----------
    step
        Segments are at most so many metres long; 0 leaves them as they are.
    """

    def __init__(self, pieces: NDArray[np.object_], *, step: float = 0.0) -> None:
        outlines = shapely.boundary(pieces)
        outlines = shapely.segmentize(outlines, step) if step else outlines
        parts, of_piece = shapely.get_parts(outlines, return_index=True)
        corners, of_part = shapely.get_coordinates(parts, return_index=True)
        within = of_part[1:] == of_part[:-1]
        self._middles = (corners[1:] + corners[:-1])[within] / 2
        self._lengths = np.hypot(*(corners[1:] - corners[:-1])[within].T)
        self._owner = of_piece[of_part[1:][within]]
        self._count = len(pieces)

    def shares_along(
        self, line: BaseGeometry, *, near: float, of: NDArray[np.bool_] | None = None
    ) -> NDArray[np.float64]:
        """Return the share of each outline that runs near a prepared line; 0 for pieces that are not asked about."""
        asked = slice(None) if of is None else of[self._owner]
        owner, lengths = self._owner[asked], self._lengths[asked]
        along = shapely.dwithin(line, shapely.points(self._middles[asked]), near)
        whole = np.bincount(owner, lengths, minlength=self._count)
        return np.bincount(owner, lengths * along, minlength=self._count) / np.maximum(whole, 1e-9)


def smoothed(pieces: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the pieces without the windings of a detailed coast, which would count as outline."""
    smooth = shapely.simplify(pieces, NEAR_M)
    return np.where(shapely.area(smooth) > 0, smooth, pieces)
