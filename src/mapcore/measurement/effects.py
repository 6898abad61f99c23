"""
What a proposal does to the shape of the land: pieces and pockets, the length of lines, how far the line moves back.

Each figure is read from the edges that zones share, on the given line and on the same line moved by its error one way
and the other; docs/effects.md says how each is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from mapcore.base import memory
from mapcore.base.geometry import degrees_of, geodesic_areas_km2, geodesic_lengths_km
from mapcore.base.schema import AREA_CRS, HOLDERS
from mapcore.measurement.areas import Measured
from mapcore.measurement.edges import Edges, Flags, Floats, edges_of
from mapcore.measurement.ranges import Range, ranges_over
from mapcore.proposals.shipped import load_statuses

When = Literal["now", "after", ""]
#: Who may hold land after a proposal: the two sides, and nobody's army.
HOLDERS_AFTER: Final = (*HOLDERS, "none")
_WHO: Final[dict[When, tuple[str, ...]]] = {"now": HOLDERS, "after": HOLDERS_AFTER}
#: Land that is smaller is noise of the line and of the coast, and no piece.
LEAST_PIECE_KM2: Final = 1.0
#: What is counted: a measure, of what (a holder, a status), when.
Key = tuple[str, str, When]


@dataclass(frozen=True)
class Spot:
    """A place on the map: longitude and latitude in degrees, and how wide what is there is, in km."""

    lon: float
    lat: float
    wide_km: float = 0.0


@dataclass(frozen=True)
class Piece:
    """A connected piece of the land that one side holds; a pocket is one that reaches neither border nor coast."""

    holder: str
    when: When
    area_km2: float
    pocket: bool
    spot: Spot


@dataclass(frozen=True)
class Setback:
    """
    Where one side leaves land: how far the line moves back.

    Attributes
    ----------
    start, end
        The point of the land that is farthest from the line as it stands (`end`), and the nearest point of that line.
    """

    holder: str
    start: Spot
    end: Spot


@dataclass(frozen=True, eq=False)
class Shape:
    """
    Figures on the shape of the land under a measured proposal.

    Attributes
    ----------
    figures
        By (measure, of what, when), each a `Range` over the lines that ranges run over.
    pieces
        Those of at least `LEAST_PIECE_KM2` on the given line, the largest first.
    setbacks
        Of each side that leaves land.
    lines
        For each line that ranges run over, the given one first: the line now, and after, as stretches in `AREA_CRS`.
    """

    figures: dict[Key, Range]
    pieces: tuple[Piece, ...]
    setbacks: tuple[Setback, ...]
    lines: tuple[dict[When, NDArray[np.object_]], ...]


@memory.kept(maxsize=64)
def shape_of(measured: Measured) -> Shape:
    """
    Return what a measured proposal does to the shape of the land; worked out once, and kept.

    Land that a text leaves open counts with who holds it now.
    """
    looks = [_Look(zones) for zones in measured.variants]
    figures = ranges_over([dict(look.figures()) for look in looks])
    first = looks[0]
    pieces = sorted(first.pieces, key=lambda piece: -piece.area_km2)
    lines = tuple({when: look.edges.lines(look.line(when)) for when in look.holder} for look in looks)
    return Shape(figures, tuple(pieces), tuple(first.setbacks()), lines)


class _Look:
    """The zones of one line, by their parts."""

    def __init__(self, zones: gpd.GeoDataFrame) -> None:
        statuses = load_statuses()
        self.edges: Edges = edges_of(zones.geometry.to_numpy())
        rows = zones.iloc[self.edges.zone]
        self.status = rows["status"].to_numpy(dtype=object)
        self.holder: dict[When, NDArray[np.object_]] = {
            "now": rows["held_by"].to_numpy(dtype=object),
            "after": np.array([statuses[status].holder for status in self.status], dtype=object),
        }
        self.km2 = _areas(zones, self.edges)
        self._most: dict[str, tuple[Floats, float] | None] = {}
        self.pieces = [piece for when in self.holder for piece in self._pieces(when)]

    def line(self, when: When) -> Flags:
        """Return the stretches between land that Russia holds and land that it does not."""
        russian = self.holder[when] == "russia"
        return self.edges.between(russian, ~russian)

    def figures(self) -> Iterator[tuple[Key, float]]:
        for when, holders in _WHO.items():
            yield ("line_length", "", when), self.edges.length_km(self.line(when))
            for holder in holders:
                own = [piece for piece in self.pieces if (piece.holder, piece.when) == (holder, when)]
                yield ("pieces", holder, when), float(len(own))
                yield ("pockets", holder, when), float(sum(piece.pocket for piece in own))
        for status in dict.fromkeys(self.status):
            here = self.status == status
            yield ("edge_length", status, ""), self.edges.length_km(self.edges.between(here, ~here))
        for holder in HOLDERS:
            yield from self._moves(holder)

    def _left(self, holder: str) -> Flags:
        """Return the parts that a side holds now and not after."""
        return np.asarray((self.holder["now"] == holder) & (self.holder["after"] != holder))

    def _moves(self, holder: str) -> Iterator[tuple[Key, float]]:
        left = self._left(holder)
        if not left.any():
            return
        along_km = self.edges.length_km(self.edges.between(left, self.holder["now"] != holder))
        yield ("moved_along", holder, ""), along_km
        yield ("moved_mean", holder, ""), float(self.km2[left].sum()) / along_km if along_km else 0.0
        found = self._farthest(holder)
        yield ("moved_most", holder, ""), found[1] if found else 0.0

    def setbacks(self) -> Iterator[Setback]:
        for holder in HOLDERS:
            found = self._farthest(holder)
            if found is not None:
                start, end = degrees_of(found[0].reshape(2, 2), AREA_CRS)
                yield Setback(holder, *(Spot(float(lon), float(lat), found[1]) for lon, lat in (start, end)))

    def _farthest(self, holder: str) -> tuple[Floats, float] | None:
        """Return from which point of the line to which point of the land that a side leaves it moves most, and km."""
        if holder not in self._most:
            self._most[holder] = self._find_farthest(holder)
        return self._most[holder]

    def _find_farthest(self, holder: str) -> tuple[Floats, float] | None:
        left, line = self._left(holder), self.edges.lines(self.line("now"))
        if not left.any() or not len(line):
            return None
        xy = self.edges.ends[self.edges.around(left)]
        inner = shapely.get_coordinates(shapely.get_point(shapely.maximum_inscribed_circle(self.edges.parts[left]), 0))
        points = shapely.points(np.concatenate([xy[:, :2], xy[:, 2:], (xy[:, :2] + xy[:, 2:]) / 2, inner]))
        near, away = shapely.STRtree(line).query_nearest(points, return_distance=True, all_matches=False)
        most = int(away.argmax())
        point, stretch = points[near[0][most]], line[near[1][most]]
        start = shapely.line_interpolate_point(stretch, shapely.line_locate_point(stretch, point))
        ends = shapely.get_coordinates([start, point]).reshape(1, 4)
        return ends[0], float(geodesic_lengths_km(ends, AREA_CRS)[0])

    def _pieces(self, when: When) -> Iterator[Piece]:
        holders, outer = self.holder[when], self.edges.outer()
        piece_of = self.edges.joined(list(holders))
        for first in np.unique(piece_of):
            parts = piece_of == first
            area_km2 = float(self.km2[parts].sum())
            if area_km2 >= LEAST_PIECE_KM2:
                yield Piece(str(holders[first]), when, area_km2, not outer[parts].any(), _spot(self.edges.parts[parts]))


def _areas(zones: gpd.GeoDataFrame, edges: Edges) -> Floats:
    """Return the geodesic area of each part, in km²: those of a zone in parts are measured, the others known."""
    alone = np.bincount(edges.zone, minlength=len(zones))[edges.zone] == 1
    km2 = zones["area_km2"].to_numpy()[edges.zone].astype(float)
    km2[~alone] = geodesic_areas_km2(gpd.GeoSeries(edges.parts[~alone], crs=zones.crs))
    return np.asarray(km2)


def _spot(parts: NDArray[np.object_]) -> Spot:
    """Return where land is: a point of its largest part, and how wide all of it is."""
    largest = parts[int(shapely.area(parts).argmax())]
    lon, lat = degrees_of(shapely.get_coordinates(shapely.point_on_surface(largest)), AREA_CRS)[0]
    west, south, east, north = shapely.total_bounds(parts) / 1000
    return Spot(float(lon), float(lat), float(max(east - west, north - south)))
