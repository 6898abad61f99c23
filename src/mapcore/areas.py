"""Square kilometres, shares, ranges, and the ledger of a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd

from mapcore.boundaries import load_oblasts
from mapcore.control import Control, load_control, moved
from mapcore.geometry import geodesic_areas_km2
from mapcore.scenario import Proposal, load_statuses, settle_parameters
from mapcore.zones import build_zones

_KEYS = ["oblast", "held_by", "status"]


@dataclass(frozen=True)
class Range:
    """A figure in km² with its low and high bound from the line's positional error."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Ledger:
    """What a proposal moves, in km²; each a `Range`."""

    held_by_russia_now: Range
    ukraine_leaves: Range
    russia_leaves: Range
    net_to_russia: Range
    recognised_as_russian: Range
    demilitarised: Range


@dataclass(frozen=True, eq=False)
class Measured:
    """
    A proposal on a line, measured.

    Attributes
    ----------
    zones
        The zones with `area_km2`, `low_km2`, `high_km2`, `share_of_oblast` (0 to 1, of the measured oblast).
    ledger
        The proposal's ledger.
    """

    proposal: Proposal
    control: Control
    parameters: Mapping[str, float]
    zones: gpd.GeoDataFrame
    ledger: Ledger


def measure(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Add `area_km2` (geodesic on WGS 84) and `share_of_oblast` (0 to 1) to zones.

    Shares use the measured area of the oblast, so that they add up to 1 within it.
    """
    oblast_km2 = load_oblasts().set_index("iso")["measured_area_km2"]
    area = geodesic_areas_km2(zones.geometry)
    return zones.assign(area_km2=area, share_of_oblast=area / zones["oblast"].map(oblast_km2).to_numpy())


def _ledger_values(measured: pd.DataFrame) -> dict[str, float]:
    """Return the six sums of the ledger for zones with `held_by`, `status`, `area_km2`."""
    statuses = load_statuses()
    holder = measured["status"].map(lambda status: statuses[status].holder)
    recognised = measured["status"].map(lambda status: statuses[status].recognised)
    regime = measured["status"].map(lambda status: statuses[status].regime)
    now = measured["held_by"]
    area = measured["area_km2"]
    ukraine_leaves = float(area[(now == "ukraine") & (holder != "ukraine")].sum())
    russia_leaves = float(area[(now == "russia") & (holder != "russia")].sum())
    return {
        "held_by_russia_now": float(area[now == "russia"].sum()),
        "ukraine_leaves": ukraine_leaves,
        "russia_leaves": russia_leaves,
        "net_to_russia": ukraine_leaves - russia_leaves,
        "recognised_as_russian": float(area[recognised.isin(["russia_de_facto", "russia_de_jure"])].sum()),
        "demilitarised": float(area[regime == "demilitarised"].sum()),
    }


def measure_proposal(
    proposal: Proposal, *, control: Control | None = None, parameters: Mapping[str, float] | None = None
) -> Measured:
    """
    Build, measure and sum a proposal on a line, with ranges.

    The range of a figure runs over three lines: the one given, and the same line moved by its positional error
    outwards and inwards along its whole length. It is an outer bound: real errors differ in sign from place to place
    and partly cancel.
    """
    control = control or load_control()
    settled = settle_parameters(proposal, parameters)
    return _measure_cached(proposal, control, tuple(sorted(settled.items())))


@cache
def _measure_cached(proposal: Proposal, control: Control, settled: tuple[tuple[str, float], ...]) -> Measured:
    variants = [
        measure(build_zones(proposal, control=moved(control, by_km=by), parameters=dict(settled)))
        for by in (0.0, -control.error_km, control.error_km)
    ]
    zones = variants[0]
    index = pd.MultiIndex.from_frame(zones[_KEYS])
    areas = np.array([
        variant.set_index(_KEYS)["area_km2"].reindex(index, fill_value=0.0).to_numpy() for variant in variants
    ])  # fmt: skip
    zones = zones.assign(low_km2=areas.min(axis=0), high_km2=areas.max(axis=0))
    sums = [_ledger_values(variant) for variant in variants]
    ledger = Ledger(**{
        key: Range(sums[0][key], min(row[key] for row in sums), max(row[key] for row in sums)) for key in sums[0]
    })  # fmt: skip
    return Measured(proposal, control, dict(settled), zones, ledger)


def total(measured: pd.DataFrame, chosen: pd.Series) -> Range:
    """Sum the chosen rows of measured zones: value, low and high."""
    rows = measured[chosen]
    return Range(*(float(rows[key].sum()) for key in ("area_km2", "low_km2", "high_km2")))
