"""Which land a proposal is about: what its page on people shows from near, and compares in size."""

from __future__ import annotations

import geopandas as gpd

from mapcore.base import memory
from mapcore.base.language import mark
from mapcore.measurement.areas import Measured
from mapcore.measurement.ranges import Range
from mapcore.proposals.shipped import load_statuses


@memory.kept(maxsize=64)
def zone_of(measured: Measured) -> tuple[str, gpd.GeoDataFrame, Range]:
    """
    Return the land that a proposal is about, to compare its size: words for it, its zones, and its area.

    The words are a message for `tr`. The land is what Ukraine would withdraw from; if nothing, what Russia would
    withdraw from; if nothing again, what Russia holds.
    """
    statuses, zones, ledger = load_statuses(), measured.zones, measured.ledger
    moves = zones["status"].map(lambda status: statuses[status].holder) != zones["held_by"]
    for holder, words, area in (
        ("ukraine", mark("Land that Ukraine would withdraw from"), ledger.ukraine_leaves),
        ("russia", mark("Land that Russia would withdraw from"), ledger.russia_leaves),
    ):
        chosen = zones[(zones["held_by"] == holder) & moves]
        if not chosen.empty:
            return words, chosen, area
    return mark("Land that Russia holds"), zones[zones["held_by"] == "russia"], ledger.held_by_russia_now
