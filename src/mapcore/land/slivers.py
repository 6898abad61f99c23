"""
Slivers between published polygons and our oblasts, which never share their edges.

Where both draw the same border, coast or oblast edge, they miss each other by up to some kilometres, and plain clipping
leaves narrow strips of the wrong holder along it. Such strips are told from real pockets by their shape (morphological
opening: Serra, "Image Analysis and Mathematical Morphology", 1982) and by where they lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.geometry import Tiled, polygonal, polygons_of, prepared
from mapcore.land.outlines import NEAR_M, Outlines, smoothed
from mapcore.land.surroundings import Surroundings, near_or_whole

#: Gaps between published polygons narrower than this are no land of anybody.
_HAIRLINE_M: Final = 100.0
#: Share of such a gap's outline that published land runs along; the corner of a bay has less.
_CLOSED: Final = 0.9
#: What rounding a corner by a hairline leaves is smaller than this.
_LEAST_GAP_M2: Final = 1.0
#: Least share of a sliver's outline that runs along the oblast's edge, and that runs along the other holder's land.
_ALONG_EDGE: Final = 1 / 3
_ALONG_OTHER: Final = 1 / 4
#: No outline that was smoothed and is farther than this from an edge runs along it.
_FAR_M: Final = 1000.0
#: Perimeter² / (4 × area) of a strip about six times as long as it is wide, and an area that is never a pocket.
_LONG: Final = 8.0
_TINY_M2: Final = 1e6
#: Share of strips that meet across an oblast edge which is wide once they are taken together: then they are a pocket.
_WIDE_TOGETHER: Final = 0.5
#: Overlap of land that is joined or cut, against cracks by rounding.
_CRACK_M: Final = 0.01


@dataclass(frozen=True, eq=False)
class Mended:
    """
    Published land with the slivers gone.

    Attributes
    ----------
    land
        The published land, in the CRS it came in.
    filled
        What was added: narrow land that the file leaves out between its polygons and an edge, or between two polygons.
    trimmed
        What was taken off: narrow published land that reaches over an oblast's edge.
    """

    land: MultiPolygon
    filled: MultiPolygon
    trimmed: MultiPolygon


def without_slivers(
    published: BaseGeometry,
    oblasts: NDArray[np.object_],
    *,
    country: BaseGeometry,
    around: Surroundings | None = None,
    width_km: float = 2.0,
) -> Mended:
    """
    Move the edge of published land to the oblast edges, the border and the coast that it means to follow.

    A piece of an oblast counts as a sliver if no circle of `width_km` fits into it, it lies within `width_km` of the
    oblast's edge, at least a third of its outline runs along that edge, and at least a quarter along land of the other
    holder: so a pocket, an island and a finger that meets the edge head-on stay. Published land is taken off only where
    the piece is also long (about six times its width) or smaller than 1 km², since a file does not say by accident
    that land is held. Strips that meet across an oblast edge and are wide when taken together stay too.

    Parameters
    ----------
    published
        Land of one holder within the oblasts, valid, in metres.
    oblasts
        Shapes that tile the country, in the same CRS.
    country
        Their union.
    around
        The country around the published land, where that is known; the whole country when left out.
    width_km
        Slivers are narrower than this; with 0 nothing is done.

    Raises
    ------
    LeavesError
        If slivers reach farther than `around`.
    """
    land = polygonal(published)
    nothing = MultiPolygon()
    if width_km <= 0 or land.is_empty:
        return Mended(land, nothing, nothing)
    width, near = width_km * 1000, around or Surroundings(country)
    gaps = _hairlines(land, country)
    land = joined(land, gaps)
    filled = _slivers(_shared(oblasts, land), land, shapely.difference, land, width)
    land = joined(land, filled)
    near.hold(land)
    rest = without_cracks(shapely.difference(near.country, land))
    trimmed = _slivers(_shared(oblasts, land), land, shapely.intersection, rest, width, only_long=True)
    land = polygonal(shapely.difference(near.country, joined(rest, trimmed)))
    return Mended(land, polygonal(_union([*gaps, *filled])), polygonal(_union(trimmed)))


def joined(land: MultiPolygon, pieces: list[BaseGeometry]) -> MultiPolygon:
    """Join pieces to land, reaching over their edges by less than a crack."""
    return polygonal(shapely.union(land, _union(_widened(pieces)))) if pieces else land


def without_cracks(land: BaseGeometry) -> MultiPolygon:
    """Leave out the parts that are no wider than what rounding leaves between two edges that are the same."""
    return MultiPolygon(list(wider_than_cracks(shape_array(polygonal(land).geoms))))


def wider_than_cracks(parts: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the parts that are wider than what rounding leaves between two edges that are the same."""
    return np.asarray(parts[2 * shapely.area(parts) > _CRACK_M * shapely.length(parts)])


def shape_array(shapes: Iterable[BaseGeometry]) -> NDArray[np.object_]:
    """Return shapes as an array, also where there is none."""
    listed = list(shapes)
    found = np.empty(len(listed), dtype=object)
    found[:] = listed
    return found


