"""
The likely range of a figure: a seeded Monte Carlo over lines that are off by a random, correlated distance.

Each draw moves the line and reads from tables how much land of each oblast changes sides; nothing is cut again. The
method and how it compares with really moving and cutting the line are told in docs/ranges.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import MultiLineString, MultiPolygon

from mapcore.base import memory
from mapcore.base.errors import ParameterError
from mapcore.base.geometry import join, polygonal
from mapcore.base.language import tr
from mapcore.base.schema import DEFAULT_STATUS, HOLDERS, Holder
from mapcore.confine.turns import LeftError, asker
from mapcore.land.boundaries import load_oblasts
from mapcore.measurement.areas import Measured
from mapcore.measurement.ledger import ledger_sums
from mapcore.measurement.line_displacement import (
    CORRELATION_KM,
    MAX_SIGMAS,
    Floats,
    Oblasts,
    band_edge,
    draw_offsets,
    line_sweep,
    reach_for,
    standard_deviation_km,
)
from mapcore.measurement.ranges import Range
from mapcore.proposals.shipped import Rule

DRAWS: Final = 2000
SEED: Final = 20251202
#: Share of the draws that a likely range takes in; the rest is left out in equal parts below and above.
SHARE: Final = 0.9
_KEYS: Final = ["oblast", "held_by", "status"]
Changes = dict[tuple[str, ...], Floats]


@dataclass(frozen=True, eq=False)
class LikelyRanges:
    """
    Likely ranges of one measured proposal.

    Attributes
    ----------
    zones
        `oblast`, `held_by`, `status`, `area_km2`, `likely_low_km2`, `likely_high_km2`: the rows of `Measured.zones`, in
        their order. As with the outer bounds, the ends do not add up.
    by_status
        The same for the rows of `Measured.by_status`, without `held_by`.
    ledger
        The figures of the ledger by their names there (`net_to_russia`, …), each a `Range` with the likely bounds.
    error_km, correlation_km, draws, seed, share
        What they were computed with.
    """

    zones: pd.DataFrame
    by_status: pd.DataFrame
    ledger: dict[str, Range]
    error_km: float
    correlation_km: float
    draws: int
    seed: int
    share: float


def likely_ranges(
    measured: Measured,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    error_km: float | None = None,
    correlation_km: float = CORRELATION_KM,
    share: float = SHARE,
) -> LikelyRanges:
    """
    Return the ranges that `share` of the drawn lines fall into.

    Parameters
    ----------
    error_km
        Mean absolute offset of the line; that of the measured line when left out.
    correlation_km
        Distance along the line over which the correlation of its offset falls to 1/e.

    Raises
    ------
    ParameterError
        If a number is out of range, or a rule follows a drawn outline.
    LeftError
        If nobody waits for them any more, see `confine.turns`.

    Examples
    --------
    >>> import mapcore
    >>> plan = mapcore.measure_proposal(mapcore.load_proposal("us-28-point"))
    >>> likely, outer = mapcore.likely_ranges(plan).ledger["net_to_russia"], plan.ledger.net_to_russia
    >>> outer.low < likely.low < outer.value < likely.high < outer.high
    True
    """
    if any(rule.inside for rule in measured.proposal.rules):
        raise ParameterError(
            tr("likely ranges of a proposal with a drawn outline are not computed; take its outer bounds")
        )
    error = measured.control.provenance.error_km if error_km is None else error_km
    if not (0 <= error <= 30 and 0.5 <= correlation_km <= 500 and 0 < share < 1 and 2 <= draws <= 100_000):
        raise ParameterError(
            tr(
                "likely ranges: choose an error from 0 to 30 km, a correlation length from 0.5 to 500 km, a share "
                "between 0 and 1 and from 2 to 100,000 draws"
            )
        )
    with memory.working_for(measured.memory):
        changes = drawn_changes(measured, draws=draws, seed=seed, error_km=error, correlation_km=correlation_km)
    zones = _with_bounds(measured.zones, _KEYS, changes, share)
    merged: Changes = {}
    for (oblast, _, status), change in changes.items():
        key = (oblast, status)
        merged[key] = merged[key] + change if key in merged else change
    by_status = _with_bounds(measured.by_status, _KEYS[::2], merged, share)
    ledger = _ledger(measured, changes, share)
    return LikelyRanges(zones, by_status, ledger, error, correlation_km, draws, seed, share)


def _ends(value: float, drawn: Floats, share: float) -> tuple[float, float]:
    """
    Return the ends of what was drawn, and the value within them: the line as it is drawn is a possible one too.

    A band on both sides of the line is smallest along a smooth one; all draws of it can lie above its value.
    """
    low, high = np.quantile(drawn, [(1 - share) / 2, (1 + share) / 2])
    return min(float(low), value), max(float(high), value)


def _with_bounds(rows: pd.DataFrame, keys: list[str], changes: Changes, share: float) -> pd.DataFrame:
    """Add the likely bounds of each row's area; no area is below 0."""
    found = pd.DataFrame(rows[[*keys, "area_km2"]])
    bounds = []
    for *key, area in found.itertuples(index=False):
        change = changes.get(tuple(key))
        bounds.append((area, area) if change is None else _ends(float(area), np.maximum(area + change, 0.0), share))
    low, high = zip(*bounds, strict=True)
    return found.assign(likely_low_km2=low, likely_high_km2=high)


