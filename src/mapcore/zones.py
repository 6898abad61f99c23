"""Proposal and line of contact to labelled polygons that tile the country."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from mapcore.control import Control, load_control, split_by_holder
from mapcore.geometry import polygonal, simplify_coverage
from mapcore.scenario import Proposal, Rule, settle_parameters
from mapcore.schema import AREA_CRS, DEFAULT_STATUS, MAP_CRS, ZONE_COLUMNS

#: Effective area below which display vertices go, as a distance in metres (Visvalingam–Whyatt).
_DISPLAY_TOLERANCE_M = 900.0


def _matches(rule: Rule, pieces: gpd.GeoDataFrame) -> np.ndarray:
    found = np.ones(len(pieces), dtype=bool)
    if rule.oblasts is not None:
        found &= pieces["oblast"].isin(rule.oblasts).to_numpy()
    if rule.held_by is not None:
        found &= (pieces["held_by"] == rule.held_by).to_numpy()
    return found


def build_zones(
    proposal: Proposal, *, control: Control | None = None, parameters: Mapping[str, float] | None = None
) -> gpd.GeoDataFrame:
    """
    Derive the zones of a proposal on a line of contact.

    Parameters
    ----------
    control
        The line; the shipped default when left out.
    parameters
        Values for the proposal's own parameters; their defaults when left out.

    Returns
    -------
    zones
        `ZONE_COLUMNS` in `AREA_CRS`: one row per non-empty (oblast, held_by, status). The rows tile the country:
        no overlap, nothing lost.

    Raises
    ------
    ParameterError
        If a parameter is unknown or out of range.
    """
    control = control or load_control()
    settled = settle_parameters(proposal, parameters)
    pieces = split_by_holder(control)
    pieces = pieces.assign(status="", clause="")
    for rule in proposal.zones:
        if rule.within_km is not None:
            depth_km = settled[rule.within_km] if isinstance(rule.within_km, str) else rule.within_km
            pieces = _split_by_distance(pieces, _matches(rule, pieces) & (pieces["status"] == ""), control, depth_km)
        matched = _matches(rule, pieces) & (pieces["status"] == "").to_numpy()
        if rule.within_km is not None:
            matched &= pieces["near"].to_numpy()
            pieces = pieces.drop(columns="near")
        pieces.loc[matched, ["status", "clause"]] = [rule.status, rule.clause]
    pieces.loc[pieces["status"] == "", "status"] = DEFAULT_STATUS
    merged = pieces.dissolve(["oblast", "held_by", "status"], aggfunc="first", method="unary").reset_index()
    return merged[ZONE_COLUMNS].set_crs(AREA_CRS)


def _split_by_distance(
    pieces: gpd.GeoDataFrame, candidates: np.ndarray, control: Control, depth_km: float
) -> gpd.GeoDataFrame:
    """Cut the candidate pieces at `depth_km` from the line, and mark in `near` the parts within it."""
    chosen = pieces[candidates]
    band = shapely.buffer(control.line, depth_km * 1000, quad_segs=32)
    shapes = chosen.geometry.to_numpy()
    near = [polygonal(shape) for shape in shapely.intersection(shapes, band)]
    far = [polygonal(shape) for shape in shapely.difference(shapes, band)]
    parts = [
        pieces[~candidates].assign(near=False),
        chosen.set_geometry(gpd.GeoSeries(near, index=chosen.index, crs=AREA_CRS)).assign(near=True),
        chosen.set_geometry(gpd.GeoSeries(far, index=chosen.index, crs=AREA_CRS)).assign(near=False),
    ]
    rows = gpd.GeoDataFrame(gpd.pd.concat(parts, ignore_index=True), geometry="geometry", crs=AREA_CRS)
    return rows[~rows.geometry.is_empty].reset_index(drop=True)


def display_zones(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the same rows for a map: simplified with shared edges kept, in EPSG:4326. Never measure these."""
    simple = simplify_coverage(zones.geometry, tolerance=_DISPLAY_TOLERANCE_M)
    return zones.set_geometry(simple).to_crs(MAP_CRS)