def _union(pieces: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return the union of pieces of which few touch each other."""
    return shapely.disjoint_subset_union_all(shape_array(pieces))


def _widened(pieces: list[BaseGeometry]) -> NDArray[np.object_]:
    return np.asarray(shapely.buffer(shape_array(pieces), _CRACK_M, join_style="bevel"))


def _within(pieces: NDArray[np.object_], area: Tiled) -> NDArray[np.object_]:
    """Return the parts of the pieces that lie in an area; only those that cross its edge are cut."""
    whole, crossing = area.holds_and_crosses(pieces)
    around = shape_array(area.around(piece) for piece in pieces[crossing])
    return np.concatenate([pieces[whole], polygons_of(shapely.intersection(pieces[crossing], around))])


def _shared(oblasts: NDArray[np.object_], land: BaseGeometry) -> Iterable[BaseGeometry]:
    """Return the oblasts that hold some of the land, and are not all of it."""
    whole = prepared(land)
    return [shape for shape in oblasts if shapely.intersects(whole, shape) and not shapely.contains(whole, shape)]


def _hairlines(land: MultiPolygon, country: BaseGeometry) -> list[BaseGeometry]:
    """Return the gaps within the land that are narrower than a hairline and closed nearly all around."""
    closed = shapely.buffer(shapely.buffer(land, _HAIRLINE_M / 2, quad_segs=2), -_HAIRLINE_M / 2, quad_segs=2)
    gaps = _large(shape_array(polygonal(shapely.difference(closed, land)).geoms))
    gaps = _large(_within(gaps, _tiled(country)))
    if not gaps.size:
        return []
    return list(gaps[Outlines(gaps).shares_along(prepared(shapely.boundary(land)), near=_CRACK_M) > _CLOSED])


def _large(gaps: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(gaps[shapely.area(gaps) > _LEAST_GAP_M2])


def _slivers(
    oblasts: Iterable[BaseGeometry],
    land: MultiPolygon,
    cut: Callable[[BaseGeometry, BaseGeometry], BaseGeometry],
    other: MultiPolygon,
    width: float,
    *,
    only_long: bool = False,
) -> list[BaseGeometry]:
    """Return the slivers of oblasts cut by land that run beside the outline of the other holder's, without pockets."""
    found: list[BaseGeometry] = []
    beside = prepared(shapely.boundary(other))
    for oblast in oblasts:
        # A sliver runs along the other's land, so that an oblast counts as it is there.
        edge = shapely.boundary(oblast)
        narrow = partial(_narrow_beside, edge=edge, land=land, cut=cut, other=beside, width=width)
        pieces = near_or_whole(oblast, beside, width, narrow)
        if pieces.size:
            smooth = smoothed(pieces)
            outlines = Outlines(smooth, step=NEAR_M)
            chosen = _are_long(smooth) | (not only_long)
            chosen &= outlines.shares_along(beside, near=NEAR_M, of=chosen) >= _ALONG_OTHER
            chosen &= outlines.shares_along(prepared(edge), near=NEAR_M, of=chosen) >= _ALONG_EDGE
            found.extend(pieces[chosen])
    return _without_pockets(found, width)


def _narrow_beside(
    near: Surroundings,
    *,
    edge: BaseGeometry,
    land: BaseGeometry,
    cut: Callable[[BaseGeometry, BaseGeometry], BaseGeometry],
    other: BaseGeometry,
    width: float,
) -> NDArray[np.object_]:
    """Return the narrow parts of an oblast cut by land, near its edge, that may run along the other's outline."""
    pieces = shape_array(_narrow(cut(near.country, land), edge, width))
    pieces = np.asarray(pieces[shapely.dwithin(other, pieces, _FAR_M)])
    near.hold(*pieces)
    return pieces


def _narrow(land: BaseGeometry, edge: BaseGeometry, width: float) -> list[BaseGeometry]:
    """Return the parts of `land` into which no circle of `width` fits, cut to where they are near the edge."""
    opened = shapely.buffer(land, -width / 2, quad_segs=4)
    wide = shapely.buffer(opened, width, quad_segs=4)
    thin = shapely.difference(land, wide)
    if thin.is_empty:
        return []
    return list(wider_than_cracks(_within(shape_array(polygonal(thin).geoms), _beside(edge, width))))


# The same oblasts come with every line, so that what is made of them is kept.
@memory.shared(maxsize=64)
def _beside(edge: BaseGeometry, width: float) -> Tiled:
    """Return the land on both sides of an oblast's edge."""
    return Tiled(shapely.buffer(edge, width, quad_segs=4))


@memory.shared(maxsize=4)
def _tiled(country: BaseGeometry) -> Tiled:
    return Tiled(country)


def _are_long(pieces: NDArray[np.object_]) -> NDArray[np.bool_]:
    area = shapely.area(pieces)
    return np.asarray((area < _TINY_M2) | (shapely.length(pieces) ** 2 >= _LONG * 4 * area))


def _without_pockets(pieces: list[BaseGeometry], width: float) -> list[BaseGeometry]:
    """Drop the strips that are wide once they are joined with those on the other side of an oblast edge."""
    several = [pieces[index] for index in _with_neighbours(pieces)]
    if not several:
        return pieces
    together = polygonal(
        shapely.buffer(shapely.union_all(shapely.buffer(several, 1.0, quad_segs=1)), -1.0, quad_segs=1)
    )
    wide = [
        group
        for group in together.geoms
        if shapely.buffer(shapely.buffer(group, -width / 2), width / 2).area > _WIDE_TOGETHER * group.area
    ]
    if not wide:
        return pieces
    pockets = prepared(shapely.union_all(wide))
    return [piece for piece in pieces if not shapely.contains(pockets, shapely.point_on_surface(piece))]


def _with_neighbours(pieces: list[BaseGeometry]) -> list[int]:
    """Return which pieces nearly touch another one; none is wide alone."""
    first, second = shapely.STRtree(pieces).query(shape_array(pieces), predicate="dwithin", distance=2.0)
    return sorted(set(first[first != second].tolist()))