def _ledger(measured: Measured, changes: Changes, share: float) -> dict[str, Range]:
    """Sum the draws as `ledger_sums` sums zones, which is linear: by the share of each zone in each figure."""
    sums = ledger_sums(measured.zones)
    drawn = {figure: np.full(1, value) for figure, value in sums.items()}
    for key, change in changes.items():
        for figure, factor in _factors(*key[1:]).items():
            if factor:
                drawn[figure] = drawn[figure] + factor * change
    return {figure: Range(sums[figure], *_ends(sums[figure], values, share)) for figure, values in drawn.items()}


@memory.shared
def _factors(held_by: str, status: str) -> dict[str, float]:
    """Return how often a km² with this holder and status counts in each figure of the ledger."""
    return ledger_sums(pd.DataFrame({"held_by": [held_by], "status": [status], "area_km2": [1.0]}))


def _oblasts_of(zones: gpd.GeoDataFrame) -> Oblasts:
    """Return the oblasts that the zones tile: the shipped ones as they are, others joined from their zones."""
    shipped = load_oblasts()
    areas = zones.geometry.area.groupby(zones["oblast"]).sum()
    if list(areas.index) == list(shipped["iso"]) and np.allclose(areas, shipped.geometry.area, rtol=1e-9):
        return tuple(zip(shipped["iso"], shipped.geometry, strict=True))
    return tuple((str(name), polygonal(join(rows.geometry.to_numpy()))) for name, rows in zones.groupby("oblast"))


def drawn_changes(
    measured: Measured,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    error_km: float | None = None,
    correlation_km: float = CORRELATION_KM,
) -> Changes:
    """Return the change of each (oblast, held_by, status) in km², one value a draw; arguments as in `likely_ranges`."""
    control, oblasts = measured.control, _oblasts_of(measured.zones)
    sigma = standard_deviation_km(control.provenance.error_km if error_km is None else error_km)
    if sigma == 0 or control.line.is_empty:
        return {}
    drawing = _Drawing(sigma, draws, seed, correlation_km)
    # What follows from the line alone, 20 MB: a proposal of a visitor's has no copy of it.
    with memory.working_for(control.memory):
        gained = _gained(control.line, control.held, oblasts, drawing)
        offsets = _offsets(control.line, drawing) if any(_depths(measured).values()) else np.empty((0, 0))
    changes: Changes = {}
    for holder in HOLDERS:
        whole = gained if holder == "russia" else _negative(gained)
        inner: dict[str, Floats] = {}
        for depth, edge in _far_edges(measured, oblasts, offsets, holder, reach_for(sigma)):
            within = _added(whole, edge)
            for oblast, ring in _added(within, _negative(inner)).items():
                key = (oblast, holder, _status(measured, oblast, holder, depth))
                changes[key] = changes[key] + ring if key in changes else ring
            inner = within
    return changes


