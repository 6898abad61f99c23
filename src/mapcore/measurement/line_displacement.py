"""
A line of contact that is off by a random, correlated distance, and the land that changes hands when it is.

The offset is taken along the normal of the line, outwards from land held by Russia where it is positive. Land near the
line is cut into small cells; a cell changes hands when the line passes its centre. So a strip cannot lose more land
than it has, and the state border, the coast and the edges of oblasts stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, exp, sqrt
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiLineString, MultiPolygon

from mapcore.base import memory
from mapcore.base.geometry import prepared
from mapcore.base.schema import Holder

Floats = NDArray[np.float64]
Side = Literal[1, -1]
Oblasts = tuple[tuple[str, MultiPolygon], ...]

#: Distance along the line, in km, over which the correlation of its offset falls to 1/e; see docs/ranges.md.
CORRELATION_KM: Final = 7.0
#: Distance of the places along the line whose offsets are drawn, in km.
STATION_KM: Final = 1.0
#: Offsets are cut at this multiple of their standard deviation.
MAX_SIGMAS: Final = 4.0
#: Offsets that tables are made for, in km: a slider rarely leaves one, so that it stays live.
_REACHES_KM: Final = (12.0, 24.0, 48.0, 96.0, 192.0)
#: So many cells, no larger than half a tile, and so many steps of a table go into its reach.
_CELLS, _BAND_CELLS, _LEVELS = 24, 12, 120
#: Edge of a tile, in km: cells are looked for tile by tile, and each moves with the far edge of a band as a whole.
_TILE_KM = 4.0
#: Draws that are worked on at once: all of them would take 100 MB.
_AT_ONCE = 500
#: Every so many stations decide where the far edge of a band lies.
_BAND_STRIDE = 2


def standard_deviation_km(error_km: float) -> float:
    """Return the standard deviation of a normal offset whose mean absolute value is `error_km`."""
    return error_km * sqrt(np.pi / 2)


def reach_for(sigma_km: float) -> float:
    """Return up to which offset tables must go for offsets of a standard deviation."""
    return next(reach for reach in _REACHES_KM if reach >= MAX_SIGMAS * sigma_km)


@dataclass(frozen=True, eq=False)
class Stations:
    """
    Places along a line, one every `STATION_KM`.

    Attributes
    ----------
    counts
        Number of stations of each part of the line; offsets of two parts are independent.
    xy
        Position of each station, in metres.
    segments
        Straight pieces of the line, each with its `owner`, the station that it moves with.
    """

    counts: tuple[int, ...]
    xy: Floats
    segments: NDArray[np.object_]
    owner: NDArray[np.intp]


@memory.kept(maxsize=16)
def stations_along(line: MultiLineString) -> Stations:
    """Return the stations of a line."""
    counts: list[int] = []
    places, segments, owners = [], [], []
    for part in line.geoms:
        count = max(1, round(part.length / (1000 * STATION_KM)))
        step = part.length / count
        points = shapely.get_coordinates(shapely.segmentize(part, 500 * STATION_KM))
        lengths = np.hypot(*np.diff(points, axis=0).T)
        middle = np.cumsum(lengths) - lengths / 2
        owners.append(sum(counts) + np.minimum((middle / step).astype(np.intp), count - 1))
        segments.append(shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)))
        places.append(shapely.get_coordinates(shapely.line_interpolate_point(part, (np.arange(count) + 0.5) * step)))
        counts.append(count)
    if not counts:
        return Stations((), np.empty((0, 2)), np.empty(0, dtype=object), np.empty(0, dtype=np.intp))
    return Stations(tuple(counts), np.concatenate(places), np.concatenate(segments), np.concatenate(owners))


@memory.kept(maxsize=4)
def draw_offsets(line: MultiLineString, *, draws: int, seed: int, correlation_km: float) -> Floats:
    """
    Draw offsets of unit standard deviation.

    A stationary normal process along each part of the line with correlation exp(-(lag / `correlation_km`)²), as white
    noise under a moving average with Gaussian weights. The second half of the draws mirrors the first, so that no draw
    favours a holder. Sums run in one fixed order, so that a seed gives the same digits on each machine.

    Returns
    -------
    offsets
        One row a draw, one column a station.
    """
    reach = ceil(2 * correlation_km / STATION_KM)
    weights = [exp(-2 * (step * STATION_KM / correlation_km) ** 2) for step in range(-reach, reach + 1)]
    size = sqrt(sum(weight * weight for weight in weights))
    generator = np.random.Generator(np.random.PCG64(seed))
    parts = []
    for count in stations_along(line).counts:
        noise = generator.standard_normal((ceil(draws / 2), count + 2 * reach))
        parts.append(sum(weight / size * noise[:, step : step + count] for step, weight in enumerate(weights)))
    half = np.concatenate([np.empty((ceil(draws / 2), 0)), *parts], axis=1)
    return np.concatenate([half, -half])[:draws]


def _by_part(offsets_km: Floats, passed: Callable[[Floats], dict[str, Floats]]) -> dict[str, Floats]:
    """Return what `passed` answers for some draws at a time, for all of them."""
    parts = [passed(offsets_km[first : first + _AT_ONCE]) for first in range(0, len(offsets_km), _AT_ONCE)]
    return {oblast: np.concatenate([part[oblast] for part in parts]) for oblast in parts[0]}


@dataclass(frozen=True, eq=False)
class Sweep:
    """
    Land that changes sides when a part of an edge moves, by (unit that moves, oblast).

    Attributes
    ----------
    unit, oblast
        What each row of `table` belongs to: index of the unit, and code of the oblast.
    table
        Land in km² passed by an edge that has moved by -reach … +reach: one row a pair, one column a step.
    """

    unit: NDArray[np.intp]
    oblast: NDArray[np.object_]
    table: Floats
    reach_km: float

    def passed(self, offsets_km: Floats) -> dict[str, Floats]:
        """Return for each oblast the km² passed, one value a draw; `offsets_km` has a column for each unit."""
        return _by_part(offsets_km, self._passed)

    def _passed(self, offsets_km: Floats) -> dict[str, Floats]:
        place = np.clip((offsets_km.T / self.reach_km + 1) * _LEVELS, 0, 2 * _LEVELS - 1e-9)
        whole = place.astype(np.intp)
        rest = place - whole
        steps = np.diff(self.table, axis=1)
        sums: dict[str, Floats] = {}
        for row, (unit, oblast) in enumerate(zip(self.unit, self.oblast, strict=True)):
            swept = self.table[row].take(whole[unit]) + rest[unit] * steps[row].take(whole[unit])
            sums[oblast] = sums[oblast] + swept if oblast in sums else swept
        return sums


@dataclass(frozen=True, eq=False)
class _Cells:
    """Cells near a line: centre, oblast, holder, distance to the line, nearest station."""

    xy: Floats
    oblast: NDArray[np.object_]
    held: NDArray[np.bool_]
    away_km: Floats
    station: NDArray[np.intp]


def _tiles(line: MultiLineString, oblasts: Oblasts, within_km: float, edge_km: float) -> Floats:
    """Return the centres of cells in all tiles of the oblasts that come within `within_km` of the line."""
    margin = np.array([-1, -1, 1, 1])
    frames = np.array([shape.bounds for _, shape in oblasts]).reshape(-1, 4) / 1000 + margin * _TILE_KM
    west, south, east, north = np.array(line.bounds) / 1000 + margin * within_km
    columns, rows = (np.arange(low // _TILE_KM, high // _TILE_KM + 1) for low, high in ((west, east), (south, north)))
    corners = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2) * _TILE_KM
    framed = (corners[:, None] >= frames[:, :2]) & (corners[:, None] <= frames[:, 2:])
    corners = corners[np.any(np.all(framed, axis=2), axis=1)]
    middles = shapely.points((corners + _TILE_KM / 2) * 1000)
    corners = corners[shapely.dwithin(prepared(line), middles, (within_km + _TILE_KM * 0.71) * 1000)]
    inner = np.arange(edge_km / 2, _TILE_KM, edge_km)
    spread = np.stack(np.meshgrid(inner, inner), axis=-1).reshape(-1, 2)
    return np.asarray((corners[:, None, :] + spread[None, :, :]).reshape(-1, 2) * 1000)


def _cells(
    line: MultiLineString, held: MultiPolygon, oblasts: Oblasts, from_km: float,
    to_km: float, edge_km: float, holder: Holder | None = None,
) -> _Cells:  # fmt: skip
    """Return the cells whose distance to the line is between `from_km` and `to_km`, those of one holder if named."""
    xy = _tiles(line, oblasts, to_km, edge_km)
    points = shapely.points(xy)
    shapes = np.array([shape for _, shape in oblasts], dtype=object)
    oblast, cell = shapely.STRtree(points).query(shapes, predicate="contains")
    cell, first = np.unique(cell, return_index=True)
    oblast, is_held = oblast[first], shapely.contains(prepared(held), points[cell])
    # What takes longest is done for no other cells than needed.
    if holder is not None:
        chosen = is_held == (holder == "russia")
        oblast, cell, is_held = oblast[chosen], cell[chosen], is_held[chosen]
    stations = stations_along(line)
    (near, segment), metres = shapely.STRtree(stations.segments).query_nearest(
        points[cell], max_distance=to_km * 1000, return_distance=True, all_matches=False
    )
    chosen = metres >= from_km * 1000
    near, segment, away = near[chosen], segment[chosen], metres[chosen] / 1000
    return _Cells(
        xy=xy[cell[near]],
        oblast=np.array([name for name, _ in oblasts], dtype=object)[oblast[near]],
        held=is_held[near],
        away_km=away,
        station=stations.owner[segment],
    )


def _tabulate(unit: NDArray[np.intp], oblast: NDArray[np.object_], at_km: Floats, reach_km: float, km2: float) -> Sweep:
    """Sum cells of `km2` by unit and oblast into the land that an edge passes when it moves to each level."""
    names, code = np.unique(oblast.astype(str), return_inverse=True)
    pairs, row = np.unique(np.stack([unit, code]), axis=1, return_inverse=True)
    level = np.clip(np.ceil((at_km / reach_km + 1) * _LEVELS).astype(np.intp), 0, 2 * _LEVELS + 1)
    counts = np.zeros((pairs.shape[1], 2 * _LEVELS + 2))
    np.add.at(counts, (row.reshape(-1), level), km2)
    passed = np.cumsum(counts, axis=1)[:, :-1]
    passed -= passed[:, [_LEVELS]]
    return Sweep(pairs[0], names[pairs[1]].astype(object), passed, reach_km)


@memory.kept(maxsize=16)
def line_sweep(line: MultiLineString, held: MultiPolygon, oblasts: Oblasts, *, reach_km: float) -> Sweep:
    """Return the land that passes to Russia as each station moves outwards (to Ukraine: below 0), by oblast."""
    edge_km = min(reach_km / _CELLS, _TILE_KM / 2)
    cells = _cells(line, held, oblasts, 0.0, reach_km, edge_km)
    at_km = np.where(cells.held, -cells.away_km, cells.away_km)
    return _tabulate(cells.station, cells.oblast, at_km, reach_km, edge_km**2)


@dataclass(frozen=True, eq=False)
class BandEdge:
    """
    The far edge of a band along the line, on one side of it, tile by tile.

    Attributes
    ----------
    sweep
        Land of that side that comes within the depth as each tile's distance to the line shrinks.
    stations, gaps_km
        For each tile, the stations that may be nearest to it, and by how much each is further than the nearest.
    side
        1 for the side of Ukraine, to which a line moving outwards comes nearer; -1 for that of Russia.
    """

    sweep: Sweep
    stations: tuple[NDArray[np.intp], ...]
    gaps_km: tuple[Floats, ...]
    side: Side

    def passed(self, offsets_km: Floats) -> dict[str, Floats]:
        """Return for each oblast the km² that come within the depth, one value a draw."""
        return _by_part(offsets_km, self._passed)

    def _passed(self, offsets_km: Floats) -> dict[str, Floats]:
        # A row a station, so that what one tile needs lies together.
        by_station = np.ascontiguousarray(self.side * offsets_km.T)
        nearer = np.empty((len(self.stations), len(offsets_km)))
        for tile, (stations, gaps) in enumerate(zip(self.stations, self.gaps_km, strict=True)):
            (by_station[stations] - gaps[:, None]).max(axis=0, out=nearer[tile])
        return self.sweep.passed(nearer.T)


@memory.kept(maxsize=32)
def band_edge(
    line: MultiLineString, held: MultiPolygon, oblasts: Oblasts, *, depth_km: float,
    holder: Holder, reach_km: float,
) -> BandEdge:  # fmt: skip
    """Return the far edge of the land of `holder` within `depth_km` of the line."""
    edge_km = min(reach_km / _BAND_CELLS, _TILE_KM / 2)
    cells = _cells(line, held, oblasts, max(0.0, depth_km - reach_km), depth_km + reach_km, edge_km, holder)
    tiles, tile = np.unique((cells.xy // (1000 * _TILE_KM)).astype(np.intp), axis=0, return_inverse=True)
    tile = tile.reshape(-1).astype(np.intp)
    sweep = _tabulate(tile, cells.oblast, cells.away_km - depth_km, reach_km, edge_km**2)
    places = stations_along(line).xy
    chosen, gaps = [], []
    for centre in (tiles + 0.5) * 1000 * _TILE_KM:
        metres = np.hypot(*(places - centre).T) / 1000
        near = np.flatnonzero(metres < metres.min() + 2 * reach_km)
        nearest = int(metres.argmin())
        near = np.union1d(near[near % _BAND_STRIDE == 0], nearest).astype(np.intp)
        chosen.append(near)
        gaps.append(metres[near] - metres[nearest])
    return BandEdge(sweep, tuple(chosen), tuple(gaps), 1 if holder == "ukraine" else -1)
