"""Proposal and line of contact to labelled polygons that tile the country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.geometry import counterclockwise, faces_of, join, polygonal, prepared, simplify_coverage
from mapcore.base.schema import AREA_CRS, DEFAULT_STATUS, MAP_CRS, ZONE_COLUMNS
from mapcore.land.contact_line import Control
from mapcore.land.cut import hold_pieces, merge_faces
from mapcore.lines.catalogue import load_control
from mapcore.proposals.model import Ring
from mapcore.proposals.shipped import Proposal, Rule, settle_parameters

#: Effective area below which display vertices go, as a distance in metres (Visvalingam–Whyatt).
_DISPLAY_TOLERANCE_M = 900.0
#: How far the edge of a band reaches past the land that it cuts, so that it crosses that land's edge.
_REACH_M = 1.0
#: A drawn edge is straight in longitude and latitude: it gets a vertex this often, in degrees, before it is projected.
_DRAWN_STEP = 0.05
#: Drawn vertices are put on this grid, so that two outlines that share an edge share its vertices.
_DRAWN_GRID_M = 0.01


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

    Examples
    --------
    >>> import mapcore
    >>> zones = mapcore.build_zones(mapcore.load_proposal("us-28-point"))
    >>> sorted(zones.loc[zones["oblast"] == "UA-14", "status"])
    ['buffer', 'de_facto']
    """
    ruled = _apply_rules(proposal, oblasts, control or load_control(), settle_parameters(proposal, parameters))
    found = [
        (oblast, held_by, proposal.rules[rule].status if rule >= 0 else DEFAULT_STATUS[held_by])
        for oblast, held_by, rule in ruled.keys
    ]
    clauses = {
        key: proposal.rules[rule].clause if rule >= 0 else ""
        for key, (_, _, rule) in sorted(zip(found, ruled.keys, strict=True), key=lambda pair: -pair[1][2])
    }
    keys, shapes = merge_faces(found, ruled.shapes)
    oblast, held_by, status = zip(*keys, strict=True)
    columns = (oblast, held_by, status, [clauses[key] for key in keys], shapes)
    return gpd.GeoDataFrame(dict(zip(ZONE_COLUMNS, columns, strict=True)), crs=AREA_CRS)


def idle_rules(
    proposal: Proposal,
    *,
    oblasts: gpd.GeoDataFrame | None = None,
    control: Control | None = None,
    parameters: Mapping[str, float] | None = None,
) -> list[int]:
    """Return the indices of the rules that match no land on this line; arguments as in `build_zones`."""
    ruled = _apply_rules(proposal, oblasts, control or load_control(), settle_parameters(proposal, parameters))
    return sorted(set(range(len(proposal.rules))) - {rule for _, _, rule in ruled.keys})


@dataclass(frozen=True, eq=False)
class _Ruled:
    """Pieces of the oblasts: (oblast, held_by, index of the first rule that matches, or -1) and the shape of each."""

    keys: list[tuple[str, str, int]]
    shapes: NDArray[np.object_]


def _apply_rules(
    proposal: Proposal, oblasts: gpd.GeoDataFrame | None, control: Control, settled: Mapping[str, float]
) -> _Ruled:
    pieces = hold_pieces(control, oblasts=oblasts)
    ruled = _Ruled([(oblast, held_by, -1) for oblast, held_by in pieces.keys], pieces.shapes)
    for index, rule in enumerate(proposal.rules):
        candidates = np.array([_is_candidate(rule, *key) for key in ruled.keys], dtype=bool)
        area = _area_of(rule, control, settled)
        if area is None:
            ruled = _claim(ruled, candidates, index)
        elif candidates.any():
            ruled = _claim_part(ruled, candidates, area, index)
    return ruled


def _is_candidate(rule: Rule, oblast: str, held_by: str, taken_by: int) -> bool:
    in_place = rule.oblasts is None or oblast in rule.oblasts
    return taken_by < 0 and in_place and rule.held_by in {None, held_by}


def _claim(ruled: _Ruled, chosen: NDArray[np.bool_], index: int) -> _Ruled:
    keys = [
        (oblast, held_by, index if claimed else rule)
        for (oblast, held_by, rule), claimed in zip(ruled.keys, chosen, strict=True)
    ]
    return _Ruled(keys, ruled.shapes)


def _area_of(rule: Rule, control: Control, settled: Mapping[str, float]) -> BaseGeometry | None:
    """Return the area that a rule is limited to, in `AREA_CRS`; None for one that takes whole pieces."""
    band = None
    if rule.within_km is not None:
        depth_km = settled[rule.within_km] if isinstance(rule.within_km, str) else rule.within_km
        band = shapely.buffer(control.line, depth_km * 1000, quad_segs=32)
    if rule.inside is None:
        return band
    drawn = _drawn_area(rule.inside)
    return drawn if band is None else polygonal(shapely.intersection(band, drawn))


@memory.kept(maxsize=256)
def _drawn_area(rings: tuple[Ring, ...]) -> BaseGeometry:
    """Return the area within drawn outlines, in `AREA_CRS`."""
    outlines = shapely.segmentize(np.array([shapely.Polygon(ring) for ring in rings]), _DRAWN_STEP)
    projected = gpd.GeoSeries(outlines, crs=MAP_CRS).to_crs(AREA_CRS).to_numpy()
    return polygonal(shapely.union_all(shapely.set_precision(projected, _DRAWN_GRID_M)))


def _claim_part(ruled: _Ruled, candidates: NDArray[np.bool_], area: BaseGeometry, index: int) -> _Ruled:
    """
    Give the parts of the candidates that lie in `area` to rule `index`.

    The candidates that `area` reaches and all pieces that touch them are noded together, so that a neighbour gets the
    vertices where the edge of the area meets it. Distance is that of the plane of `AREA_CRS`.
    """
    whole = prepared(area)
    candidates = candidates & shapely.intersects(whole, ruled.shapes)
    if not candidates.any():
        return ruled
    reach = shapely.buffer(join(ruled.shapes[candidates]), _REACH_M, quad_segs=1)
    around = np.flatnonzero(shapely.intersects(prepared(reach), ruled.shapes))
    faces, inside = faces_of([
        *shapely.boundary(ruled.shapes[around]),
        shapely.intersection(shapely.boundary(area), reach),
    ])  # fmt: skip
    face, unit = shapely.STRtree(ruled.shapes[around]).query(inside, predicate="within")
    rows = around[unit]
    split = _Ruled([ruled.keys[row] for row in rows], faces[face])
    claimed = _claim(split, candidates[rows] & shapely.contains(whole, inside[face]), index)
    others = np.setdiff1d(np.arange(len(ruled.keys)), around)
    keys = [*(ruled.keys[row] for row in others), *claimed.keys]
    return _Ruled(*merge_faces(keys, np.concatenate([ruled.shapes[others], claimed.shapes])))


def display_zones(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the same rows for a map: simplified with shared edges kept, in EPSG:4326. Never measure these."""
    simple = simplify_coverage(zones.geometry, tolerance=_DISPLAY_TOLERANCE_M)
    return zones.set_geometry(counterclockwise(simple.to_numpy()), crs=zones.crs).to_crs(MAP_CRS)