@dataclass(frozen=True)
class _Drawing:
    """How lines are drawn: standard deviation of their offset, how many, from which seed, how correlated."""

    sigma_km: float
    draws: int
    seed: int
    correlation_km: float


def _offsets(line: MultiLineString, drawing: _Drawing) -> Floats:
    """Return how far each draw moves each station of a line, in km: one row a draw."""
    unit = draw_offsets(line, draws=drawing.draws, seed=drawing.seed, correlation_km=drawing.correlation_km)
    return np.asarray(drawing.sigma_km * np.clip(unit, -MAX_SIGMAS, MAX_SIGMAS))


@memory.kept(maxsize=16)
def _gained(line: MultiLineString, held: MultiPolygon, oblasts: Oblasts, drawing: _Drawing) -> dict[str, Floats]:
    """Return the land in km² that passes to Russia in each oblast, one value a draw: the same for each proposal."""
    sweep = line_sweep(line, held, oblasts, reach_km=reach_for(drawing.sigma_km))
    return sweep.passed(_offsets(line, drawing))


def _added(a: Mapping[str, Floats], b: Mapping[str, Floats]) -> dict[str, Floats]:
    """Add two sets of draws by key."""
    return {**a, **{key: a[key] + change if key in a else change for key, change in b.items()}}


def _negative(changes: Mapping[str, Floats]) -> dict[str, Floats]:
    return {key: -change for key, change in changes.items()}


def _far_edges(
    measured: Measured, oblasts: Oblasts, offsets: Floats, holder: Holder, reach_km: float
) -> Iterator[tuple[float, dict[str, Floats]]]:
    """Yield each depth with the land of `holder` that comes within it, the least first; at last none, for the rest."""
    control = measured.control
    for depth in _depths(measured)[holder]:
        # The tables of an edge take half a second where it is new.
        if not asker().is_there():
            raise LeftError
        ruled = tuple(pair for pair in oblasts if _is_ruled(measured, pair[0], holder, depth))
        edge = band_edge(control.line, control.held, ruled, depth_km=depth, holder=holder, reach_km=reach_km)
        yield depth, edge.passed(offsets)
    yield float("inf"), {}


def _depth_km(rule: Rule, measured: Measured) -> float:
    if rule.within_km is None:
        return float("inf")
    return measured.parameters[rule.within_km] if isinstance(rule.within_km, str) else rule.within_km


def _depths(measured: Measured) -> dict[Holder, list[float]]:
    """Return the depths of bands that the proposal's rules draw on each side of the line, the least first."""
    rules = [rule for rule in measured.proposal.rules if rule.within_km is not None]
    return {
        holder: sorted({_depth_km(rule, measured) for rule in rules if rule.held_by in {None, holder}})
        for holder in HOLDERS
    }


def _is_ruled(measured: Measured, oblast: str, holder: str, depth_km: float) -> bool:
    """Return whether a rule draws a band of this depth through land of `holder` in `oblast`."""
    return any(
        _depth_km(rule, measured) == depth_km
        and rule.held_by in {None, holder}
        and (rule.oblasts is None or oblast in rule.oblasts)
        for rule in measured.proposal.rules
    )


def _status(measured: Measured, oblast: str, holder: str, depth_km: float) -> str:
    """Return the status of land of `holder` in `oblast` that lies within `depth_km` of the line, and no nearer ring."""
    for rule in measured.proposal.rules:
        in_place = rule.oblasts is None or oblast in rule.oblasts
        if in_place and rule.held_by in {None, holder} and depth_km <= _depth_km(rule, measured):
            return rule.status
    return DEFAULT_STATUS[holder]
