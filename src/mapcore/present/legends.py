"""What a map's legend says of each class of land on it."""

from __future__ import annotations

from mapcore.base import memory
from mapcore.measurement.areas import Measured
from mapcore.proposals.shipped import Status, load_statuses


@memory.kept(maxsize=64)
def status_areas(measured: Measured) -> tuple[tuple[Status, float], ...]:
    """Return the statuses that a proposal gives, in the order of a legend, each with its land in km²."""
    areas = measured.zones.groupby("status")["area_km2"].sum()
    return tuple((status, float(areas[status.id])) for status in load_statuses().values() if status.id in areas)
