"""Square kilometres, shares and ranges: a proposal on a line, measured."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from mapcore.base import memory
from mapcore.base.geometry import geodesic_areas_km2
from mapcore.base.memory import Memory
from mapcore.base.shown import Shown
from mapcore.base.weight import weight
from mapcore.land.contact_line import Control, moved
from mapcore.lines.catalogue import load_control
from mapcore.measurement.contested import contested_sums, sum_contested, with_contested
from mapcore.measurement.ledger import Ledger, ledger_sums, left_open_sums, moves_nothing
from mapcore.measurement.ranges import Range, areas_by, areas_over
from mapcore.measurement.zones import build_zones
from mapcore.proposals.shipped import Proposal, load_statuses, settle_parameters

#: Measured proposals that stay in memory: 2.5 MB each where each is on a line of its own, as when a slider goes through
#: an archive. What keeps more than this by measured proposal keeps them all.
KEPT: Final = 96
_KEYS = ["oblast", "held_by", "status"]
_STATUS_KEYS = ["oblast", "status"]
_Rows = TypeVar("_Rows", bound=pd.DataFrame)


@memory.handing_out("parameters", "zones", "by_status", "variants")
@dataclass(frozen=True, eq=False, repr=False)
class Measured(Shown):
    """
    A proposal on a line, measured.

    Attributes
    ----------
    zones
        The zones with `area_km2`, `low_km2`, `high_km2`, `share_of_oblast` (0 to 1, of the measured oblast) and
        `contested_km2` (see `measurement.contested`): one row per non-empty (oblast, held_by, status).
    by_status
        The same figures without geometry and without regard to who holds the land now: one row per (oblast, status).
        Its ranges are not sums of those of the zones: an oblast that goes to one status as a whole has no range,
        wherever the line in it runs.
    ledger
        The proposal's ledger.
    variants
        The zones with `area_km2` on each line that the ranges run over (`line_variants`), the given line first.
    """

    proposal: Proposal
    control: Control
    parameters: Mapping[str, float]
    zones: gpd.GeoDataFrame
    by_status: pd.DataFrame
    ledger: Ledger
    variants: tuple[gpd.GeoDataFrame, ...]

    def __repr__(self) -> str:
        return f"<Measured {self.proposal.id} on the line {self.control.id}: {self.ledger!r}>"

    def _repr_html_(self) -> str:
        head = f"{escape(self.proposal.title)}, line of contact {self.control.as_of}, km²"
        return f"<p>{head}</p>{self.ledger._repr_html_()}"

    def weight(self) -> int:
        """Return the bytes that it takes, without those of the proposal and the line."""
        return weight(vars(self))

    def to_frame(self) -> pd.DataFrame:
        """Return the ledger as a table; see `Ledger.to_frame`."""
        return self.ledger.to_frame()

    @property
    def memory(self) -> Memory | None:
        """The memory of the visitor whose line or proposal it is, if any; see `memory`."""
        return memory.owner(self.proposal, self.control)

    @cached_property
    def _left_open(self) -> dict[str, float]:
        return left_open_sums(self.zones)

    def left_open(self) -> dict[str, float]:
        """Return the land on which the text is silent, in km², for each line of the ledger that this touches."""
        return dict(self._left_open)

    @cached_property
    def recognised_along_line_km2(self) -> float:
        """Land behind a frozen line along which the text recognises de facto, without naming the land, in km²."""
        statuses = load_statuses()
        along = self.zones["status"].map(lambda status: statuses[status].recognised) == "along_line"
        return float(self.zones.loc[along, "area_km2"].sum())

    @cached_property
    def settles_nothing(self) -> bool:
        """Whether the text moves no land and leaves the future of all land that Russia holds open."""
        return moves_nothing(self.zones)


@memory.kept(maxsize=KEPT)
def zone_records(measured: Measured) -> tuple[Any, ...]:
    """Return the rows of `zones` without geometry, each as a named tuple: read once for all languages and units."""
    return tuple(pd.DataFrame(measured.zones).drop(columns="geometry").itertuples())


def measure(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Add `area_km2` (geodesic on WGS 84) and `share_of_oblast` (0 to 1) to zones.

    Parameters
    ----------
    zones
        Rows with `oblast` and geometry, in any CRS, that tile each oblast they name, as `build_zones` returns them.

    Returns
    -------
    measured
        The same rows. Shares use the measured area of the oblast, which is the sum of its rows, so that they add up
        to 1 within it whichever boundaries the zones were cut from.

    Raises
    ------
    CRSMismatchError
        If `zones` has no CRS.

    Examples
    --------
    >>> import mapcore
    >>> zones = mapcore.measure(mapcore.build_zones(mapcore.load_proposal("line-as-is")))
    >>> int(round(zones["area_km2"].sum(), -3))
    599000
    """
    area_km2 = geodesic_areas_km2(zones.geometry)
    _, oblast = np.unique(np.array(zones["oblast"], dtype=object), return_inverse=True)
    return zones.assign(area_km2=area_km2, share_of_oblast=area_km2 / np.bincount(oblast, area_km2)[oblast])


