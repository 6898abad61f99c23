"""The rivers that maps draw, with their names in the language in use."""

from __future__ import annotations

import json
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.language import cached, language

#: Two files, since they are under two licences.
_FILES: Final = ("rivers.geojson", "rivers_gshhg.geojson")


@memory.shared
def load_rivers() -> gpd.GeoDataFrame:
    """
    Return the rivers in EPSG:4326, the most important first: `name_en`, `name_uk`, `rank`, and their lines.

    Rank 1 is drawn on a map of the whole country, 2 and 3 as it is enlarged.
    """
    rows = pd.concat([gpd.read_file(geo_path(name)) for name in _FILES])
    return gpd.GeoDataFrame(rows.sort_values("rank", kind="stable", ignore_index=True))


@cached(maxsize=8)
def rivers() -> dict[str, Any]:
    """Return `load_rivers` as GeoJSON, each river with its `rank` and its `name` in the language in use."""
    found = load_rivers()
    names = found.get(f"name_{language()}", found["name_en"])
    content: dict[str, Any] = json.loads(found.assign(name=names)[["name", "rank", "geometry"]].to_json(drop_id=True))
    return content
