"""How often the edges of polygons cross: that, not the number of corners, is what mending and joining them costs."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from mapcore.base.language import number_text, tr
from mapcore.base.limits import Limits
from mapcore.lines.upload import Named

#: Pairs of edges that are looked at together, and the most in all for each edge: in land that somebody drew, few edges
#: come near to one.
_AT_ONCE: Final = 2_000_000
_PAIRS_AN_EDGE: Final = 60
_MORE_PAIRS: Final = 1_000_000

_Points = NDArray[np.float64]


def check_crossings(shapes: NDArray[np.object_], file: Named, limits: Limits) -> None:
    """
    Refuse polygons whose edges, of one or of several, cross too often; the work of counting is limited itself.

    Edges that meet at a corner of both do not cross; one that ends on another counts where that happens more often than
    there are edges.

    Raises
    ------
    LineFileError
        If they cross more often than `limits.crossings`.
    """
    starts, ends = _edges(shapes)
    edges = shapely.linestrings(np.stack([starts, ends], axis=1))
    tree = shapely.STRtree(edges)
    size = len(edges)
    step = max(1, _AT_ONCE // max(1, size))
    pairs, crossed, touched = 0, 0, 0
    for first in range(0, size, step):
        one, other = tree.query(edges[first : first + step])
        one = one + first
        later = other > one
        one, other = one[later], other[later]
        pairs += len(one)
        crossing, touching = _meet(starts[one], ends[one], starts[other], ends[other])
        crossed, touched = crossed + crossing, touched + touching
        if (
            crossed > limits.crossings
            or touched > limits.crossings + size
            or pairs > _PAIRS_AN_EDGE * size + _MORE_PAIRS
        ):
            reason = tr("has edges that cross or touch more than {count} times")
            way_out = tr("repair and dissolve it; MAPCORE_LIMIT_CROSSINGS sets the limit")
            raise file.refuse(reason.format(count=number_text(limits.crossings)), way_out)


def _edges(shapes: NDArray[np.object_]) -> tuple[_Points, _Points]:
    rings = shapely.get_rings(shapely.get_parts(shapes))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    starts, ends = corners[:-1][same], corners[1:][same]
    long = (starts != ends).any(axis=1)
    return starts[long], ends[long]


def _meet(a: _Points, b: _Points, c: _Points, d: _Points) -> tuple[int, int]:
    """Count the pairs of edges ab and cd that cross, and those of which one ends within the other or lies along it."""
    sides = [np.sign(_turn(*three)) for three in ((a, b, c), (a, b, d), (c, d, a), (c, d, b))]
    crossing = (sides[0] * sides[1] < 0) & (sides[2] * sides[3] < 0)
    corners = [(one == other).all(axis=1) for one in (a, b) for other in (c, d)]
    within = (sides[0] * sides[1] <= 0) & (sides[2] * sides[3] <= 0) & ~crossing & ~np.any(corners, axis=0)
    return int(crossing.sum()), int(within.sum())


def _turn(a: _Points, b: _Points, c: _Points) -> NDArray[Any]:
    """Return a number whose sign says to which side of ab the point c lies."""
    return (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
