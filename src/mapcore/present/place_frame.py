"""A settlement on a map: its mark, and how much around it is shown."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from mapcore.analysis.place_answers import Place, now_km
from mapcore.land.contact_line import Control

#: How far the map reaches around a settlement that was searched for: to the line and somewhat beyond, within limits.
_PART_OF_WAY: Final = 1.3
_NEAR_KM: Final = 18.0
_FAR_KM: Final = 60.0
_KM_PER_DEGREE: Final = 111.0


def on_map(place: Place, control: Control) -> tuple[dict[str, Any], list[list[float]]]:
    """Return a settlement as the map's script marks it, and corners around it that reach the line if it is near."""
    far_km = float(np.nan_to_num(now_km(control)[place.row]))
    reach_km = min(max(_PART_OF_WAY * far_km, _NEAR_KM), _FAR_KM)
    up = reach_km / _KM_PER_DEGREE
    across = up / math.cos(math.radians(place.lat))
    corners = [[place.lat - up, place.lon - across], [place.lat + up, place.lon + across]]
    marked = {"key": place.key, "name": place.name, "lat": place.lat, "lon": place.lon}
    return marked, [[round(degrees, 2) for degrees in corner] for corner in corners]


def reach() -> dict[str, float]:
    """Return what `on_map` goes by, for a script that is to show as much; JSON-ready."""
    return {"part": _PART_OF_WAY, "near_km": _NEAR_KM, "far_km": _FAR_KM, "km_per_degree": _KM_PER_DEGREE}
