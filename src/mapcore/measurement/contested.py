"""How much of measured land was contested on the day of its line."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mapcore.base.geometry import geodesic_areas_km2, prepared
from mapcore.land.contact_line import Control
from mapcore.lines.contested import contested_land
from mapcore.measurement.ledger import ledger_sums

#: The one line of the ledger that is no land: what is contested of a difference cannot be told in km².
_DIFFERENCE = "net_to_russia"


def with_contested(zones: gpd.GeoDataFrame, control: Control) -> gpd.GeoDataFrame:
    """
    Add `contested_km2`: the part of each zone's area that lies in `lines.contested.contested_land`.

    NaN in every row where nothing is known of the line.
    """
    land = contested_land(control.id)
    found = np.full(len(zones), np.nan if land is None else 0.0)
    if land is not None:
        shapes = zones.geometry.to_numpy()
        reached = shapely.intersects(prepared(land), shapes)
        inside = gpd.GeoSeries(shapely.intersection(shapes[reached], land), crs=zones.crs)
        found[reached] = geodesic_areas_km2(inside)
    return zones.assign(contested_km2=found)


def sum_contested(zones: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Return `contested_km2` of zones summed by `keys`, NaN where nothing is known of the line."""
    summed: pd.Series = zones.groupby(list(keys))["contested_km2"].sum(min_count=1)
    return summed


def contested_sums(zones: pd.DataFrame) -> dict[str, float]:
    """Return the contested part of each figure of the ledger, in km² by key; nothing where none is known."""
    if zones["contested_km2"].isna().any():
        return {}
    sums = ledger_sums(zones.assign(area_km2=zones["contested_km2"]))
    return {key: km2 for key, km2 in sums.items() if key != _DIFFERENCE}
