"""The edges of zones: what each stretch parts, how long it is, which pieces of land it encloses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.geometry import geodesic_lengths_km
from mapcore.base.schema import AREA_CRS

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Edges:
    """
    The straight stretches between the vertices of zones that share these with their neighbours, each once.

    Attributes
    ----------
    parts, zone
        The connected parts of the zones as polygons, and the row of the zone that each is of.
    ends
        Both ends of each stretch in metres: `x0`, `y0`, `x1`, `y1`.
    one, other
        The parts that a stretch lies between; `other` is -1 along the border and the coast.
    """

    parts: NDArray[np.object_]
    zone: Rows
    ends: Floats
    one: Rows
    other: Rows

    def between(self, here: Flags, there: Flags) -> Flags:
        """Return which stretches lie between two sets of parts, each a flag a part, whichever of them comes first."""
        inner = self.other >= 0
        return inner & ((here[self.one] & there[self.other]) | (there[self.one] & here[self.other]))

    def around(self, parts: Flags) -> Flags:
        """Return which stretches lie at the edge of a set of parts: between these and others, at border and coast."""
        return np.asarray(parts[self.one] != (parts[self.other] & (self.other >= 0)))

    def outer(self) -> Flags:
        """Return for each part whether it lies at the border or the coast."""
        found = np.zeros(len(self.parts), dtype=bool)
        found[self.one[self.other < 0]] = True
        return found

    def length_km(self, chosen: Flags) -> float:
        """Return the geodesic length of stretches, in km."""
        return float(geodesic_lengths_km(self.ends[chosen], AREA_CRS).sum())

    def lines(self, chosen: Flags) -> NDArray[np.object_]:
        """Return stretches as lines in `AREA_CRS`."""
        return np.asarray(shapely.linestrings(self.ends[chosen].reshape(-1, 2, 2)))

    def joined(self, labels: Sequence[str]) -> Rows:
        """
        Return for each part the piece that it belongs to, by its first part.

        Parts with one label that share a stretch are one piece; those that touch in a point are not.
        """
        named = np.asarray(labels, dtype=object)
        inner = self.other >= 0
        coded = np.unique(self.one[inner] * len(self.parts) + self.other[inner])
        pairs = np.stack(np.divmod(coded, len(self.parts)), axis=1)
        first = list(range(len(self.parts)))

        def root(part: int) -> int:
            while first[part] != part:
                first[part] = first[first[part]]
                part = first[part]
            return part

        for here, there in pairs[named[pairs[:, 0]] == named[pairs[:, 1]]]:
            low, high = sorted((root(int(here)), root(int(there))))
            first[high] = low
        return np.array([root(part) for part in range(len(first))], dtype=np.intp)


def edges_of(shapes: NDArray[np.object_]) -> Edges:
    """
    Return the edges of polygons in `AREA_CRS` that tile land and share their vertices, as `build_zones` has them.

    Proposals whose zones follow oblasts and holders alone share their shapes, and with them the answer.
    """
    return _edges_of(tuple(shapes))


@memory.kept(maxsize=12)
def _edges_of(shapes: tuple[BaseGeometry, ...]) -> Edges:
    parts, zone = shapely.get_parts(np.array(shapes, dtype=object), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    goes_on = ring[1:] == ring[:-1]
    ends, owner = np.hstack([xy[:-1], xy[1:]])[goes_on], part[ring[:-1][goes_on]]
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    order = np.lexsort(ends.T)
    ends, owner = ends[order], owner[order]
    again = np.concatenate([[False], (ends[1:] == ends[:-1]).all(axis=1)]) if len(ends) else np.empty(0, dtype=bool)
    first = np.flatnonzero(~again)
    other = np.full(len(first), -1, dtype=np.intp)
    shared = np.concatenate([again[1:], [False]])[first]
    other[shared] = owner[first[shared] + 1]
    return Edges(parts, zone, ends[first], owner[first], other)
