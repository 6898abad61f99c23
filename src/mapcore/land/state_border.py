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
from mapcore.land.outlines import NEAR_M, Outlines, smoothed
from mapcore.land.slivers import (
    Mended,
    joined,
    shape_array,
    wider_than_cracks,
    without_cracks,
    without_slivers,
)
from mapcore.land.surroundings import Surroundings, near_or_whole

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
#: How far around a gap what it leads into is looked for.
_AROUND_M: Final = 100.0
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
    land = polygonal(published)
    return near_or_whole(
        country,
        prepared(land),
        width_km * _TIMES * 1000,
        lambda near: _mended(land, oblasts, country, near, width_km=width_km, only_long=only_long),
    )


def _mended(
    land: MultiPolygon,
    oblasts: NDArray[np.object_],
    country: BaseGeometry,
    near: Surroundings,
    *,
    width_km: float,
    only_long: bool,
) -> Mended:
    width = width_km * _TIMES * 1000
    before, _ = _gaps(land, near, width, only_long=only_long)
    mended = without_slivers(joined(land, before), oblasts, country=country, around=near, width_km=width_km)
    after, rest = _gaps(mended.land, near, width, only_long=only_long)
    if after:
        rest = without_cracks(shapely.difference(near.country, joined(mended.land, after)))
    filled = polygonal(shapely.union_all([*before, mended.filled, *after]))
    return Mended(polygonal(shapely.difference(near.country, rest)), filled, mended.trimmed)


def front(held: MultiPolygon, country: BaseGeometry) -> tuple[MultiLineString, MultiLineString]:
    """
    Return the line of contact of held land, and the rest of its edge inside the country.

    That rest runs beside the border or the coast, with nothing but a gap (see `without_misfits`) between.
    """
    edge = edge_inside(held, country)
    width = _WIDTH_KM * 1000
    gaps, _ = near_or_whole(country, prepared(held), width, lambda near: _gaps(held, near, width, only_long=False))
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


def _gaps(
    land: MultiPolygon, near: Surroundings, width: float, *, only_long: bool
) -> tuple[list[BaseGeometry], MultiPolygon]:
    """Return the gaps between land and the border that are narrower than `width`, in metres, and the other land."""
    border, edge = (prepared(shapely.boundary(shape)) for shape in (near.country, land))
    rest = without_cracks(shapely.difference(near.country, land))
    wide = _wide(rest, width)
    narrow = _parts(shapely.difference(rest, wide))
    for line in (edge, border):
        narrow = narrow[shapely.dwithin(line, narrow, 1.0)]
    if not narrow.size:
        return [], rest
    near.hold(*narrow)
    smooth = smoothed(narrow)
    outlines = Outlines(smooth, step=NEAR_M)
    along_border = outlines.shares_along(border, near=NEAR_M)
    length, area = along_border * shapely.length(smooth), shapely.area(smooth)
    long = length**2 >= _LONG * area
    thin = shapely.is_empty(shapely.buffer(narrow, -width / _TIMES / 2, quad_segs=4))
    closed = thin | (along_border >= _CLOSED_ALONG_BORDER)
    opened = (along_border >= _OPEN_ALONG_BORDER) & (length**2 >= _LONG_BEHIND * area)
    if only_long:
        closed, opened = closed & long, opened & long
    openings = _openings(narrow, wide, of=closed | opened)
    closed &= openings == 0
    opened &= (openings > 0) & (long | (openings > 1))
    along_edge = outlines.shares_along(edge, near=NEAR_M, of=opened)
    opened &= along_border + along_edge >= _OPEN_ALONG_BOTH
    ended = _without_wedges(narrow[opened], area[opened] / length[opened])
    return [*narrow[closed], *ended], rest


def _wide(land: BaseGeometry, width: float) -> BaseGeometry:
    """Return the land into which a circle of this width fits."""
    return shapely.buffer(shapely.buffer(land, -width / 2, quad_segs=4), width / 2 * _REACH, quad_segs=4)


def _parts(land: BaseGeometry) -> NDArray[np.object_]:
    return wider_than_cracks(shape_array(polygonal(land).geoms))


def _openings(gaps: NDArray[np.object_], wide: BaseGeometry, *, of: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return in how many places each gap that is asked about leads into wide land."""
    edge = shapely.boundary(wide)
    found = np.zeros(len(gaps), dtype=np.intp)
    for index in np.flatnonzero(of):
        west, south, east, north = shapely.bounds(gaps[index]) + _AROUND_M * np.array([-1, -1, 1, 1])
        beside = shapely.buffer(shapely.clip_by_rect(edge, west, south, east, north), 1.0, quad_segs=1)
        shared = linear(shapely.intersection(shapely.boundary(gaps[index]), beside))
        found[index] = sum(part.length >= _OPEN_M for part in shared.geoms)
    return found


def _without_wedges(gaps: NDArray[np.object_], widths: NDArray[np.float64]) -> Iterable[BaseGeometry]:
    """End open gaps of these mean widths where they widen into the country."""
    for gap, width in zip(gaps, widths, strict=True):
        yield from _parts(shapely.difference(gap, _wide(gap, _WEDGE * width)))
