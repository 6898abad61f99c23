"""What a proposal does to the land: pieces, lines, people and places that change hands, towns near the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from mapcore.analysis.civil_objects import KINDS, load_civil_objects, zones_around
from mapcore.analysis.settlements import load_places, place_points, zones_beneath
from mapcore.base import memory
from mapcore.base.schema import HOLDERS
from mapcore.measurement.areas import Measured, settles_nothing
from mapcore.measurement.effects import Key, Spot, When, shape_of
from mapcore.measurement.ranges import Range, ranges_over
from mapcore.proposals.shipped import load_statuses

EffectUnit = Literal["", "km", "km2", "people"]
#: Towns have at least so many inhabitants, before the full-scale invasion.
TOWN: Final = 10_000
#: Distances to the line within which towns are counted, in km.
DISTANCES_KM: Final = (10, 30, 50, 70, 140)
#: The unit of each measure, in the order of tables: nothing for a plain count.
UNITS: Final[dict[str, EffectUnit]] = {
    "pieces": "",
    "pockets": "",
    "piece": "km2",
    "pocket": "km2",
    "line_length": "km",
    "edge_length": "km",
    "moved_along": "km",
    "moved_mean": "km",
    "moved_most": "km",
    "settlements_moved": "",
    "people_moved": "people",
    "settlements_moved_uncounted": "",
    "settlements_in": "",
    "people_in": "people",
    "towns_near": "",
    "towns_near_ukraine": "",
    "objects_moved": "",
    "objects_in": "",
    "objects_russia": "",
}


@dataclass(frozen=True)
class Effect:
    """
    One figure on what a proposal does to the land.

    Attributes
    ----------
    measure
        Of `UNITS`.
    of
        What it is of: a holder, a status, a distance in km, or a kind of object (of `civil_objects.KINDS`).
    when
        ``now``, ``after``, or nothing for what comes of the proposal.
    figure
        Over the lines that ranges run over; None where the text does not specify it.
    spot, start
        Where it is, if at one place: of `moved_most` the farthest point, with the point of the line nearest to it.
    """

    measure: str
    of: str
    when: When
    figure: Range | None
    spot: Spot | None = None
    start: Spot | None = None

    @property
    def unit(self) -> EffectUnit:
        """The unit of its figure; nothing for a count."""
        return UNITS[self.measure]


@memory.kept(maxsize=64)
def effects_of(measured: Measured) -> tuple[Effect, ...]:
    """
    Return what a measured proposal does to the land; worked out once, and kept.

    A text that settles nothing has figures on what is now alone. Land that a text leaves open in part counts with who
    holds it now.

    Examples
    --------
    >>> import mapcore
    >>> from mapcore.analysis.effects import effects_of
    >>> found = effects_of(mapcore.measure_proposal(mapcore.load_proposal("us-28-point")))
    >>> now, after = (one.figure.value for one in found if one.measure == "line_length")
    >>> after < now
    True
    """
    silent = settles_nothing(measured)
    found = [*_shape(measured), *_places(measured), *_objects(measured)]
    order = list(UNITS)
    found.sort(key=lambda effect: order.index(effect.measure))
    return tuple(
        Effect(effect.measure, effect.of, effect.when, None) if silent and effect.when != "now" else effect
        for effect in found
    )


def _over(counted: Sequence[Mapping[Key, float]]) -> Iterator[Effect]:
    for key, figure in ranges_over(counted).items():
        yield Effect(*key, figure)


def _shape(measured: Measured) -> Iterator[Effect]:
    shape = shape_of(measured)
    most = {setback.holder: setback for setback in shape.setbacks}
    for (measure, of, when), figure in shape.figures.items():
        if measure == "moved_most" and of in most:
            yield Effect(measure, of, when, figure, most[of].end, most[of].start)
        else:
            yield Effect(measure, of, when, figure)
    largest: set[tuple[str, When]] = set()
    for piece in shape.pieces:
        if piece.pocket or (piece.holder, piece.when) in largest:
            area = Range(piece.area_km2, piece.area_km2, piece.area_km2)
            yield Effect("pocket" if piece.pocket else "piece", piece.holder, piece.when, area, piece.spot)
        largest.add((piece.holder, piece.when))


def _places(measured: Measured) -> Iterator[Effect]:
    """
    Yield settlements and people that change hands or lie in a zone, and towns near the line now and after.

    The line is the edge of the land that Russia holds, inside Ukraine.
    """
    lines = shape_of(measured).lines
    looks = [_Settled(zones) for zones in measured.variants]
    yield from _over([dict(look.moved()) | dict(look.near(line)) for look, line in zip(looks, lines, strict=True)])


class _Settled:
    """The settlements in the zones of one line: of each its people, its status, and who holds it now and after."""

    def __init__(self, zones: gpd.GeoDataFrame) -> None:
        zone = zones_beneath(zones)[0]
        self.rows = np.flatnonzero(zone >= 0)
        beneath, statuses = zone[self.rows], load_statuses()
        after = np.array([statuses[status_id].holder for status_id in zones["status"]], dtype=object)
        self.people = settlement_people()[self.rows]
        self.status = zones["status"].to_numpy(dtype=object)[beneath]
        self.holder: dict[When, NDArray[np.object_]] = {
            "now": zones["held_by"].to_numpy(dtype=object)[beneath],
            "after": after[beneath],
        }

    def moved(self) -> Iterator[tuple[Key, float]]:
        for holder in HOLDERS:
            left = (self.holder["now"] == holder) & (self.holder["after"] != holder)
            yield ("settlements_moved", holder, ""), float(left.sum())
            yield ("people_moved", holder, ""), float(self.people[left].sum())
            yield ("settlements_moved_uncounted", holder, ""), float((left & (self.people == 0)).sum())
        for status_id in load_statuses():
            inside = self.status == status_id
            if inside.any():
                yield ("settlements_in", status_id, ""), float(inside.sum())
                yield ("people_in", status_id, ""), float(self.people[inside].sum())

    def near(self, lines: Mapping[When, NDArray[np.object_]]) -> Iterator[tuple[Key, float]]:
        towns = np.flatnonzero(self.people >= TOWN)
        points = place_points()[self.rows[towns]]
        for when, line in lines.items():
            ours, away_km = self.holder[when][towns] == "ukraine", np.full(len(towns), np.inf)
            if len(line):
                near, metres = shapely.STRtree(line).query_nearest(points, return_distance=True, all_matches=False)
                away_km[near[0]] = metres / 1000
            for distance in DISTANCES_KM:
                within = away_km <= distance
                yield ("towns_near", str(distance), when), float(within.sum())
                yield ("towns_near_ukraine", str(distance), when), float((within & ours).sum())


@memory.shared
def settlement_people() -> NDArray[np.int64]:
    """Return the counts of people of the rows of `load_places`, 0 where there is none."""
    return np.asarray(load_places()["population"], dtype=np.int64)


def _objects(measured: Measured) -> Iterator[Effect]:
    yield from _over([dict(_objects_on(zones)) for zones in measured.variants])


def _objects_on(zones: gpd.GeoDataFrame) -> Iterator[tuple[Key, float]]:
    zone, kinds, statuses = zones_around(zones), load_civil_objects()["kind"].to_numpy(), load_statuses()
    now, status = (zones[column].to_numpy(dtype=object)[zone] for column in ("held_by", "status"))
    after = np.array([statuses[status_id].holder for status_id in status], dtype=object)
    for holder in HOLDERS:
        yield ("objects_moved", holder, ""), float(((now == holder) & (after != holder)).sum())
    for status_id in statuses:
        if (status == status_id).any():
            yield ("objects_in", status_id, ""), float((status == status_id).sum())
    for kind in KINDS:
        yield ("objects_russia", kind, "now"), float(((kinds == kind) & (now == "russia")).sum())
        yield ("objects_russia", kind, "after"), float(((kinds == kind) & (after == "russia")).sum())
