"""What a settlement is under each of several proposals, how sure that is, and how far from the edges that they draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mapcore.analysis.settlements import load_places, near_line, place_points, zones_beneath
from mapcore.base import memory
from mapcore.base.language import language
from mapcore.base.schema import DEFAULT_STATUS
from mapcore.land.contact_line import Control
from mapcore.land.cut import split_by_holder
from mapcore.measurement.areas import KEPT, Measured, measure_proposal
from mapcore.measurement.edges import edges_of
from mapcore.proposals.shipped import Status, load_proposals, load_statuses


@dataclass(frozen=True)
class Place:
    """
    A settlement, as a row of `load_places` has it.

    Attributes
    ----------
    row
        Its position in `load_places`.
    former_names
        Parted by ``;``.
    raion
        The first six signs of its code in the register; empty where it is open.
    population
        0 where there is no count.
    """

    row: int
    id: int
    katottg: str
    name_en: str
    name_uk: str
    former_names: str
    oblast: str
    raion: str
    lat: float
    lon: float
    population: int

    @property
    def key(self) -> str:
        """What links call it: its code in the register, which stays when it is renamed, else its id in GeoNames."""
        return self.katottg or str(self.id)

    @property
    def name(self) -> str:
        """Its name in the language in use."""
        return str(getattr(self, f"name_{language()}", self.name_en))


@memory.shared
def places_by_key() -> Mapping[str, Place]:
    """Return each settlement by its code in the register and by its id in GeoNames."""
    names = [name for name in Place.__dataclass_fields__ if name != "row"]
    rows = load_places()[names].itertuples(index=False, name=None)
    places = [Place(row, *values) for row, values in enumerate(rows)]
    return MappingProxyType({key: place for place in places for key in (str(place.id), place.key)})


@memory.kept(maxsize=KEPT)
def under_proposal(measured: Measured) -> pd.DataFrame:
    """
    Say of each settlement what it is under a measured proposal.

    Returns
    -------
    answers
        Indexed as `load_places`: `held_by` (now), `status`, `moves` (whether the holder changes), `sure` (whether the
        status is the same on each line that the ranges run over, see `line_variants`) and `distance_km` (to the nearest
        land that another would hold, which is the line that the proposal draws or, across water, a shore; NaN where
        one holds all). A settlement counts in its own oblast, as in `settlements.places_in`.

    Examples
    --------
    >>> import mapcore
    >>> plan = mapcore.measure_proposal(mapcore.load_proposal("us-28-point"))
    >>> place = places_by_key()["UA14120170010073917"]
    >>> place.name_en, under_proposal(plan)["status"][place.row]
    ('Kramatorsk', 'buffer')
    """
    zone, _ = zones_beneath(measured.zones)
    held_by, status = (measured.zones[column].to_numpy()[zone] for column in ("held_by", "status"))
    sure = np.ones(len(zone), dtype=bool)
    for zones in measured.variants[1:]:
        sure &= zones["status"].to_numpy()[zones_beneath(zones)[0]] == status
    holders = {shipped_status.id: shipped_status.holder for shipped_status in load_statuses().values()}
    moves = np.array([holders[status_id] for status_id in status]) != held_by
    far = _far_km(measured.zones, measured.zones["status"].map(holders).to_numpy(dtype=object), zone)
    found = {"held_by": held_by, "status": status, "moves": moves, "sure": sure, "distance_km": far}
    return pd.DataFrame(found, index=load_places().index)


def _far_km(zones: gpd.GeoDataFrame, holder: NDArray[np.object_], zone: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return how far settlements, each in a zone, are from the nearest land of another holder; NaN without such."""
    points, found = place_points(), np.full(len(zone), np.nan)
    edges = edges_of(zones.geometry.to_numpy())
    here = holder[edges.zone[edges.one]]
    there = np.where(edges.other < 0, here, holder[edges.zone[edges.other]])
    edge = (edges.other < 0) | (here != there)
    for side in np.unique(holder):
        rows, others = np.flatnonzero(holder[zone] == side), edge & ((here != side) | (there != side))
        if others.any() and len(rows):
            tree = shapely.STRtree(edges.lines(others))
            found[rows] = tree.query_nearest(points[rows], all_matches=False, return_distance=True)[1] / 1000
    return found


@memory.kept(maxsize=64)
def now_km(control: Control) -> NDArray[np.float64]:
    """Return how far settlements are from the nearest land that the other side holds, in km."""
    pieces = split_by_holder(control)
    return _far_km(pieces, pieces["held_by"].to_numpy(dtype=object), zones_beneath(pieces)[0])


def is_new(status: Status) -> bool:
    """Whether a status is another than that of land which a proposal leaves as it is."""
    return status.id not in DEFAULT_STATUS.values()


@dataclass(frozen=True)
class Under:
    """
    What a settlement is under one proposal.

    Attributes
    ----------
    moves
        Whether another holds it than now.
    sure
        Whether it is that on every line within the line's error.
    distance_km
        To the nearest land that another would hold: to the line that the proposal draws; None where one holds all.
    """

    measured: Measured
    status: Status
    moves: bool
    sure: bool
    distance_km: float | None

    @property
    def is_new(self) -> bool:
        """Whether anything is otherwise than now: holder, recognition or regime."""
        return is_new(self.status)


@dataclass(frozen=True)
class PlaceAnswer:
    """
    What a settlement is now and under each of several proposals on one line of contact.

    Attributes
    ----------
    near_line
        Whether the line, within its error, may run on either side of it.
    distance_km
        To the nearest land that the other side holds: to the line of contact or, across water, a shore.
    """

    place: Place
    control: Control
    held_by: str
    near_line: bool
    distance_km: float | None
    under: tuple[Under, ...]

    @property
    def changes(self) -> bool:
        """Whether any of the proposals changes anything for it."""
        return any(answer.is_new for answer in self.under)


def place_answers(places: Sequence[Place], measured: Sequence[Measured]) -> list[PlaceAnswer]:
    """Say what each of several settlements is under measured proposals, all on the same line of contact."""
    control, rows = measured[0].control, [place.row for place in places]
    near, far = near_line(control)[rows], now_km(control)[rows]
    under = [_under(measured_proposal, rows) for measured_proposal in measured]
    held_by = under_proposal(measured[0])["held_by"].to_numpy()[rows]
    return [
        PlaceAnswer(
            place, control, str(held_by[at]), bool(near[at]), _number(far[at]), tuple(answers[at] for answers in under)
        )
        for at, place in enumerate(places)
    ]


def place_answer(place: Place, measured: Sequence[Measured]) -> PlaceAnswer:
    """Say what a settlement is under measured proposals, all on the same line of contact."""
    return place_answers([place], measured)[0]


def beside(measured: Measured) -> tuple[Measured, ...]:
    """Return all proposals on the line of one of them, that one as it is set; a viewer's own comes last."""
    shown = measured.proposal.id
    shipped = {
        proposal.id: measured if proposal.id == shown else measure_proposal(proposal, control=measured.control)
        for proposal in load_proposals()
    }
    return tuple({**shipped, shown: measured}.values())


def _under(measured: Measured, rows: Sequence[int]) -> list[Under]:
    statuses, found = load_statuses(), under_proposal(measured).iloc[list(rows)]
    columns = (found[name] for name in ("status", "moves", "sure", "distance_km"))
    return [
        Under(measured, statuses[status], bool(moves), bool(sure), _number(far))
        for status, moves, sure, far in zip(*columns, strict=True)
    ]


def _number(far_km: float) -> float | None:
    return None if np.isnan(far_km) else float(far_km)
