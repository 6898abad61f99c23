"""Several lines side by side: where they differ, and how a proposal's figures spread over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mapcore.base import memory
from mapcore.base.errors import ComparisonError
from mapcore.base.geometry import counterclockwise, geodesic_areas_km2, polygonal
from mapcore.base.language import tr
from mapcore.base.schema import AREA_CRS
from mapcore.land.contact_line import Control
from mapcore.land.cut import Pieces, cut_along, hold_pieces
from mapcore.measurement.areas import ledger_figure, measure_proposal
from mapcore.measurement.ledger import Ledger
from mapcore.proposals.shipped import Proposal

_GRID_M = 0.01


def spread(
    proposal: Proposal,
    controls: Sequence[Control],
    parameters: Mapping[str, float] | None = None,
    *,
    oblasts: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """
    Measure a proposal on several lines.

    Returns
    -------
    figures
        One row a figure of the ledger by its name there, in km²: a column for each line by its id, and `min`, `max`
        over the lines; NaN where the text leaves the figure open. What the lines themselves leave open (`error_km`)
        is not in it.

    Raises
    ------
    ComparisonError
        If there is no line, or two have one id.
    ParameterError, CRSMismatchError, BoundariesError
        As in `measure_proposal`.

    Examples
    --------
    >>> import mapcore
    >>> lines = [mapcore.load_control("2022-02-23"), mapcore.load_control("2025-12-02")]
    >>> mapcore.spread(mapcore.load_proposal("line-as-is"), lines).loc["held_by_russia_now"].round(-3).tolist()
    [44000.0, 116000.0, 44000.0, 116000.0]
    """
    ids = _ids(controls)
    columns = {}
    for control in controls:
        measured = measure_proposal(proposal, oblasts=oblasts, control=control, parameters=parameters)
        found = {field.name: ledger_figure(measured, field.name) for field in fields(Ledger)}
        columns[control.id] = {key: figure.value if figure else float("nan") for key, figure in found.items()}
    figures = pd.DataFrame(columns, columns=ids)
    return figures.assign(min=figures[ids].min(axis=1), max=figures[ids].max(axis=1)).rename_axis("figure")


def _ids(controls: Sequence[Control]) -> list[str]:
    ids = [control.id for control in controls]
    twice = sorted(name for name, count in Counter(ids).items() if count > 1)
    if twice or not ids:
        sentence = tr("two lines have the id {ids}; give each its own") if twice else tr("there is no line to compare")
        raise ComparisonError(sentence.format(ids=", ".join(twice)))
    return ids


def agreement(controls: Sequence[Control], *, oblasts: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """
    Return which of several lines have each piece of land held by Russia.

    Returns
    -------
    zones
        In `AREA_CRS`, one row per non-empty pair of `oblast` and `held_in` (the ids of the lines that have it held by
        Russia, in their order), sorted by oblast and by how many: also `lines` (how many), geometry, and `area_km2`
        (geodesic). The rows tile the oblasts.

    Raises
    ------
    ComparisonError
        If there is no line, or two have one id.
    CRSMismatchError, BoundariesError
        As in `split_by_holder`.
    """
    ids = _ids(controls)
    keys, shapes = cut_along(controls, oblasts=oblasts)
    held_in = [
        tuple(control_id for control_id, sign in zip(ids, signs, strict=True) if sign == "1") for _, signs in keys
    ]
    columns = {"oblast": [oblast for oblast, _ in keys], "held_in": held_in, "lines": list(map(len, held_in))}
    zones = gpd.GeoDataFrame(columns, geometry=shapes, crs=AREA_CRS)
    zones = zones.assign(area_km2=geodesic_areas_km2(zones.geometry))
    return zones.sort_values(["oblast", "lines", "held_in"], ignore_index=True)


def disagreement(a: Control, b: Control, *, oblasts: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """
    Return where two lines disagree who holds the land.

    Returns
    -------
    zones
        In `AREA_CRS`, one row per non-empty pair of `oblast` and `held_by_russia_in` ("a": only in the first, "b": only
        in the second), sorted: geometry and `area_km2` (geodesic). Empty where both say the same.

    Raises
    ------
    CRSMismatchError, BoundariesError
        As in `split_by_holder`.
    """
    return _shipped_disagreement(a, b) if oblasts is None else _disagreement(a, b, oblasts)


@memory.kept(maxsize=32)
def _shipped_disagreement(a: Control, b: Control) -> gpd.GeoDataFrame:
    return _disagreement(a, b, None)


def _behind(pieces: Pieces) -> dict[str, shapely.Geometry]:
    rows = zip(pieces.keys, pieces.shapes, strict=True)
    return {oblast: shape for (oblast, held_by), shape in rows if held_by == "russia"}


def _disagreement(a: Control, b: Control, oblasts: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    first, second = (_behind(hold_pieces(control, oblasts=oblasts)) for control in (a, b))
    nothing = shapely.MultiPolygon()
    rows = []
    for oblast in sorted({*first, *second}):
        ours, theirs = first.get(oblast, nothing), second.get(oblast, nothing)
        if ours is theirs or shapely.equals_exact(ours, theirs):
            continue
        for side, only in (("a", (ours, theirs)), ("b", (theirs, ours))):
            land = polygonal(shapely.difference(*only, grid_size=_GRID_M))
            if not land.is_empty:
                rows.append((oblast, side, land))
    shapes = np.array([row[2] for row in rows], dtype=object)
    keys = pd.DataFrame([row[:2] for row in rows], columns=["oblast", "held_by_russia_in"])
    zones = gpd.GeoDataFrame(keys, geometry=counterclockwise(shapes), crs=AREA_CRS)
    return zones.assign(area_km2=geodesic_areas_km2(zones.geometry))
