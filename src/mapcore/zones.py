"""Proposal and line of contact to labelled polygons that tile the country."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mapcore.control import Control, load_control, merge_faces, split_by_holder
from mapcore.geometry import faces_of, simplify_coverage
from mapcore.scenario import Proposal, Rule, settle_parameters
from mapcore.schema import DEFAULT_STATUS, MAP_CRS, ZONE_COLUMNS

#: Effective area below which display vertices go, as a distance in metres (Visvalingam–Whyatt).
_DISPLAY_TOLERANCE_M = 900.0
#: How far the edge of a band reaches past the land that it cuts, so that it crosses that land's edge.
_REACH_M = 1.0


def build_zones(
    proposal: Proposal,
    *,
    oblasts: gpd.GeoDataFrame | None = None,
    control: Control | None = None,
    parameters: Mapping[str, float] | None = None,
) -> gpd.GeoDataFrame:
    """
    Derive the zones of a proposal on a line of contact.

    Parameters
    ----------
    oblasts
        `iso` and geometry, in any CRS; the shipped 27 units when left out.
    control
        The line; the shipped default when left out.
    parameters
        Values for the proposal's own parameters; their defaults when left out.

    Returns
    -------
    zones
        `ZONE_COLUMNS` in `AREA_CRS`: one row per non-empty (oblast, held_by, status), sorted. The rows tile the
        oblasts: no overlap, nothing lost, and neighbours share their vertices. Land that no rule matches stays with
        Ukraine where Ukraine holds it, and is open where Russia does.

    Raises
    ------
    ParameterError
        If a parameter is unknown or out of range.
    CRSMismatchError
        If `oblasts` has no CRS.
    BoundariesError
        If `oblasts` cannot be cut; see `boundaries.prepare_oblasts`.
    """
    pieces = _apply_rules(proposal, oblasts, control or load_control(), settle_parameters(proposal, parameters))
    rule = pieces["rule"].to_numpy()
    matched = rule >= 0
    status = np.array([found.status for found in proposal.zones] or [""], dtype=object)
    unmatched = pieces["held_by"].map(DEFAULT_STATUS).to_numpy()
    labels = pieces[["oblast", "held_by"]].assign(status=np.where(matched, status[rule], unmatched))
    zones = merge_faces(labels, pieces.geometry.to_numpy())
    clause = np.array([*(found.clause for found in proposal.zones), ""], dtype=object)[rule]
    first = labels.assign(clause=clause, rule=rule).sort_values("rule").groupby(list(labels.columns))["clause"].first()
    return zones.assign(clause=first.to_numpy())[ZONE_COLUMNS]


def idle_rules(
    proposal: Proposal,
    *,
    oblasts: gpd.GeoDataFrame | None = None,
    control: Control | None = None,
    parameters: Mapping[str, float] | None = None,
) -> list[int]:
    """Return the indices of the rules that match no land on this line; arguments as in `build_zones`."""
    pieces = _apply_rules(proposal, oblasts, control or load_control(), settle_parameters(proposal, parameters))
    return sorted(set(range(len(proposal.zones))) - set(pieces["rule"]))


def _apply_rules(
    proposal: Proposal, oblasts: gpd.GeoDataFrame | None, control: Control, settled: Mapping[str, float]
) -> gpd.GeoDataFrame:
    """Return pieces of the oblasts with `rule`, the index of the first rule that matches each, or -1."""
    pieces = split_by_holder(control, oblasts=oblasts).assign(rule=-1)
    for index, rule in enumerate(proposal.zones):
        candidates = _candidates(rule, pieces)
        if rule.within_km is None:
            pieces.loc[candidates, "rule"] = index
        elif candidates.any():
            depth_km = settled[rule.within_km] if isinstance(rule.within_km, str) else rule.within_km
            pieces = _claim_within(pieces, candidates, control, depth_km, index)
    return pieces


def _candidates(rule: Rule, pieces: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    found = pieces["rule"].to_numpy() < 0
    if rule.oblasts is not None:
        found &= pieces["oblast"].isin(rule.oblasts).to_numpy()
    if rule.held_by is not None:
        found &= (pieces["held_by"] == rule.held_by).to_numpy()
    return np.asarray(found, dtype=bool)


def _claim_within(
    pieces: gpd.GeoDataFrame, candidates: NDArray[np.bool_], control: Control, depth_km: float, index: int
) -> gpd.GeoDataFrame:
    """
    Give the parts of the candidates within `depth_km` of the line to rule `index`.

    The candidates and all pieces that touch them are noded together, so that a neighbour gets the vertices where the
    edge of the band meets it. Distance is that of the plane of `AREA_CRS`.
    """
    band = shapely.buffer(control.line, depth_km * 1000, quad_segs=32)
    shapes = pieces.geometry.to_numpy()
    reach = shapely.buffer(shapely.union_all(shapes[candidates]), _REACH_M, quad_segs=1)
    around = shapely.intersects(shapes, reach)
    shapely.prepare(band)
    cut = shapely.intersection(shapely.boundary(band), reach)
    faces, inside = faces_of([*shapely.boundary(shapes[around]), cut])
    face, unit = shapely.STRtree(shapes[around]).query(inside, predicate="within")
    rows = pieces[around].iloc[unit]
    near = candidates[around][unit] & shapely.contains(band, inside[face])
    labels = rows[["oblast", "held_by", "rule"]].reset_index(drop=True)
    labels["rule"] = np.where(near, index, labels["rule"])
    merged = merge_faces(labels, faces[face])
    return gpd.GeoDataFrame(pd.concat([pieces[~around], merged], ignore_index=True), crs=pieces.crs)


def display_zones(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the same rows for a map: simplified with shared edges kept, in EPSG:4326. Never measure these."""
    simple = simplify_coverage(zones.geometry, tolerance=_DISPLAY_TOLERANCE_M)
    return zones.set_geometry(simple).to_crs(MAP_CRS)
