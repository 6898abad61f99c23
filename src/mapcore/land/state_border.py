"""
Published land that ends at the state border or the coast, which no two sources draw alike.

A published outline that means to follow them misses ours by up to some kilometres. What lies between is narrow land of
the other holder that nobody says is there: it is joined to the land that was published, and where it is left in, the
edge towards it is no line of contact. The line runs only where land of the other holder of real width begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.geometry import linear, polygonal, prepared
from mapcore.land.slivers import (
    Mended,
    joined,
    shape_array,
    shares_along,
    smoothed,
    wider_than_cracks,
    without_cracks,
    without_slivers,
)

#: Land between published polygons and the border is narrow up to this many times the width of other slivers.
_TIMES: Final = 3.0
#: What is narrow beside the border where no width was asked for, in km.
_WIDTH_KM: Final = 6.0
#: Least share of a closed gap's outline along the border: with less it is deeper than it is long, and may be a pocket
#: where a circle as wide as other slivers fits into it.
_CLOSED_ALONG_BORDER: Final = 0.3
#: A gap that is open at one end is this long at least, by the square of its length along the border over its area; one
#: that is open at both ends lies behind published land and may be shorter.
_LONG: Final = 24.0
_LONG_BEHIND: Final = 3.0
#: Least shares of an open gap's outline along the border, and along border and published land together.
_OPEN_ALONG_BORDER: Final = 0.35
_OPEN_ALONG_BOTH: Final = 0.7
#: It ends where it is wider than its mean width by this factor: there a wedge of real land begins.
_WEDGE: Final = 1.5
#: A gap is open where it leads into wide land over at least this many metres.
_OPEN_M: Final = 500.0
#: How near to an edge an outline must be to run along it.
_NEAR_M: Final = 200.0
#: Wide land is carried this far over its rounded corners, as a factor.
_REACH: Final = 1.05


def without_misfits(
    published: BaseGeometry,
    oblasts: NDArray[np.object_],
    *,
    country: BaseGeometry,
    width_km: float = 2.0,
    only_long: bool = False,
) -> Mended:
    """
    Move the edge of published land to the oblast edges, the border and the coast that it means to follow.

    Slivers along oblast edges go as `slivers.without_slivers` has it. Between the polygons and the border or coast,
    land of the other holder that touches both and into which no circle of three times `width_km` fits is a gap: if it
    is closed, between the polygons and the border alone, and not much deeper than long or as narrow as other slivers;
    or if it is open, as beside the last stretch of a polygon, and very long. So published pockets at the border keep
    their edge towards the country, and the wedge between the border and a line that meets it stays.

    Parameters
    ----------
    published
        Land of one holder within the oblasts, valid, in metres.
    oblasts, country
        Shapes that tile the country, in the same CRS, and their union.
    width_km
        The width of slivers along oblast edges; with 0 nothing is done.
    only_long
        Join no gap at the border that is not very long: it may be a pocket of the other holder at its own border.
    """
    if width_km <= 0:
        return without_slivers(published, oblasts, country=country, width_km=width_km)
    width = width_km * _TIMES * 1000
    before = _gaps(polygonal(published), country, width, only_long=only_long)
    mended = without_slivers(joined(polygonal(published), before), oblasts, country=country, width_km=width_km)
    after = _gaps(mended.land, country, width, only_long=only_long)
    rest = without_cracks(shapely.difference(country, joined(mended.land, after)))
    filled = polygonal(shapely.union_all([*before, mended.filled, *after]))
    return Mended(polygonal(shapely.difference(country, rest)), filled, mended.trimmed)


def front(held: MultiPolygon, country: BaseGeometry) -> tuple[MultiLineString, MultiLineString]:
    """
    Return the line of contact of held land, and the rest of its edge inside the country.

    That rest runs beside the border or the coast, with nothing but a gap (see `without_misfits`) between.
    """
    edge = edge_inside(held, country)
    gaps = _gaps(held, country, _WIDTH_KM * 1000, only_long=False)
    if not gaps:
        return edge, MultiLineString()
    beside = shapely.buffer(shapely.union_all(gaps), 1.0, quad_segs=2)
    return linear(shapely.difference(edge, beside)), linear(shapely.intersection(edge, beside))


def edge_inside(held: MultiPolygon, country: BaseGeometry) -> MultiLineString:
    """Return the part of the edge of `held` that is not the edge of the country."""
    return linear(shapely.difference(shapely.boundary(held), _border(country)))


@memory.shared(maxsize=8)
def _border(country: BaseGeometry) -> BaseGeometry:
    return shapely.buffer(shapely.boundary(country), 1.0)


def _gaps(land: MultiPolygon, country: BaseGeometry, width: float, *, only_long: bool) -> list[BaseGeometry]:
    """Return the gaps between land and the border that are narrower than `width`, in metres."""
    border, edge = shapely.boundary(country), shapely.boundary(land)
    rest = without_cracks(shapely.difference(country, land))
    wide = _wide(rest, width)
    narrow = _parts(shapely.difference(rest, wide))
    for line in (edge, border):
        narrow = narrow[shapely.dwithin(prepared(line), narrow, 1.0)]
    if not narrow.size:
        return []
    smooth = smoothed(narrow)
    along_border, along_edge = (shares_along(smooth, line, near=_NEAR_M, step=_NEAR_M) for line in (border, edge))
    length, area = along_border * shapely.length(smooth), shapely.area(smooth)
    long = length**2 >= _LONG * area
    openings = _openings(narrow, wide)
    thin = shapely.is_empty(shapely.buffer(narrow, -width / _TIMES / 2, quad_segs=4))
    closed = (openings == 0) & (thin | (along_border >= _CLOSED_ALONG_BORDER))
    opened = (openings > 0) & (along_border >= _OPEN_ALONG_BORDER) & (along_border + along_edge >= _OPEN_ALONG_BOTH)
    opened &= long | ((openings > 1) & (length**2 >= _LONG_BEHIND * area))
    if only_long:
        closed, opened = closed & long, opened & long
    ended = _without_wedges(narrow[opened], area[opened] / length[opened])
    return [*narrow[closed], *ended]


def _wide(land: BaseGeometry, width: float) -> BaseGeometry:
    """Return the land into which a circle of this width fits."""
    return shapely.buffer(shapely.buffer(land, -width / 2, quad_segs=4), width / 2 * _REACH, quad_segs=4)


def _parts(land: BaseGeometry) -> NDArray[np.object_]:
    return wider_than_cracks(shape_array(polygonal(land).geoms))


def _openings(gaps: NDArray[np.object_], wide: BaseGeometry) -> NDArray[np.intp]:
    """Return in how many places each gap leads into wide land."""
    shared = shapely.intersection(shapely.boundary(gaps), shapely.buffer(shapely.boundary(wide), 1.0, quad_segs=1))
    return np.array([sum(part.length >= _OPEN_M for part in linear(one).geoms) for one in shared], dtype=np.intp)


def _without_wedges(gaps: NDArray[np.object_], widths: NDArray[np.float64]) -> Iterable[BaseGeometry]:
    """End open gaps of these mean widths where they widen into the country."""
    for gap, width in zip(gaps, widths, strict=True):
        yield from _parts(shapely.difference(gap, _wide(gap, _WEDGE * width)))