def line_variants(control: Control) -> tuple[Control, ...]:
    """Return the lines that a range runs over: the given one, and moved inwards and outwards by its error."""
    return tuple(moved(control, by_km=by) for by in (0.0, -control.provenance.error_km, control.provenance.error_km))


def settles_nothing(measured: Measured) -> bool:
    """Whether a text moves no land and leaves the future of all land that Russia holds open: it gets no figure then."""
    return measured.settles_nothing


def ledger_figure(measured: Measured, key: str) -> Range | None:
    """
    Return a line of the ledger with its bounds, or None where the text leaves it open.

    This one rule decides wherever a line of the ledger is shown: a text that is silent gets no invented zero.
    """
    figure: Range = getattr(measured.ledger, key)
    return figure if figure.value != 0 or not measured.left_open().get(key) else None


def left_open_km2(measured: Measured) -> dict[str, float]:
    """Return the land on which a text is silent, in km², for each line of the ledger that this touches."""
    return measured.left_open()


def recognised_along_line_km2(measured: Measured) -> float:
    """Return the land behind a frozen line along which a text recognises de facto, without naming the land, in km²."""
    return measured.recognised_along_line_km2


def measure_proposal(
    proposal: Proposal,
    *,
    oblasts: gpd.GeoDataFrame | None = None,
    control: Control | None = None,
    parameters: Mapping[str, float] | None = None,
) -> Measured:
    """
    Build, measure and sum a proposal on a line, with ranges; arguments as in `build_zones`.

    The range of a figure runs over three lines: the one given, and the same line moved by its positional error
    outwards and inwards along its whole length. It is an outer bound: real errors differ in sign from place to place
    and partly cancel. On the shipped oblasts an answer is kept, and given again for the same question.

    Raises
    ------
    ParameterError, CRSMismatchError, BoundariesError
        As in `build_zones`.

    Examples
    --------
    >>> import mapcore
    >>> plan = mapcore.measure_proposal(mapcore.load_proposal("us-28-point"))
    >>> plan.ledger.to_frame().loc["net_to_russia", ["value_km2", "low_km2", "high_km2"]].round(-2).tolist()
    [3900.0, 2900.0, 4800.0]
    """
    control = control or load_control()
    settled = settle_parameters(proposal, parameters)
    if oblasts is None:
        return _measure_shipped(proposal, control, tuple(sorted(settled.items())))
    return _measure(proposal, oblasts, control, settled)


@memory.kept(maxsize=KEPT)
def _measure_shipped(proposal: Proposal, control: Control, settled: tuple[tuple[str, float], ...]) -> Measured:
    return _measure(proposal, None, control, dict(settled))


def _measure(
    proposal: Proposal, oblasts: gpd.GeoDataFrame | None, control: Control, settled: dict[str, float]
) -> Measured:
    variants = [
        measure(build_zones(proposal, oblasts=oblasts, control=line, parameters=settled))
        for line in line_variants(control)
    ]
    zones = with_contested(_with_bounds(variants, _KEYS), control)
    merged = [_by_status(variant) for variant in variants]
    by_status = _with_bounds(merged, _STATUS_KEYS)
    by_status = by_status.assign(contested_km2=sum_contested(zones, _STATUS_KEYS).to_numpy())
    sums = [ledger_sums(variant) for variant in variants]
    left_open = frozenset(key for key, open_km2 in left_open_sums(zones).items() if open_km2 and not sums[0][key])
    ranges = {key: Range.over(row[key] for row in sums) for key in sums[0]}
    ledger = Ledger(**ranges, not_specified=left_open, contested_km2=contested_sums(zones))
    return Measured(proposal, control, settled, zones, by_status, ledger, tuple(variants))


def _by_status(zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the sums of zones over (oblast, status): of some forty rows, pandas takes much longer to make them."""
    parted: dict[tuple[str, str], list[tuple[float, float]]] = {}
    columns = (zones[name].tolist() for name in (*_STATUS_KEYS, "area_km2", "share_of_oblast"))
    for oblast, status, *sizes in zip(*columns, strict=True):
        parted.setdefault((oblast, status), []).append(tuple(sizes))
    rows = [(*key, *map(math.fsum, zip(*parted[key], strict=True))) for key in sorted(parted)]
    return pd.DataFrame(rows, columns=[*_STATUS_KEYS, "area_km2", "share_of_oblast"])


def _with_bounds(variants: list[_Rows], keys: list[str]) -> _Rows:
    """Return the rows of the first variant with the bounds of their areas over all."""
    found = areas_over([areas_by(variant, keys) for variant in variants])
    return variants[0].assign(low_km2=found["low_km2"].to_numpy(), high_km2=found["high_km2"].to_numpy())


@memory.kept(maxsize=KEPT)
def oblasts_of(measured: Measured) -> pd.Series:
    """Return the land of each oblast in m² of the plane, by which different boundaries are told."""
    zones = measured.zones
    land: pd.Series = zones.geometry.area.groupby(zones["oblast"]).sum()
    return land
