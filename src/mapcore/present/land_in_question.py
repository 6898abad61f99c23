"""Which land a proposal is about: what a map of it shows, and what its page on people shows from near and compares."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.language import mark
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.land.contact_line import Control
from mapcore.land.cut import hold_pieces
from mapcore.measurement.areas import KEPT, Measured
from mapcore.measurement.ranges import Range
from mapcore.proposals.shipped import load_statuses


def moved_zones(measured: Measured) -> gpd.GeoDataFrame:
    """Return the zones that would change hands under a proposal."""
    statuses, zones = load_statuses(), measured.zones
    return zones[zones["status"].map(lambda status: statuses[status].holder) != zones["held_by"]]


@memory.kept(maxsize=64)
def zone_of(measured: Measured) -> tuple[str, gpd.GeoDataFrame, Range]:
    """
    Return the land that a proposal is about, to compare its size: words for it, its zones, and its area.

    The words are a message for `tr`. The land is what Ukraine would withdraw from; if nothing, what Russia would
    withdraw from; if nothing again, what Russia holds.
    """
    zones, moved, ledger = measured.zones, moved_zones(measured), measured.ledger
    for holder, words, area in (
        ("ukraine", mark("Land that Ukraine would withdraw from"), ledger.ukraine_leaves),
        ("russia", mark("Land that Russia would withdraw from"), ledger.russia_leaves),
    ):
        chosen = moved[moved["held_by"] == holder]
        if not chosen.empty:
            return words, chosen, area
    return mark("Land that Russia holds"), zones[zones["held_by"] == "russia"], ledger.held_by_russia_now


@memory.kept(maxsize=64)
def frame_of(*measured: Measured) -> list[list[float]]:
    """
    Return the corners around the front and the land that changes hands, south-west first, latitude before longitude.

    Several are of one line of contact. To tenths of a degree, so that most proposals on a line have the same frame.
    """
    west, south, east, north = np.array([_reach(proposal) for proposal in measured]).T * 10
    least, most = (np.floor([south.min(), west.min()]) / 10), (np.ceil([north.max(), east.max()]) / 10)
    return [least.tolist(), most.tolist()]


@memory.kept(maxsize=KEPT)
def _reach(measured: Measured) -> tuple[float, ...]:
    """Return west, south, east and north, in degrees, of the front and the land that changes hands."""
    shapes = [*_front(measured.control), *moved_zones(measured).geometry]
    return tuple(gpd.GeoSeries(shapes, crs=AREA_CRS).to_crs(MAP_CRS).total_bounds.tolist())


def _front(control: Control) -> list[BaseGeometry]:
    """Return the line of contact, and what Russia holds in oblasts of which Ukraine holds more."""
    pieces = hold_pieces(control)
    areas = dict(zip(pieces.keys, shapely.area(pieces.shapes).tolist(), strict=True))
    few = [
        shape
        for (oblast, holder), shape in zip(pieces.keys, pieces.shapes, strict=True)
        if holder == "russia" and areas[oblast, holder] < areas.get((oblast, "ukraine"), 0)
    ]
    return [control.line, *few]
