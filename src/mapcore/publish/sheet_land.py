"""The land of a sheet: its pieces with their fills, and those in question; found once for all languages and units."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from mapcore.analysis.compare import Comparison, Over, change_records
from mapcore.base import memory
from mapcore.base.fill import Fill
from mapcore.base.schema import DEFAULT_STATUS
from mapcore.measurement.areas import Measured
from mapcore.present import difference_classes
from mapcore.present.difference_classes import ALIKE, ALIKE_FILLS, row_class
from mapcore.present.land_in_question import moved_zones
from mapcore.proposals.shipped import load_statuses

#: The status of land that stays with Ukraine: the ground, without a fill.
GROUND: Final = DEFAULT_STATUS["ukraine"]


def land_fill(status_id: str) -> Fill | None:
    """Return the fill of a status, or nothing for land that stays with Ukraine and is the ground."""
    return None if status_id == GROUND else load_statuses()[status_id].fill


@memory.kept(maxsize=4)
def land_of(measured: Measured) -> tuple[gpd.GeoDataFrame, NDArray[np.object_]]:
    """Return the zones, `geometry` in `AREA_CRS` and `fill`, and the shapes of those that change hands."""
    zones = measured.zones[["geometry", "status"]]
    shapes = zones[["geometry"]].assign(fill=[land_fill(status) for status in zones["status"]])
    return shapes, np.asarray(moved_zones(measured).geometry)


@memory.kept(maxsize=4)
def land_compared(comparison: Comparison, over: Over) -> tuple[gpd.GeoDataFrame, NDArray[np.object_]]:
    """Return the pieces of a comparison, as `land_of` does, and the shapes of those on which A and B differ."""
    fills = {(change.a, change.b): change.fill for change in difference_classes.classes(comparison, over)}
    filled = [
        fills.get(row_class(row, over), ALIKE[str(row.held_by)][1])  # type: ignore[arg-type]
        for row in change_records(comparison)
    ]
    land = comparison.changes[["geometry"]]
    return land.assign(fill=filled), np.asarray(land.geometry[[fill not in ALIKE_FILLS for fill in filled]])
