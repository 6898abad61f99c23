"""
Slivers between published polygons and our oblasts, which never share their edges.

Where both draw the same border, coast or oblast edge, they miss each other by up to some kilometres, and plain clipping
leaves narrow strips of the wrong holder along it. Such strips are told from real pockets by their shape (morphological
opening: Serra, "Image Analysis and Mathematical Morphology", 1982) and by where they lie.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.geometry import Tiled, polygonal, prepared

#: Gaps between published polygons narrower than this are no land of anybody.
_HAIRLINE_M: Final = 100.0
#: Share of such a gap's outline that published land runs along; the corner of a bay has less.
_CLOSED: Final = 0.9
#: What rounding a corner by a hairline leaves is smaller than this.
_LEAST_GAP_M2: Final = 1.0
#: Least share of a sliver's outline that runs along the oblast's edge, and that runs along the other holder's land.
_ALONG_EDGE: Final = 1 / 3
_ALONG_OTHER: Final = 1 / 4
#: How near to an edge an outline must be to run along it, and how far it is smoothed before.
_NEAR_M: Final = 200.0
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
    published: BaseGeometry, oblasts: NDArray[np.object_], *, country: BaseGeometry, width_km: float = 2.0
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
    width_km
        Slivers are narrower than this; with 0 nothing is done.
    """
    land = polygonal(published)
    nothing = MultiPolygon()
    if width_km <= 0 or land.is_empty:
        return Mended(land, nothing, nothing)
    width = width_km * 1000
    gaps = _hairlines(land, country)
    land = joined(land, gaps)
    gone = [(shape, shapely.difference(shape, land)) for shape in _shared(oblasts, land)]
    filled = _slivers(gone, shapely.boundary(land), width)
    land = joined(land, filled)
    rest = without_cracks(shapely.difference(country, land))
    over = [(shape, shapely.intersection(shape, land)) for shape in _shared(oblasts, land)]
    trimmed = _slivers(over, shapely.boundary(rest), width, only_long=True)
    land = polygonal(shapely.difference(country, joined(rest, trimmed)))
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
    cut = [shapely.intersection(piece, area.around(piece)) for piece in pieces[crossing]]
    return shape_array([*pieces[whole], *(part for shape in cut for part in polygonal(shape).geoms)])


def _shared(oblasts: NDArray[np.object_], land: BaseGeometry) -> Iterable[BaseGeometry]:
    """Return the oblasts that hold some of the land, and are not all of it."""
    whole = prepared(land)
    return [shape for shape in oblasts if shapely.intersects(whole, shape) and not shapely.contains(whole, shape)]


def _hairlines(land: MultiPolygon, country: BaseGeometry) -> list[BaseGeometry]:
    """Return the gaps within the land that are narrower than a hairline and closed nearly all around."""
    closed = shapely.buffer(shapely.buffer(land, _HAIRLINE_M / 2, quad_segs=2), -_HAIRLINE_M / 2, quad_segs=2)
    gaps = _large(shape_array(polygonal(shapely.difference(closed, land)).geoms))
    gaps = _large(_within(gaps, _tiled(country)))
    return list(gaps[shares_along(gaps, shapely.boundary(land), near=_CRACK_M) > _CLOSED]) if gaps.size else []


def _large(gaps: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(gaps[shapely.area(gaps) > _LEAST_GAP_M2])


def _slivers(
    cut: list[tuple[BaseGeometry, BaseGeometry]], other: BaseGeometry, width: float, *, only_long: bool = False
) -> list[BaseGeometry]:
    """Return the slivers of (oblast, land of one holder in it) beside the other's outline, without wide pockets."""
    found: list[BaseGeometry] = []
    for oblast, land in cut:
        edge = shapely.boundary(oblast)
        pieces = shape_array(_narrow(land, edge, width))
        if pieces.size:
            smooth = smoothed(pieces)
            along_edge = shares_along(smooth, edge, near=_NEAR_M, step=_NEAR_M) >= _ALONG_EDGE
            along_other = shares_along(smooth, other, near=_NEAR_M, step=_NEAR_M) >= _ALONG_OTHER
            found.extend(pieces[along_edge & along_other & (_are_long(smooth) | (not only_long))])
    return _without_pockets(found, width)


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


def shares_along(
    pieces: NDArray[np.object_], line: BaseGeometry, *, near: float, step: float = 0.0
) -> NDArray[np.float64]:
    """Return the share of each outline that runs near the line, by the middles of segments of at most `step` metres."""
    outlines = shapely.boundary(pieces)
    outlines = shapely.segmentize(outlines, step) if step else outlines
    parts, of_piece = shapely.get_parts(outlines, return_index=True)
    corners, of_part = shapely.get_coordinates(parts, return_index=True)
    within = of_part[1:] == of_part[:-1]
    middles, lengths = (corners[1:] + corners[:-1])[within] / 2, np.hypot(*(corners[1:] - corners[:-1])[within].T)
    owner = of_piece[of_part[1:][within]]
    along = shapely.dwithin(prepared(line), shapely.points(middles), near)
    whole = np.bincount(owner, lengths, minlength=len(pieces))
    return np.bincount(owner, lengths * along, minlength=len(pieces)) / np.maximum(whole, 1e-9)


def smoothed(pieces: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the pieces without the windings of a detailed coast, which would count as outline."""
    smooth = shapely.simplify(pieces, _NEAR_M)
    return np.where(shapely.area(smooth) > 0, smooth, pieces)


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
